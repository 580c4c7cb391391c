/**
 * The disassembler: its text, assembled again, gives the bytes it came from; bytes that are no
 * instruction of ours stay visible.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { asAddress } from '../../../src/base/brand.ts';
import { assemble } from '../../../src/x86/assemble.ts';
import { disassemble } from '../../../src/x86/disassemble.ts';
import {
  asmFixture,
  fromHex,
  JUMPS_CODE_BYTES,
  readInstructionCases,
  toHexLines,
} from '../../support/asmFixtures.ts';

const BASE = asAddress(0x08048000);

function assembleText(text: string): string {
  const { image, diagnostics } = assemble(
    { path: 't.s', text },
    { base: BASE, symbols: new Map() },
  );
  return image === undefined
    ? `${text}: ${diagnostics[0]?.message ?? ''}`
    : toHexLines(image.bytes).trim();
}

describe('disassemble', () => {
  it('gives the text of objdump for every instruction', () => {
    const differences: string[] = [];
    let address: number = BASE;
    for (const { hex, source, text } of readInstructionCases()) {
      const lines = disassemble(fromHex(hex), asAddress(address));
      address += hex.length / 2;
      const ours = lines.map((line) => line.text).join('; ');
      if (ours !== text) differences.push(`${source} (${hex}): ${ours} instead of ${text}`);
    }
    expect(differences).toEqual([]);
  });

  it('gives text that assembles to the same bytes, for every instruction', () => {
    const differences: string[] = [];
    for (const { hex, text } of readInstructionCases()) {
      const again = assembleText(text);
      if (again !== hex) differences.push(`${hex}: ${text} gives ${again}`);
    }
    expect(differences).toEqual([]);
  });

  it('gives the text of objdump for a program with jumps and padding', () => {
    const program = fromHex(readFileSync(asmFixture('jumps.hex'), 'utf8'));
    const bytes = program.subarray(0, JUMPS_CODE_BYTES);
    const text = disassemble(bytes, BASE).map((line) => `${line.text}\n`);
    expect(text.join('')).toBe(readFileSync(asmFixture('jumps.dis'), 'utf8'));
  });

  it('names the targets of jumps and keeps addresses', () => {
    const { image } = assemble(
      { path: 't.s', text: 'nop\n1: jmp 1b\nje far\n.skip 200\nfar: call 1b\nint $0x80' },
      { base: BASE, symbols: new Map() },
    );
    const lines = disassemble(image?.bytes ?? new Uint8Array(), BASE);
    const texts = lines
      .filter(({ text }) => !text.startsWith('add %al'))
      .map(({ address, text }) => `${address.toString(16)} ${text}`);
    expect(texts).toEqual([
      '8048000 nop',
      '8048001 jmp 0x8048001',
      '8048003 je 0x80480d1',
      '80480d1 call 0x8048001',
      '80480d6 int $0x80',
    ]);
  });

  it('shows bytes that are no instruction of ours, and unfinished ones', () => {
    const texts = (hexDigits: string): string[] =>
      disassemble(fromHex(hexDigits), BASE).map((line) => line.text);
    expect(texts('f490')).toEqual(['.byte 0xf4', 'nop']);
    expect(texts('b8f4f4')).toEqual(['.byte 0xb8', '.byte 0xf4', '.byte 0xf4']);
    expect(texts('')).toEqual([]);
  });

  it('never loses a byte, whatever the bytes are', () => {
    let seed = 12345;
    const random = (): number => {
      seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
      return (seed >>> 16) & 0xff;
    };
    for (let round = 0; round < 300; round += 1) {
      const bytes = Uint8Array.from({ length: 24 }, random);
      const lines = disassemble(bytes, BASE);
      expect(lines.flatMap((line) => [...line.bytes])).toEqual([...bytes]);
    }
  });
});
