/**
 * Emits the instructions of one function and keeps what belongs to a place in them: labels, statement
 * starts, calls and relocations.
 *
 * A statement starts at the first instruction after `startStatement`; a statement that emits none
 * gets a `nop`. What waits for the next statement (anchors, the entry mark) is registered with
 * `atNextStatement`. All positions are relative to the function until linking.
 */
import { BugError } from '../base/errors.ts';
import type { Span } from '../base/span.ts';
import {
  FLAG_STATEMENT,
  FLAG_UNCHECKED,
  FLAG_VISIBLE,
  INSTRUCTIONS,
  INSTRUCTION_WORDS,
  OP,
  OPCODE_MASK,
  type InstructionName,
  type OperandKind,
} from '../bytecode/instruction.ts';
import { OUTGOING_BASE, type FrameLayout } from './frameLayout.ts';
import type { Expression } from './ast.ts';
import type { CodeRelocation, GuardMark, LinkTarget, StatementMark } from './objectCode.ts';

/** A place that jumps go to; `pc` is set when it is placed. */
export interface Label {
  pc: number | undefined;
  isUsed: boolean;
}

type StatementListener = (pc: number) => void;

const MEMORY_OPCODES: ReadonlySet<number> = new Set(
  INSTRUCTIONS.flatMap(({ name }, opcode) => (/^(load|store)\d/.test(name) ? [opcode] : [])),
);

const SLOT_KINDS: ReadonlySet<OperandKind> = new Set([
  'read',
  'write',
  'read64',
  'write64',
  'arguments',
]);
const slotOperands = INSTRUCTIONS.map((shape) =>
  [shape.a, shape.b, shape.c].map((kind) => SLOT_KINDS.has(kind)),
);

export class CodeBuilder {
  readonly statements: StatementMark[] = [];
  readonly calls: { pc: number; span: Span }[] = [];
  readonly guardedAccesses: { readonly pc: number; readonly guard: GuardMark }[] = [];
  readonly relocations: CodeRelocation[] = [];
  /** Where the innermost expression changes; `undefined` for code that belongs to a statement only. */
  readonly expressions: { readonly pc: number; readonly expression: Expression | undefined }[] = [];
  /** Whether execution can arrive at the next instruction. */
  isReachable = true;
  /** Whether loads and stores may touch memory that is guarded. */
  isUnchecked = false;
  private readonly words: number[] = [];
  private readonly jumps: { readonly word: number; readonly label: Label }[] = [];
  private readonly outgoingAddresses: number[] = [];
  private readonly frame: FrameLayout;
  private openStatement: Span | undefined;
  private listeners: StatementListener[] = [];
  /** Whose code follows. */
  private expression: Expression | undefined;
  private markedExpression: Expression | undefined;

  constructor(frame: FrameLayout) {
    this.frame = frame;
  }

  /** Where the next instruction will stand. */
  get pc(): number {
    return this.words.length;
  }

  emit(name: InstructionName, a = 0, b = 0, c = 0): void {
    let word = OP[name];
    if (this.isUnchecked && MEMORY_OPCODES.has(word)) word |= FLAG_UNCHECKED;
    if (this.openStatement !== undefined) {
      word |= FLAG_STATEMENT;
      this.statements.push({ pc: this.pc, span: this.openStatement, isEntry: false });
      this.openStatement = undefined;
      if (this.listeners.length > 0) this.callListeners();
    }
    if (this.expression !== this.markedExpression) {
      this.markedExpression = this.expression;
      this.expressions.push({ pc: this.pc, expression: this.expression });
    }
    this.words.push(word, a | 0, b | 0, c | 0);
  }

  private callListeners(): void {
    const { listeners, pc } = this;
    this.listeners = [];
    for (const listener of listeners) listener(pc);
  }

  /** What follows is the code of the expression; the result goes to `leaveExpression`. */
  enterExpression(expression: Expression): Expression | undefined {
    const outer = this.expression;
    this.expression = expression;
    return outer;
  }

  /** What follows is again the code of the expression around. */
  leaveExpression(outer: Expression | undefined): void {
    this.expression = outer;
  }

  /** Makes the last instruction a visible operation. */
  markVisible(): void {
    const at = this.words.length - INSTRUCTION_WORDS;
    this.words[at] = (this.words[at] ?? 0) | FLAG_VISIBLE;
  }

  /** The last instruction, a load or store, accesses a guarded field. */
  noteGuard(guard: GuardMark): void {
    this.guardedAccesses.push({ pc: this.words.length - INSTRUCTION_WORDS, guard });
  }

