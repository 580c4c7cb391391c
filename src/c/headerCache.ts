/**
 * What the preprocessor made of headers, so that the next unit that includes them need not make it
 * again.
 *
 * A header is cut into segments at its `#include`s. A segment keeps its tokens, what it learned of
 * macros and what it changed of them; where another unit would answer its questions the same way,
 * it is used again as it is, otherwise the header is read as if nothing were known. Segments that
 * complained, counted with `__COUNTER__` or contain a pragma are not kept. Lives as long as one
 * compilation, in which a file never changes.
 */
import type { SourceFile, Span } from '../base/span.ts';
import type { ConditionalGroups } from './conditionalStack.ts';
import type { MacroList, MacroTrace } from './macroTable.ts';
import type { Token } from './token.ts';

/** The tokens of a segment, the same object wherever it is used again. */
export interface HeaderChunk {
  /** Expanded, without `end`; not empty. */
  readonly tokens: readonly Token[];
}

/** A run of a header's text without `#include`. */
export interface HeaderSegment {
  readonly reads: MacroList;
  readonly writes: MacroList;
  /** `undefined` when it gave no tokens. */
  readonly chunk: HeaderChunk | undefined;
  /** Tokens counted against the bound of a unit. */
  readonly cost: number;
  /** The groups of `#if` that are open at its end. */
  readonly groups: ConditionalGroups;
  /** The index of the file's token behind it. */
  readonly end: number;
  /** What is included there; `undefined` at the end of the file. */
  readonly include: { readonly file: SourceFile; readonly span: Span } | undefined;
}

/** The segments of a header that are known, from its start on. */
export interface HeaderRecord {
  readonly segments: HeaderSegment[];
  /** Whether it is being read for the first time. */
  isRecording: boolean;
}

/** Headers of one compilation. */
export class HeaderCache {
  readonly #records = new Map<SourceFile, HeaderRecord>();

  /** What is known of a header. */
  find(file: SourceFile): HeaderRecord | undefined {
    return this.#records.get(file);
  }

  /** Starts to record a header. */
  start(file: SourceFile): HeaderRecord {
    const record: HeaderRecord = { segments: [], isRecording: true };
    this.#records.set(file, record);
    return record;
  }
}

/** Figures of a unit, of which a segment keeps the growth. */
export interface UnitCounts {
  readonly reports: number;
  readonly cost: number;
  readonly counter: number;
}

/** A segment while it is read for the first time. */
export interface OpenSegment {
  readonly trace: MacroTrace;
  readonly counts: UnitCounts;
  /** Set when it cannot be used again. */
  isSpoiled: boolean;
}

/** Starts a segment. */
export function openSegment(counts: UnitCounts): OpenSegment {
  const trace = { reads: new Map(), writes: new Map() };
  return { trace, counts, isSpoiled: false };
}

/** Whether a segment can be used again, given the figures at its end. */
export function isReusable({ isSpoiled, counts }: OpenSegment, now: UnitCounts): boolean {
  return !isSpoiled && counts.reports === now.reports && counts.counter === now.counter;
}
