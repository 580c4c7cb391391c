/**
 * The run that the panel shows: that of the debug session, or, once the session has ended or the window was reloaded, the
 * same run computed again from the text of its moment, which is only looked at.
 *
 * Such a quiet run is opened when the panel first asks for something, there is one at most, and it ends when a session
 * starts or the panel is closed.
 */
import * as vscode from 'vscode';
import type { AdapterHost } from '../adapter/host.ts';
import { UserError } from '../base/errors.ts';
import type { PanelState } from '../view/panelState.ts';
import type { CustomRequestName, CustomRequests } from '../view/protocol.ts';
import { SETTINGS } from './ids.ts';
import type { PanelHost } from './panelHost.ts';
import type { PanelSource } from './panelSource.ts';
import { QuietRun } from './quietRun.ts';
import type { SessionChange, SessionTracker } from './sessionTracker.ts';

/** How long the run must stand before its moment is asked for: not at every step of somebody in a hurry. */
const REST_MS = 300;

/** What a shown run needs from the extension. */
export interface ShownRunHost {
  readonly tracker: SessionTracker;
  readonly panel: PanelHost;
  createHost(): Promise<AdapterHost>;
  /** Does what nobody has asked for: what it throws is logged. */
  inBackground(work: () => Promise<void>): Promise<void>;
}

export class ShownRun implements PanelSource, vscode.Disposable {
  private readonly host: ShownRunHost;
  private readonly subscription: vscode.Disposable;
  /** The text of the moment that is shown, as far as it is known. */
  private moment: string | undefined;
  private shown: PanelState | undefined;
  private quiet: Promise<QuietRun> | undefined;
  private restTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(host: ShownRunHost) {
    this.host = host;
    this.subscription = host.tracker.onDidChange((change) => {
      this.takeChange(change);
    });
  }

  async request<N extends CustomRequestName>(
    name: N,
    args: CustomRequests[N]['arguments'],
  ): Promise<CustomRequests[N]['result']> {
    return await (await this.source()).request(name, args);
  }

  async requestOf(
    name: CustomRequestName,
    args: Readonly<Record<string, unknown>>,
  ): Promise<unknown> {
    return await (await this.source()).requestOf(name, args);
  }

  /** What the panel shows of it. */
  get state(): PanelState | undefined {
    return this.shown;
  }

  /** The text of the moment that is shown. Errors: rejects when there is none. */
  async momentText(): Promise<string> {
    const isAsleep = this.host.tracker.active === undefined && this.quiet === undefined;
    if (isAsleep && this.moment !== undefined) return this.moment;
    const { text } = await this.request('faultline/momentText', {});
    return text;
  }

  /** The panel has come back with the window and shows this moment again. */
  remember(moment: string): void {
    if (this.host.tracker.active !== undefined || this.moment !== undefined) return;
    this.moment = moment;
    this.host.panel.post({ kind: 'running' });
    void this.host.inBackground(async () => {
      try {
        await this.source();
      } catch (error) {
        if (!(error instanceof Error)) throw error;
        // Meanwhile a session may have started: the panel shows that.
        if (this.moment !== moment) return;
        this.moment = undefined;
        this.host.panel.post({ kind: 'unavailable', reason: error.message });
      }
    });
  }

  /** The panel is gone: nobody looks any more. */
  rest(): void {
    const { quiet } = this;
    this.quiet = undefined;
    clearTimeout(this.restTimer);
    void quiet?.then(
      (run) => {
        run.dispose();
      },
      () => undefined,
    );
  }

  dispose(): void {
    this.rest();
    this.subscription.dispose();
  }

  private takeChange(change: SessionChange): void {
    const { panel } = this.host;
    switch (change.kind) {
      case 'started':
        this.rest();
        this.moment = undefined;
        this.shown = undefined;
        panel.post({ kind: 'running', isNewRun: true });
        panel.showForSession();
        return;
      case 'state':
        this.shown = change.state;
        panel.post({ kind: 'state', state: change.state });
        this.askWhenAtRest();
        return;
      case 'selected':
        panel.post({ kind: 'selected', task: change.taskId });
        return;
      case 'running':
        panel.post({ kind: 'running' });
        return;
      case 'lastMoment':
        this.takeMoment(change.text);
        return;
      case 'ended':
        clearTimeout(this.restTimer);
        panel.post({ kind: 'noSession' });
        return;
      case 'diagnostics':
    }
  }

  private async source(): Promise<PanelSource> {
    const { tracker } = this.host;
    if (tracker.active !== undefined || this.moment === undefined) return tracker;
    this.quiet ??= this.open(this.moment);
    const { quiet } = this;
    try {
      return await quiet;
    } catch (error) {
      // Whoever asks again gets another one.
      if (this.quiet === quiet) this.quiet = undefined;
      throw error;
    }
  }

  private async open(moment: string): Promise<QuietRun> {
    const megabytes: unknown = vscode.workspace.getConfiguration().get(SETTINGS.historyMegabytes);
    const run = await QuietRun.open({
      host: await this.host.createHost(),
      moment,
      ...(typeof megabytes === 'number' ? { historyMegabytes: megabytes } : {}),
      onState: (state) => {
        this.showQuiet(state);
      },
      onGone: () => {
        this.quiet = undefined;
      },
    });
    if (this.host.tracker.active === undefined) return run;
    run.dispose();
    throw new UserError(
      'session-started',
      vscode.l10n.t('A session has started meanwhile.'),
      vscode.l10n.t('Ask again.'),
      true,
    );
  }

  private showQuiet(state: PanelState): void {
    if (this.host.tracker.active !== undefined) return;
    // Opening it comes to what is shown already, with the words of the session.
    if (this.shown?.position === state.position) return;
    this.shown = state;
    this.host.panel.post({ kind: 'state', state, isFinished: true });
    this.askWhenAtRest();
  }

  private askWhenAtRest(): void {
    clearTimeout(this.restTimer);
    this.restTimer = setTimeout(() => {
      void this.askForMoment();
    }, REST_MS);
  }

  private async askForMoment(): Promise<void> {
    const before = this.shown;
    try {
      const { text } = await this.request('faultline/momentText', {});
      if (before === this.shown) this.takeMoment(text);
    } catch {
      // It has gone on or ended meanwhile: the next stop is asked again, and the end tells by itself.
    }
  }

  private takeMoment(text: string): void {
    this.moment = text;
    this.host.panel.post({ kind: 'moment', text });
  }
}
