// The interpreter's cases are literal numbers; each must be the opcode of the name behind it.
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { INSTRUCTIONS } from '../../../src/bytecode/instruction.ts';

it('handles every instruction under its own number', () => {
  const text = readFileSync(
    new URL('../../../src/machine/interpreter.ts', import.meta.url),
    'utf8',
  );
  const cases = [...text.matchAll(/case (\d+) \/\* (\w+) \*\//g)].map(([, number, name]) => [
    Number(number),
    name,
  ]);
  expect(cases).toEqual(INSTRUCTIONS.map((instruction, opcode) => [opcode, instruction.name]));
});
