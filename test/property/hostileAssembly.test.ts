/**
 * User programs that were written to hurt: whatever the text, the assembler ends with diagnostics that
 * have places, soon and without an exception. Texts that once threw, hung or filled the memory are
 * kept here.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asAddress } from '../../src/base/brand.ts';
import { assemble } from '../../src/x86/assemble.ts';
import { media } from '../support/nodeMedia.ts';

const PROGRAMS = media
  .list('scenarios/')
  .filter((path) => path.endsWith('.task.s'))
  .map((path) => media.read(path) ?? '');

/** The codes of all complaints, each of which has a place in the text and words. */
function codesOf(text: string): readonly string[] {
  const options = { base: asAddress(0x0804_8000), symbols: new Map([['data', 0x4000_0000]]) };
  const { diagnostics } = assemble({ path: 'hostile.task.s', text }, options);
  for (const { span, message } of diagnostics) {
    expect(span?.start).toBeGreaterThanOrEqual(0);
    expect(message.length).toBeLessThan(1000);
  }
  return diagnostics.map(({ code }) => code);
}

function count(length: number, item: (index: number) => string): string {
  return Array.from({ length }, (_, index) => item(index)).join('');
}

/** What was written, and what has to be said about it; nothing for a program that is right. */
const TEXTS: Readonly<Record<string, readonly [text: string, code: string | undefined]>> = {
  'brackets in brackets': [
    `.long ${'('.repeat(100_000)}1${')'.repeat(100_000)}\n`,
    'asm-expression-too-long',
  ],
  'signs before signs': [`.long ${'-'.repeat(100_000)}1\n`, 'asm-expression-too-long'],
  'a long sum': [`.long 1${'+1'.repeat(100_000)}\n`, 'asm-expression-too-long'],
  'jumps through jumps': [`jmp ${'*'.repeat(100_000)}%eax\n`, 'asm-expected'],
  'a long string': [`.ascii "${'a'.repeat(400_000)}"\n`, 'asm-too-large'],
  'a line of ten megabytes': ['a'.repeat(10_000_000), 'asm-text-too-long'],
  'a long name': [`${'a'.repeat(200_000)} %${'b'.repeat(200_000)}\n`, 'asm-register'],
  'a long number': [`.long ${'9'.repeat(400_000)}\n`, 'asm-number'],
  'large areas': ['.fill 0x7fffffff, 4, 1\n.skip 0x7fffffff\n', 'asm-too-large'],
  'a negative area': ['.skip -1\n', 'asm-range'],
  'a large alignment': ['.align 1<<30\n.p2align 40\n.align 0\n', 'asm-alignment'],
  'symbols of themselves': ['.equ a, b\n.equ b, a\n.long a\n', 'asm-circular'],
  'a chain of symbols': [
    `.equ a0, 1\n${count(20_000, (i) => `.equ a${String(i + 1)}, a${String(i)}+1\n`)}.long a20000\n`,
    undefined,
  ],
  'a chain of symbols from its end': [
    `${count(20_000, (i) => `.equ a${String(i)}, a${String(i + 1)}\n`)}.equ a20000, 1\n.long a0\n`,
    'asm-too-complex',
  ],
  'symbols that double': [
    `.equ a0, 1\n${count(60, (i) => `.equ a${String(i + 1)}, a${String(i)}+a${String(i)}\n`)}.long a60\n`,
    undefined,
  ],
  'sums of labels that double': [
    `${count(60, (i) => `.equ a${String(i)}, a${String(i + 1)}+a${String(i + 1)}\n`)}a60:\n.long a0\n`,
    'asm-too-complex',
  ],
  'a million labels': [count(1_000_000, (i) => `l${String(i)}:\n`), 'asm-text-too-long'],
  'unknown symbols beside many labels': [
    `${count(20_000, (i) => `l${String(i)}:\n`)}${count(8000, (i) => `.long m${String(i)}\n`)}`,
    'asm-too-many',
  ],
  'numbered labels': [`${'1:\n'.repeat(50_000)}${'.long 1b\n'.repeat(8000)}`, undefined],
  'one label again and again': ['a:\n'.repeat(50_000), 'asm-too-many'],
  'prefixes before prefixes': [`${'rep '.repeat(100_000)}movsb\n`, 'asm-prefix'],
  'many operands': [`mov ${'%eax,'.repeat(80_000)}%eax\n`, 'asm-operands'],
  'many values': [`.byte ${'1,'.repeat(200_000)}1\n`, 'asm-too-large'],
  'zero characters': ['\0'.repeat(100_000), 'asm-too-many'],
  'halves of characters': ['\ud800 \udc00\n', 'asm-character'],
  'lines of another system': ['mov %eax, %ebx\r\n.long 1\r\n', undefined],
};

describe('the assembler on hostile texts', () => {
  it.each(Object.keys(TEXTS))('ends at %s', (name) => {
    const [text = '', code] = TEXTS[name] ?? [];
    const codes = codesOf(text);
    if (code === undefined) expect(codes).toEqual([]);
    else expect(codes).toContain(code);
    expect(codes.length).toBeLessThanOrEqual(101);
  });
});

const PIECES = [
  ...'%eax $ ( ) , : ; # /* */ " \' \\ .equ .fill .align .p2align .skip .section .data .bss'.split(
    ' ',
  ),
  ...'rep lock jmp call 1b 1f 0x 0x7fffffff 4294967296 -1 1<<30 * . .-. = \0 \u{1f600} \r\n \n'.split(
    ' ',
  ),
  '\ud800',
];

/** A shipped program in which something was cut out, doubled or put in. */
const damaged = fc
  .record({
    program: fc.constantFrom(...PROGRAMS),
    edits: fc.array(
      fc.record({
        at: fc.double({ min: 0, max: 1, noNaN: true }),
        cut: fc.nat(30),
        copy: fc.nat(100),
        piece: fc.oneof(fc.constantFrom(...PIECES), fc.string({ maxLength: 4 })),
      }),
      { minLength: 1, maxLength: 8 },
    ),
  })
  .map(({ program, edits }) =>
    edits.reduce((text, { at, cut, copy, piece }) => {
      const place = Math.floor(at * text.length);
      const behind = place + cut;
      return text.slice(0, place) + piece + text.slice(behind, behind + copy) + text.slice(behind);
    }, program),
  );

describe('the assembler on damaged programs', () => {
  it('ends without an exception', () => {
    expect(PROGRAMS.length).toBeGreaterThan(3);
    fc.assert(
      fc.property(damaged, (text) => {
        codesOf(text);
      }),
      { numRuns: 1500, seed: 20_101 },
    );
  });
});
