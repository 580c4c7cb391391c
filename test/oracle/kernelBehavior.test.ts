/**
 * Compiles the programs of test/fixtures/kernel/behavior, which include files of the kernel, with gcc -m32 and
 * compares what they write with the record. With FAULTLINE_RECORD=1 the records are written instead.
 */
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { runWithGcc } from '../support/gccPrograms.ts';
import {
  behaviorFolder,
  behaviorText,
  includeFolders,
  listBehaviors,
  recordBehavior,
  recordedBehavior,
} from '../support/kernelBehavior.ts';

/** The intrinsics of the machine, for a program that has none. */
const INTRINSICS = path.join(behaviorFolder, 'intrinsics.c');
const FLAGS = [
  '-fwrapv',
  '-fno-builtin',
  '-nostdinc',
  ...includeFolders.map((folder) => `-I${folder}`),
];

describe('files of the kernel, compiled by gcc -m32, under random operations', () => {
  it.each(listBehaviors())('%s', (name) => {
    const { output } = runWithGcc(behaviorText(name), { flags: FLAGS, files: [INTRINSICS] });
    expect(output).not.toContain('WRONG');
    if (process.env['FAULTLINE_RECORD'] === '1') recordBehavior(name, output);
    expect(recordedBehavior(name)).toBe(output);
  });
});
