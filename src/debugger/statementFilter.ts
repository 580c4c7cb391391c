/**
 * Which statements count as places for Step Into and Step Back to end.
 *
 * Plumbing does not, with all that it calls; but a plumbing function that was running when the step
 * began is stepped like any other. The statements of one macro use count as one.
 */
import type { Pc, TaskId } from '../base/brand.ts';
import type { Span } from '../base/span.ts';
import { functionAt, statementAt, type Program } from '../bytecode/program.ts';
import type { Machine } from '../machine/machine.ts';
import { identifyChain, isInChain, type FrameId } from './frameChain.ts';

function isSameSpan(one: Span, other: Span): boolean {
  return one.file === other.file && one.start === other.start && one.end === other.end;
}

/** Whether the statement at `pc` is a further part of the macro use that the one at `before` is of. */
export function isSameMacroUse(program: Program, before: Pc, pc: Pc): boolean {
  if (pc <= before) return false;
  const first = statementAt(program, before);
  const second = statementAt(program, pc);
  if (first === undefined || second === undefined || first.pc === second.pc) return false;
  return first.functionIndex === second.functionIndex && isSameSpan(first.span, second.span);
}

/** Keeps track of a task through the statements that it comes to, one after the other. */
export class StatementFilter {
  private readonly machine: Machine;
  private readonly program: Program;
  private readonly task: TaskId;
  private readonly frames: readonly FrameId[];
  private covered: number;
  private last: Pc | undefined;

  /** `frames` are the calls of the task that are running when the step begins. */
  constructor(machine: Machine, program: Program, task: TaskId, frames: readonly FrameId[]) {
    this.machine = machine;
    this.program = program;
    this.task = task;
    this.frames = frames;
    const outermost = identifyChain(machine, task).findLast((frame) => this.isPlumbing(frame));
    this.covered = outermost?.fp ?? 0;
    this.last = machine.task(task).pc;
  }

  /** The frame address from which on statements matter: inside plumbing none do. */
  get minFp(): number {
    return this.covered;
  }

  /** Whether a step may end at the statement that the task has come to, at `pc` or in user mode. */
  admits(pc: Pc | undefined): boolean {
    const { last } = this;
    this.last = pc;
    this.covered = 0;
    if (pc === undefined) return true;
    if (functionAt(this.program, pc)?.isPlumbing === true) {
      const [innermost] = identifyChain(this.machine, this.task);
      if (innermost !== undefined && this.isPlumbing(innermost)) {
        this.covered = innermost.fp;
        return false;
      }
    }
    return last === undefined || !isSameMacroUse(this.program, last, pc);
  }

  /** Whether the frame is plumbing that was entered since the step began. */
  private isPlumbing(frame: FrameId): boolean {
    const isMarked = this.program.functions[frame.functionIndex]?.isPlumbing ?? false;
    return isMarked && !isInChain(this.frames, frame);
  }
}
