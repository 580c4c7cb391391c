/**
 * Where in the kernel something happened: primitives are inline functions of headers, and people want to know who
 * called them.
 */
import { asTaskId } from '../../base/brand.ts';
import { HEADER, TASK } from '../../machine/imageLayout.ts';
import { taskAt } from '../../machine/machineState.ts';
import { IMAGE_BIAS } from '../../machine/memory.ts';
import { functionIndexAt } from '../../machine/tasks.ts';
import { viewFrames } from '../../machine/viewTasks.ts';
import type { RuleContext } from './ruleContext.ts';

/** Frames that are looked through for one outside of the headers. */
const MOST_FRAMES = 8;

/** A place outside of the headers, and the one from which its function was called; 0 where there is none. */
export interface OuterPlaces {
  readonly pc: number;
  readonly callerPc: number;
}

/** The word of the innermost frame of a task in kernel code. */
export function innermostFrame(context: RuleContext, task: number): number {
  return ((context.state.word(taskAt(task) + TASK.fp) + IMAGE_BIAS) | 0) >> 2;
}

/** The innermost place of a task that is not in a header, and the next one. */
export function outerPlaces(context: RuleContext, task: number): OuterPlaces {
  let pc = context.state.word(taskAt(task) + TASK.pc);
  let f = innermostFrame(context, task);
  let found = 0;
  for (let depth = 0; depth < MOST_FRAMES && pc > 0; depth += 1) {
    const index = functionIndexAt(context.state, pc);
    if (index < 0) break;
    if (!context.isInHeader(index)) {
      if (found !== 0) return { pc: found, callerPc: pc };
      found = pc;
    }
    // The call itself, one instruction before the return address.
    pc = context.returnPc(f) - 4;
    f = context.callerFrame(f);
  }
  return { pc: found, callerPc: 0 };
}

/** Whether a task is inside one of these functions, below interrupts too. */
export function isAnybodyIn(context: RuleContext, names: ReadonlySet<string>): boolean {
  const { state } = context;
  for (let task = state.word(HEADER.taskCount) - 1; task >= 0; task -= 1) {
    for (const { functionIndex } of viewFrames(state, asTaskId(task))) {
      if (names.has(context.kernel.program.functions[functionIndex]?.name ?? '')) return true;
    }
  }
  return false;
}

/** The names of the functions in which a task is, innermost first. */
export function functionNames(context: RuleContext, task: number): readonly string[] {
  const names: string[] = [];
  let pc = context.state.word(taskAt(task) + TASK.pc);
  let f = innermostFrame(context, task);
  for (let depth = 0; depth < 2 * MOST_FRAMES && pc > 0; depth += 1) {
    const name = context.kernel.program.functions[functionIndexAt(context.state, pc)]?.name;
    if (name === undefined) break;
    names.push(name);
    pc = context.returnPc(f) - 4;
    f = context.callerFrame(f);
  }
  return names;
}
