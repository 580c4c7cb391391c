/**
 * A small assembler of bytecode for tests of the machine: programs by the names of instructions.
 *
 * Slots are named by number: local 0 is the highest word below the frame pointer (`L(0)`), parameter 0
 * the first above it (`P(0)`). Targets are labels, functions and annotations are named. Intrinsics that
 * are visible get their flag by themselves; `statement()` flags the next instruction.
 */
import { asAddress, asPc } from '../../src/base/brand.ts';
import { assert, defined } from '../../src/base/errors.ts';
import type { SourceFile } from '../../src/base/span.ts';
import type { Annotation, AnnotationAction } from '../../src/bytecode/annotation.ts';
import {
  FLAG_STATEMENT,
  FLAG_VISIBLE,
  INSTRUCTION_WORDS,
  INSTRUCTIONS,
  type InstructionName,
  OP,
} from '../../src/bytecode/instruction.ts';
import { INTRINSIC, type IntrinsicName, INTRINSICS } from '../../src/bytecode/intrinsic.ts';
import {
  CODE_BASE,
  DATA_BASE,
  type FunctionInfo,
  type Program,
  type StatementInfo,
} from '../../src/bytecode/program.ts';

/** The slot of a local word, from 0. */
export function L(index: number): number {
  return -1 - index;
}

/** The slot of a parameter word, from 0. */
export function P(index: number): number {
  return 2 + index;
}

/** Address of a word of test data, from 0. */
export function D(index: number): number {
  return DATA_BASE + 4 * index;
}

type Operand = number | string;

const LOCAL_WORDS = 24;
const OUTGOING_WORDS = 8;
const FRAME_WORDS = LOCAL_WORDS + OUTGOING_WORDS;
const DATA_BYTES = 65_536;

const file: SourceFile = { path: 'test.c', text: '' };
const span = { file, start: 0, end: 0 };

/** Appends the instructions of one function. */
export class FunctionBuilder {
  private readonly program: ProgramBuilder;
  private flags = 0;

  constructor(program: ProgramBuilder) {
    this.program = program;
  }

  /** The next instruction starts a statement. */
  statement(): this {
    this.flags |= FLAG_STATEMENT;
    return this;
  }

  /** A scheduling point lies before the next instruction. */
  visible(): this {
    this.flags |= FLAG_VISIBLE;
    return this;
  }

  label(name: string): this {
    this.program.defineLabel(name);
    return this;
  }

  op(name: InstructionName, a: Operand = 0, b: Operand = 0, c: Operand = 0): this {
    this.program.emit(name, this.flags, a, b, c);
    this.flags = 0;
    return this;
  }

  /** `slot = value`. */
  set(slot: number, value: number): this {
    return this.op('const', slot, value | 0);
  }

  /** Calls a function with arguments from slots. */
  call(result: number, name: string, ...args: number[]): this {
    const isVisible = this.holdBackVisible(args);
    args.forEach((slot, index) => this.op('move', index - FRAME_WORDS, slot));
    this.flags |= isVisible;
    return this.op('call', result, name, FRAME_WORDS * 4 + 8);
  }

  /** Calls the function whose address is in a slot. */
  callPointer(result: number, slot: number): this {
    return this.op('callPointer', result, slot, FRAME_WORDS * 4 + 8);
  }

  /** Calls an intrinsic with literal arguments. */
  intrinsic(result: number, name: IntrinsicName, ...args: number[]): this {
    return this.arguments(name, args, result);
  }

  /** Calls an intrinsic with arguments that stand in consecutive slots. */
  intrinsicAt(result: number, name: IntrinsicName, firstSlot: number): this {
    const isVisible = INTRINSICS[INTRINSIC[name]]?.isVisible === true;
    if (isVisible) this.flags |= FLAG_VISIBLE;
    return this.op('intrinsic', result, INTRINSIC[name], firstSlot);
  }

  private arguments(name: IntrinsicName, args: readonly number[], result: number): this {
    const isVisible = this.holdBackVisible(args);
    args.forEach((value, index) => this.set(index - FRAME_WORDS, value));
    this.flags |= isVisible;
    return this.intrinsicAt(result, name, -FRAME_WORDS);
  }

  /** The flag for the operation itself; the start of a statement stays with its first instruction. */
  private holdBackVisible(args: readonly number[]): number {
    if (args.length === 0) return 0;
    const isVisible = this.flags & FLAG_VISIBLE;
    this.flags &= ~FLAG_VISIBLE;
    return isVisible;
  }

