/**
 * Source texts and places in them.
 *
 * A span is a half-open range of UTF-16 offsets in one source file. Lines and columns appear only at
 * the edges (diagnostics, the debugger's protocol), through `positionOf` and `offsetAt`.
 */

/** A text that was read; identity matters, one object per file of a compilation. */
export interface SourceFile {
  /** The path as the user knows it: `mm/filemap.c` in a kernel tree, `toucher.task.s`, `/home/…/a.c`. */
  readonly path: string;
  readonly text: string;
  /** The path inside its tree, where that differs: what `__FILE__` gives and what names it wherever the tree lies. */
  readonly nameInTree?: string;
}

/** The name of a file inside its tree; outside of trees its path. */
export function nameInTree(file: SourceFile): string {
  return file.nameInTree ?? file.path;
}

/** A range of characters; `end` is exclusive, offsets count UTF-16 units from 0. */
export interface Span {
  readonly file: SourceFile;
  readonly start: number;
  readonly end: number;
  /** For code from the body of a macro, of which the span is the use: where it was written. */
  readonly inMacro?: Span;
  /** For an argument of a macro: the name in the use, so that both are known to belong together. */
  readonly argumentOf?: Span;
}

/** A place for people and protocols; both numbers count from 1. */
export interface Position {
  readonly line1: number;
  readonly column1: number;
}

const lineStartsOf = new WeakMap<SourceFile, readonly number[]>();

function lineStarts(file: SourceFile): readonly number[] {
  const known = lineStartsOf.get(file);
  if (known !== undefined) return known;
  const starts = [0];
  for (let at = file.text.indexOf('\n'); at >= 0; at = file.text.indexOf('\n', at + 1)) {
    starts.push(at + 1);
  }
  lineStartsOf.set(file, starts);
  return starts;
}

/** The line and column of an offset; offsets past the end give the end. Cost: logarithmic. */
export function positionOf(file: SourceFile, offset: number): Position {
  const starts = lineStarts(file);
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  const clamped = Math.min(offset, file.text.length);
  return { line1: low + 1, column1: clamped - (starts[low] ?? 0) + 1 };
}

/** The offset of a line and column (both from 1), clamped into the text. */
export function offsetAt(file: SourceFile, line1: number, column1: number): number {
  const starts = lineStarts(file);
  const line = Math.max(0, Math.min(line1 - 1, starts.length - 1));
  const start = starts[line] ?? 0;
  const next = starts[line + 1] ?? file.text.length + 1;
  return Math.min(start + Math.max(0, column1 - 1), next - 1);
}

/** How many lines the text has; a text without a newline has one. */
export function lineCount(file: SourceFile): number {
  return lineStarts(file).length;
}

/** The text of a line (counted from 1) without its line end. */
export function lineText(file: SourceFile, line1: number): string {
  const starts = lineStarts(file);
  const start = starts[line1 - 1];
  if (start === undefined) return '';
  const next = starts[line1];
  return file.text.slice(start, next === undefined ? undefined : next - 1).replace(/\r$/, '');
}

/** The characters a span covers. */
export function spanText(span: Span): string {
  return span.file.text.slice(span.start, span.end);
}
