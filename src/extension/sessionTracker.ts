/**
 * Follows the Faultline session of the window: the state of its last stop, whether it runs, and the
 * custom requests to it, typed.
 */
import * as vscode from 'vscode';
import { UserError } from '../base/errors.ts';
import type { PanelState } from '../view/panelState.ts';
import type {
  CustomEvents,
  CustomRequestName,
  CustomRequests,
  DiagnosticItem,
} from '../view/protocol.ts';
import { DEBUG_TYPE } from './ids.ts';
import { launchedNames } from './launchedNames.ts';
import type { PanelSource } from './panelSource.ts';

/** What happened to the session. */
export type SessionChange =
  | { readonly kind: 'started' }
  | { readonly kind: 'state'; readonly state: PanelState }
  /** The user has selected another task in the call stack. */
  | { readonly kind: 'selected'; readonly taskId: number }
  | { readonly kind: 'running' }
  | { readonly kind: 'diagnostics'; readonly diagnostics: readonly DiagnosticItem[] }
  /** The session is about to end, and its run stands at this moment. */
  | { readonly kind: 'lastMoment'; readonly text: string }
  | { readonly kind: 'ended' };

/** A run shorter than this is not announced, so that the panel does not flicker at every step. */
const ANNOUNCE_RUNNING_MS = 200;

const RUNNING_REQUESTS = new Set([
  'continue',
  'next',
  'stepIn',
  'stepOut',
  'stepBack',
  'reverseContinue',
  'restart',
  'faultline/moment',
  'faultline/seek',
  'faultline/reverse',
  'faultline/switchTo',
  'faultline/runUntilBlocked',
  'faultline/goToCheckpoint',
  'goto',
  'restartFrame',
]);

/** What counts of a request. */
interface Asked {
  readonly command?: string;
  readonly seq?: number;
}

/** What counts of a response. */
interface Answered {
  readonly request_seq?: number;
  readonly success?: boolean;
  readonly command?: string;
}

