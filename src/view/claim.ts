/**
 * Claims about one moment of a run: what a tour tells or asks, checked against the state.
 *
 * A claim names only what it is about; everything that it names must hold. Claims are how CI knows
 * that the walkthrough is still true, and how a prediction is decided by running on.
 */
import type { PageState, PanelState, TaskState } from './panelState.ts';

/** A claim about one thing; the key that is present says about what. */
export type Claim =
  | {
      readonly task: string;
      readonly activity?: TaskState['activity'] | undefined;
      /** A part of the text of what it waits for. */
      readonly waitsFor?: string | undefined;
      readonly attempt?: number | undefined;
      readonly majorFaults?: number | undefined;
      readonly minorFaults?: number | undefined;
    }
  | {
      readonly lock: string;
      /** Exactly who is inside, in any order. */
      readonly holders?: readonly string[] | undefined;
      /** Exactly who queues, first in line first. */
      readonly queue?: readonly string[] | undefined;
      readonly rawCount?: string | undefined;
    }
  | {
      readonly page: string;
      readonly isLocked?: boolean | undefined;
      readonly isUpToDate?: boolean | undefined;
      readonly count?: number | undefined;
    }
  | { readonly disk: 'busy' | 'idle' }
  | {
      /** A C expression, evaluated in the innermost frame of the stopped task, or of `function`. */
      readonly expression: string;
      readonly function?: string | undefined;
      readonly equals: number;
    };

/** Evaluates an integer expression in the stopped task; `undefined` when it has no value there. */
export type EvaluateNumber = (
  expression: string,
  functionName: string | undefined,
) => Promise<number | undefined>;

function agrees<T>(claimed: T | undefined, actual: T): boolean {
  return claimed === undefined || claimed === actual;
}

function sameNames(claimed: readonly string[] | undefined, actual: readonly string[]): boolean {
  return claimed === undefined || JSON.stringify(claimed) === JSON.stringify(actual);
}

function taskAgrees(claim: Extract<Claim, { task: string }>, task: TaskState): boolean {
  return (
    agrees(claim.activity, task.activity) &&
    agrees(claim.attempt, task.attempt) &&
    agrees(claim.majorFaults, task.counters['maj_flt']) &&
    agrees(claim.minorFaults, task.counters['min_flt']) &&
    (claim.waitsFor === undefined || (task.waitsFor ?? '').includes(claim.waitsFor))
  );
}

function pageAgrees(claim: Extract<Claim, { page: string }>, page: PageState): boolean {
  return (
    agrees(claim.isLocked, page.isLocked) &&
    agrees(claim.isUpToDate, page.isUpToDate) &&
    agrees(claim.count, page.count)
  );
}

/** Whether the claim holds in the state. A claim about something that is not there does not hold. */
export async function holdsClaim(
  claim: Claim,
  state: PanelState,
  evaluateNumber: EvaluateNumber,
): Promise<boolean> {
  if ('task' in claim) {
    const task = state.tasks.find(({ name }) => name === claim.task);
    return task !== undefined && taskAgrees(claim, task);
  }
  if ('lock' in claim) {
    const lock = state.locks.find(({ name }) => name === claim.lock);
    if (lock === undefined) return false;
    const holders = lock.holders.map(({ owner }) => owner).sort();
    const queue = lock.queue.map(({ task }) => task);
    return (
      sameNames(claim.holders && [...claim.holders].sort(), holders) &&
      sameNames(claim.queue, queue) &&
      agrees(claim.rawCount, lock.rawCount)
    );
  }
  if ('page' in claim) {
    const page = state.pages.find(({ label }) => label === claim.page);
    return page !== undefined && pageAgrees(claim, page);
  }
  if ('disk' in claim) return (claim.disk === 'busy') === state.disk.length > 0;
  const value = await evaluateNumber(claim.expression, claim.function);
  return value !== undefined && value >>> 0 === claim.equals >>> 0;
}

/** Whether all of them hold. */
export async function holdAllClaims(
  claims: readonly Claim[],
  state: PanelState,
  evaluateNumber: EvaluateNumber,
): Promise<boolean> {
  for (const claim of claims) {
    if (!(await holdsClaim(claim, state, evaluateNumber))) return false;
  }
  return true;
}
