/**
 * Where in the kernel something happened: primitives are inline functions of headers, and people want to know who
 * called them.
 */
import { asTaskId } from '../../base/brand.ts';
import { INSTRUCTION_WORDS } from '../../bytecode/instruction.ts';
import { HEADER, TASK } from '../../machine/imageLayout.ts';
import { taskAt } from '../../machine/machineState.ts';
import { IMAGE_BIAS } from '../../machine/memory.ts';
import { functionIndexAt } from '../../machine/tasks.ts';
import { viewFrames } from '../../machine/viewTasks.ts';
import type { RuleContext } from './ruleContext.ts';

/** Frames that are looked through for one outside of the headers. */
const MOST_FRAMES = 8;

/** A place outside of the headers, and the one from which its function was called; 0 where there is none. */
interface OuterPlaces {
  readonly pc: number;
  readonly callerPc: number;
}

/**
 * Visits the code places of a task in kernel mode, innermost first, until `visit` returns true or the frames end. Cheaper
 * than views of the frames, because it happens at every reference; what an interrupt has broken off is not followed.
 */
function visitPlaces(
  context: RuleContext,
  task: number,
  most: number,
  visit: (pc: number, functionIndex: number) => boolean,
): void {
  let pc = context.state.word(taskAt(task) + TASK.pc);
  let f = ((context.state.word(taskAt(task) + TASK.fp) + IMAGE_BIAS) | 0) >> 2;
  for (let depth = 0; depth < most && pc > 0; depth += 1) {
    const index = functionIndexAt(context.state, pc);
    if (index < 0 || visit(pc, index)) return;
    // The call itself, one instruction before the return address.
    pc = context.returnPc(f) - INSTRUCTION_WORDS;
    f = context.callerFrame(f);
  }
}

/** The innermost place of a task that is not in a header, and the next one. */
export function outerPlaces(context: RuleContext, task: number): OuterPlaces {
  let found = 0;
  let callerPc = 0;
  visitPlaces(context, task, MOST_FRAMES, (pc, index) => {
    if (context.isInHeader(index)) return false;
    if (found !== 0) callerPc = pc;
    else found = pc;
    return callerPc !== 0;
  });
  return { pc: found, callerPc };
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
  visitPlaces(context, task, 2 * MOST_FRAMES, (_pc, index) => {
    const name = context.kernel.program.functions[index]?.name;
    if (name !== undefined) names.push(name);
    return name === undefined;
  });
  return names;
}
