/**
 * A compiled program: code, initial data and everything a debugger wants to know. Immutable; the
 * machine runs its own copy of the code.
 */
import { asAddress, asPc, type Address, type Pc } from '../base/brand.ts';
import type { SourceFile, Span } from '../base/span.ts';
import type { Annotation } from './annotation.ts';
import type { CType, EnumType, FunctionType, IntegerType, RecordLayout } from './ctype.ts';
import { INSTRUCTION_WORDS, isReturn } from './instruction.ts';

/** Kernel memory is a direct map: virtual address = physical address + this. */
export const DIRECT_MAP_BASE = 0xc0000000;
/** Where the data of a program starts, a virtual address in the direct map (1 MiB into memory). */
export const DATA_BASE = 0xc0100000;
/** Code index `pc` has the virtual address `CODE_BASE + 4 * pc`; nothing can be read there. */
export const CODE_BASE = 0xf0000000;

/** Where in a frame something lies, wherever the frame is. */
export interface FramePosition {
  /** In bytes from the frame pointer, a multiple of 4 for locals. */
  readonly offset: number;
  /**
   * Set where more than 4 is asked for: the place is the first multiple of it, a power of two up to a
   * page, at or behind the offset. The frame has room for that.
   */
  readonly align?: number;
}

/** The address of something in the frame with this frame pointer. */
export function addressInFrame(fp: number, { offset, align }: FramePosition): Address {
  const at = fp + offset;
  return asAddress(align === undefined ? at : Math.ceil(at / align) * align);
}

/** A variable of C with static storage or in a frame. */
export interface Variable {
  readonly name: string;
  readonly type: CType;
  readonly span: Span;
  readonly storage:
    | { readonly kind: 'static'; readonly address: Address }
    | ({ readonly kind: 'frame' } & FramePosition);
  readonly isParameter: boolean;
  /** From this pc on (in its scope) it has been declared. */
  readonly declaredAt: Pc;
}

/** A block with declarations of its own; scopes of a function nest and stand outermost first. */
export interface Scope {
  /** Code range, `end` exclusive. */
  readonly start: Pc;
  readonly end: Pc;
  /** Index in the function's `scopes` of the enclosing one; `undefined` for the outermost. */
  readonly parent: number | undefined;
  readonly variables: readonly Variable[];
}

/** A function that has code. */
export interface FunctionInfo {
  readonly index: number;
  readonly name: string;
  readonly type: FunctionType;
  readonly entry: Pc;
  /** Exclusive. */
  readonly end: Pc;
  /** Bytes below the frame pointer: locals, temporaries, outgoing arguments. */
  readonly frameSize: number;
  /** The definition's name, and the whole definition. */
  readonly nameSpan: Span;
  readonly span: Span;
  readonly scopes: readonly Scope[];
  readonly isStatic: boolean;
  /** Step Into passes over it unless asked. */
  readonly isPlumbing: boolean;
  /** Index of the translation unit, for statics of the same name. */
  readonly unit: number;
  /** Objects of the frame with red zones around them, by growing offset. */
  readonly guarded?: readonly GuardedObject[];
}

/** Bytes that lie untouchable on both sides of a guarded local. */
export const LOCAL_ZONE_BYTES = 8;
/** The same on both sides of an object with static storage. */
export const STATIC_ZONE_BYTES = 16;

/** A local that pointers may lead to: an array, a struct, or a scalar whose address is taken. */
export interface GuardedObject extends FramePosition {
  readonly bytes: number;
  /** Whether it begins to live without a value. */
  readonly isUndefined: boolean;
  /**
   * Whether its function tells the shadow of each assignment. Of others the shadow would not learn that
   * they are assigned, so they must never be said to lack a value.
   */
  readonly isCounted: boolean;
  /** It has no name: it is the value of an expression, such as a call, of which a member is read. */
  readonly isTemporary?: true;
  /** Offsets in it of bytes that are padding; absent when there are none. */
  readonly padding?: readonly number[];
}

/** A place where a step can end and virtual time is charged. In the order of `pc`. */
export interface StatementInfo {
  readonly pc: Pc;
  readonly span: Span;
  readonly functionIndex: number;
  /** True for the start of a function's body, where a breakpoint on the function stops. */
  readonly isEntry: boolean;
}

/** A load or store of a field that `guard` is about. In the order of `pc`. */
export interface GuardedAccess {
  readonly pc: Pc;
  /** The tag of the struct, and the field. */
  readonly recordTag: string;
  readonly field: string;
  /** Bytes from the start of the struct to where the access goes. */
  readonly offset: number;
}

/** A call instruction and the expression it comes from. In the order of `pc`. */
export interface CallInfo {
  readonly pc: Pc;
  readonly span: Span;
}

/**
 * The expression that each instruction belongs to: the innermost one. Ranges in parallel arrays, one
 * after the other, up to the next one's start.
 */
export interface ExpressionTable {
  /** The first pc of each range, ascending. */
  readonly pcs: Int32Array;
  /** `undefined` for code that belongs to a statement only, such as a jump. */
  readonly spans: readonly (Span | undefined)[];
  /** Of the pointer that the expression itself reads or writes through. */
  readonly pointers: readonly (Span | undefined)[];
}

/** The expression at an instruction. */
export interface ExpressionPlace {
  readonly span: Span;
  /** The part of it whose value is to blame when its access of memory fails. */
  readonly pointer: Span | undefined;
}

/** A global variable or a static one of a unit or function. */
export interface GlobalInfo extends Variable {
  readonly unit: number;
  readonly isStatic: boolean;
  /** For a static inside a function. */
  readonly functionIndex: number | undefined;
}

