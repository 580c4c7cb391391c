/**
 * What the timeline keeps between two renderings, as signals: what is in view, how, and the time under the user's hand.
 *
 * None of it is the truth about the run. `look` is what is worth keeping when the panel is hidden.
 */
import { signal } from '@preact/signals';
import type { TimelineModel, TimeScaleKind } from '../../view/timelineModel.ts';
import type { TimeSpan } from './window.ts';

/** How the user looks at the run. */
export interface TimelineLook {
  /** The visible stretch; everything when left out. */
  readonly span?: TimeSpan;
  readonly scale: TimeScaleKind;
  readonly isTableShown: boolean;
  readonly isLegendShown: boolean;
}

export const look = signal<TimelineLook>({
  scale: 'folded',
  isTableShown: false,
  isLegendShown: true,
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

/** Changes how the user looks at the run. */
export function changeLook(changes: Partial<TimelineLook>): void {
  look.value = { ...look.value, ...changes };
}

/** Shows a stretch, or everything. */
export function showSpan(span: TimeSpan | undefined): void {
  const { span: _old, ...rest } = look.value;
  look.value = span === undefined ? rest : { ...rest, span };
}
