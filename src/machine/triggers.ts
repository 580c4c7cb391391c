/**
 * Triggers: what the scenario starts or spoils, at a time or when a task comes to a place in the code.
 *
 * How often a place was reached is state; the places themselves are flags in the machine's copy of
 * the code.
 */
import { UserError } from '../base/errors.ts';
import { FLAG_TRIGGER } from '../bytecode/instruction.ts';
import { failReads } from './disk.ts';
import { MAX_TRIGGERS, TASK, TRIGGERS_AT } from './imageLayout.ts';
import type { Trigger } from './machineConfig.ts';
import { type MachineState, taskAt } from './machineState.ts';
import { startTask } from './tasks.ts';

/** In a trigger's word, which counts arrivals: it has fired. */
const FIRED = -1;

/** Flags the places that triggers wait for. Errors: `UserError` when there are too many. */
export function installTriggers(state: MachineState): void {
  const { triggers } = state.config;
  if (triggers.length > MAX_TRIGGERS) {
    throw new UserError(
      'too-many-triggers',
      `The scenario starts ${String(triggers.length)} tasks and events.`,
      `Leave at most ${String(MAX_TRIGGERS)} of them.`,
    );
  }
  for (const { at } of triggers) {
    if (at.kind !== 'anchor') continue;
    state.code[at.pc] = (state.code[at.pc] as number) | FLAG_TRIGGER;
  }
}

/** The time of the next trigger that is tied to one; `Infinity` when there is none left. */
export function nextTriggerNs(state: MachineState): number {
  let next = Infinity;
  state.config.triggers.forEach(({ at }, index) => {
    if (at.kind === 'time' && state.word(TRIGGERS_AT + index) !== FIRED) {
      next = Math.min(next, at.ns);
    }
  });
  return next;
}

/** Fires the first trigger that is tied to the time `nextTriggerNs`. */
export function fireTimedTrigger(state: MachineState, ns: number): void {
  const due = nextTriggerNs(state);
  const index = state.config.triggers.findIndex(
    ({ at }, item) =>
      at.kind === 'time' && at.ns === due && state.word(TRIGGERS_AT + item) !== FIRED,
  );
  const trigger = state.config.triggers[index];
  if (trigger === undefined) return;
  state.words[TRIGGERS_AT + index] = FIRED;
  fire(state, trigger, ns);
}

function fire(state: MachineState, trigger: Trigger, ns: number): void {
  if ('starts' in trigger) {
    startTask(state, trigger.starts, ns);
    return;
  }
  const { sector, times } = trigger.failsReads;
  failReads(state, sector, times);
}

/** The running task is about to execute a flagged instruction: counts, and starts what waits for it. */
export function arriveAtTrigger(state: MachineState, pc: number): void {
  const atTask = taskAt(state.currentTask);
  // An interrupt handler is not the task on whose stack it runs.
  if (state.word(atTask + TASK.interruptDepth) > 0) return;
  const running = state.word(atTask + TASK.scenarioIndex) - 1;
  state.config.triggers.forEach((trigger, index) => {
    const { at } = trigger;
    if (at.kind !== 'anchor' || at.pc !== pc || at.task !== running) return;
    const arrivals = state.word(TRIGGERS_AT + index);
    if (arrivals === FIRED) return;
    const fires = arrivals + 1 >= at.count;
    state.words[TRIGGERS_AT + index] = fires ? FIRED : arrivals + 1;
    if (fires) fire(state, trigger, state.clock(state.currentCpu));
  });
}
