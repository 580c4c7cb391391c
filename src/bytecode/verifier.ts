/**
 * Checks that a program is well formed, so that the machine's interpreter need not: opcodes exist,
 * slots lie inside the frame or the parameters, targets are instructions of the same function,
 * numbers of functions, intrinsics and annotations exist, and the tables agree with the flags.
 *
 * A problem found here is a bug of the compiler, never of the C; tests run it over everything.
 */
import { sizeOf, type CType } from './ctype.ts';
import {
  FLAG_STATEMENT,
  INSTRUCTIONS,
  INSTRUCTION_WORDS,
  OP,
  OPCODE_MASK,
  STUB_COUNT,
  type OperandKind,
} from './instruction.ts';
import { INTRINSICS } from './intrinsic.ts';
import type { FunctionInfo, Program } from './program.ts';

const ENDINGS: ReadonlySet<number> = new Set([
  OP.jump,
  OP.return,
  OP.return32,
  OP.return64,
  OP.trap,
]);

/** All problems as sentences; an empty list means that the program is well formed. */
export function verifyProgram(program: Program): readonly string[] {
  const problems: string[] = [];
  let expected = STUB_COUNT * INSTRUCTION_WORDS;
  for (const [index, owner] of program.functions.entries()) {
    if (owner.index !== index) problems.push(`${owner.name} has the wrong number`);
    if (owner.entry !== expected) problems.push(`${owner.name} does not follow the one before`);
    expected = owner.end;
    verifyFunction(program, owner, problems);
  }
  if (expected !== program.code.length) problems.push('code stands outside functions');
  verifyTables(program, problems);
  return problems;
}

function words(type: CType): number {
  return Math.ceil((sizeOf(type) ?? 4) / 4);
}

/** Slots of parameters end before this one. */
function parameterEnd(owner: FunctionInfo): number {
  let end = owner.type.returns.kind === 'record' ? 3 : 2;
  for (const parameter of owner.type.parameters) end += words(parameter.type);
  return end;
}

function verifyFunction(program: Program, owner: FunctionInfo, problems: string[]): void {
  const { code } = program;
  const lowest = -owner.frameSize / 4;
  const end = parameterEnd(owner);
  let last = 0;

  function report(pc: number, message: string): void {
    problems.push(`${owner.name}+${String(pc - owner.entry)}: ${message}`);
  }
  function checkSlots(pc: number, slot: number, count: number): void {
    for (let at = slot; at < slot + count; at += 1) {
      const isLocal = at >= lowest && at < 0;
      const isParameter = at >= 2 && at < end;
      if (!isLocal && !isParameter) report(pc, `slot ${String(at)} is outside the frame`);
    }
  }
  function checkOperand(pc: number, kind: OperandKind, value: number): void {
    switch (kind) {
      case 'none':
        if (value !== 0) report(pc, 'an unused operand is not 0');
        return;
      case 'read':
      case 'write':
        checkSlots(pc, value, 1);
        return;
      case 'read64':
      case 'write64':
        checkSlots(pc, value, 2);
        return;
      case 'target':
        if (value < owner.entry || value >= owner.end || value % INSTRUCTION_WORDS !== 0) {
          report(pc, `target ${String(value)} is not an instruction of the function`);
        }
        return;
      case 'function':
        if (program.functions[value] === undefined) report(pc, 'no such function');
        return;
      case 'intrinsic':
        if (INTRINSICS[value] === undefined) report(pc, 'no such intrinsic');
        return;
      case 'annotation':
        if (program.annotations[value] === undefined) report(pc, 'no such annotation');
        return;
      case 'immediate':
      case 'arguments':
        return;
    }
  }

  if (owner.frameSize < 0 || owner.frameSize % 4 !== 0) problems.push(`${owner.name}: frame size`);
  for (let pc: number = owner.entry; pc < owner.end; pc += INSTRUCTION_WORDS) {
    last = (code[pc] ?? 0) & OPCODE_MASK;
    const shape = INSTRUCTIONS[last];
    if (shape === undefined) {
      report(pc, 'no such instruction');
      continue;
    }
    checkOperand(pc, shape.a, code[pc + 1] ?? 0);
    checkOperand(pc, shape.b, code[pc + 2] ?? 0);
    checkOperand(pc, shape.c, code[pc + 3] ?? 0);
    if ((last === OP.call || last === OP.callPointer) && code[pc + 3] !== owner.frameSize + 8) {
      report(pc, 'a call does not put the frame below its own');
    }
    if (last === OP.intrinsic) {
      const arity = INTRINSICS[code[pc + 2] ?? 0]?.arity ?? 0;
      if (arity > 0) checkSlots(pc, code[pc + 3] ?? 0, arity);
    }
    if (last === OP.ghost) checkSlots(pc, code[pc + 3] ?? 0, 1);
  }
  if (!ENDINGS.has(last)) problems.push(`${owner.name}: execution runs off the end`);
}

function verifyTables(program: Program, problems: string[]): void {
  const { code, functions } = program;
  const marked = new Set<number>();
  let before = -1;
  for (const { pc, functionIndex } of program.statements) {
    if (pc <= before) problems.push(`statement at ${String(pc)} is out of order`);
    before = pc;
    marked.add(pc);
    const owner = functions[functionIndex];
    if (owner === undefined || pc < owner.entry || pc >= owner.end) {
      problems.push(`statement at ${String(pc)} is outside its function`);
    }
  }
  for (let pc = 0; pc < code.length; pc += INSTRUCTION_WORDS) {
    const isFlagged = ((code[pc] ?? 0) & FLAG_STATEMENT) !== 0;
    if (isFlagged !== marked.has(pc)) {
      problems.push(`statement flag and table disagree at ${String(pc)}`);
    }
  }
  before = -1;
  for (const { pc } of program.calls) {
    if (pc <= before) problems.push(`the call at ${String(pc)} is out of order`);
    before = pc;
    const opcode = (code[pc] ?? 0) & OPCODE_MASK;
    if (opcode !== OP.call && opcode !== OP.callPointer) {
      problems.push(`the call at ${String(pc)} is none`);
    }
  }
  for (const owner of functions) {
    const entries = program.statements.filter(
      (item) => item.isEntry && item.functionIndex === owner.index,
    );
    if (entries.length !== 1) problems.push(`${owner.name} has no single entry statement`);
  }
}
