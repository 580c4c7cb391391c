/**
 * What can be known of the last writer of a value, and how it is said.
 */
import { formatDuration } from '../base/duration.ts';
import { positionOf, type Span } from '../base/span.ts';

/** Who wrote a value, and when. */
export type LastWriter =
  | {
      readonly kind: 'written' | 'changed' | 'passed';
      /** A task's name, `the disk` or `you`. */
      readonly who: string;
      /** Virtual time of the write. */
      readonly atNs: number;
      /** Position before the writing instruction, to which one can go. */
      readonly position: number;
      readonly span: Span | undefined;
    }
  /** The value is as old as the run. */
  | { readonly kind: 'never' }
  /** A local of this call that nothing has changed since the call began. */
  | { readonly kind: 'notInCall' };

/** How far back a search has come: nothing was found since then. */
export interface SearchedPart {
  sinceNs: number | undefined;
}

function ago(nowNs: number, atNs: number): string {
  return nowNs - atNs < 1 ? 'just now' : `${formatDuration(nowNs - atNs)} ago`;
}

function shortPlace(span: Span): string {
  const { path } = span.file;
  const name = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
  return `${name}:${String(positionOf(span.file, span.start).line1)}`;
}

const VERBS = { written: 'written by', changed: 'changed by', passed: 'passed in by' } as const;

/** `changed by mapper, 12.5 ms ago, mmap.c:88`; `nowNs` is the time at which the run stands. */
export function lastWriterText(writer: LastWriter, nowNs: number): string {
  switch (writer.kind) {
    case 'never':
      return 'not changed since the run began';
    case 'notInCall':
      return 'not changed since this call began';
    case 'written':
    case 'changed':
    case 'passed': {
      const parts = [`${VERBS[writer.kind]} ${writer.who}`, ago(nowNs, writer.atNs)];
      return [...parts, ...(writer.span === undefined ? [] : [shortPlace(writer.span)])].join(', ');
    }
  }
}

/** What to say when a search was given up. */
export function unfinishedText({ sinceNs }: SearchedPart, nowNs: number): string {
  if (sinceNs === undefined || nowNs - sinceNs < 1) return 'last change not found in time';
  return `not changed in the last ${formatDuration(nowNs - sinceNs)}`;
}
