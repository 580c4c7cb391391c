/**
 * Random C programs about bit-fields wider than `int`, whose arithmetic keeps their width: statements
 * that compute from the members of one struct and print what comes out.
 *
 * Nothing in them is undefined where overflow wraps: a statement has one side effect at most, divisors are
 * positive and shifts stay inside `int`.
 */
import fc from 'fast-check';

const FIELDS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n'] as const;
const DECLARATIONS = [
  'long long a : 40;',
  'unsigned long long b : 40;',
  'long long c : 33;',
  'unsigned long long d : 33;',
  'unsigned long long e : 63;',
  'long long f : 63;',
  'long long g;',
  'unsigned long long h;',
  'int i;',
  'unsigned j;',
  'long long k : 31;',
  'unsigned long long l : 32;',
  'unsigned char m;',
  'unsigned long long n : 48;',
];
const CASTS = ['int', 'unsigned', 'long long', 'unsigned long long', 'signed char', '_Bool'];
const CONSTANTS = ['0', '1', '-1', '7', '255u', '0x80000000', '0x7fffffffffLL', '-3LL', '~0ull'];

const field = fc.constantFrom(...FIELDS).map((name) => `p->${name}`);

/** An expression without a side effect. */
const { value } = fc.letrec<{ value: string }>((tie) => {
  const part = tie('value');
  const pair = fc.tuple(part, part);
  return {
    value: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      { weight: 3, arbitrary: field },
      { weight: 1, arbitrary: fc.constantFrom(...CONSTANTS) },
      {
        weight: 6,
        arbitrary: fc
          .tuple(pair, fc.constantFrom('+', '-', '*', '&', '|', '^', '==', '!=', '<', '>='))
          .map(([[left, right], operator]) => `(${left} ${operator} ${right})`),
      },
      {
        weight: 2,
        arbitrary: fc
          .tuple(part, fc.constantFrom('<<', '>>'), fc.integer({ min: 0, max: 31 }))
          .map(([left, operator, count]) => `(${left} ${operator} ${String(count)})`),
      },
      {
        weight: 1,
        arbitrary: fc
          .tuple(pair, fc.constantFrom('/', '%'))
          .map(([[left, right], operator]) => `(${left} ${operator} ((${right} & 15) + 1))`),
      },
      {
        weight: 2,
        arbitrary: fc
          .tuple(fc.constantFrom('-', '~', '!', '+'), part)
          .map(([operator, operand]) => `(${operator} ${operand})`),
      },
      {
        weight: 1,
        arbitrary: fc
          .tuple(fc.constantFrom(...CASTS), part)
          .map(([type, operand]) => `((${type})${operand})`),
      },
      {
        weight: 1,
        arbitrary: fc.tuple(part, pair).map(([test, [yes, no]]) => `(${test} ? ${yes} : ${no})`),
      },
      { weight: 1, arbitrary: pair.map(([left, right]) => `(${left} ?: ${right})`) },
      { weight: 1, arbitrary: pair.map(([left, right]) => `(${left}, ${right})`) },
      { weight: 1, arbitrary: part.map((result) => `({ ${result}; })`) },
    ),
  };
});

const operation = fc.constantFrom('=', '+=', '-=', '*=', '&=', '|=', '^=');

/** A statement that prints one value. */
export const wideStatement: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: value.map((result) => `show(${result});`) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(field, operation, value, value)
      .map(
        ([target, operator, right, more]) =>
          `show((${target} ${operator} ${right}) + 1); show(${more});`,
      ),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(field, fc.constantFrom('<<=', '>>='), fc.integer({ min: 0, max: 7 }))
      .map(([target, operator, count]) => `show((${target} ${operator} ${String(count)}) - 1);`),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(field, fc.constantFrom('++', '--'), fc.boolean())
      .map(([target, step, isPrefix]) =>
        isPrefix ? `show(${step}${target} * 3);` : `show(${target}${step} * 3); show(${target});`,
      ),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(value, value)
      .map(([one, other]) => `{ typeof(${one} + 0) own = ${other}; show(own); show(++own << 1); }`),
  },
  {
    weight: 1,
    arbitrary: value.map((test) => `if (${test}) show(1); else show(0);`),
  },
);

/** The program of some statements. */
export function wideProgram(statements: readonly string[]): string {
  const seeds = FIELDS.map(
    (name, index) => `p->${name} = 0x9e3779b97f4a7c15ull * ${String(index + 1)};`,
  );
  return `
#include <stdio.h>
struct s { ${DECLARATIONS.join(' ')} };
static struct s object;
#define show(value) printf("%llx\\n", (unsigned long long)(value))
int main(void)
{
  struct s *p = &object;
  ${seeds.join('\n  ')}
  ${statements.join('\n  ')}
  return 0;
}
`;
}
