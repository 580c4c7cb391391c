/** The verifier finds what a broken compiler would do; each rule is seen to fail. */
import { describe, expect, it } from 'vitest';
import { FLAG_STATEMENT, OP } from '../../../src/bytecode/instruction.ts';
import type { Program } from '../../../src/bytecode/program.ts';
import { verifyProgram } from '../../../src/bytecode/verifier.ts';
import { programOf } from '../../support/compileText.ts';

const program = programOf(
  'int g(int x) { return x; }\nint f(int a) { if (a) a = g(g(a)); return a; }',
);

/** The program with one word of code changed: the operand (0 is the opcode) of an instruction of f. */
function broken(opcode: number, operand: number, value: (word: number) => number): Program {
  const code = Int32Array.from(program.code);
  const { entry } = program.functions[1] ?? { entry: 0 };
  for (let pc: number = entry; pc < code.length; pc += 4) {
    if (((code[pc] ?? 0) & 0xff) !== opcode) continue;
    code[pc + operand] = value(code[pc + operand] ?? 0);
    return { ...program, code };
  }
  throw new Error('no such instruction');
}

describe('the verifier', () => {
  it('accepts what the compiler makes', () => {
    expect(verifyProgram(program)).toEqual([]);
  });

  it.each([
    ['an opcode that does not exist', broken(OP.return32, 0, () => 255), 'no such instruction'],
    [
      'a slot below the frame',
      broken(OP.return32, 1, () => -100),
      'slot -100 is outside the frame',
    ],
    ['the saved frame pointer', broken(OP.return32, 1, () => 0), 'slot 0 is outside the frame'],
    [
      'a slot behind the parameters',
      broken(OP.return32, 1, () => 3),
      'slot 3 is outside the frame',
    ],
    ['a target between instructions', broken(OP.jumpIfZero, 2, (word) => word + 1), 'target'],
    ['a target in another function', broken(OP.jumpIfZero, 2, () => 16), 'target 16'],
    ['a function that does not exist', broken(OP.call, 2, () => 7), 'no such function'],
    ['a call into the own frame', broken(OP.call, 3, () => 4), 'does not put the frame below'],
    ['an end without return', broken(OP.return32, 0, () => OP.move), 'runs off the end'],
    ['calls in no order', { ...program, calls: program.calls.toReversed() }, 'out of order'],
    ['a lost statement mark', broken(OP.return32, 0, (word) => word & ~FLAG_STATEMENT), 'disagree'],
  ])('finds %s', (_, changed, message) => {
    expect(verifyProgram(changed).join('; ')).toContain(message);
  });
});
