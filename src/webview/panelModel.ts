/**
 * What the panel shows right now, as signals: set by messages, read by the components.
 *
 * It holds no truth of its own; every field is a copy of the last message of its kind.
 */
import { signal } from '@preact/signals';
import { changedParts, NO_CHANGES, type ChangedParts } from '../view/changedParts.ts';
import type { PanelState } from '../view/panelState.ts';
import type { PanelRequest, PictureView, TourStepView, WhyResult } from '../view/protocol.ts';
import type { ToldMessage } from './port.ts';
import { showComparison } from './twoRuns/comparison.ts';

/** Whether there is a machine, and whether it stands. */
export type SessionActivity = 'none' | 'running' | 'stopped';

export const activity = signal<SessionActivity>('none');
export const state = signal<PanelState | undefined>(undefined);
/** What differs from the stop that was shown before. */
export const changes = signal<ChangedParts>(NO_CHANGES);
/** The thread id of the task that is selected in the call stack. */
export const selectedTask = signal<number | undefined>(undefined);
export const why = signal<WhyResult | undefined>(undefined);
/** The part that the user has asked for, until the machine moves. */
export const highlighted = signal<PictureView | undefined>(undefined);
export const tour = signal<TourStepView | undefined>(undefined);

/** Takes a message of the extension into the model. */
export function receive(message: ToldMessage): void {
  switch (message.kind) {
    case 'state':
      // The same stop again, as when the panel comes back: what was marked stays.
      if (state.value?.rev !== message.state.rev) {
        changes.value = changedParts(state.value, message.state);
      }
      state.value = message.state;
      selectedTask.value = message.state.stoppedTaskId;
      activity.value = 'stopped';
      why.value = undefined;
      highlighted.value = undefined;
      return;
    case 'selected':
      selectedTask.value = message.task;
      return;
    case 'running':
      activity.value = 'running';
      return;
    case 'noSession':
      activity.value = 'none';
      return;
    case 'why':
      why.value = message.why;
      return;
    case 'highlight':
      highlighted.value = message.picture;
      return;
    case 'compareRuns':
      showComparison(true);
      return;
    case 'tour':
      tour.value = message.step;
      return;
  }
}

/** How components ask for something. */
export type Send = (request: PanelRequest) => void;
