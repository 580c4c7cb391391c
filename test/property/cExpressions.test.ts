/**
 * Random integer expressions give the same value at run time, in `#if`, and as constants: three
 * implementations of C arithmetic that share no code but the literals.
 */
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderDiagnostic } from '../../src/base/diagnostic.ts';
import { compileHosted, runHosted } from '../../src/cli/hostedProgram.ts';
import { createNodeMedia } from '../../src/cli/nodeMedia.ts';

const media = createNodeMedia(path.join(import.meta.dirname, '../../media'));
const BINARY = [
  '+',
  '-',
  '*',
  '/',
  '%',
  '&',
  '|',
  '^',
  '<<',
  '>>',
  '<',
  '>',
  '<=',
  '>=',
  '==',
  '!=',
  '&&',
  '||',
];

const literal = fc.oneof(
  fc.constantFrom(
    '0LL',
    '1LL',
    '2ULL',
    '63LL',
    '0x7fffffffffffffffLL',
    '0xffffffffffffffffULL',
    '4294967296LL',
  ),
  fc.bigInt({ min: 0n, max: (1n << 63n) - 1n }).map((value) => `${String(value)}LL`),
  fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }).map((value) => `${String(value)}ULL`),
);

/** Expressions in 64 bits; shifts by 0 to 63 and no division by zero, which C leaves open. */
const { expression } = fc.letrec<{ expression: string }>((tie) => ({
  expression: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    literal,
    fc
      .tuple(fc.constantFrom('-', '~', '!'), tie('expression'))
      .map(([operator, a]) => `(0LL + ${operator}${a})`),
    fc
      .tuple(tie('expression'), fc.constantFrom(...BINARY), tie('expression'))
      .map(([a, operator, b]) => {
        if (operator === '<<') return `((${a} & 0xffffLL) << (${b} & 31))`;
        if (operator === '>>') return `(${a} >> (${b} & 63))`;
        if (operator === '/' || operator === '%') return `(${a} ${operator} ((${b} & 0xffff) + 1))`;
        const isSigned = /[+*-]/.test(operator);
        const left = isSigned ? `(${a} & 0x3fffffffLL)` : a;
        const right = isSigned ? `(${b} & 0x3fffffffLL)` : b;
        return `(0LL + (${left} ${operator} ${right}))`;
      }),
    fc
      .tuple(tie('expression'), tie('expression'), tie('expression'))
      .map(([a, b, c]) => `(${a} ? ${b} : ${c})`),
  ),
}));

/** A program that prints each expression, its constants in variables, and says where `#if` differs. */
function programOf(expressions: readonly string[]): string {
  const variables: string[] = [];
  const lines = expressions.map((text, index) => {
    const atRunTime = text.replace(/\b(?:0x)?[0-9a-f]+U?LL\b/g, (constant) => {
      const type = constant.endsWith('ULL') ? 'unsigned long long' : 'long long';
      variables.push(`volatile ${type} v${String(variables.length)} = ${constant};`);
      return `v${String(variables.length - 1)}`;
    });
    return [
      `static const long long folded${String(index)} = ${text};`,
      `static long long computed${String(index)}(void) { return ${atRunTime}; }`,
    ].join('\n');
  });
  const checks = expressions.map((text, index) => {
    const n = String(index);
    return [
      `\tif (folded${n} != computed${n}())`,
      `\t\tprintf("${n}: %lld as a constant, %lld computed\\n", folded${n}, computed${n}());`,
      `#if ${text}`,
      `\tif (!folded${n})`,
      `\t\tprintf("${n}: true in #if\\n");`,
      '#else',
      `\tif (folded${n})`,
      `\t\tprintf("${n}: false in #if\\n");`,
      '#endif',
    ].join('\n');
  });
  const parts = ['#include <stdio.h>', ...variables, ...lines, 'int main(void)\n{', ...checks, '}'];
  return `${parts.join('\n')}\n`;
}

describe('integer expressions', () => {
  it('have one value, however they are computed', () => {
    fc.assert(
      fc.property(fc.array(expression, { minLength: 20, maxLength: 20 }), (expressions) => {
        const file = { path: 'random.c', text: programOf(expressions) };
        const { program, diagnostics } = compileHosted(file, media, () => undefined);
        const errors = diagnostics.filter((diagnostic) => diagnostic.severity === 'error');
        expect(errors.map(renderDiagnostic)).toEqual([]);
        let output = '';
        if (program === undefined) return;
        const { stop } = runHosted(
          program,
          ['random'],
          (_fd, bytes) => (output += Buffer.from(bytes).toString()),
          { maxSteps: 10_000_000 },
        );
        expect({ output, kind: stop.kind }).toEqual({ output: '', kind: 'finished' });
      }),
      { numRuns: 25 },
    );
  });
});
