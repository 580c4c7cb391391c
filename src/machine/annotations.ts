/**
 * What executed annotations do: assertions, ghost ownership, ghost queries, cost regions.
 *
 * They see everything and change nothing that the modelled code can see.
 */
import {
  GHOST_HOLDS,
  GHOST_HOLDS_READ,
  GHOST_HOLDS_WRITE,
  GHOST_NOT_HELD,
  GHOST_REFS,
  OWNER_DEFAULT,
} from '../bytecode/annotation.ts';
import { spanText } from '../base/span.ts';
import {
  acquireLock,
  beginWait,
  dropLock,
  endWait,
  findHold,
  isHeld,
  type Owner,
  ownerOfTask,
} from './ghostLocks.ts';
import { countReferences, getReference, moveReference, putReference } from './ghostReferences.ts';
import { MODE_READ, MODE_WRITE } from './ghostView.ts';
import { CPU, TASK } from './imageLayout.ts';
import { cpuAt, type MachineState, taskAt } from './machineState.ts';
import type { Watcher } from './watcher.ts';

/** The owner code that stands for hardware, which acts inside interrupts. */
export const OWNER_IO = 1;

function runningOwner(state: MachineState): Owner {
  const task = state.currentTask;
  if (state.word(taskAt(task) + TASK.interruptDepth) > 0) return { code: OWNER_IO, value: 0 };
  return ownerOfTask(state, task);
}

/** The owner in two operand words. */
function ownerAt(state: MachineState, word: number): Owner {
  const code = state.word(word);
  return code === OWNER_DEFAULT ? runningOwner(state) : { code, value: state.word(word + 1) };
}

/** Performs an annotation whose operands stand in the words from `operands`; faults end the run. */
export function performAnnotation(state: MachineState, index: number, operands: number): void {
  const annotation = state.program.annotations[index];
  if (annotation === undefined) return;
  const first = state.word(operands);
  switch (annotation.action) {
    case 'assert':
      if (first !== 0) return;
      state.raise({
        kind: 'assert',
        message: annotation.roles['text'] ?? `False: ${spanText(annotation.span)}`,
        annotation: index,
      });
      return;
    case 'acquire':
      acquireLock(state, first, state.word(operands + 1), ownerAt(state, operands + 2), index);
      return;
    case 'drop':
      dropLock(state, first, ownerAt(state, operands + 1), index);
      return;
    case 'get':
      getReference(state, first, ownerAt(state, operands + 1), index);
      return;
    case 'put':
      putReference(state, first, ownerAt(state, operands + 1), index);
      return;
    case 'move':
      moveReference(
        state,
        first,
        ownerAt(state, operands + 1),
        ownerAt(state, operands + 3),
        index,
      );
      return;
    case 'wait':
      beginWait(state, first, state.word(operands + 1));
      return;
    case 'resume':
      endWait(state, first, state.currentTask);
      return;
    case 'none':
    case 'pin':
    case 'cost':
    case 'guard':
    case 'racy':
      return;
  }
}

/** The same while somebody watches. */
export function performWatched(
  state: MachineState,
  watcher: Watcher,
  index: number,
  operands: number,
): void {
  watcher.annotating(index, operands);
  if (hasEnded(state)) return;
  performAnnotation(state, index, operands);
  if (!hasEnded(state)) watcher.annotated(index, operands);
}

function hasEnded({ end }: MachineState): boolean {
  return end !== undefined;
}

/** The answer to a ghost query about the running task (or the hardware, inside an interrupt). */
export function answerGhostQuery(state: MachineState, query: number, operand: number): number {
  switch (query) {
    case GHOST_HOLDS_READ:
      return findHold(state, operand, runningOwner(state), MODE_READ) >= 0 ? 1 : 0;
    case GHOST_HOLDS_WRITE:
      return findHold(state, operand, runningOwner(state), MODE_WRITE) >= 0 ? 1 : 0;
    case GHOST_HOLDS:
      return findHold(state, operand, runningOwner(state), MODE_READ | MODE_WRITE) >= 0 ? 1 : 0;
    case GHOST_NOT_HELD:
      return isHeld(state, operand) ? 0 : 1;
    case GHOST_REFS:
      return countReferences(state, operand);
    default:
      return 0;
  }
}

/** A cost region begins in the running task's frame: charges its price unless one is open already. */
export function beginCost(state: MachineState, name: number): void {
  const cpu = state.currentCpu;
  const at = taskAt(state.word(cpuAt(cpu) + CPU.task));
  const fp = state.word(at + TASK.fp);
  const open = state.word(at + TASK.costFrame);
  if (open === 0 || isLeft(fp, open)) {
    state.words[at + TASK.costFrame] = fp;
    state.words[at + TASK.costDepth] = 1;
    state.charge(cpu, state.costs.named[name] ?? 0);
  } else if (fp === open) {
    state.words[at + TASK.costDepth] = state.word(at + TASK.costDepth) + 1;
  }
}

/** The innermost region of the running task's frame ends; inside of a callee this does nothing. */
export function endCost(state: MachineState): void {
  const at = taskAt(state.currentTask);
  if (state.word(at + TASK.costFrame) !== state.word(at + TASK.fp)) return;
  const depth = state.word(at + TASK.costDepth) - 1;
  state.words[at + TASK.costDepth] = depth;
  if (depth <= 0) state.words[at + TASK.costFrame] = 0;
}

/**
 * A statement in the frame `fp` is about to be executed while a cost region is open. Returns whether
 * it is free; a region whose frame has been left is over.
 */
export function isStatementFree(state: MachineState, fp: number): boolean {
  const at = taskAt(state.currentTask);
  const open = state.word(at + TASK.costFrame);
  if (open === 0) return false;
  if (!isLeft(fp, open)) return true;
  state.words[at + TASK.costFrame] = 0;
  state.words[at + TASK.costDepth] = 0;
  return false;
}

/** Whether all statements in the frame `fp` and in those that it calls are free, while a region is open. */
export function isFrameFree(state: MachineState, fp: number): boolean {
  const open = state.word(taskAt(state.currentTask) + TASK.costFrame);
  return open !== 0 && !isLeft(fp, open);
}

/** Whether the frame `fp` was called from a frame with an open region, in which other regions do nothing. */
export function isInsideRegion(state: MachineState, fp: number): boolean {
  const open = state.word(taskAt(state.currentTask) + TASK.costFrame);
  return open !== 0 && fp >>> 0 < open >>> 0;
}

/** Whether the frame `open` is no longer on the stack when `fp` is the innermost frame. */
function isLeft(fp: number, open: number): boolean {
  return fp >>> 0 > open >>> 0;
}
