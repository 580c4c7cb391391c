/**
 * Properties of user programs: whatever text is assembled gives an image or diagnostics with places,
 * whatever bytes are executed change nothing when they fault, and disassembly loses nothing.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asAddress } from '../../src/base/brand.ts';
import {
  USER_DIVIDE,
  USER_EIP,
  USER_ESP,
  USER_FAULT,
  USER_INVALID,
  USER_REGISTER_COUNT,
  type UserBus,
} from '../../src/machine/userCpu.ts';
import { assemble } from '../../src/x86/assemble.ts';
import { disassemble } from '../../src/x86/disassemble.ts';
import { createUserCpu } from '../../src/x86/i386.ts';
import { MNEMONICS } from '../../src/x86/mnemonic.ts';

const BASE = asAddress(0x08048000);

const operand = fc.constantFrom(
  '%eax',
  '%bl',
  '%cx',
  '$1',
  '$data',
  '(%ebx)',
  '4(,%ecx,2)',
  'data',
  '1f',
  '*%eax',
  '',
  '$',
  '(',
  '%',
  '-1(%ebp)',
  '"x"',
  '%ds:(%esi)',
  '%es:(%edi)',
  '%gs:4',
  '%dx',
  '%rax',
);
const prefix = fc.constantFrom('', '', '', 'lock ', 'rep ', 'repne ', 'lock; ', 'rep lock ');
const line = fc.oneof(
  fc
    .tuple(prefix, fc.constantFrom(...MNEMONICS.keys()), operand, operand)
    .map(
      ([before, name, one, other]) => `${before}${name} ${one}${other === '' ? '' : `, ${other}`}`,
    ),
  fc.constantFrom(
    'label:',
    '1:',
    '.long 1b - 2',
    '.align 8',
    '.ascii "a',
    '/*',
    '*/',
    '#',
    ';',
    '.equ x, y',
    '.skip 300',
    '.byte 300',
    '.data',
    '.bss',
    '.section .rodata',
    '.fill 3, 2, 7',
    '.skip 1f - .',
    '.p2align 4, 0x90',
    '.space x',
  ),
  fc.string(),
);

describe('assemble', () => {
  it('never throws, and its diagnostics point into the text', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
        const text = lines.join('\n');
        const { image, diagnostics } = assemble(
          { path: 'x.s', text },
          { base: BASE, symbols: new Map([['data', 0x40000000]]) },
        );
        expect(image === undefined).toBe(diagnostics.length > 0);
        for (const { span } of diagnostics)
          expect(span?.end ?? 0).toBeLessThanOrEqual(text.length + 2);
        for (const { address, bytes } of image?.lines ?? []) {
          expect(address + bytes).toBeLessThanOrEqual(BASE + (image?.bytes.length ?? 0));
        }
      }),
      { numRuns: 500 },
    );
  });
});

/** Memory in which some words are absent and others read-only; it counts what is written. */
class PatchyBus implements UserBus {
  faulted = false;
  writes = 0;
  private readonly code: Uint8Array;
  private readonly seed: number;

  constructor(code: Uint8Array, seed: number) {
    this.code = code;
    this.seed = seed;
  }

  read(address: number, _bytes: number, willWrite: boolean): number {
    return this.fails(address, willWrite) ? 0 : Math.imul(address, 0x9e3779b1) >>> 0;
  }

  write(address: number): void {
    if (!this.fails(address, true)) this.writes += 1;
  }

  fetch(address: number): number {
    return this.code[address - BASE] ?? 0;
  }

  private fails(address: number, isWrite: boolean): boolean {
    const kind = (Math.imul((address >>> 2) ^ this.seed, 0x9e3779b1) >>> 28) & 15;
    if (kind < 2 || (isWrite && kind < 4)) this.faulted = true;
    return this.faulted;
  }
}

describe('the i386 executor', () => {
  it('leaves everything as it was when any access of any instruction fails', () => {
    const cpu = createUserCpu();
    const before = Int32Array.from(
      { length: USER_REGISTER_COUNT },
      (_, index) => index * 0x01010101,
    );
    before[USER_EIP] = BASE;
    before[USER_ESP] = 0x1000;
    const prefix = fc.constantFrom([], [0x66], [0xf0], [0xf3], [0xf2], [0x66, 0xf0], [0x0f]);
    const opcode = fc.constantFrom(0x60, 0x61, 0xc8, 0xa4, 0xc7, 0xb1, 0xab, 0x8f, 0xff);
    fc.assert(
      fc.property(
        prefix,
        fc.oneof(fc.integer({ min: 0, max: 255 }), opcode),
        fc.uint8Array({ minLength: 13, maxLength: 13 }),
        fc.integer(),
        (prefixes, first, rest, seed) => {
          const bus = new PatchyBus(Uint8Array.from([...prefixes, first, ...rest]), seed);
          const registers = before.slice();
          const result = cpu.step(registers, bus);
          if (bus.faulted) {
            expect(result).toBe(USER_FAULT);
            expect(bus.writes).toBe(0);
          }
          if (result === USER_FAULT || result === USER_INVALID || result === USER_DIVIDE) {
            expect(registers).toEqual(before);
            expect(bus.writes).toBe(0);
          }
        },
      ),
      { numRuns: 4000 },
    );
  });
});

describe('disassemble', () => {
  it('keeps every byte of any program', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        expect(disassemble(bytes, BASE).flatMap((item) => [...item.bytes])).toEqual([...bytes]);
      }),
    );
  });
});
