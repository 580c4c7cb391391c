/**
 * The assembler: the bytes of GNU as, the line table, and complaints about wrong programs.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { asAddress } from '../../../src/base/brand.ts';
import { positionOf, spanText } from '../../../src/base/span.ts';
import { assemble } from '../../../src/x86/assemble.ts';
import {
  asmFixture,
  asmSymbols,
  readInstructionCases,
  toHexLines,
} from '../../support/asmFixtures.ts';

const BASE = asAddress(0x08048000);

function assembleText(text: string) {
  return assemble({ path: 'test.task.s', text }, { base: BASE, symbols: asmSymbols });
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

  it('gives the bytes of GNU as for jumps, labels, padding and data', () => {
    const { image, diagnostics } = assembleText(readFileSync(asmFixture('jumps.s'), 'utf8'));
    expect(diagnostics).toEqual([]);
    expect(toHexLines(image?.bytes ?? new Uint8Array())).toBe(
      readFileSync(asmFixture('jumps.hex'), 'utf8'),
    );
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
        "6:5 asm-character: unexpected character \`@\`",
        "7:6 asm-address: \`%ax\` cannot be part of an address; use a 32-bit register",
      ]
    `);
  });

  it('reports operands that do not fit', () => {
    expect(
      complaints(
        'incl 4\ninc (%eax)\nmovb %eax, 4\nmovl (%eax), (%ebx)\naddb $256, %al\nlea %eax, %ebx\nrep nop\nmovl (%eax,%esp), %ebx\nmovl (%eax,%ebx,3), %ebx',
      ),
    ).toMatchInlineSnapshot(`
      [
        "2:1 asm-suffix: the size of the operands is unknown; write \`incb\`, \`incw\` or \`incl\`",
        "3:6 asm-width: register \`%eax\` does not have the size that \`movb\` works on",
        "4:1 asm-operands: \`movl\` does not take these operands; expected at most one address",
        "5:7 asm-range: 256 does not fit 8 bits",
        "6:1 asm-operands: \`lea\` does not take these operands; expected an address and a register",
        "7:1 asm-prefix: \`rep\` does not go with \`nop\`",
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

  it('refuses writable sections with the remedy', () => {
    expect(complaints('.data\n.long 1')).toMatchInlineSnapshot(`
      [
        "1:1 asm-section: \`.data\` is not supported: a user program is one read-only text; writable memory comes from the maps of its process",
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
