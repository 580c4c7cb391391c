/**
 * Derives the recorded bytes of test/fixtures/x86 again with GNU as and compares.
 * With FAULTLINE_RECORD=1 the records are written instead.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  asmFixture,
  asmSymbols,
  readInstructionCases,
  toHexLines,
} from '../support/asmFixtures.ts';

const isRecording = process.env['FAULTLINE_RECORD'] === '1';

function withScratch<T>(action: (folder: string) => T): T {
  const folder = mkdtempSync(path.join(tmpdir(), 'faultline-as-'));
  try {
    return action(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function runAs(folder: string, source: string, ...options: string[]): void {
  const symbols = [...asmSymbols].flatMap(([name, value]) => [
    '--defsym',
    `${name}=${String(value)}`,
  ]);
  execFileSync('as', ['--32', ...symbols, ...options, source, '-o', path.join(folder, 'out.o')]);
}

/** The bytes of each instruction, from the listing of `as`. */
function listInstructions(instructions: readonly string[]): string[] {
  return withScratch((folder) => {
    const source = path.join(folder, 'in.s');
    const listing = path.join(folder, 'listing');
    writeFileSync(source, `${instructions.join('\n')}\n`);
    runAs(folder, source, `-al=${listing}`, '--listing-lhs-width=4');
    const bytes = instructions.map(() => '');
    for (const line of readFileSync(listing, 'utf8').split('\n')) {
      const match = /^ *(\d+) [0-9a-f]{4} ((?:[0-9A-F]+ ?)+?) *(?:\t|$)/.exec(line);
      const index = Number(match?.[1]) - 1;
      if (match !== null)
        bytes[index] = `${bytes[index] ?? ''}${(match[2] ?? '').replaceAll(' ', '').toLowerCase()}`;
    }
    return bytes;
  });
}

/** The linked bytes of a whole program. */
function assembleProgram(source: string): Uint8Array {
  return withScratch((folder) => {
    runAs(folder, source);
    const binary = path.join(folder, 'out.bin');
    execFileSync('ld', [
      '-m',
      'elf_i386',
      '-Ttext=0x08048000',
      '--oformat',
      'binary',
      '-o',
      binary,
      path.join(folder, 'out.o'),
    ]);
    return readFileSync(binary);
  });
}

describe('GNU as', () => {
  it('gives the recorded bytes for every instruction', () => {
    const cases = readInstructionCases();
    const hex = listInstructions(cases.map((item) => item.source));
    const record = cases.map((item, index) => `${hex[index] ?? ''}\t${item.source}\n`).join('');
    if (isRecording) writeFileSync(asmFixture('instructions.txt'), record);
    expect(readFileSync(asmFixture('instructions.txt'), 'utf8')).toBe(record);
  });

  it('gives the recorded bytes for the program of jumps', () => {
    const record = toHexLines(assembleProgram(asmFixture('jumps.s')));
    if (isRecording) writeFileSync(asmFixture('jumps.hex'), record);
    expect(readFileSync(asmFixture('jumps.hex'), 'utf8')).toBe(record);
  });
});
