/**
 * Derives the answers in test/fixtures/c again with `gcc -m32 -O0` and compares; shows the library of
 * media/libc to gcc.
 * With FAULTLINE_RECORD=1 the records are written instead.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  cFixtureFolder,
  listCFixtures,
  readCFixture,
  recordAnswer,
  recordedAnswer,
} from '../support/cFixtures.ts';
import { runWithGcc } from '../support/gccPrograms.ts';

describe('recorded answers of gcc -m32', () => {
  it.each(listCFixtures())('%s', (name) => {
    const answer = runWithGcc(readCFixture(name), { flags: [`-I${cFixtureFolder}`] });
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
