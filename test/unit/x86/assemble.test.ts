/**
 * The assembler: the bytes of GNU as, the line table, and complaints about wrong programs.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { asAddress } from '../../../src/base/brand.ts';
import { positionOf, spanText } from '../../../src/base/span.ts';
import { assemble, type AsmImage } from '../../../src/x86/assemble.ts';
import {
  asmFixture,
  asmSymbols,
  PROGRAMS,
  readInstructionCases,
  REFUSED_BY_AS,
  toHexLines,
} from '../../support/asmFixtures.ts';

const BASE = asAddress(0x08048000);

function assembleText(text: string) {
  return assemble({ path: 'test.task.s', text }, { base: BASE, symbols: asmSymbols });
}

/** What `sections.s` has in `.bss`, which a linker does not write: a gap for the alignment, then a buffer. */
const BSS_BYTES = 7 + 64;

/** Text and initialized data in one piece, as a linker writes them. */
function linkedBytes(image: AsmImage | undefined): Uint8Array {
  if (image === undefined) return new Uint8Array();
  const { base, bytes, data } = image;
  const all = [...bytes];
  if (data !== undefined) {
    while (all.length < data.base - base) all.push(0);
    all.push(...data.bytes.slice(0, data.bytes.length - BSS_BYTES));
  }
  return Uint8Array.from(all);
}

/** `line:column code message` of each diagnostic. */
function complaints(text: string): string[] {
  return assembleText(text).diagnostics.map(({ code, message, span }) => {
    const place = span === undefined ? '' : positionOf(span.file, span.start);
    return place === ''
      ? message
      : `${String(place.line1)}:${String(place.column1)} ${code}: ${message}`;
  });
}

