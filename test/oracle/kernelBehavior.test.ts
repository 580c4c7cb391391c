/**
 * Compiles the programs of test/fixtures/kernel/behavior, which include files of the kernel, with gcc -m32 and
 * compares what they write with the record. With FAULTLINE_RECORD=1 the records are written instead.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import {
  behaviorFolder,
  behaviorText,
  includeFolders,
  listBehaviors,
  recordBehavior,
  recordedBehavior,
} from '../support/kernelBehavior.ts';

const scratch = mkdtempSync(path.join(tmpdir(), 'faultline-behavior-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function runWithGcc(name: string): string {
  const source = path.join(scratch, `${name}.c`);
  const program = path.join(scratch, name);
  writeFileSync(source, behaviorText(name));
  const flags = ['-m32', '-O0', '-std=gnu99', '-w', '-fwrapv', '-fno-builtin', '-nostdinc'];
  const folders = includeFolders.map((folder) => `-I${folder}`);
  const intrinsics = path.join(behaviorFolder, 'intrinsics.c');
  execFileSync('gcc', [...flags, ...folders, source, intrinsics, '-o', program]);
  return execFileSync(program, { encoding: 'utf8' });
}

describe('files of the kernel, compiled by gcc -m32, under random operations', () => {
  it.each(listBehaviors())('%s', (name) => {
    const output = runWithGcc(name);
    expect(output).not.toContain('WRONG');
    if (process.env['FAULTLINE_RECORD'] === '1') recordBehavior(name, output);
    expect(recordedBehavior(name)).toBe(output);
  });
});
