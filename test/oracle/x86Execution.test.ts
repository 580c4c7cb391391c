/**
 * Executes the instructions of test/fixtures/x86/execution.txt on this machine's own CPU (32-bit
 * code, made by GNU as and ld) and compares the registers, flags and memory with the record.
 * With FAULTLINE_RECORD=1 the record is written instead.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  EXECUTION_MEMORY,
  EXECUTION_SECOND_WORD,
  asmFixture,
  formatExecutionCase,
  readExecutionCases,
  type ExecutionCase,
} from '../support/asmFixtures.ts';

const REGISTERS = ['eax', 'ecx', 'edx', 'ebx', 'ebp', 'esi', 'edi'];
const WORDS_OF_RESULT = 10;

/** Code that sets up the state, executes the instruction and stores the state at `out`. */
function programOf(cases: readonly ExecutionCase[]): string {
  const lines = [
    '.data',
    'mem: .skip 8',
    `out: .skip ${String(cases.length * WORDS_OF_RESULT * 4)}`,
    'end:',
    '.text',
    '.globl _start',
    '_start:',
  ];
  cases.forEach(({ source, before }, index) => {
    const at = (word: number): string => `out + ${String(4 * (index * WORDS_OF_RESULT + word))}`;
    lines.push(
      `movl $${String(before[8])}, mem`,
      `movl $${String(EXECUTION_SECOND_WORD)}, mem + 4`,
    );
    lines.push(`pushl $${String(before[7])}`, 'popf');
    REGISTERS.forEach((name, word) => lines.push(`movl $${String(before[word])}, %${name}`));
    lines.push(source);
    REGISTERS.forEach((name, word) => lines.push(`movl %${name}, ${at(word)}`));
    lines.push(
      'pushf',
      `popl ${at(7)}`,
      'movl mem, %eax',
      `movl %eax, ${at(8)}`,
      'movl mem + 4, %eax',
      `movl %eax, ${at(9)}`,
    );
  });
  lines.push(
    'movl $4, %eax',
    'movl $1, %ebx',
    'movl $out, %ecx',
    'movl $end - out, %edx',
    'int $0x80',
  );
  lines.push('movl $1, %eax', 'movl $0, %ebx', 'int $0x80');
  return `${lines.join('\n')}\n`;
}

function runNatively(cases: readonly ExecutionCase[]): ExecutionCase[] {
  const folder = mkdtempSync(path.join(tmpdir(), 'faultline-run-'));
  try {
    const file = (name: string): string => path.join(folder, name);
    writeFileSync(file('in.s'), programOf(cases));
    execFileSync('as', ['--32', file('in.s'), '-o', file('in.o')]);
    const data = `-Tdata=0x${EXECUTION_MEMORY.toString(16)}`;
    execFileSync('ld', ['-m', 'elf_i386', data, file('in.o'), '-o', file('run')]);
    const output = execFileSync(file('run'), { maxBuffer: 1 << 24 });
    return cases.map((item, index) => ({
      ...item,
      after: Array.from({ length: WORDS_OF_RESULT }, (_, word) =>
        output.readUInt32LE(4 * (index * WORDS_OF_RESULT + word)),
      ),
    }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Bits that every CPU sets alike: all but the ones that an instruction leaves undefined. */
function definedFlags(source: string): number {
  if (/^(?:i?mul|i?div)/.test(source)) return source.includes('div') ? 0 : 0x801;
  if (/^(?:sh[lr]|sar)/.test(source)) return 0x0c5;
  if (/^ro[lr]/.test(source)) return 0x0d5;
  if (/^(?:and|or|xor|test)/.test(source)) return 0x8c5;
  return 0x8d5;
}

describe('a real CPU', () => {
  it('gives the recorded state after every instruction', () => {
    const cases = readExecutionCases();
    const native = runNatively(cases);
    if (process.env['FAULTLINE_RECORD'] === '1') {
      writeFileSync(asmFixture('execution.txt'), native.map(formatExecutionCase).join(''));
    }
    const defined = (item: ExecutionCase): string =>
      formatExecutionCase({
        ...item,
        after: item.after.map((word, index) =>
          index === 7 ? word & definedFlags(item.source) : word,
        ),
      });
    expect(native.map(defined)).toEqual(readExecutionCases().map(defined));
    expect(readFileSync(asmFixture('execution.txt'), 'utf8').split('\n').length).toBe(
      cases.length + 1,
    );
  });
});
