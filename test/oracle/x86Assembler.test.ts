/**
 * Derives the recorded bytes and texts of test/fixtures/x86 again with GNU as and objdump and compares.
 * With FAULTLINE_RECORD=1 the records are written instead.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { asAddress } from '../../src/base/brand.ts';
import { assemble } from '../../src/x86/assemble.ts';
import {
  asmFixture,
  asmSymbols,
  fromHex,
  JUMPS_CODE_BYTES,
  PROGRAM_BASE,
  PROGRAMS,
  readInstructionCases,
  REFUSED_BY_AS,
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

/** Where the sections of a program go: as `asmLayout.ts` places them. */
const LINKER_SCRIPT = `SECTIONS {
  . = ${String(PROGRAM_BASE)};
  .text : { *(.text) }
  .rodata : ALIGN(16) { *(.rodata) }
  .data : ALIGN(4096) { *(.data) }
  .bss : ALIGN(16) { *(.bss) }
  /DISCARD/ : { *(*) }
}`;

/** The linked bytes of a whole program, up to the end of its initialized data. */
function assembleProgram(source: string): Uint8Array {
  return withScratch((folder) => {
    runAs(folder, source);
    const file = (name: string): string => path.join(folder, name);
    writeFileSync(file('script'), LINKER_SCRIPT);
    const format = ['-m', 'elf_i386', '-T', file('script'), '--oformat', 'binary'];
    execFileSync('ld', [...format, '-o', file('out.bin'), file('out.o')]);
    return readFileSync(file('out.bin'));
  });
}

/** What objdump makes of bytes that start at `PROGRAM_BASE`, with single spaces. */
function dump(bytes: Uint8Array): string[] {
  return withScratch((folder) => {
    const file = path.join(folder, 'in.bin');
    writeFileSync(file, bytes);
    const options = ['-D', '-b', 'binary', '-m', 'i386', '--no-show-raw-insn', '-z'];
    const base = `--adjust-vma=${String(PROGRAM_BASE)}`;
    const listing = execFileSync('objdump', [...options, base, file], { encoding: 'utf8' });
    return listing.split('\n').flatMap((line) => {
      const text = /^ *[0-9a-f]+:\t(.*)$/.exec(line)?.[1];
      return text === undefined ? [] : [normalize(text)];
    });
  });
}

/** Single spaces; newer versions of objdump write the count of a shift by one. */
function normalize(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replace(/^((?:ro|rc|sh|sa)[lr][bwl]?) \$1,/, '$1 ');
}

describe('GNU as', () => {
  it('gives the recorded bytes for every instruction, and objdump the recorded texts', () => {
    const cases = readInstructionCases();
    const hex = listInstructions(cases.map((item) => item.source));
    const texts = dump(fromHex(hex.join('')));
    expect(texts).toHaveLength(cases.length);
    const record = cases
      .map((item, index) => `${hex[index] ?? ''}\t${item.source}\t${texts[index] ?? ''}\n`)
      .join('');
    if (isRecording) writeFileSync(asmFixture('instructions.txt'), record);
    expect(readFileSync(asmFixture('instructions.txt'), 'utf8')).toBe(record);
  });

  it.each(PROGRAMS)('gives the recorded bytes for the program %s', (name) => {
    const bytes = assembleProgram(asmFixture(`${name}.s`));
    const hex = toHexLines(bytes);
    if (isRecording) writeFileSync(asmFixture(`${name}.hex`), hex);
    expect(readFileSync(asmFixture(`${name}.hex`), 'utf8')).toBe(hex);
  });

  it('gives bytes of jumps and padding of which objdump makes the recorded text', () => {
    const code = assembleProgram(asmFixture('jumps.s')).subarray(0, JUMPS_CODE_BYTES);
    const text = `${dump(code).join('\n')}\n`;
    if (isRecording) writeFileSync(asmFixture('jumps.dis'), text);
    expect(readFileSync(asmFixture('jumps.dis'), 'utf8')).toBe(text);
  });

  it.each(['0', '1', '2', 's'])('gives the bytes that ours gives for code of gcc -O%s', (level) => {
    withScratch((folder) => {
      const source = path.join(folder, 'compiled.s');
      const target = ['-m32', '-march=i686', '-mno-sse', '-fno-pic', '-fno-pie'];
      const plain = ['-fno-stack-protector', '-fno-merge-constants', '-w'];
      const options = [...target, ...plain, `-O${level}`, '-S', '-o', source];
      execFileSync('gcc', [...options, asmFixture('compiled.c')]);
      const { image, diagnostics } = assemble(
        { path: source, text: readFileSync(source, 'utf8') },
        { base: asAddress(PROGRAM_BASE), symbols: new Map() },
      );
      expect(diagnostics).toEqual([]);
      const linked = assembleProgram(source);
      const ours = Buffer.alloc(linked.length);
      ours.set(image?.bytes ?? []);
      const data = image?.data;
      // A linked file ends before what is zero from the start.
      if (data !== undefined) {
        const offset = data.base - PROGRAM_BASE;
        ours.set(data.bytes.subarray(0, linked.length - offset), offset);
      }
      expect(toHexLines(ours)).toBe(toHexLines(linked));
    });
  });

  it('refuses the instructions that ours refuses for their prefix', () => {
    for (const { source } of REFUSED_BY_AS) {
      const folder = mkdtempSync(path.join(tmpdir(), 'faultline-as-'));
      const file = path.join(folder, 'in.s');
      writeFileSync(file, `${source}\n`);
      const { status } = spawnSync('as', ['--32', file, '-o', path.join(folder, 'out.o')]);
      rmSync(folder, { recursive: true, force: true });
      expect(status, source).not.toBe(0);
    }
  });
});
