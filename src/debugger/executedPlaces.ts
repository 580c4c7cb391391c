/**
 * What a call has executed so far, found by running through the past again.
 *
 * Of a kernel frame: the statements of its function that this very call came to, earlier calls of the
 * same function left out. Of a user program: the instructions that its task executed last.
 */
import { asAddress, type Address, type Pc, type TaskId } from '../base/brand.ts';
import type { HistoryPoint } from './history.ts';
import type { Past } from './lookBack.ts';
import type { Work } from './operation.ts';
import {
  identifyChain,
  identifyFrame,
  isInChain,
  isSameFrame,
  type FrameId,
} from './frameChain.ts';
import type { StackRow } from './stackRows.ts';
import { OUTSIDE_KERNEL } from './stepping.ts';

/** What a look has found so far; it grows from the newest part of the past to the oldest. */
export interface ExecutedPlaces {
  /** Statement starts of the row's call. */
  readonly pcs: Set<Pc>;
  /** Addresses of user instructions. */
  readonly addresses: Set<Address>;
  /** Whether the beginning of the call was found, so that nothing is missing. */
  isComplete: boolean;
}

/** So many user instructions are enough for one to see where the program comes from. */
const USER_INSTRUCTIONS = 16;
/** Calls of which is kept what they have executed. */
const MOST_KNOWN = 16;

/** An empty result, which `lookForExecuted` fills. */
export function noPlaces(): ExecutedPlaces {
  return { pcs: new Set(), addresses: new Set(), isComplete: false };
}

/** What was found at earlier stops, so that after a step only the step is looked at. */
export class KnownPlaces {
  /** By task and call. */
  private readonly found = new Map<string, { position: number; places: ExecutedPlaces }>();

  find(key: string): { readonly position: number; readonly places: ExecutedPlaces } | undefined {
    return this.found.get(key);
  }

  keep(key: string, position: number, places: ExecutedPlaces): void {
    this.found.delete(key);
    this.found.set(key, { position, places });
    const [oldest] = this.found.keys();
    if (this.found.size > MOST_KNOWN && oldest !== undefined) this.found.delete(oldest);
  }

  /** The user has changed the run at a position: what was found behind it did not happen. */
  forgetFrom(position: number): void {
    for (const [key, known] of this.found) {
      if (known.position > position) this.found.delete(key);
    }
  }
}

/**
 * Looks for what was executed at a row. Cost: what the task did since the call began or since what is known
 * of it, from a kept state on; what other tasks did since it executed last is skipped.
 */
export function* lookForExecuted(
  past: Past,
  row: StackRow,
  found: ExecutedPlaces,
  known: KnownPlaces,
): Work<true> {
  if (row.kind === 'label') return true;
  const { machine, history } = past;
  const { task } = row;
  const frame = row.kind === 'kernel' ? identifyFrame(machine, row.frame) : undefined;
  const goal: Goal = { task, frame, interruptDepth: machine.task(task).interruptDepth };
  const key = [task, frame?.fp, frame?.functionIndex, frame?.returnPc].join(' ');
  const { position: here } = machine;
  const before = known.find(key);
  if (before?.position === here) {
    takeOver(found, before.places);
    return true;
  }
  // The next look begins here.
  history.noteClose();
  let limit = machine.ranUntil(task);
  let point = history.lastBefore(limit);
  while (point !== undefined && !found.isComplete) {
    const ranUntil = yield* lookAtStretch(past, point, limit, goal, found);
    if (point.position === before?.position) takeOver(found, before.places);
    limit = Math.min(ranUntil, point.position);
    point = history.lastBefore(limit);
  }
  found.isComplete = true;
  known.keep(key, here, found);
  return true;
}

/** Adds what was found at an earlier stop of the same call, unless the call began later. */
function takeOver(found: ExecutedPlaces, before: ExecutedPlaces): void {
  if (found.isComplete) return;
  for (const pc of before.pcs) found.pcs.add(pc);
  for (const address of before.addresses) addAddress(found, address);
  found.isComplete = before.isComplete;
}

function addAddress({ addresses }: ExecutedPlaces, address: Address): void {
  if (addresses.size < USER_INSTRUCTIONS) addresses.add(address);
}

interface Goal {
  readonly task: TaskId;
  /** The call; `undefined` for the user program. */
  readonly frame: FrameId | undefined;
  readonly interruptDepth: number;
}

/** Runs from a kept state to `limit`; tells how far the task had executed at that state. */
function* lookAtStretch(
  { machine, runner }: Past,
  point: HistoryPoint,
  limit: number,
  { task, frame, interruptDepth }: Goal,
  found: ExecutedPlaces,
): Work<number> {
  runner.restore(point.checkpoint);
  const ranUntil = machine.ranUntil(task);
  let hasBegun = frame !== undefined && !isInChain(identifyChain(machine, task), frame);
  let pcs: Pc[] = [];
  const addresses: Address[] = [];
  const step = { task, minFp: frame?.fp ?? OUTSIDE_KERNEL, interruptDepth, intoUser: true };
  for (;;) {
    const stop = yield* runner.run({ breakpoints: false, untilPosition: limit, step });
    if (stop.kind !== 'statement' || machine.position >= limit) break;
    if (frame === undefined) {
      if (stop.userAddress !== undefined) addresses.push(asAddress(stop.userAddress));
      continue;
    }
    const chain = stop.pc === undefined ? [] : identifyChain(machine, task);
    const [innermost] = chain;
    if (stop.pc !== undefined && innermost !== undefined && isSameFrame(innermost, frame)) {
      pcs.push(stop.pc);
    } else if (!isInChain(chain, frame)) {
      // The caller, or the user program: what came before was another call.
      hasBegun = true;
      pcs = [];
    }
  }
  for (const pc of pcs) found.pcs.add(pc);
  for (const address of addresses.reverse()) addAddress(found, address);
  if (hasBegun || found.addresses.size >= USER_INSTRUCTIONS) found.isComplete = true;
  return ranUntil;
}
