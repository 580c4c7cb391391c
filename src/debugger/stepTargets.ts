/**
 * The calls that a statement is about to make, for stepping into one of them.
 */
import { INSTRUCTION_WORDS, OP, OPCODE_MASK } from '../bytecode/instruction.ts';
import { callAt, functionAt, statementAt } from '../bytecode/program.ts';
import { asPc } from '../base/brand.ts';
import type { Span } from '../base/span.ts';
import type { DebugTarget } from './debugTarget.ts';
import type { StackRow } from './stackRows.ts';

/** Where the `call` instruction names the function. */
const FUNCTION_OPERAND = 2;

/** A function that the statement calls. */
export interface StepTarget {
  readonly functionIndex: number;
  readonly name: string;
  readonly span: Span | undefined;
}

/** The functions that are called from the place of a row to the end of its statement, each once. */
export function listStepTargets({ program }: DebugTarget, row: StackRow): readonly StepTarget[] {
  if (row.kind !== 'kernel') return [];
  const owner = functionAt(program, row.pc);
  const statement = statementAt(program, row.pc);
  if (owner === undefined || statement === undefined) return [];
  const targets = new Map<number, StepTarget>();
  for (let pc: number = row.pc; pc < owner.end; pc += INSTRUCTION_WORDS) {
    const isOther = program.statements.some((item) => item.pc === pc && item.pc !== statement.pc);
    if (isOther) break;
    if (((program.code[pc] ?? 0) & OPCODE_MASK) !== OP.call) continue;
    const functionIndex = program.code[pc + FUNCTION_OPERAND] ?? -1;
    const called = program.functions[functionIndex];
    if (called === undefined || targets.has(functionIndex)) continue;
    const span = callAt(program, asPc(pc))?.span;
    targets.set(functionIndex, { functionIndex, name: called.name, span });
  }
  return [...targets.values()];
}
