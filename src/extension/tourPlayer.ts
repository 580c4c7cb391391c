/**
 * Plays a tour in the window: the machine is a debug session, the text stands in the panel.
 */
import * as vscode from 'vscode';
import { BugError, UserError } from '../base/errors.ts';
import type { PanelState } from '../view/panelState.ts';
import type { MomentTarget, MoveResult } from '../view/protocol.ts';
import { TourRun, type TourMachine, type TourPlan } from '../view/tourRun.ts';
import { launchConfiguration } from './configurationProvider.ts';
import { TOUR_ACTIVE_CONTEXT } from './ids.ts';
import type { PanelHost } from './panelHost.ts';
import type { SessionTracker } from './sessionTracker.ts';

interface StackFrame {
  readonly id: number;
  readonly name: string;
}

/** The machine of a tour, over the debug session of the window. */
class SessionMachine implements TourMachine {
  private readonly tracker: SessionTracker;

  constructor(tracker: SessionTracker) {
    this.tracker = tracker;
  }

  async start(scenario: string, kernel: string): Promise<void> {
    await this.tracker.stop();
    const firstStop = this.tracker.nextState();
    const configuration = { ...launchConfiguration(scenario, kernel), stopOnEntry: true };
    const started = await vscode.debug.startDebugging(undefined, configuration);
    if (!started) {
      firstStop.catch(() => undefined);
      throw new UserError(
        'tour-not-started',
        vscode.l10n.t('The scenario {0} did not start on the kernel {1}.', scenario, kernel),
        vscode.l10n.t('See the debug console.'),
      );
    }
    await firstStop;
  }

  seek(target: MomentTarget): Promise<MoveResult> {
    return this.tracker.request('faultline/seek', { moment: target });
  }

  async state(): Promise<PanelState> {
    const { state } = await this.tracker.request('faultline/state', {});
    if (state === undefined) throw new BugError('a session without a state');
    return state;
  }

  readonly evaluateNumber = async (
    expression: string,
    functionName: string | undefined,
  ): Promise<number | undefined> => {
    const session = this.tracker.active;
    const threadId = this.tracker.lastState?.stoppedTaskId;
    if (session === undefined || threadId === undefined) return undefined;
    const stack = (await session.customRequest('stackTrace', { threadId })) as {
      readonly stackFrames: readonly StackFrame[];
    };
    const frame = stack.stackFrames.find(
      ({ name }) => functionName === undefined || name.startsWith(functionName),
    );
    const answer = (await session.customRequest('evaluate', {
      expression,
      frameId: frame?.id,
      context: 'watch',
    })) as { readonly result: string };
    const digits = /-?0x[0-9a-f]+|-?\d+/i.exec(answer.result);
    return digits === null ? undefined : Number(digits[0]);
  };
}

export class TourPlayer {
  private readonly tracker: SessionTracker;
  private readonly panel: PanelHost;
  private run: TourRun | undefined;

  constructor(tracker: SessionTracker, panel: PanelHost) {
    this.tracker = tracker;
    this.panel = panel;
  }

  /** Starts a tour from its first step. */
  async start(plan: TourPlan): Promise<void> {
    this.run = new TourRun(plan, new SessionMachine(this.tracker));
    this.panel.showBesideSource();
    await vscode.commands.executeCommand('setContext', TOUR_ACTIVE_CONTEXT, true);
    await this.goTo(0);
  }

  /** Goes one step on or back; at the ends it stays. */
  async move(direction: 'next' | 'previous'): Promise<void> {
    if (this.run === undefined) return;
    const index = this.run.current + (direction === 'next' ? 1 : -1);
    if (index >= 0 && index < this.run.length) await this.goTo(index);
  }

  /** Takes a prediction and runs on to where it is decided. */
  async answer(choice: number): Promise<void> {
    if (this.run === undefined) return;
    await this.run.answer(choice);
    this.panel.post({ kind: 'tour', step: this.run.view() });
  }

  /** Ends the tour; the session stays, so that the learner can go on alone. */
  async close(): Promise<void> {
    this.run = undefined;
    this.panel.post({ kind: 'tour', step: undefined });
    await vscode.commands.executeCommand('setContext', TOUR_ACTIVE_CONTEXT, false);
  }

  private async goTo(index: number): Promise<void> {
    if (this.run === undefined) return;
    const move = await this.run.goTo(index);
    this.panel.post({ kind: 'tour', step: this.run.view() });
    if (!move.reached) {
      void vscode.window.showWarningMessage(
        vscode.l10n.t('The walkthrough did not reach its next moment: {0}', move.reason),
      );
    }
  }
}
