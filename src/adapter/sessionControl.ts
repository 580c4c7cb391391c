/**
 * What the handlers of requests may do with the session they belong to.
 */
import type { Intervention } from '../debugger/debugger.ts';
import type { DebugStop } from '../debugger/debugStop.ts';
import type { Operation } from '../debugger/operation.ts';
import type { Waypoints } from '../debugger/waypoints.ts';
import type { BreakpointBook } from './breakpointBook.ts';
import type { ClientConventions } from './clientConventions.ts';
import type { AdapterHost } from './host.ts';
import type { LaunchedRun } from './launchedRun.ts';
import type { LongWork } from './longWork.ts';
import type { ProgressDesk } from './progress.ts';
import type { LookBacks } from './lookBacks.ts';
import type { RunReferences } from './runReferences.ts';

/** How far a session has come. */
export type SessionPhase =
  /** Nothing has been launched. */
  | 'idle'
  | 'launching'
  /** Launched; the client sends breakpoints. */
  | 'configuring'
  | 'running'
  | 'stopped'
  /** The run is over, or the client has gone. */
  | 'ended';

export interface SessionControl {
  readonly host: AdapterHost;
  readonly client: ClientConventions;
  readonly book: BreakpointBook;
  readonly references: RunReferences;
  /** Tells the client about long work. */
  readonly progress: ProgressDesk;
  /** The user's checkpoints, which outlive a restart. */
  readonly waypoints: Waypoints;
  readonly lookBacks: LookBacks;
  phase: SessionPhase;
  /** What was launched; kept for a restart. */
  run: LaunchedRun | undefined;
  /** Whether the user wants numbers in hexadecimal. */
  isHex: boolean;
  /** Grows with every stop. */
  readonly rev: number;
  /** Sends an event with a body. */
  emitEvent(event: string, body?: unknown): void;
  /** Writes text of ours to the debug console, in colors where the client shows them. */
  tell(text: string, category?: 'stdout' | 'stderr'): void;
  /** A text of ours as the client shows it: with colors, or plain. */
  styled(text: string): string;
  /** Writes text of the running program to the debug console, as it is. */
  print(text: string, category?: 'stdout' | 'stderr'): void;
  /** The launched run, at a stop. Errors: a silent `UserError` in any other phase. */
  requireStopped(): LaunchedRun;
  /**
   * Does an operation; the client is told when it ends. With `announces`, work that outlasts a slice
   * is announced by `continued`, as for requests that DAP does not know. `work` is what the client's
   * progress shows of it. `undefined` when abandoned.
   */
  move(operation: Operation, announces?: boolean, work?: LongWork): Promise<DebugStop | undefined>;
  /**
   * Does an operation that leaves the run where it is: the client is not told. `undefined` when given up or
   * abandoned. Errors: those of the operation.
   */
  inquire<Result>(operation: Operation<Result | undefined>): Promise<Result | undefined>;
  /** The same for a look that is soon over: what the panel asks meanwhile waits for its end. */
  look<Result>(operation: Operation<Result | undefined>): Promise<Result | undefined>;
  /** Tells the client that the user has changed something where the run stands. */
  announceChange(run: LaunchedRun): void;
  /** Tells the client that the run stands somewhere else, without an operation. */
  announceStop(run: LaunchedRun, stop: DebugStop): void;
  /** Changes the run and tells the client that it stands there anew. */
  change(run: LaunchedRun, intervention: Intervention, text: string): void;
  /** Whether a request, by its `seq`, has not been answered yet. */
  isUnanswered(seq: number): boolean;
  /** Lets the run go on to its end without a debugger, for a client that leaves. Nothing stops it any more. */
  runOut(run: LaunchedRun): Promise<void>;
  /** Asks the operation in progress to stop; the stop is announced as usual. */
  requestPause(): void;
  /** Drops the operation in progress without a stop, for a restart or the end. */
  abandonWork(): void;
}
