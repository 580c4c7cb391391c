/** The text of a fault names the expression at fault once. */
import { describe, expect, it } from 'vitest';
import { asCpuId, asPc, asTaskId } from '../../../src/base/brand.ts';
import { OP, OPCODE_MASK } from '../../../src/bytecode/instruction.ts';
import type { DebugTarget } from '../../../src/debugger/debugTarget.ts';
import { faultText } from '../../../src/debugger/stopTexts.ts';
import { programOf } from '../../support/compileText.ts';

const program = programOf('int f(int n) { int x; if (n) x = 1; return n + x; }');
const pc = program.code.findIndex((word, at) => {
  return at % 4 === 0 && (word & OPCODE_MASK) === OP.checkAssigned;
});

function textOf(message: string): string {
  const fault = { kind: 'uninitialized', message } as const;
  const place = { task: asTaskId(0), cpu: asCpuId(0), pc: asPc(pc) };
  return faultText({ program } as unknown as DebugTarget, { kind: 'fault', fault, ...place });
}

describe('the text of a fault', () => {
  it('names the expression at fault', () => {
    expect(textOf('Something was read.')).toBe('Something was read. It happened in `x`.');
  });

  it('does not name it twice', () => {
    expect(textOf('Read of `x`.')).toBe('Read of `x`.');
  });
});
