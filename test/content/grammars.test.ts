/**
 * The grammars of `syntaxes/` give words the scopes that stand below them in test/fixtures/grammar.
 *
 * C and C++ come from VS Code; small stand-ins with their forms of line comments take their place.
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
  const stands = ['plainC', 'plainCpp'].flatMap((grammar) => [
    '--grammar',
    `${folder}/${grammar}.tmLanguage.json`,
  ]);
  const options = [...stands, '--config', 'package.json'];
  const result = spawnSync(process.execPath, [tester, ...options, `${folder}/${name}`], {
    cwd: root,
    encoding: 'utf8',
  });
  return { status: result.status, text: result.stdout + result.stderr };
}

describe('the grammar', () => {
  it.each([
    ['of annotations', 'annotations.c'],
    ['of annotations in headers', 'annotations.cpp'],
    ['of user programs', 'program.task.s'],
  ])('%s colors the fixture as it says', (_what, name) => {
    const { status, text } = colorFixture(name);
    expect(text).toContain('run successfuly');
    expect(status).toBe(0);
  });

  // A header is C++ to VS Code unless somebody says otherwise.
  it('of annotations works in every language that it is injected into', () => {
    const { contributes } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
      contributes: { grammars: readonly { path: string; injectTo?: readonly string[] }[] };
    };
    for (const grammar of contributes.grammars) {
      const { injectionSelector = '' } = JSON.parse(
        readFileSync(path.join(root, grammar.path), 'utf8'),
      ) as { injectionSelector?: string };
      const selected = injectionSelector.split(',').map((part) => /L:(\S+)/.exec(part)?.[1]);
      expect(grammar.injectTo ?? [undefined]).toEqual(selected);
    }
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
