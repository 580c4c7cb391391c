/**
 * The recorded answers of GNU as, objdump and a real CPU in test/fixtures/x86, for the tests of
 * user programs and the oracles.
 * `instructions.txt` has one instruction a line: its bytes, its source, and what objdump makes of the
 * bytes. `PROGRAM.hex` are the bytes of the program `PROGRAM.s`, `PROGRAM.dis` its disassembly.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';

/** What `--defsym` and `AssembleOptions.symbols` define in all of them. */
export const asmSymbols: ReadonlyMap<string, number> = new Map([
  ['data', 0x40000000],
  ['step', 12],
]);

/** Where the programs start. */
export const PROGRAM_BASE = 0x08048000;

/** Whole programs among the fixtures, without their endings. */
export const PROGRAMS = ['jumps', 'sections'] as const;

/** The bytes of `jumps.s` before its first data, which `jumps.dis` covers. */
export const JUMPS_CODE_BYTES = 0x1c8;

/** Instructions that GNU as refuses, with the code of our complaint. */
export const REFUSED_BY_AS: readonly { readonly source: string; readonly code: string }[] = [
  { source: 'lock addl %eax,%ebx', code: 'asm-lock' },
  { source: 'lock movl %eax,(%ebx)', code: 'asm-lock' },
  { source: 'lock xchgl %eax,%ebx', code: 'asm-lock' },
  { source: 'lock btl $1,(%ebx)', code: 'asm-lock' },
  { source: 'lock cmpl %eax,(%ebx)', code: 'asm-lock' },
  { source: 'lock addl (%ebx),%eax', code: 'asm-lock' },
  { source: 'lock rep movsb', code: 'asm-lock' },
  { source: 'lock nop', code: 'asm-lock' },
  { source: 'rep addl %eax,(%ebx)', code: 'asm-prefix' },
  { source: 'movzbl %ax,%ecx', code: 'asm-width' },
  { source: 'movzbl %al,%cx', code: 'asm-width' },
  { source: 'bswapw %ax', code: 'asm-mnemonic' },
  { source: 'cmovne %al,%bl', code: 'asm-operands' },
  { source: 'btb $1,(%ebx)', code: 'asm-mnemonic' },
  { source: 'movb %esi,(%ebx)', code: 'asm-width' },
  { source: 'movl %rax,(%ebx)', code: 'asm-refused' },
  { source: '.bss\n.long 1', code: 'asm-section' },
];

/** One instruction in the three forms. */
export interface InstructionCase {
  readonly hex: string;
  readonly source: string;
  /** The text of objdump with single spaces. */
  readonly text: string;
}

/** The path of a fixture. */
export function asmFixture(name: string): string {
  return path.join(import.meta.dirname, '../fixtures/x86', name);
}

/** All lines of `instructions.txt`. */
export function readInstructionCases(): InstructionCase[] {
  const lines = readFileSync(asmFixture('instructions.txt'), 'utf8').trimEnd().split('\n');
  return lines.map((line) => {
    const [hex = '', source = '', text = ''] = line.split('\t');
    return { hex, source, text };
  });
}

/** The bytes of hexadecimal digits; line ends are skipped. */
export function fromHex(digits: string): Uint8Array {
  return Uint8Array.from(digits.match(/[0-9a-f]{2}/g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** Hexadecimal digits, 32 bytes a line. */
export function toHexLines(bytes: Uint8Array): string {
  const digits = [...bytes].map((byte) => byte.toString(16).padStart(2, '0'));
  let text = '';
  for (let at = 0; at < digits.length; at += 32) text += `${digits.slice(at, at + 32).join('')}\n`;
  return text;
}

/** Where `mem` of the execution cases lies: eight bytes, the second word is `EXECUTION_SECOND_WORD`. */
export const EXECUTION_MEMORY = 0x08100000;
export const EXECUTION_SECOND_WORD = 0x00ff7f80;

/** One instruction executed on a real CPU. */
export interface ExecutionCase {
  readonly source: string;
  /** eax ecx edx ebx ebp esi edi eflags, then the first word of memory. */
  readonly before: readonly number[];
  /** The same, then the second word of memory; empty when not yet recorded. */
  readonly after: readonly number[];
}

/** All lines of `execution.txt`: the instruction, the state before, the state after. */
export function readExecutionCases(): ExecutionCase[] {
  const toNumbers = (text: string): number[] =>
    text.split(' ').map((digits) => Number.parseInt(digits, 16));
  const lines = readFileSync(asmFixture('execution.txt'), 'utf8').trimEnd().split('\n');
  return lines.map((line) => {
    const [source = '', before = '', after] = line.split('\t');
    return {
      source,
      before: toNumbers(before),
      after: after === undefined ? [] : toNumbers(after),
    };
  });
}

/** A line of `execution.txt`. */
export function formatExecutionCase({ source, before, after }: ExecutionCase): string {
  const toText = (words: readonly number[]): string =>
    words.map((word) => (word >>> 0).toString(16).padStart(8, '0')).join(' ');
  return `${source}\t${toText(before)}\t${toText(after)}\n`;
}
