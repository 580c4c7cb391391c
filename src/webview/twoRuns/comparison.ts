/**
 * The comparison as the panel shows it: what is chosen, what came of it, and how to ask for it.
 *
 * Runs are made by the adapter; here is only what was asked for last and the answer to that. An answer that comes
 * after another question is dropped. While a question is open the last answer stays in view.
 */
import { signal } from '@preact/signals';
import type { TimeScaleKind } from '../../view/timelineModel.ts';
import type { TwoRunsModel } from '../../view/twoRunsModel.ts';
import type { Query } from '../port.ts';
import { atNewRun } from '../runCount.ts';
import { USUAL_RUNS, type ChosenRuns } from './runChoices.ts';

/** What is drawn: which runs, on which scale, and which stretch of time; all of it when left out. */
export interface ComparisonView {
  readonly runs: ChosenRuns;
  readonly scale: TimeScaleKind;
  readonly stretch?: { readonly fromNs: number; readonly toNs: number } | undefined;
}

export const isComparing = signal(false);
export const view = signal<ComparisonView>({ runs: USUAL_RUNS, scale: 'folded' });
export const comparison = signal<TwoRunsModel | undefined>(undefined);
export const isWaiting = signal(false);
/** Why there is no answer, in a sentence. */
export const refusal = signal<string | undefined>(undefined);

let lastQuestion = 0;

atNewRun(() => {
  lastQuestion += 1;
  const { runs, scale } = view.value;
  const isKept = [runs.one, runs.other].every((choice) => 'kernel' in choice);
  view.value = { runs: isKept ? runs : USUAL_RUNS, scale };
  comparison.value = undefined;
  isWaiting.value = false;
  refusal.value = undefined;
});

/** Opens or closes the comparison. */
export function showComparison(isShown: boolean): void {
  isComparing.value = isShown;
}

/** Asks for what the view says, `width` pixels wide. */
export async function askForComparison(query: Query, width: number): Promise<void> {
  lastQuestion += 1;
  const question = lastQuestion;
  const { runs, scale, stretch } = view.value;
  isWaiting.value = true;
  refusal.value = undefined;
  try {
    const max = Math.min(4000, Math.max(100, Math.round(width)));
    const answer = await query('faultline/twoRuns', { ...runs, scale, max, ...stretch });
    if (question === lastQuestion) comparison.value = answer;
  } catch (error) {
    if (question === lastQuestion) refusal.value = error instanceof Error ? error.message : '';
  } finally {
    if (question === lastQuestion) isWaiting.value = false;
  }
}
