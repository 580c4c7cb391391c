/**
 * What happens by itself as time goes on: the disk completes a request, a timer is due, the scenario
 * starts something. Of events at one time the disk comes first, then timers, then starts.
 */
import { completeRequest, isDiskBusy, nextDiskNs } from './disk.ts';
import { CPU } from './imageLayout.ts';
import { INTERRUPT_CPU } from './interrupts.ts';
import { cpuAt, type MachineState, STALE_EVENTS } from './machineState.ts';
import { isAtRest } from './tasks.ts';
import { fireTimer, nextTimerNs } from './timers.ts';
import { fireTimedTrigger, nextTriggerNs } from './triggers.ts';

/** When the next event is due; `Infinity` when nothing is pending. */
export function nextEventNs(state: MachineState): number {
  if (state.nextEventNs === STALE_EVENTS) {
    state.nextEventNs = Math.min(nextDiskNs(state), nextTimerNs(state), nextTriggerNs(state));
  }
  return state.nextEventNs;
}

/** What happens next: a request is read, a timer is due, the scenario starts a task. */
export type EventKind = 'disk' | 'timer' | 'start';

/** The kind of the next event; `undefined` when nothing is pending. */
export function nextEventKind(state: MachineState): EventKind | undefined {
  const due = nextEventNs(state);
  if (due === Infinity) return undefined;
  if (nextDiskNs(state) === due) return 'disk';
  return nextTimerNs(state) === due ? 'timer' : 'start';
}

/** Whether something is pending besides timers, which alone do not keep a run alive. */
export function hasWorkPending(state: MachineState): boolean {
  return isDiskBusy(state) || nextTriggerNs(state) !== Infinity;
}

/** Lets the next event happen, at its time or at `atMostNs` if that is earlier. There must be one. */
export function processNextEvent(state: MachineState, atMostNs: number): void {
  const due = nextEventNs(state);
  const ns = Math.min(due, atMostNs);
  state.nextEventNs = STALE_EVENTS;
  if (nextDiskNs(state) === due) {
    completeRequest(state, ns);
    state.words[cpuAt(INTERRUPT_CPU) + CPU.diskPending] = 1;
  } else if (nextTimerNs(state) === due) {
    fireTimer(state);
  } else {
    fireTimedTrigger(state, ns);
    return;
  }
  if (isAtRest(state, INTERRUPT_CPU)) state.advanceClock(INTERRUPT_CPU, ns);
}
