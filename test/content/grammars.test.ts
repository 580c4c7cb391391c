/**
 * The grammars of `syntaxes/` give words the scopes that stand below them in test/fixtures/grammar.
 *
 * C itself comes from VS Code; a small stand-in with its form of line comments takes its place.
 */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

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
});
