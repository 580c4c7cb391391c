/**
 * Timers: each fires one interrupt, with the kernel's cookie, at a time.
 */
import { MAX_TIMERS, HEADER, TIMER, TIMERS_AT, TIMES } from './imageLayout.ts';
import { type MachineState, STALE_EVENTS } from './machineState.ts';

const FREE = 0;
const ARMED = 1;
const DUE = 2;

function timerAt(timer: number): number {
  return TIMERS_AT + timer * TIMER.words;
}

/** Arms a timer; returns its number, or -1 with a fault when there are too many. */
export function armTimer(state: MachineState, ns: number, cookie: number): number {
  for (let timer = 0; timer < MAX_TIMERS; timer += 1) {
    const at = timerAt(timer);
    if (state.word(at + TIMER.state) !== FREE) continue;
    const number = state.word(HEADER.timersArmed);
    state.words[HEADER.timersArmed] = number + 1;
    state.words[at + TIMER.state] = ARMED;
    state.words[at + TIMER.number] = number;
    state.words[at + TIMER.cookie] = cookie;
    state.doubles[TIMES.timerDueDouble + timer] = state.clock(state.currentCpu) + (ns >>> 0);
    state.nextEventNs = STALE_EVENTS;
    return number;
  }
  state.raise({ kind: 'limit', message: `More than ${String(MAX_TIMERS)} timers are armed.` });
  return -1;
}

/** Cancels a timer by its number; returns 1 if its interrupt had not been delivered. */
export function cancelTimer(state: MachineState, number: number): number {
  for (let timer = 0; timer < MAX_TIMERS; timer += 1) {
    const at = timerAt(timer);
    if (state.word(at + TIMER.state) === FREE || state.word(at + TIMER.number) !== number) continue;
    freeTimer(state, at);
    state.nextEventNs = STALE_EVENTS;
    return 1;
  }
  return 0;
}

/** The timer in a state that is due first (of equal ones the first armed), or -1. */
function firstTimer(state: MachineState, wanted: number): number {
  let found = -1;
  for (let timer = 0; timer < MAX_TIMERS; timer += 1) {
    if (state.word(timerAt(timer) + TIMER.state) !== wanted) continue;
    if (found < 0 || isBefore(state, timer, found)) found = timer;
  }
  return found;
}

function isBefore(state: MachineState, one: number, other: number): boolean {
  const oneNs = state.double(TIMES.timerDueDouble + one);
  const otherNs = state.double(TIMES.timerDueDouble + other);
  if (oneNs !== otherNs) return oneNs < otherNs;
  return state.word(timerAt(one) + TIMER.number) < state.word(timerAt(other) + TIMER.number);
}

/** When the next armed timer is due; `Infinity` when none is armed. */
export function nextTimerNs(state: MachineState): number {
  const timer = firstTimer(state, ARMED);
  return timer < 0 ? Infinity : state.double(TIMES.timerDueDouble + timer);
}

/** The first armed timer is due: its interrupt becomes pending. */
export function fireTimer(state: MachineState): void {
  state.words[timerAt(firstTimer(state, ARMED)) + TIMER.state] = DUE;
  state.words[HEADER.timersDue] = state.word(HEADER.timersDue) + 1;
}

/** Whether a timer's interrupt is pending. */
export function hasDueTimer(state: MachineState): boolean {
  return state.word(HEADER.timersDue) > 0;
}

/** Takes the first pending timer interrupt; returns its cookie. There must be one. */
export function takeDueTimer(state: MachineState): number {
  const at = timerAt(firstTimer(state, DUE));
  freeTimer(state, at);
  return state.word(at + TIMER.cookie);
}

function freeTimer(state: MachineState, at: number): void {
  if (state.word(at + TIMER.state) === DUE) {
    state.words[HEADER.timersDue] = state.word(HEADER.timersDue) - 1;
  }
  state.words[at + TIMER.state] = FREE;
}
