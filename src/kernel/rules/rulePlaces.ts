/**
 * Where in the kernel something happened: primitives are inline functions of headers, and people want to know who
 * called them.
 */
import { asTaskId } from '../../base/brand.ts';
import { INSTRUCTION_WORDS } from '../../bytecode/instruction.ts';
import { HEADER, TASK } from '../../machine/imageLayout.ts';
import { taskAt } from '../../machine/machineState.ts';
import { IMAGE_BIAS } from '../../machine/memory.ts';
import { STATUS_EXITED } from '../../machine/tasks.ts';
import { viewFrames } from '../../machine/viewTasks.ts';
import type { RuleContext } from './ruleContext.ts';

/** Frames that are looked through for one outside of the headers. */
const MOST_FRAMES = 8;
/** Deeper calls are not followed: a chain of frames that the kernel has overwritten may lead in a circle. */
const MOST_NESTED = 256;

/** A place outside of the headers, and the one from which its function was called; 0 where there is none. */
interface OuterPlaces {
  readonly pc: number;
  readonly callerPc: number;
}

/** The innermost place of a task that is not in a header; 0 where there is none. */
export function outerPc(context: RuleContext, task: number): number {
  return outerPlaces(context, task).pc;
}

/**
 * The innermost place of a task in kernel mode that is not in a header, and the next one. Cheaper than views of the
 * frames, because it happens at every reference; what an interrupt has broken off is not followed.
 */
export function outerPlaces(context: RuleContext, task: number): OuterPlaces {
  let pc = context.state.word(taskAt(task) + TASK.pc);
  let f = frameOf(context, task);
  let found = 0;
  for (let depth = 0; depth < MOST_FRAMES && pc > 0; depth += 1) {
    const index = context.functionIndexAt(pc);
    if (index < 0) break;
    if (!context.isInHeader(index)) {
      if (found !== 0) return { pc: found, callerPc: pc };
      found = pc;
    }
    // The call itself, one instruction before the return address.
    pc = context.returnPc(f) - INSTRUCTION_WORDS;
    f = context.callerFrame(f);
  }
  return { pc: found, callerPc: 0 };
}

/** The word of the innermost frame of a task in kernel mode. */
function frameOf({ state }: RuleContext, task: number): number {
  return ((state.word(taskAt(task) + TASK.fp) + IMAGE_BIAS) | 0) >> 2;
}

/** By function index: 1 for the functions with these names. */
export function markFunctions({ kernel }: RuleContext, names: ReadonlySet<string>): Uint8Array {
  return Uint8Array.from(kernel.program.functions, ({ name }) => (names.has(name) ? 1 : 0));
}

/** Whether a task in kernel mode is inside one of the marked functions; what an interrupt has broken off is not looked at. */
export function isIn(context: RuleContext, task: number, marked: Uint8Array): boolean {
  let pc = context.state.word(taskAt(task) + TASK.pc);
  let f = frameOf(context, task);
  for (let depth = 0; depth < MOST_NESTED && pc > 0; depth += 1) {
    const index = context.functionIndexAt(pc);
    if (index < 0) return false;
    if (marked[index] === 1) return true;
    pc = context.returnPc(f) - INSTRUCTION_WORDS;
    f = context.callerFrame(f);
  }
  return false;
}

/** Whether any task is inside one of the marked functions, below interrupts too. */
export function isAnybodyIn(context: RuleContext, marked: Uint8Array): boolean {
  const { state } = context;
  for (let task = state.word(HEADER.taskCount) - 1; task >= 0; task -= 1) {
    const at = taskAt(task);
    if (state.word(at + TASK.status) === STATUS_EXITED) continue;
    if (isIn(context, task, marked)) return true;
    if (state.word(at + TASK.interruptRecord) === 0) continue;
    for (const { functionIndex } of viewFrames(state, asTaskId(task))) {
      if (marked[functionIndex] === 1) return true;
    }
  }
  return false;
}