  /** Softens the checks of the last instruction, a load or store, by `FLAG_RAW` and its like. */
  soften(flags: number): void {
    const at = this.words.length - INSTRUCTION_WORDS;
    this.words[at] = (this.words[at] ?? 0) | flags;
  }

  /** The next instruction is the first of a source statement. */
  startStatement(span: Span): void {
    this.endStatement();
    this.openStatement = span;
    // Code that nobody reaches still gets an end, so that it never runs into another function.
    this.isReachable = true;
  }

  /** Gives a statement that had no code a `nop`. */
  endStatement(): void {
    if (this.openStatement !== undefined) this.emit('nop');
  }

  /** Calls back with the pc of the next statement start. */
  atNextStatement(listener: StatementListener): void {
    this.listeners.push(listener);
  }

  /** Whether something waits for the next statement. */
  get hasListeners(): boolean {
    return this.listeners.length > 0;
  }

  /**
   * Takes away what waits for the next statement, for code that is emitted before the statement that
   * runs first (the body of a loop stands before its condition).
   */
  takeListeners(): StatementListener[] {
    const taken = this.listeners;
    this.listeners = [];
    return taken;
  }

  /** Puts back what `takeListeners` took. */
  restoreListeners(taken: readonly StatementListener[]): void {
    this.listeners.unshift(...taken);
  }

  createLabel(): Label {
    return { pc: undefined, isUsed: false };
  }

  placeLabel(label: Label): void {
    this.endStatement();
    label.pc = this.pc;
    if (label.isUsed) this.isReachable = true;
  }

  jump(label: Label): void {
    this.emit('jump');
    this.targetOperand(0, label);
    this.isReachable = false;
  }

  /** A jump with one operand before its target. */
  jumpIf(name: 'jumpIfZero' | 'jumpIfNot', slot: number, label: Label): void {
    this.emit(name, slot);
    this.targetOperand(1, label);
  }

  /** A comparing jump: two operands, then the target. */
  compareAndJump(
    name: 'jumpEq' | 'jumpNe' | 'jumpLts' | 'jumpLtu' | 'jumpLes' | 'jumpLeu' | 'jumpEqi',
    left: number,
    right: number,
    label: Label,
  ): void {
    this.emit(name, left, right);
    this.targetOperand(2, label);
  }

  private targetOperand(operand: 0 | 1 | 2, label: Label): void {
    label.isUsed = true;
    this.jumps.push({ word: this.words.length - INSTRUCTION_WORDS + 1 + operand, label });
  }

  /** Completes an operand (0-2) of the last instruction when the target has its place. */
  relocate(kind: CodeRelocation['kind'], operand: 0 | 1 | 2, target: LinkTarget | undefined): void {
    const word = this.words.length - INSTRUCTION_WORDS + 1 + operand;
    this.relocations.push({ kind, word, target });
  }

  /** An operand (0-2) of the last instruction counts from the first of the outgoing arguments. */
  noteOutgoingAddress(operand: 0 | 1 | 2): void {
    this.outgoingAddresses.push(this.words.length - INSTRUCTION_WORDS + 1 + operand);
  }

  /** The last instruction calls something: its place in the source. */
  noteCall(span: Span): void {
    this.calls.push({ pc: this.words.length - INSTRUCTION_WORDS, span });
  }

  /** The finished code; every label that was used has been placed. */
  finish(): Int32Array {
    this.endStatement();
    const code = Int32Array.from(this.words);
    for (const { word, label } of this.jumps) {
      if (label.pc === undefined) throw new BugError('a jump goes to a label without a place');
      code[word] = label.pc;
    }
    const { frameSize } = this.frame;
    for (const word of this.outgoingAddresses) code[word] = (code[word] ?? 0) - frameSize;
    for (let pc = 0; pc < code.length; pc += INSTRUCTION_WORDS) {
      const opcode = (code[pc] ?? 0) & OPCODE_MASK;
      if (opcode === OP.call || opcode === OP.callPointer) code[pc + 3] = frameSize + 8;
      for (let operand = 0; operand < 3; operand += 1) {
        const word = code[pc + 1 + operand] ?? 0;
        if (word < OUTGOING_BASE || slotOperands[opcode]?.[operand] !== true) continue;
        code[pc + 1 + operand] = this.frame.resolveSlot(word);
      }
    }
    return code;
  }
}
