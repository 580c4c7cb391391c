/**
 * Where a task can go on instead: the statements of a line in the function that it executes.
 */
import type { Pc, TaskId } from '../base/brand.ts';
import { positionOf, type SourceFile } from '../base/span.ts';
import type { DebugTarget } from './debugTarget.ts';

/** A statement at which the task can go on. */
export interface JumpTarget {
  readonly pc: Pc;
  readonly line1: number;
  readonly column1: number;
  /** The first line of the statement's text. */
  readonly text: string;
}

/** The statements on a line of a file in the innermost kernel function of a task; none in user mode. */
export function jumpTargets(
  { machine, program }: DebugTarget,
  task: TaskId,
  file: SourceFile,
  line1: number,
): readonly JumpTarget[] {
  const [frame] = machine.frames(task);
  if (frame === undefined || machine.task(task).mode === 'user') return [];
  return program.statements.flatMap(({ pc, span, functionIndex }): JumpTarget[] => {
    if (functionIndex !== frame.functionIndex || span.file !== file) return [];
    const place = positionOf(span.file, span.start);
    if (place.line1 !== line1) return [];
    const text = span.file.text.slice(span.start, span.end).split('\n')[0] ?? '';
    return [{ pc, ...place, text: text.trim() }];
  });
}
