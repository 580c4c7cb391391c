/**
 * What the timeline keeps between two renderings, as signals: what is in view, how, and the time under the user's hand.
 *
 * None of it is the truth about the run. What the user likes in every run is kept with the panel's settings.
 */
import { computed, signal, type ReadonlySignal } from '@preact/signals';
import type { TimelineModel, TimeScaleKind } from '../../view/timelineModel.ts';
import { atNewRun } from '../runCount.ts';
import { setting } from '../viewSettings.ts';
import type { TimeSpan } from './window.ts';

/** How the user looks at the run. */
export interface TimelineLook {
  /** The visible stretch; everything when left out. */
  readonly span?: TimeSpan;
  readonly scale: TimeScaleKind;
  readonly isTableShown: boolean;
  readonly isLegendShown: boolean;
}

/** What the user likes in every run; the visible stretch belongs to one. */
type Liking = Omit<TimelineLook, 'span'>;

function isLiking(value: unknown): value is Liking {
  if (typeof value !== 'object' || value === null) return false;
  const { scale, isTableShown, isLegendShown } = value as Readonly<Record<string, unknown>>;
  const isScale = scale === 'folded' || scale === 'linear';
  return isScale && typeof isTableShown === 'boolean' && typeof isLegendShown === 'boolean';
}

const liking = setting<Liking>(
  'timeline',
  { scale: 'folded', isTableShown: false, isLegendShown: true },
  isLiking,
);
const shownSpan = signal<TimeSpan | undefined>(undefined);

export const look: ReadonlySignal<TimelineLook> = computed(() => {
  const { scale, isTableShown, isLegendShown } = liking.value;
  const span = shownSpan.value;
  return { scale, isTableShown, isLegendShown, ...(span === undefined ? {} : { span }) };
});

/** The time that the user drags to; `undefined` while the present is shown. */
export const scrubNs = signal<number | undefined>(undefined);

/** The visible stretch. */
export const detail = signal<TimelineModel | undefined>(undefined);
/** The whole run. */
export const overview = signal<TimelineModel | undefined>(undefined);
/** What is under the pointer, in words; empty when nothing is. */
export const line = signal('');
/** Why the run did not do what it was asked last; empty when it did. */
export const refusal = signal('');

atNewRun(() => {
  for (const kept of [scrubNs, detail, overview]) kept.value = undefined;
  line.value = '';
  refusal.value = '';
  showSpan(undefined);
});

/** Changes how the user looks at the run. */
export function changeLook(changes: Partial<Liking>): void {
  liking.value = { ...liking.value, ...changes };
}

/** Shows a stretch, or everything. */
export function showSpan(span: TimeSpan | undefined): void {
  shownSpan.value = span;
}
