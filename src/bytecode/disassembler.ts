/**
 * Bytecode as text, for golden tests, reports and whoever wants to look under the C.
 *
 * One line an instruction: `>` marks the start of a statement, `*` a visible operation. Slots are
 * shown by the name of the variable that lives there at that point, else as `[-3]` (words from the
 * frame pointer). Targets are relative to the function, so that editing one function shakes no other.
 * A single instruction, for a debugger's listing, comes with what it does and with addresses.
 */
import type { Pc } from '../base/brand.ts';
import { hex } from '../base/brand.ts';
import {
  FLAG_STATEMENT,
  FLAG_VISIBLE,
  INSTRUCTIONS,
  INSTRUCTION_WORDS,
  OPCODE_MASK,
  type OperandKind,
} from './instruction.ts';
import { INTRINSICS } from './intrinsic.ts';
import {
  CODE_BASE,
  functionAt,
  type FunctionInfo,
  type Program,
  type Variable,
} from './program.ts';

/** One instruction as text. */
interface DisassembledInstruction {
  readonly pc: Pc;
  /** `add t, a, b`, without marks. */
  readonly text: string;
  readonly operands: readonly string[];
  /** What it does, in terms of `a`, `b` and `c`. */
  readonly meaning: string;
  readonly isStatement: boolean;
  readonly isVisible: boolean;
}

function variablesAt(owner: FunctionInfo, pc: number): Map<number, Variable> {
  const byOffset = new Map<number, Variable>();
  for (const scope of owner.scopes) {
    if (pc < scope.start || pc >= scope.end) continue;
    for (const variable of scope.variables) {
      const { storage } = variable;
      // Where an aligned one lies depends on the frame.
      if (storage.kind !== 'frame' || storage.align !== undefined) continue;
      byOffset.set(storage.offset, variable);
    }
  }
  return byOffset;
}

function renderImmediate(value: number): string {
  return Math.abs(value) < 0x10000 ? String(value) : hex(value);
}

function renderInstruction(
  program: Program,
  pc: Pc,
  owner: FunctionInfo | undefined,
  variables: ReadonlyMap<number, Variable> | undefined,
  targetText: (pc: number) => string = (target) => `@${String(target - (owner?.entry ?? 0))}`,
): DisassembledInstruction {
  const word = program.code[pc] ?? 0;
  const shape = INSTRUCTIONS[word & OPCODE_MASK];
  if (shape === undefined) {
    const text = `invalid ${hex(word)}`;
    return { pc, text, operands: [], meaning: '', isStatement: false, isVisible: false };
  }
  const kinds: readonly OperandKind[] = [shape.a, shape.b, shape.c];
  const operands: string[] = [];
  for (const [index, kind] of kinds.entries()) {
    const value = program.code[pc + 1 + index] ?? 0;
    if (kind === 'none') continue;
    operands.push(renderOperand(program, kind, value, variables, targetText));
  }
  return {
    pc,
    text: `${shape.name} ${operands.join(', ')}`.trimEnd(),
    operands,
    meaning: shape.meaning,
    isStatement: (word & FLAG_STATEMENT) !== 0,
    isVisible: (word & FLAG_VISIBLE) !== 0,
  };
}

function renderOperand(
  program: Program,
  kind: OperandKind,
  value: number,
  variables: ReadonlyMap<number, Variable> | undefined,
  targetText: (pc: number) => string,
): string {
  switch (kind) {
    case 'none':
      return '';
    case 'immediate':
      return renderImmediate(value);
    case 'target':
      return targetText(value);
    case 'function':
      return program.functions[value]?.name ?? `function ${String(value)}`;
    case 'intrinsic':
      return INTRINSICS[value]?.name ?? `intrinsic ${String(value)}`;
    case 'annotation':
      return `#${program.annotations[value]?.form ?? String(value)}`;
    default:
      return variables?.get(4 * value)?.name ?? `[${String(value)}]`;
  }
}

/** A whole function: a heading with the frame size, then its instructions, one line each. */
export function disassembleFunction(program: Program, owner: FunctionInfo): string {
  const lines = [`${owner.name}: frame ${String(owner.frameSize)}`];
  for (let pc = owner.entry; pc < owner.end; pc = (pc + INSTRUCTION_WORDS) as Pc) {
    const line = renderInstruction(program, pc, owner, variablesAt(owner, pc));
    const mark = `${line.isStatement ? '>' : ' '}${line.isVisible ? '*' : ' '}`;
    lines.push(`${mark} ${String(pc - owner.entry).padStart(4)}  ${line.text}`);
  }
  return `${lines.join('\n')}\n`;
}

/** The column in which a listing says what an instruction does. */
const MEANING_COLUMN = 34;

/** What an instruction does, with its operands; empty for one without, and for the long rules of calls. */
function explainOperands({ operands, meaning, text }: DisassembledInstruction): string {
  if (operands.length === 0) return '';
  const [, result, callee] = /^call (\S+), (\w+), \d+$/.exec(text) ?? [];
  if (result !== undefined && callee !== undefined) return `${result} = ${callee}(…)`;
  const [rule = ''] = meaning.split(/[;(:]/);
  const names = ['a', 'b', 'c'];
  return text.startsWith('call') || text.startsWith('intrinsic')
    ? ''
    : rule.trim().replace(/\b[abc]\b/g, (name) => operands[names.indexOf(name)] ?? name);
}

/**
 * One instruction of a program as a line of a listing: with the names of what it works on, addresses of
 * code as targets, and what it does.
 */
export function disassembleAt(program: Program, pc: Pc): string {
  const owner = functionAt(program, pc);
  const variables = owner === undefined ? undefined : variablesAt(owner, pc);
  const addressText = (target: number): string => hex(CODE_BASE + 4 * target);
  const line = renderInstruction(program, pc, owner, variables, addressText);
  const remarks = [explainOperands(line), line.isVisible ? 'visible to others' : ''];
  const remark = remarks.filter((text) => text !== '').join('; ');
  return remark === '' ? line.text : `${line.text.padEnd(MEANING_COLUMN)} ; ${remark}`;
}
