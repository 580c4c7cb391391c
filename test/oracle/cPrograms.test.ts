/**
 * Derives the answers in test/fixtures/c again with `gcc -m32 -O0` and compares; shows the library of
 * media/libc to gcc.
 * With FAULTLINE_RECORD=1 the records are written instead.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import {
  cFixturePath,
  listCFixtures,
  recordAnswer,
  recordedAnswer,
  type Answer,
} from '../support/cFixtures.ts';

const scratch = mkdtempSync(path.join(tmpdir(), 'faultline-gcc-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function runWithGcc(name: string): Answer {
  const program = path.join(scratch, name);
  const flags = ['-m32', '-O0', '-std=gnu99', '-w'];
  execFileSync('gcc', [...flags, cFixturePath(name), '-o', program]);
  const { status, stdout } = spawnSync(program, [], { encoding: 'utf8' });
  return { status: status ?? -1, output: stdout };
}

describe('recorded answers of gcc -m32', () => {
  it.each(listCFixtures())('%s', (name) => {
    const answer = runWithGcc(name);
    if (process.env['FAULTLINE_RECORD'] === '1') recordAnswer(name, answer);
    expect(recordedAnswer(name)).toEqual(answer);
  });
});

describe('the C library', () => {
  const folder = path.join(import.meta.dirname, '../../media/libc');
  const units = readdirSync(path.join(folder, 'src')).filter((name) => name.endsWith('.c'));
  it.each(units)('%s is C that gcc accepts without a warning', (name) => {
    const flags = [
      '-m32',
      '-fsyntax-only',
      '-std=gnu99',
      '-Wall',
      '-Wextra',
      '-nostdinc',
      '-ffreestanding',
    ];
    const values = [...flags, '-Iinclude', path.join('src', name)];
    const { status, stderr } = spawnSync('gcc', values, { cwd: folder, encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });
});
