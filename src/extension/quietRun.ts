/**
 * A run that is looked at without a debug session: it stands at the moment that a text names, answers the panel's
 * queries and can be put elsewhere, but not changed.
 *
 * It is computed anew from the text, in this process, by the adapter that sessions use. What the run prints is not shown.
 */
import * as vscode from 'vscode';
import { createSession } from '../adapter/createSession.ts';
import type { AdapterHost } from '../adapter/host.ts';
import { UserError } from '../base/errors.ts';
import type { PanelState } from '../view/panelState.ts';
import { CHANGING_QUERIES, type CustomRequestName, type CustomRequests } from '../view/protocol.ts';
import type { PanelSource } from './panelSource.ts';
import { QuietClient } from './quietClient.ts';

/** How a run is opened. */
export interface QuietRunOptions {
  readonly host: AdapterHost;
  /** The text of the moment. */
  readonly moment: string;
  readonly historyMegabytes?: number;
  /** The run stands somewhere, at first at its moment. */
  readonly onState: (state: PanelState) => void;
  /** The run cannot be asked any more, though nobody has let go of it. */
  readonly onGone?: () => void;
}

/** How the way to the first stop ended. */
type Arrival = { readonly isThere: true } | { readonly isThere: false; readonly words: string };

export class QuietRun implements PanelSource {
  private readonly client: QuietClient;
  private readonly options: QuietRunOptions;
  private state: PanelState | undefined;
  private readonly arrival: Promise<Arrival>;
  private arrive: (arrival: Arrival) => void = () => undefined;
  private initialized: () => void = () => undefined;
  private lastError = '';
  private isDisposed = false;

  private constructor(options: QuietRunOptions) {
    const { host } = options;
    this.options = options;
    this.arrival = new Promise((resolve) => {
      this.arrive = resolve;
    });
    this.client = new QuietClient(createSession(host), (event, body) => {
      this.takeEvent(event, body);
    });
  }

  /** Opens a moment. Errors: rejects with the words of the launch, or of the way to the moment. */
  static async open(options: QuietRunOptions): Promise<QuietRun> {
    const run = new QuietRun(options);
    await run.launch();
    return run;
  }

  async request<N extends CustomRequestName>(
    name: N,
    args: CustomRequests[N]['arguments'],
  ): Promise<CustomRequests[N]['result']> {
    return (await this.requestOf(name, args)) as CustomRequests[N]['result'];
  }

  async requestOf(
    name: CustomRequestName,
    args: Readonly<Record<string, unknown>>,
  ): Promise<unknown> {
    if (CHANGING_QUERIES.some((query) => query === name)) {
      throw new UserError(
        'only-looked-at',
        vscode.l10n.t('The session has ended, and the run is only looked at.'),
        vscode.l10n.t('Press "Debug From Here" to go on from this moment.'),
      );
    }
    const { state } = this;
    if (name === 'faultline/moment' && args['direction'] === 'next' && state?.end !== undefined) {
      // A session would be left; here there is nowhere to go.
      const { reason, position, clockNs, moment } = state;
      return { reached: false, reason, position, clockNs, moment };
    }
    return await this.client.request(name, args);
  }

  /** Lets go of the run. */
  dispose(): void {
    if (this.isDisposed) return;
    this.isDisposed = true;
    this.arrive({ isThere: false, words: '' });
    void this.client.request('disconnect').catch(() => undefined);
  }

  private async launch(): Promise<void> {
    const { moment, historyMegabytes } = this.options;
    const initialized = new Promise<void>((resolve) => {
      this.initialized = resolve;
    });
    await this.client.request('initialize', { adapterID: 'faultline', clientID: 'panel' });
    await this.client.request('launch', {
      moment,
      ...(historyMegabytes === undefined ? {} : { historyMegabytes }),
    });
    await initialized;
    await this.client.request('configurationDone');
    const arrival = await this.arrival;
    if (arrival.isThere) return;
    this.dispose();
    throw new UserError(
      'moment-not-reached',
      arrival.words === '' ? vscode.l10n.t('The run was closed.') : arrival.words,
      vscode.l10n.t('Open the moment as a session to see more.'),
    );
  }

  private takeEvent(event: string, body: unknown): void {
    switch (event) {
      case 'initialized':
        this.initialized();
        return;
      case 'output': {
        const { category, output } = body as { readonly category: string; readonly output: string };
        if (category === 'stderr') this.lastError = output.trim();
        return;
      }
      case 'stopped':
        this.arrive({ isThere: true });
        return;
      case 'terminated':
        this.arrive({ isThere: false, words: this.lastError });
        if (!this.isDisposed) this.options.onGone?.();
        return;
      case 'faultline/state':
        if (this.isDisposed) return;
        this.state = body as PanelState;
        this.options.onState(this.state);
    }
  }
}
