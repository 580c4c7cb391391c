/**
 * Properties of user programs: whatever text is assembled gives an image or diagnostics with places,
 * whatever bytes are executed change nothing when they fault, and disassembly loses nothing.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asAddress } from '../../src/base/brand.ts';
import {
  USER_EIP,
  USER_ESP,
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
);
const line = fc.oneof(
  fc
    .tuple(fc.constantFrom(...MNEMONICS.keys()), operand, operand)
    .map(([name, one, other]) => `${name} ${one}${other === '' ? '' : `, ${other}`}`),
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

/** Memory in which accesses fail from a given one on; it counts what is written. */
class FailingBus implements UserBus {
  faulted = false;
  writes = 0;
  private readonly code: Uint8Array;
  private accessesLeft: number;

  constructor(code: Uint8Array, accessesLeft: number) {
    this.code = code;
    this.accessesLeft = accessesLeft;
  }

  read(): number {
    return this.fails() ? 0 : 0x11223344;
  }

  write(): void {
    if (!this.fails()) this.writes += 1;
  }

  fetch(address: number): number {
    return this.code[address - BASE] ?? 0;
  }

  private fails(): boolean {
    if (this.accessesLeft === 0) this.faulted = true;
    else this.accessesLeft -= 1;
    return this.faulted;
  }
}

describe('the i386 executor', () => {
  it('leaves everything as it was when any access of any instruction fails', () => {
    const cpu = createUserCpu();
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 16, maxLength: 16 }),
        fc.integer({ min: 0, max: 2 }),
        (code, accesses) => {
          const bus = new FailingBus(code, accesses);
          const registers = Int32Array.from(
            { length: USER_REGISTER_COUNT },
            (_, index) => index * 0x01010101,
          );
          registers[USER_EIP] = BASE;
          registers[USER_ESP] = 0x1000;
          const before = [...registers];
          const result = cpu.step(registers, bus);
          if (bus.faulted) {
            expect(result).toBe(1);
            expect(bus.writes).toBe(0);
          }
          if (result === 1 || result === 3 || result === 4) expect([...registers]).toEqual(before);
        },
      ),
      { numRuns: 3000 },
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
