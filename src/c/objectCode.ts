/**
 * What lowering makes and linking joins: functions and data objects that have no address yet.
 *
 * Code of a function starts at 0; targets of jumps are relative to that. Every word that depends on
 * where something lies is listed as a relocation. Objects are shared by identity: an external
 * function or variable is one object for all units, a static one belongs to its unit.
 */
import type { Span } from '../base/span.ts';
import type { Annotation } from '../bytecode/annotation.ts';
import type { CType, FunctionType } from '../bytecode/ctype.ts';
import type { FramePosition, GuardedAccess, GuardedObject } from '../bytecode/program.ts';

/** More than any machine here has; keeps a typo in an array's length from exhausting the host. */
export const DATA_LIMIT_BYTES = 64 * 1024 * 1024;

/** What a relocation refers to. */
export type LinkTarget = FunctionObject | DataObject;

/** A word of code that linking completes. */
export interface CodeRelocation {
  /**
   * `address`: add the target's virtual address; `function`: the target's number;
   * `annotation`: add the number of the function's first annotation.
   */
  readonly kind: 'address' | 'function' | 'annotation';
  /** Index of the word in the function's code. */
  readonly word: number;
  /** Absent for `annotation`. */
  readonly target: LinkTarget | undefined;
}

/** Four bytes of data that hold an address; the bytes in place are the addend. */
export interface DataRelocation {
  readonly offset: number;
  readonly target: LinkTarget;
}

/** A variable or string literal with static storage. */
export interface DataObject {
  readonly kind: 'data';
  readonly name: string;
  readonly unit: number;
  /** In bytes. An array without a length gets its size when its initializer is known. */
  size: number;
  align: number;
  /** Initial bytes; `undefined` for zeros. */
  bytes: Uint8Array | undefined;
  relocations: DataRelocation[];
  /** Virtual address, set by linking. */
  address: number;
  /** Absent for string literals and compiler-made objects. */
  debug:
    | {
        readonly type: CType;
        readonly span: Span;
        readonly isStatic: boolean;
        /** For a static inside a function. */
        readonly owner: FunctionObject | undefined;
      }
    | undefined;
}

/** A function; `code` stays `undefined` until it is lowered. */
export interface FunctionObject {
  readonly kind: 'function';
  readonly name: string;
  readonly unit: number;
  readonly isStatic: boolean;
  readonly type: FunctionType;
  code: FunctionCode | undefined;
  /** Another unit's copy of the same `static inline` function, which stands for this one. */
  twin: FunctionObject | undefined;
  /** Number in the program and code index, set by linking. */
  index: number;
  entry: number;
}

/** A variable in a frame, for the debugger; all positions are relative to the function. */
export interface FrameVariable extends FramePosition {
  readonly name: string;
  readonly type: CType;
  readonly span: Span;
  readonly isParameter: boolean;
  readonly declaredAt: number;
}

/** A block with declarations; `end` is exclusive. */
export interface FrameScope {
  readonly start: number;
  end: number;
  readonly parent: number | undefined;
  readonly variables: FrameVariable[];
}

/** Where a source statement starts. */
export interface StatementMark {
  readonly pc: number;
  readonly span: Span;
  isEntry: boolean;
}

/** From here on instructions belong to this expression; see `ExpressionTable`. */
export interface ExpressionMark {
  readonly pc: number;
  readonly span: Span | undefined;
  readonly pointer: Span | undefined;
}

/** An anchor whose pc is still relative. */
export interface AnchorMark {
  readonly name: string;
  readonly title: string | undefined;
  readonly span: Span;
  readonly pc: number;
}

/** An annotation whose pc is still relative. */
export type AnnotationMark = Omit<Annotation, 'functionIndex' | 'pc'> & { pc: number | undefined };

/** A field that only the holder of a lock may touch, and how far from the start of its record the place is. */
export type GuardMark = Omit<GuardedAccess, 'pc'>;

/** A lowered function. */
export interface FunctionCode {
  readonly words: Int32Array;
  readonly relocations: readonly CodeRelocation[];
  readonly frameSize: number;
  readonly nameSpan: Span;
  readonly span: Span;
  readonly isPlumbing: boolean;
  readonly scopes: readonly FrameScope[];
  readonly statements: readonly StatementMark[];
  readonly calls: readonly { readonly pc: number; readonly span: Span }[];
  readonly guardedAccesses: readonly { readonly pc: number; readonly guard: GuardMark }[];
  readonly expressions: readonly ExpressionMark[];
  readonly annotations: readonly AnnotationMark[];
  readonly anchors: readonly AnchorMark[];
  readonly guarded: readonly GuardedObject[];
}

/** A data object of a given size, not placed yet. */
export function createDataObject(
  name: string,
  unit: number,
  size: number,
  align: number,
): DataObject {
  return {
    kind: 'data',
    name,
    unit,
    size,
    align,
    bytes: undefined,
    relocations: [],
    address: 0,
    debug: undefined,
  };
}

/** A function object, not lowered yet. */
export function createFunctionObject(
  name: string,
  unit: number,
  isStatic: boolean,
  type: FunctionType,
): FunctionObject {
  return {
    kind: 'function',
    name,
    unit,
    isStatic,
    type,
    code: undefined,
    twin: undefined,
    index: -1,
    entry: -1,
  };
}
