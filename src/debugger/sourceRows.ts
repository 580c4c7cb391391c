/**
 * From a place in a source to the row of a call stack that it belongs to, and to what is noted there.
 */
import { asPc } from '../base/brand.ts';
import { positionOf, type SourceFile, type Span } from '../base/span.ts';
import { statementAt, type Program } from '../bytecode/program.ts';
import type { DebugTarget } from './debugTarget.ts';
import { stackRows, type StackRow } from './stackRows.ts';

function covers({ file, start, end }: Span, at: SourceFile, line1: number): boolean {
  if (file !== at) return false;
  return positionOf(file, start).line1 <= line1 && line1 <= positionOf(file, end).line1;
}

function isAt({ program }: DebugTarget, row: StackRow, file: SourceFile, line1: number): boolean {
  switch (row.kind) {
    case 'kernel': {
      const span = program.functions[row.frame.functionIndex]?.span;
      return span !== undefined && covers(span, file, line1);
    }
    case 'user':
      return row.span?.file === file;
    case 'label':
      return false;
  }
}

/**
 * The row of the same task whose function contains a line, `row` before others; `undefined` when the task is
 * in no such function, so that names of locals mean nothing there.
 */
export function findRowAt(
  target: DebugTarget,
  row: StackRow | undefined,
  file: SourceFile,
  line1: number,
): StackRow | undefined {
  if (row === undefined) return undefined;
  if (isAt(target, row, file, line1)) return row;
  return stackRows(target, row.task).find((item) => isAt(target, item, file, line1));
}

/** What the annotations of the kernel note about the statements that start on a line. */
export function notesAt(program: Program, file: SourceFile, line1: number): readonly string[] {
  const notes = program.annotations.flatMap(({ form, pc, roles }) => {
    if (form !== 'note' || pc === undefined) return [];
    const span = statementAt(program, asPc(pc))?.span;
    const isHere = span?.file === file && positionOf(file, span.start).line1 === line1;
    const text = isHere ? roles['text'] : undefined;
    return text === undefined ? [] : [text];
  });
  return [...new Set(notes)];
}
