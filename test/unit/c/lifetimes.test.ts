/**
 * Which locals exist at each statement: a variable begins behind its declaration and ends with its
 * block, whatever order the code of loops, switches and jumps is laid out in.
 *
 * A comment behind a statement names what is visible there, inner names last.
 */
import { describe, expect, it } from 'vitest';
import type { Pc } from '../../../src/base/brand.ts';
import { lineText, positionOf } from '../../../src/base/span.ts';
import type { FunctionInfo } from '../../../src/bytecode/program.ts';
import { programOf } from '../../support/compileText.ts';

function visibleAt({ scopes }: FunctionInfo, pc: Pc): string[] {
  return scopes.flatMap(({ start, end, variables }) =>
    pc < start || pc >= end
      ? []
      : variables.filter(({ declaredAt }) => declaredAt <= pc).map(({ name }) => name),
  );
}

const CASES: Readonly<Record<string, string>> = {
  'in blocks, one inside the other': `
int f(int a)
{
	int b = a; // a
	{
		int c = b; // a b
		int b = c; // a b c
		a += b; // a b c b
	}
	a += b; // a b
	int late = 1; // a b
	return late; // a b late
}`,
  'of a for loop, in its body, condition and step': `
int f(int n)
{
	int sum = 0; // n
	for (int i = 0; // n sum
	     i < n; // n sum i
	     i++) { // n sum i
		int twice = 2 * i; // n sum i
		sum += twice; // n sum i twice
	}
	while (n > 0) { // n sum
		int half = n / 2; // n sum
		n = half; // n sum half
	}
	return sum; // n sum
}`,
  'of a switch, whose declaration no case passes': `
int f(int a)
{
	switch (a) { // a
		int unset; // nothing
	case 1: {
		int one = 1; // a unset
		unset = one; // a unset one
		break; // a unset one
	}
	default:
		unset = 2; // a unset
		a = unset; // a unset
	}
	return a; // a
}`,
  'with jumps back before a declaration': `
int f(int a)
{
again:
	a--; // a
	int b = a; // a
	if (b > 3) // a b
		goto again; // a b
	return b; // a b
}`,
  'of a statement expression': `
int f(int a)
{
	int b = ({ // a
		int inner = a; // a
		inner++; // a inner
		inner; });
	return b; // a b
}`,
};

describe('the lifetime of locals', () => {
  it.each(Object.entries(CASES))('%s', (_name, text) => {
    const program = programOf(text);
    const [owner] = program.functions;
    const found = program.statements.map(({ pc, span }) => {
      const { line1 } = positionOf(span.file, span.start);
      return [line1, owner === undefined ? '' : visibleAt(owner, pc).join(' ')] as const;
    });
    const expected = found.map(([line1]) => {
      const file = program.files[0];
      const line = file === undefined ? '' : lineText(file, line1);
      return [line1, / \/\/ (.*)$/.exec(line)?.[1] ?? 'no comment'] as const;
    });
    expect(found.filter(([, names]) => names !== '')).toEqual(
      expected.filter(([, names]) => names !== 'no comment'),
    );
    expect(found.length).toBeGreaterThan(3);
  });
});