export class SessionTracker implements PanelSource, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<SessionChange>();
  private readonly subscriptions: { dispose(): unknown }[] = [];
  private session: vscode.DebugSession | undefined;
  private state: PanelState | undefined;
  /** DAP's thread id of the task that is selected. */
  private selectedId: number | undefined;
  /** The request that lets the machine run, until it stops; and whether that was told. */
  private running: { readonly seq: number | undefined; isTold: boolean } | undefined;
  private runningTimer: ReturnType<typeof setTimeout> | undefined;

  readonly onDidChange = this.changed.event;

  constructor() {
    this.subscriptions.push(
      this.changed,
      vscode.debug.onDidStartDebugSession((session) => {
        if (session.type !== DEBUG_TYPE) return;
        this.endRun();
        this.session = session;
        this.state = undefined;
        this.selectedId = undefined;
        this.changed.fire({ kind: 'started' });
      }),
      vscode.debug.onDidTerminateDebugSession((session) => {
        if (session !== this.session) return;
        this.endRun();
        this.session = undefined;
        this.changed.fire({ kind: 'ended' });
      }),
      vscode.debug.onDidReceiveDebugSessionCustomEvent((event) => {
        if (event.session.type === DEBUG_TYPE) this.takeEvent(event);
      }),
      vscode.debug.onDidChangeActiveStackItem((item) => {
        if (item === undefined || item.session !== this.session || this.state === undefined) return;
        if (item.threadId === this.selectedId) return;
        this.selectedId = item.threadId;
        this.changed.fire({ kind: 'selected', taskId: item.threadId });
      }),
      vscode.debug.registerDebugAdapterTrackerFactory(DEBUG_TYPE, {
        createDebugAdapterTracker: () => ({
          onWillReceiveMessage: ({ command, seq }: Asked) => {
            if (RUNNING_REQUESTS.has(command ?? '')) this.beginRun(seq);
          },
          onDidSendMessage: ({ request_seq: seq, success, command }: Answered) => {
            // Our own requests are answered on arrival.
            const hasArrived = success === false || command?.startsWith('faultline/') === true;
            if (hasArrived && seq !== undefined) this.standStill(seq);
          },
        }),
      }),
    );
  }

  /** The session, if one is alive. */
  get active(): vscode.DebugSession | undefined {
    return this.session;
  }

  /** What the session runs: the name of a kernel that ships, or a folder. */
  get runningKernel(): string | undefined {
    const { configuration } = this.session ?? {};
    return configuration && launchedNames(configuration).kernel;
  }

  /** The state of the last stop of the session that is alive or has just ended. */
  get lastState(): PanelState | undefined {
    return this.state;
  }

  /** The task that is selected in the call stack, as a thread id: at a stop the one that stopped. */
  get selectedTaskId(): number | undefined {
    return this.selectedId;
  }

  /** Sends a custom request. Errors: rejects when there is no session or the adapter refuses. */
  async request<N extends CustomRequestName>(
    name: N,
    args: CustomRequests[N]['arguments'],
  ): Promise<CustomRequests[N]['result']> {
    return (await this.requireSession().customRequest(name, args)) as CustomRequests[N]['result'];
  }

  /** The same for arguments that only the adapter checks. */
  async requestOf(
    name: CustomRequestName,
    args: Readonly<Record<string, unknown>>,
  ): Promise<unknown> {
    return this.requireSession().customRequest(name, args);
  }

  /** The user has selected a task elsewhere than in the call stack. */
  select(taskId: number): void {
    if (taskId === this.selectedId) return;
    this.selectedId = taskId;
    this.changed.fire({ kind: 'selected', taskId });
  }

  /** Steps a task over while the others stand still. Errors: as for `request`. */
  async stepAlone(threadId: number): Promise<void> {
    await this.requireSession().customRequest('next', { threadId, singleThread: true });
  }

  private requireSession(): vscode.DebugSession {
    if (this.session !== undefined) return this.session;
    throw new UserError(
      'no-session',
      vscode.l10n.t('No Faultline session is running.'),
      vscode.l10n.t('Start one with F5 or with "Faultline: Start Scenario…".'),
    );
  }

  /** Ends the session, if there is one, and waits until it is gone. */
  async stop(): Promise<void> {
    const { session } = this;
    if (session === undefined) return;
    const gone = new Promise<void>((resolve) => {
      const subscription = this.changed.event(({ kind }) => {
        if (kind !== 'ended') return;
        subscription.dispose();
        resolve();
      });
    });
    await vscode.debug.stopDebugging(session);
    await gone;
  }

  /** Waits for the next state that satisfies the condition, or for the end of the session. */
  nextState(condition: (state: PanelState) => boolean = () => true): Promise<PanelState> {
    return new Promise((resolve, reject) => {
      const subscription = this.changed.event((change) => {
        if (change.kind === 'state' && condition(change.state)) {
          subscription.dispose();
          resolve(change.state);
        } else if (change.kind === 'ended') {
          subscription.dispose();
          reject(
            new UserError(
              'session-ended',
              vscode.l10n.t('The session ended before it stopped.'),
              vscode.l10n.t('See the debug console.'),
            ),
          );
        }
      });
    });
  }

  dispose(): void {
    this.endRun();
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private takeEvent(event: vscode.DebugSessionCustomEvent): void {
    if (event.event === 'faultline/state') {
      this.endRun();
      const state = event.body as CustomEvents['faultline/state'];
      // A change where the run stands leaves the selection as it is.
      if (state.position !== this.state?.position) this.selectedId = state.stoppedTaskId;
      this.state = state;
      this.changed.fire({ kind: 'state', state });
    } else if (event.event === 'faultline/diagnostics') {
      const { diagnostics } = event.body as CustomEvents['faultline/diagnostics'];
      this.changed.fire({ kind: 'diagnostics', diagnostics });
    } else if (event.event === 'faultline/lastMoment' && event.session === this.session) {
      const { text } = event.body as CustomEvents['faultline/lastMoment'];
      this.changed.fire({ kind: 'lastMoment', text });
    }
  }

  private beginRun(seq: number | undefined): void {
    // While it runs others are refused.
    if (this.running !== undefined) return;
    const running = { seq, isTold: false };
    this.running = running;
    this.runningTimer = setTimeout(() => {
      running.isTold = true;
      this.changed.fire({ kind: 'running' });
    }, ANNOUNCE_RUNNING_MS);
  }

  /** The request has been answered, and if no state came with it the machine stands where it stood. */
  private standStill(seq: number): void {
    if (this.running?.seq !== seq) return;
    const { isTold } = this.running;
    this.endRun();
    if (isTold && this.state !== undefined) {
      this.changed.fire({ kind: 'state', state: this.state });
    }
  }

  private endRun(): void {
    this.running = undefined;
    clearTimeout(this.runningTimer);
  }
}
