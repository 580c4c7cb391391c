/**
 * The code of stored functions. What several units share is made once; only the relocations, which
 * lead into the units, are made for each.
 */
import type { AnnotationAction } from '../bytecode/annotation.ts';
import type { GuardedObject } from '../bytecode/program.ts';
import type {
  AnnotationMark,
  ExpressionMark,
  FrameScope,
  FrameVariable,
  FunctionCode,
  StatementMark,
} from './objectCode.ts';
import {
  NONE,
  type Ref,
  type StoredCode,
  type StoredGuarded,
  type StoredObjects,
  type StoredScope,
} from './objectFormat.ts';
import { entryOf, type TypeReader } from './readTypes.ts';
import type { DeclaredAnnotation } from './unitObject.ts';

/** Code without its relocations. */
export type SharedCode = Omit<FunctionCode, 'relocations'>;

/** Makes code and annotations of stored objects, each when it is first asked for. */
export class CodeReader {
  readonly #stored: StoredObjects;
  readonly #types: TypeReader;
  readonly #codes: (SharedCode | undefined)[] = [];
  readonly #annotations: (DeclaredAnnotation | undefined)[] = [];

  constructor(stored: StoredObjects, types: TypeReader) {
    this.#stored = stored;
    this.#types = types;
  }

  /** `costNumber` gives the number of a name in `//@ cost`, the same one each time. */
  code(ref: Ref, costNumber: (name: string) => number): SharedCode {
    const known = this.#codes[ref];
    if (known !== undefined) return known;
    const code = this.#create(entryOf(this.#stored.codes, ref), costNumber);
    this.#codes[ref] = code;
    return code;
  }

  annotation(ref: Ref): DeclaredAnnotation {
    const known = this.#annotations[ref];
    if (known !== undefined) return known;
    const [form, action, span, roles] = entryOf(this.#stored.annotations, ref);
    const annotation = {
      form,
      action: action as AnnotationAction,
      span: this.#types.span(span),
      roles,
    };
    this.#annotations[ref] = annotation;
    return annotation;
  }

  #create(stored: StoredCode, costNumber: (name: string) => number): SharedCode {
    const types = this.#types;
    return {
      words: this.#words(stored, costNumber),
      frameSize: stored.frame,
      nameSpan: types.span(stored.name),
      span: types.span(stored.span),
      isPlumbing: stored.plumbing === 1,
      scopes: stored.scopes.map((scope) => this.#scope(scope)),
      statements: this.#statements(stored.statements),
      calls: this.#calls(stored.calls),
      guardedAccesses: stored.guards.map(([pc, recordTag, field, offset]) => {
        return { pc, guard: { recordTag, field, offset } };
      }),
      expressions: this.#expressions(stored.expressions),
      annotations: stored.annotations.map(([ref, pc]): AnnotationMark => {
        return { ...this.annotation(ref), pc: pc === NONE ? undefined : pc };
      }),
      anchors: stored.anchors.map(([name, title, span, pc]) => {
        return { name, title: title ?? undefined, span: types.span(span), pc };
      }),
      guarded: stored.guarded.map(readGuarded),
    };
  }

  #words({ words, costs }: StoredCode, costNumber: (name: string) => number): Int32Array {
    const code = Int32Array.from(words);
    for (let index = 0; index < costs.length; index += 2) {
      const name = entryOf(this.#stored.costNames, entryOf(costs, index + 1));
      code[entryOf(costs, index)] = costNumber(name);
    }
    return code;
  }

  #scope([start, end, parent, variables]: StoredScope): FrameScope {
    const types = this.#types;
    return {
      start,
      end,
      parent: parent === NONE ? undefined : parent,
      variables: variables.map(
        ([name, type, span, offset, align, isParameter, declaredAt]): FrameVariable => ({
          name,
          type: types.type(type),
          span: types.span(span),
          offset,
          ...(align === 0 ? {} : { align }),
          isParameter: isParameter === 1,
          declaredAt,
        }),
      ),
    };
  }

  #statements(list: readonly number[]): StatementMark[] {
    const marks: StatementMark[] = [];
    for (let at = 0; at < list.length; at += 3) {
      const span = this.#types.span(entryOf(list, at + 1));
      marks.push({ pc: entryOf(list, at), span, isEntry: list[at + 2] === 1 });
    }
    return marks;
  }

  #calls(list: readonly number[]): FunctionCode['calls'] {
    const calls = [];
    for (let at = 0; at < list.length; at += 2) {
      calls.push({ pc: entryOf(list, at), span: this.#types.span(entryOf(list, at + 1)) });
    }
    return calls;
  }

  #expressions(list: readonly number[]): ExpressionMark[] {
    const types = this.#types;
    const marks: ExpressionMark[] = [];
    for (let at = 0; at < list.length; at += 3) {
      const span = types.spanOrNone(entryOf(list, at + 1));
      const pointer = types.spanOrNone(entryOf(list, at + 2));
      marks.push({ pc: entryOf(list, at), span, pointer });
    }
    return marks;
  }
}

function readGuarded([offset, align, bytes, flags, padding]: StoredGuarded): GuardedObject {
  return {
    offset,
    ...(align === 0 ? {} : { align }),
    bytes,
    isUndefined: (flags & 1) !== 0,
    isCounted: (flags & 2) !== 0,
    ...((flags & 4) === 0 ? {} : { isTemporary: true }),
    ...(padding === null ? {} : { padding }),
  };
}
