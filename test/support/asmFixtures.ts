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
