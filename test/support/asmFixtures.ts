/**
 * The recorded answers of GNU as in test/fixtures/x86, for the assembler's tests and the oracle.
 * `instructions.txt` has one instruction a line, its bytes in front; `jumps.hex` is a whole program.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';

/** What `--defsym` and `AssembleOptions.symbols` define in all of them. */
export const asmSymbols: ReadonlyMap<string, number> = new Map([
  ['data', 0x40000000],
  ['step', 12],
]);

export interface InstructionCase {
  readonly hex: string;
  readonly source: string;
}

/** The path of a fixture. */
export function asmFixture(name: string): string {
  return path.join(import.meta.dirname, '../fixtures/x86', name);
}

/** All lines of `instructions.txt`. */
export function readInstructionCases(): InstructionCase[] {
  const lines = readFileSync(asmFixture('instructions.txt'), 'utf8').trimEnd().split('\n');
  return lines.map((line) => {
    const [hex = '', source = ''] = line.split('\t');
    return { hex, source };
  });
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
