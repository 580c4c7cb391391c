/**
 * What the panel shows right now, as signals: set by messages, read by the components.
 *
 * It holds no truth of its own; every field is a copy of the last message of its kind.
 */
import { batch, signal } from '@preact/signals';
import { changedParts, NO_CHANGES, type ChangedParts } from '../view/changedParts.ts';
import { applyDifference, isDifference } from '../view/difference.ts';
import type { PanelState } from '../view/panelState.ts';
import type { PanelRequest, PictureView, TourStepView, WhyResult } from '../view/protocol.ts';
import type { ToldMessage } from './port.ts';
import { beginRun } from './runCount.ts';
import { showComparison } from './twoRuns/comparison.ts';
import { presentation, readSettings, shownMoment } from './viewSettings.ts';

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
/** Why what the panel showed before cannot be shown again, in a sentence. */
export const unavailable = signal<string | undefined>(undefined);
export const tour = signal<TourStepView | undefined>(undefined);

/** The number of the state that is shown, to which the next change belongs. */
let stateSeq: number | undefined;
/** The next state is of another run. */
let isNewRun = false;

function show(shown: PanelState, seq: number | undefined, isFinished = false): void {
  stateSeq = seq;
  const before = isNewRun ? undefined : state.value;
  if (isNewRun) beginRun();
  isNewRun = false;
  // The same stop again, as when the panel comes back: what was marked stays.
  if (before?.rev !== shown.rev || before.position !== shown.position) {
    changes.value = changedParts(before, shown);
  }
  state.value = shown;
  selectedTask.value = shown.stoppedTaskId;
  activity.value = isFinished ? 'none' : 'stopped';
  why.value = undefined;
  highlighted.value = undefined;
  unavailable.value = undefined;
}

/**
 * Takes a message of the extension into the model; `askForAll` asks to be told everything again, for a change to a state
 * that is not shown.
 */
export function receive(message: ToldMessage, askForAll: () => void): void {
  switch (message.kind) {
    case 'state':
      batch(() => {
        show(message.state, message.seq, message.isFinished);
      });
      return;
    case 'stateChange': {
      const { change } = message;
      const fits = message.base === stateSeq && (change === null || isDifference(change));
      if (state.value === undefined || !fits) {
        askForAll();
        return;
      }
      // The extension made the change from a state of this form to another one.
      const changed = applyDifference(state.value, change ?? undefined) as PanelState;
      batch(() => {
        show(changed, message.seq, message.isFinished);
      });
      return;
    }
    case 'moment':
      shownMoment.value = message.text;
      return;
    case 'unavailable':
      unavailable.value = message.reason;
      shownMoment.value = undefined;
      activity.value = 'none';
      return;
    case 'viewSettings':
      readSettings(message.settings);
      return;
    case 'togglePresentation':
      presentation.value = !presentation.value;
      return;
    case 'selected':
      selectedTask.value = message.task;
      return;
    case 'running':
      activity.value = 'running';
      if (message.isNewRun === true) isNewRun = true;
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
