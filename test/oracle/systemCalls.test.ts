/**
 * Makes the system calls of test/support/systemCallCases.ts natively, as a 32-bit program on the Linux of this
 * machine, and compares the answers with the record. With FAULTLINE_RECORD=1 the record is written instead.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { fileByte } from '../../src/scenario/fileContent.ts';
import {
  CASE_FILE,
  formatResults,
  recordedPath,
  recordedResults,
  RESULTS,
  STEPS,
  stepsProgram,
} from '../support/systemCallCases.ts';

const OPEN_FILE = [
  '.text',
  '.globl _start',
  '_start:',
  'movl $5, %eax',
  'movl $name, %ebx',
  'movl $2, %ecx',
  'int $0x80',
  '.section .rodata',
  'name: .asciz "data.bin"',
  '.text',
];

function runNatively(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'faultline-calls-'));
  try {
    const file = (name: string): string => path.join(folder, name);
    const content = { name: CASE_FILE.name, pages: CASE_FILE.pages, content: 'pattern' } as const;
    writeFileSync(
      file('data.bin'),
      Uint8Array.from({ length: 4096 * CASE_FILE.pages }, (_, offset) => fileByte(content, offset)),
    );
    const bytes = String(4 * STEPS.length);
    const write = ['movl $4, %eax', 'movl $1, %ebx', `movl $${String(RESULTS)}, %ecx`];
    const program = stepsProgram(OPEN_FILE, [...write, `movl $${bytes}, %edx`, 'int $0x80']);
    writeFileSync(file('in.s'), program);
    execFileSync('as', ['--32', file('in.s'), '-o', file('in.o')]);
    execFileSync('ld', ['-m', 'elf_i386', file('in.o'), '-o', file('run')]);
    const output = execFileSync(file('run'), { cwd: folder });
    return formatResults(STEPS.map((_, index) => output.readInt32LE(4 * index)));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

it('a real Linux answers what is recorded', () => {
  const results = runNatively();
  if (process.env['FAULTLINE_RECORD'] === '1') writeFileSync(recordedPath, results);
  expect(results).toBe(recordedResults());
});
