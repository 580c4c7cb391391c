/**
 * The grammars of `syntaxes/` give words the scopes that stand below them in test/fixtures/grammar.
 *
 * C itself comes from VS Code; a small stand-in with its form of line comments takes its place.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { MNEMONICS, PREFIX_BYTES } from '../../src/x86/mnemonic.ts';

const root = path.join(import.meta.dirname, '../..');
const tester = path.join(root, 'node_modules/vscode-tmgrammar-test/dist/unit.js');
const folder = 'test/fixtures/grammar';

function colorFixture(name: string): { status: number | null; text: string } {
  const options = ['--grammar', `${folder}/plainC.tmLanguage.json`, '--config', 'package.json'];
  const result = spawnSync(process.execPath, [tester, ...options, `${folder}/${name}`], {
    cwd: root,
    encoding: 'utf8',
  });
  return { status: result.status, text: result.stdout + result.stderr };
}

describe('the grammar', () => {
  it.each([
    ['of annotations', 'annotations.c'],
    ['of user programs', 'program.task.s'],
  ])('%s colors the fixture as it says', (_what, name) => {
    const { status, text } = colorFixture(name);
    expect(text).toContain('run successfuly');
    expect(status).toBe(0);
  });

  it('of user programs knows every instruction and prefix of the assembler', () => {
    const file = path.join(root, 'syntaxes/faultline-asm.tmLanguage.json');
    const { patterns } = JSON.parse(readFileSync(file, 'utf8')) as {
      patterns: readonly { readonly name?: string; readonly match?: string }[];
    };
    const words = patterns
      .filter(({ name }) => /^keyword[.](?:control|mnemonic)/.test(name ?? ''))
      .map(({ match }) => new RegExp(`^${match ?? ''}$`));
    const names = [...MNEMONICS.keys(), ...PREFIX_BYTES.keys()];
    expect(names.filter((name) => !words.some((word) => word.test(name)))).toEqual([]);
  });
});