  /** An annotation with literal operand words. */
  annotate(action: AnnotationAction, ...words: number[]): this {
    words.forEach((value, index) => this.set(index - FRAME_WORDS, value));
    return this.op('annotate', this.program.annotation(action), 0, -FRAME_WORDS);
  }

  /** Stores a literal at an address, by way of the last two locals. */
  poke(address: number, value: number): this {
    const slot = L(LOCAL_WORDS - 1);
    const other = L(LOCAL_WORDS - 2);
    return this.set(slot, address).set(other, value).op('store32', other, slot, 0);
  }
}

/** Builds a `Program` of functions. */
export class ProgramBuilder {
  private readonly code: number[] = [];
  private readonly fixups: { at: number; name: string; isFunction: boolean }[] = [];
  private readonly labels = new Map<string, number>();
  private readonly functions: FunctionInfo[] = [];
  private readonly statements: StatementInfo[] = [];
  private readonly annotations: Annotation[] = [];
  private readonly costs: string[] = [];
  private functionIndex = -1;
  readonly data = new Uint8Array(DATA_BYTES);

  constructor() {
    for (const name of ['trap', 'trapReturn', 'interruptReturn', 'bootReturn'] as const) {
      this.emit(name, 0, 0, 0, 0);
    }
  }

  function(name: string, body: (builder: FunctionBuilder) => unknown): this {
    const entry = this.code.length;
    this.functionIndex = this.functions.length;
    body(new FunctionBuilder(this));
    this.functions.push({
      index: this.functionIndex,
      name,
      type: {
        kind: 'function',
        returns: { kind: 'void' },
        parameters: [],
        isVariadic: false,
        hasPrototype: true,
      },
      entry: asPc(entry),
      end: asPc(this.code.length),
      frameSize: FRAME_WORDS * 4,
      nameSpan: span,
      span,
      scopes: [],
      isStatic: false,
      isPlumbing: false,
      unit: 0,
    });
    return this;
  }

  emit(name: InstructionName, flags: number, a: Operand, b: Operand, c: Operand): void {
    const at = this.code.length;
    if ((flags & FLAG_STATEMENT) !== 0) {
      this.statements.push({
        pc: asPc(at),
        span,
        functionIndex: this.functionIndex,
        isEntry: false,
      });
    }
    this.code.push(OP[name] | flags);
    const shape = INSTRUCTIONS[OP[name]];
    [a, b, c].forEach((operand, index) => {
      if (typeof operand === 'string') {
        const kind = [shape?.a, shape?.b, shape?.c][index];
        this.fixups.push({ at: at + 1 + index, name: operand, isFunction: kind === 'function' });
      }
      this.code.push(typeof operand === 'string' ? 0 : operand);
    });
  }

  defineLabel(name: string): void {
    assert(!this.labels.has(name), `label ${name} is new`);
    this.labels.set(name, this.code.length);
  }

  annotation(action: AnnotationAction): number {
    this.annotations.push({
      form: action,
      action,
      span,
      roles: { text: `${action} of the test` },
      functionIndex: this.functionIndex,
      pc: asPc(this.code.length),
    });
    return this.annotations.length - 1;
  }

  /** The operand of `costBegin` for a name. */
  cost(name: string): number {
    if (!this.costs.includes(name)) this.costs.push(name);
    return this.costs.indexOf(name);
  }

  indexOf(name: string): number {
    return defined(
      this.functions.find((item) => item.name === name),
      `function ${name}`,
    ).index;
  }

  /** The pc of a label. */
  pcOf(label: string): number {
    return defined(this.labels.get(label), `label ${label}`);
  }

  /** The address of a function, for pointers. Only functions that are already built. */
  addressOf(name: string): number {
    const info = defined(this.functions[this.indexOf(name)], name);
    return CODE_BASE + INSTRUCTION_WORDS * info.entry;
  }

  build(): Program {
    for (const { at, name, isFunction } of this.fixups) {
      this.code[at] = isFunction ? this.indexOf(name) : this.pcOf(name);
    }
    return {
      code: Int32Array.from(this.code),
      data: this.data,
      dataEnd: asAddress(DATA_BASE + DATA_BYTES),
      functions: this.functions,
      globals: [],
      statements: this.statements,
      calls: [],
      annotations: this.annotations,
      anchors: [],
      flagsHints: [],
      macros: new Map(),
      records: new Map(),
      typedefs: new Map(),
      enumConstants: new Map(),
      costNames: this.costs,
      files: [file],
      hash: '0123456789abcdef',
    };
  }
}
