/**
 * Volatile accesses are kept: each that the abstract machine of C makes is one load or store
 * instruction, no more and no less, so they can be counted in the code.
 */
import { describe, expect, it } from 'vitest';
import { disassembleFunction } from '../../../src/bytecode/disassembler.ts';
import { compileTexts } from '../../support/compileText.ts';

const DECLARATIONS = `
volatile int g;
volatile long long wide;
volatile unsigned char byte;
volatile struct { int a; unsigned b : 3; } s;
volatile int array[4];
`;

/** How many loads and stores a statement has on the straight path. */
function countAccesses(statement: string): { readonly loads: number; readonly stores: number } {
  const text = `${DECLARATIONS} void f(volatile int *p, int n) { ${statement} }`;
  const { program } = compileTexts({ 'test.c': text });
  if (program === undefined) throw new Error(text);
  const lines = program.functions.flatMap((owner) =>
    disassembleFunction(program, owner).split('\n'),
  );
  const count = (word: RegExp) => lines.filter((line) => word.test(line)).length;
  return { loads: count(/\bload/), stores: count(/\bstore/) };
}

describe('a volatile access', () => {
  const cases: readonly (readonly [string, number, number])[] = [
    ['g;', 1, 0],
    ['(void)g;', 1, 0],
    ['g, n;', 1, 0],
    ['*p;', 1, 0],
    ['wide;', 1, 0],
    ['byte;', 1, 0],
    ['s.a;', 1, 0],
    ['s.b;', 1, 0],
    ['array[2];', 1, 0],
    ['n = g + g;', 2, 0],
    ['n = g * 0;', 1, 0],
    ['n = g - g;', 2, 0],
    ['n = sizeof g;', 0, 0],
    ['p = &g;', 0, 0],
    ['g = 1;', 0, 1],
    ['g = g;', 1, 1],
    ['g = g = 2;', 0, 2],
    ['g += 2;', 1, 1],
    ['g++;', 1, 1],
    ['n = ++g;', 1, 1],
    ['byte = 300;', 0, 1],
    ['s.b = 1;', 1, 1],
    ['*p = *p + 1;', 1, 1],
    ['if (g) n = 1;', 1, 0],
    ['if (g & 4) n = 1;', 1, 0],
    ['n = g ? 1 : 2;', 1, 0],
    ['n = g ?: 2;', 1, 0],
    ['n = !g;', 1, 0],
    ['n = g && n;', 1, 0],
    ['array[g] = g;', 2, 1],
    ['g = 1; g = 1;', 0, 2],
    ['while (g);', 1, 0],
    ['switch (g) { case 1: n = 2; }', 1, 0],
  ];
  it.each(cases)('%s loads %i and stores %i times', (statement, loads, stores) => {
    expect(countAccesses(statement)).toEqual({ loads, stores });
  });
});