describe('assemble', () => {
  it('gives the bytes of GNU as for every instruction', () => {
    const differences: string[] = [];
    for (const { hex, source } of readInstructionCases()) {
      const { image, diagnostics } = assembleText(source);
      const ours =
        image === undefined ? (diagnostics[0]?.message ?? '') : toHexLines(image.bytes).trim();
      if (ours !== hex) differences.push(`${source}: ${ours} instead of ${hex}`);
    }
    expect(differences).toEqual([]);
  });

  it.each(PROGRAMS)('gives the bytes of GNU as and ld for the program %s', (name) => {
    const { image, diagnostics } = assembleText(readFileSync(asmFixture(`${name}.s`), 'utf8'));
    expect(diagnostics).toEqual([]);
    expect(toHexLines(linkedBytes(image))).toBe(readFileSync(asmFixture(`${name}.hex`), 'utf8'));
  });

  it('refuses what GNU as refuses', () => {
    for (const { source, code } of REFUSED_BY_AS) {
      expect(
        assembleText(source).diagnostics.map((item) => item.code),
        source,
      ).toEqual([code]);
    }
  });

  it('knows the address and text of every instruction and label', () => {
    const { image } = assembleText(
      '# a program\n_start: movl $1, %eax # eax = 1;\nagain:\n  jmp again /* for (;;); */\n.long 5\n',
    );
    expect(
      image?.lines.map(({ address, bytes, span }) => [address - BASE, bytes, spanText(span)]),
    ).toEqual([
      [0, 5, 'movl $1, %eax'],
      [5, 2, 'jmp again'],
    ]);
    expect([...(image?.labels ?? [])]).toEqual([
      ['_start', BASE],
      ['again', BASE + 5],
    ]);
  });

  it('enters at _start, or else at the first byte', () => {
    expect(assembleText('nop\n_start: nop').image?.entry).toBe(BASE + 1);
    expect(assembleText('nop\nstart: nop').image?.entry).toBe(BASE);
  });

  it('reports all errors of a file with a suggestion for names', () => {
    expect(
      complaints(
        'movll $1, %eax\nmovl $1, %eaxx\n.algn 4\njmp strat\nstart: hlt\nnop @\nmovl 5(%ax), %eax\n',
      ),
    ).toMatchInlineSnapshot(`
      [
        "1:1 asm-mnemonic: unknown instruction \`movll\`; did you mean \`movl\`?",
        "2:10 asm-register: unknown register \`%eaxx\`; did you mean \`%eax\`?",
        "3:1 asm-directive: unknown directive \`.algn\`; did you mean \`.align\`?",
        "4:5 asm-undefined: undefined symbol \`strat\`; did you mean \`start\`?",
        "5:8 asm-refused: \`hlt\` cannot stand in a user program: only the kernel may execute it",
        "6:5 asm-expected: expected an operand",
        "7:6 asm-address: \`%ax\` cannot be part of an address; use a 32-bit register",
      ]
    `);
  });

  it('reports operands that do not fit', () => {
    expect(
      complaints(
        'incl 4\ninc (%eax)\nmovb %eax, 4\nmovl (%eax), (%ebx)\naddb $256, %al\nlea %eax, %ebx\nrep cltd\nmovl (%eax,%esp), %ebx\nmovl (%eax,%ebx,3), %ebx',
      ),
    ).toMatchInlineSnapshot(`
      [
        "2:1 asm-suffix: the size of the operands is unknown; write \`incb\`, \`incw\` or \`incl\`",
        "3:6 asm-width: register \`%eax\` does not have the size that \`movb\` works on",
        "4:1 asm-operands: \`movl\` does not take these operands; expected at most one address",
        "5:7 asm-range: 256 does not fit 8 bits",
        "6:1 asm-operands: \`lea\` does not take these operands; expected an address and a register",
        "7:1 asm-prefix: \`rep\` does not go with \`cltd\`",
        "8:12 asm-index: \`%esp\` cannot be an index register",
        "9:17 asm-scale: the scale of an index is 1, 2, 4 or 8",
      ]
    `);
  });

  it('reports symbols that are missing, double or circular, and jumps that do not reach', () => {
    expect(complaints('movl dta, %eax\njmp 1b\nx: x: nop')).toMatchInlineSnapshot(`
      [
        "1:6 asm-undefined: undefined symbol \`dta\`; did you mean \`data\`?",
        "2:5 asm-undefined-local: there is no label \`1:\` before this place",
        "3:4 asm-redefined: \`x\` is already defined",
      ]
    `);
    expect(complaints('.equ a, b\n.equ b, a\nmovl $a, %eax\nmovl daata, %ebx\njmp 1b'))
      .toMatchInlineSnapshot(`
      [
        "2:9 asm-circular: the value of \`a\` depends on itself",
        "4:6 asm-undefined: undefined symbol \`daata\`; did you mean \`data\`?",
        "5:5 asm-undefined-local: there is no label \`1:\` before this place",
      ]
    `);
    expect(complaints('data: nop')).toMatchInlineSnapshot(`
      [
        "1:1 asm-redefined: \`data\` is already defined",
      ]
    `);
    expect(complaints('loop far\n.skip 200\nfar: nop')).toMatchInlineSnapshot(`
      [
        "1:6 asm-range: 200 does not fit a short jump",
      ]
    `);
  });

  it('puts data on a page of its own, to be written', () => {
    const { image } = assembleText('_start: movl x, %eax\n.data\nx: .long 7\n.bss\ny: .skip 8');
    expect(image?.bytes.length).toBe(5);
    expect(image?.data?.base).toBe(BASE + 0x1000);
    expect([...(image?.data?.bytes ?? [])]).toEqual([7, ...new Array<number>(23).fill(0)]);
    expect([...(image?.labels ?? [])]).toEqual([
      ['_start', BASE],
      ['x', BASE + 0x1000],
      ['y', BASE + 0x1010],
    ]);
    expect(assembleText('nop\n.data\n').image?.data).toBeUndefined();
  });

  it('says what directives and sections it does not know, and why', () => {
    expect(
      complaints(
        '.section .dta\n.bss\n.long 1\n.macro m\n.comm x, 4\n.double 1.5\n.quad 5\n.fill 2, 9\n.skip later\nlater:\n.align 3\n.p2align 13\n.skip -1',
      ),
    ).toMatchInlineSnapshot(`
      [
        "1:10 asm-section: unknown section \`.dta\`; did you mean \`.data\`?",
        "3:1 asm-section: \`.bss\` has no contents; values belong into \`.data\`",
        "4:1 asm-refused: \`.macro\` is not supported: write the instructions out; macros and conditions are not supported",
        "5:1 asm-refused: \`.comm\` is not supported: write a label and \`.skip\` in \`.bss\`",
        "6:1 asm-refused: \`.double\` is not supported: floating-point numbers are not supported",
        "7:1 asm-refused: \`.quad\` is not supported: numbers have at most 32 bits; write several \`.long\`",
        "8:10 asm-range: 9 does not fit a value of 1 to 4 bytes",
        "9:7 asm-constant: expected a number that is known at this place",
        "11:1 asm-alignment: an alignment is a power of two up to 4096",
        "12:1 asm-alignment: an alignment is a power of two up to 4096",
        "13:7 asm-range: -1 does not fit a count",
      ]
    `);
  });

  it('gives the reason when an instruction or register belongs to another machine', () => {
    expect(
      complaints(
        'movq %rax, %rbx\npushq $1\nmovl %rax, %ebx\nmovl %cr3, %eax\nmovl %ds, %eax\nmovl %gs:0, %eax\nfldl (%eax)\naddss %xmm0, %xmm1\nrdtsc\nsyscall\ncpuid\nljmp *(%eax)\nmovzx (%eax), %ebx\nbt $1, (%eax)\nmovsl (%ebx), (%edi)\npush %al\nlcok incl (%eax)\nmovsd\n',
      ),
    ).toMatchInlineSnapshot(`
      [
        "1:6 asm-refused: \`%rax\` cannot stand in a user program: the CPU has 32-bit registers, such as \`%eax\`",
        "2:1 asm-refused: \`pushq\` cannot stand in a user program: the CPU works on at most 32 bits; write \`pushl\`",
        "3:6 asm-refused: \`%rax\` cannot stand in a user program: the CPU has 32-bit registers, such as \`%eax\`",
        "4:6 asm-refused: \`%cr3\` cannot stand in a user program: only the kernel may use it",
        "5:6 asm-refused: \`%ds\` cannot stand in a user program: all segments are flat and cannot be loaded or read",
        "6:6 asm-segment: segment \`%gs\` cannot be chosen here: all segments are flat, leave it out",
        "7:1 asm-refused: \`fldl\` cannot stand in a user program: floating-point and vector instructions are not supported",
        "8:7 asm-refused: \`%xmm0\` cannot stand in a user program: floating-point and vector instructions are not supported",
        "9:1 asm-refused: \`rdtsc\` cannot stand in a user program: what it reports is not part of the simulated CPU",
        "10:1 asm-refused: \`syscall\` cannot stand in a user program: system calls are made by \`int $0x80\`",
        "11:1 asm-refused: \`cpuid\` cannot stand in a user program: what it reports is not part of the simulated CPU",
        "12:1 asm-refused: \`ljmp\` cannot stand in a user program: there is only one code segment, so no far jumps, calls and returns",
        "13:1 asm-operands: \`movzx\` does not take these operands; expected two registers; for an address write \`movzbl\`, \`movzwl\` or \`movzbw\`",
        "14:1 asm-suffix: the size of the operands is unknown; write \`btw\` or \`btl\`",
        "15:1 asm-operands: \`movsl\` does not take these operands; expected none, or \`(%esi)\` and \`%es:(%edi)\`",
        "16:1 asm-operands: \`push\` does not take these operands; expected 16 or 32 bits",
        "17:1 asm-mnemonic: unknown instruction \`lcok\`",
        "18:1 asm-mnemonic: unknown instruction \`movsd\`; did you mean \`movsx\`?",
      ]
    `);
  });

  it('refuses a program that is too large without building it', () => {
    expect(complaints('.skip 0x7fffffff')).toMatchInlineSnapshot(`
      [
        "1:1 asm-too-large: the program has more than 32768 bytes",
      ]
    `);
  });

  it('goes on after a line that starts with a sign', () => {
    expect(complaints('$1\n)\nhltt')).toEqual([
      '1:1 asm-expected: expected an instruction, a directive or a label',
      '2:1 asm-expected: expected an instruction, a directive or a label',
      '3:1 asm-mnemonic: unknown instruction `hltt`',
    ]);
  });

  it('survives unfinished text', () => {
    expect(complaints('movl $"x, %eax\n.ascii "open\n/* comment')).toMatchInlineSnapshot(`
      [
        "1:7 asm-open-string: string is never closed",
        "1:7 asm-expected: expected an operand",
        "2:8 asm-open-string: string is never closed",
        "3:1 asm-open-comment: comment is never closed",
      ]
    `);
  });
});