/** An object-like macro, with its value when it is an integer constant expression. */
export interface MacroInfo {
  readonly name: string;
  readonly body: string;
  readonly value: bigint | undefined;
  readonly span: Span;
}

/** A constant of an enumeration. */
export interface EnumConstant {
  readonly type: IntegerType | EnumType;
  readonly value: bigint;
}

/** A function-like macro, for expressions of the debugger. */
export interface FunctionMacroInfo {
  readonly name: string;
  /** Name, parameters and body as they follow `#define`. */
  readonly definition: string;
  readonly span: Span;
}

/** From `//@ flags`: the bits of this variable or field are the macros with the prefix. */
export interface FlagsHint {
  /** A variable's or a field's name. */
  readonly name: string;
  /** The tag of the struct the annotation stands in, when on a field. */
  readonly recordTag: string | undefined;
  /** The function the annotation stands in, when on a local. */
  readonly functionIndex: number | undefined;
  readonly prefix: string;
}

/** A named point of the program. */
export interface Anchor {
  readonly name: string;
  /** Present on a moment of the story. */
  readonly title: string | undefined;
  readonly pc: Pc;
  readonly span: Span;
  readonly functionIndex: number;
}

export interface Program {
  /** Instructions; see `instruction.ts`. */
  readonly code: Int32Array;
  /** Initial bytes at `DATA_BASE`; memory behind them up to `dataEnd` starts as zeros. */
  readonly data: Uint8Array;
  /** First address behind data and zeros, 4096-aligned. */
  readonly dataEnd: Address;
  /** Sorted by `entry`. */
  readonly functions: readonly FunctionInfo[];
  readonly globals: readonly GlobalInfo[];
  /**
   * Address and size of every object with static storage, string literals included, by growing
   * address; what lies between them is untouchable. Absent: nothing is.
   */
  readonly dataObjects?: Uint32Array;
  readonly statements: readonly StatementInfo[];
  /** Sorted by `pc`. */
  readonly calls: readonly CallInfo[];
  readonly guardedAccesses?: readonly GuardedAccess[];
  readonly expressions?: ExpressionTable;
  readonly annotations: readonly Annotation[];
  readonly anchors: readonly Anchor[];
  readonly flagsHints: readonly FlagsHint[];
  /** Object-like macros at the end of their units; of several definitions the last. */
  readonly macros: ReadonlyMap<string, MacroInfo>;
  /** The same for function-like macros. */
  readonly functionMacros?: ReadonlyMap<string, FunctionMacroInfo>;
  /** Complete structs and unions by tag (`page`, `rw_semaphore`); of several the first. */
  readonly records: ReadonlyMap<string, RecordLayout>;
  readonly typedefs: ReadonlyMap<string, CType>;
  /** Complete enumerations by tag. */
  readonly enums?: ReadonlyMap<string, EnumType>;
  /** The constants of all enumerations by name. */
  readonly enumConstants: ReadonlyMap<string, EnumConstant>;
  /** The names in `//@ cost`, indexed by the operand of `costBegin`. */
  readonly costNames: readonly string[];
  /** All files that were read, headers included. */
  readonly files: readonly SourceFile[];
  /** Of code, data and layouts: 16 hexadecimal digits. */
  readonly hash: string;
}

function lastAtOrBefore<T>(
  items: readonly T[],
  pc: number,
  startOf: (item: T) => number,
): T | undefined {
  let low = 0;
  let high = items.length - 1;
  let found: T | undefined;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const item = items[middle];
    if (item === undefined) break;
    if (startOf(item) <= pc) {
      found = item;
      low = middle + 1;
    } else {
      high = middle - 1;
    }
  }
  return found;
}

/** The function whose code contains the pc. Cost: logarithmic. */
export function functionAt(program: Program, pc: Pc): FunctionInfo | undefined {
  const found = lastAtOrBefore(program.functions, pc, (item) => item.entry);
  return found !== undefined && pc < found.end ? found : undefined;
}

/** Code places of a function's `return`s, in their order. Cost: linear in its length. */
export function returnsOf({ code }: Program, info: FunctionInfo): readonly Pc[] {
  const places: Pc[] = [];
  for (let pc: number = info.entry; pc < info.end; pc += INSTRUCTION_WORDS) {
    if (isReturn(code[pc] ?? 0)) places.push(asPc(pc));
  }
  return places;
}

/** The statement that the pc belongs to: the last one that starts at or before it in its function. */
export function statementAt(program: Program, pc: Pc): StatementInfo | undefined {
  const found = lastAtOrBefore(program.statements, pc, (item) => item.pc);
  const owner = functionAt(program, pc);
  return found !== undefined && found.functionIndex === owner?.index ? found : undefined;
}

/** The call that the instruction at the pc makes; `undefined` when it makes none. Cost: logarithmic. */
export function callAt(program: Program, pc: Pc): CallInfo | undefined {
  const found = lastAtOrBefore(program.calls, pc, (item) => item.pc);
  return found?.pc === pc ? found : undefined;
}

/** The innermost expression that the instruction at the pc belongs to. Cost: logarithmic. */
export function expressionAt(program: Program, pc: Pc): ExpressionPlace | undefined {
  const { expressions } = program;
  if (expressions === undefined) return undefined;
  const { pcs, spans, pointers } = expressions;
  let low = 0;
  let high = pcs.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((pcs[middle] ?? 0) <= pc) low = middle + 1;
    else high = middle;
  }
  const span = spans[low - 1];
  return span === undefined ? undefined : { span, pointer: pointers[low - 1] };
}

/** A function by name; a static one only when no other has the name. */
export function findFunction(program: Program, name: string): FunctionInfo | undefined {
  const named = program.functions.filter((item) => item.name === name);
  return named.find((item) => !item.isStatic) ?? named[0];
}
