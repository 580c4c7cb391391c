/**
 * What the lock pictures show right now: the picture of the last stop, and what the run was asked about it.
 *
 * The picture follows the panel's state by itself. The questions (who could run next, why a task waits, which locks
 * break when contended) are asked once at each stop; an answer that comes after the run has moved is dropped.
 */
import { effect, signal } from '@preact/signals';
import type { TaskState } from '../../view/panelState.ts';
import type { ChoiceView, WhyResult } from '../../view/protocol.ts';
import { activity, selectedTask, state } from '../panelModel.ts';
import { peeked } from '../peeking.ts';
import type { Port } from '../port.ts';
import { atNewRun } from '../runCount.ts';
import { nextPicture, type LocksPicture } from './lockPicture.ts';

export const picture = signal<LocksPicture | undefined>(undefined);
/** What can come next; `undefined` until the run has answered. */
export const choices = signal<readonly ChoiceView[] | undefined>(undefined);
/** Why the selected task waits. */
export const chain = signal<WhyResult | undefined>(undefined);
/** Locks, and pages by their labels, at which the run stops when a task has to wait. */
export const watched = signal<ReadonlySet<string>>(new Set());
/** Why the run refused the last wish, in a sentence. */
export const refusal = signal<string | undefined>(undefined);

/** The next picture is of another run than the one that is drawn. */
let isNewRun = false;
atNewRun(() => {
  isNewRun = true;
  choices.value = undefined;
  chain.value = undefined;
  watched.value = new Set();
  refusal.value = undefined;
});

effect(() => {
  const now = peeked.value ?? state.value;
  const before = isNewRun ? undefined : picture.peek();
  isNewRun = false;
  picture.value = now === undefined ? undefined : nextPicture(before, now);
});

/** The task that is selected. */
export function selectedState(): TaskState | undefined {
  return state.value?.tasks.find(({ id }) => id === selectedTask.value);
}

/** Whether a task has something to wait for. */
export function isWaiting({ activity: doing, waitsFor }: TaskState): boolean {
  return doing === 'sleeping' || waitsFor !== undefined;
}

function tellRefusal(error: unknown): void {
  refusal.value = error instanceof Error ? error.message : 'The run did not answer.';
}

/** Asks a question at a stop; `take` gets the answer if the run still stands there. */
function askHere<Result>(question: Promise<Result>, take: (result: Result) => void): void {
  const here = state.peek();
  question.then(
    (result) => {
      if (state.peek() === here && activity.peek() === 'stopped') take(result);
    },
    // Refused because the run moves on or has ended: the next stop asks again.
    () => undefined,
  );
}

/** Asks what can come next, and which locks are watched. */
export function askAtStop({ query }: Port): void {
  refusal.value = undefined;
  askHere(query('faultline/choices', {}), (answer) => {
    choices.value = answer.choices;
  });
  askHere(query('faultline/breakOnContention', {}), ({ locks }) => {
    watched.value = new Set(locks);
  });
}

/** Asks why the selected task waits, if it does. */
export function askChain({ query }: Port): void {
  const task = selectedState();
  if (task === undefined || !isWaiting(task)) {
    chain.value = undefined;
    return;
  }
  askHere(query('faultline/why', { task: task.id }), (answer) => {
    if (selectedTask.peek() === task.id) chain.value = answer;
  });
}

/** Lets a choice come next. The run tells its new state by itself. */
export function choose({ query }: Port, choice: number): void {
  query('faultline/choose', { choice }).catch(tellRefusal);
}

/** Goes to the next place where a task can be let go first, and lets it. */
export function switchTo({ query }: Port, threadId: number): void {
  query('faultline/switchTo', { threadId }).catch(tellRefusal);
}

/** Switches the break at contention of a lock on or off. */
export function watch({ query }: Port, lock: string, on: boolean): void {
  query('faultline/breakOnContention', { lock, on }).then(({ locks }) => {
    watched.value = new Set(locks);
  }, tellRefusal);
}
