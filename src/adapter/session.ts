/**
 * A debug session: DAP requests in, responses and events out.
 *
 * Every request is answered exactly once, unknown ones with an error. What a request means stands in
 * the tables of handlers; this class keeps the phase of the session, runs operations in slices and
 * turns their stops into events. It reads no files and no clock but through its host.
 */
import { DebugSession, Event, Response } from '@vscode/debugadapter';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { formatDuration } from '../base/duration.ts';
import { BugError, UserError } from '../base/errors.ts';
import type { Intervention } from '../debugger/debugger.ts';
import type { DebugStop } from '../debugger/debugStop.ts';
import type { Operation } from '../debugger/operation.ts';
import { filterOfEnd } from '../debugger/stopFilters.ts';
import { Waypoints } from '../debugger/waypoints.ts';
import { breakpointHandlers } from './breakpointHandlers.ts';
import { dataBreakpointHandlers } from './dataBreakpointHandlers.ts';
import { BreakpointBook } from './breakpointBook.ts';
import { ClientConventions } from './clientConventions.ts';
import { styleText } from './consoleStyle.ts';
import { customHandlers } from './customHandlers.ts';
import { stopsAtFailure, type ExceptionOption } from './exceptionOptions.ts';
import type { Handler, HandlerTable, Reply } from './handler.ts';
import type { AdapterHost } from './host.ts';
import { inspectionHandlers } from './inspectionHandlers.ts';
import { editorHandlers } from './editorHandlers.ts';
import { launchHandlers } from './launchHandlers.ts';
import type { LaunchedRun } from './launchedRun.ts';
import { createMeter, type LongWork } from './longWork.ts';
import { LookBacks } from './lookBacks.ts';
import { memoryHandlers } from './memoryHandlers.ts';
import { motionHandlers } from './motionHandlers.ts';
import { ProgressDesk } from './progress.ts';
import { RunReferences } from './runReferences.ts';
import type { SessionControl, SessionPhase } from './sessionControl.ts';
import { SlicedWorker } from './slicedWorker.ts';
import { SliceOutput, type OutputCategory } from './sliceOutput.ts';
import { sourceHandlers } from './sourceHandlers.ts';
import { PANEL_QUERIES } from '../view/protocol.ts';
import { announceEnd, announceStop, reportFinish, threadOfStop } from './stopEvents.ts';
import { whatIfHandlers } from './whatIfHandlers.ts';

/**
 * Whether the session is over: the run has finished or failed, and the user goes on from there, wants no
 * debugging or does not want to look at such ends.
 */
function isEnd(
  run: LaunchedRun,
  options: readonly ExceptionOption[],
  before: DebugStop,
  stop: DebugStop,
): boolean {
  if (stop.final === undefined) return false;
  const isSeen = before.final !== undefined && before.position === stop.position;
  const filter = filterOfEnd(stop.final);
  const isWanted =
    filter === undefined ? run.launch.stopAtEnd : run.debugger.breakpoints.hasFilter(filter);
  const isOfInterest = stopsAtFailure(options, stop.final) ?? isWanted;
  return !isOfInterest || isSeen || run.launch.noDebug;
}

/** How long a run whose client leaves may go on, in milliseconds: VS Code waits for 2 s. */
const LEFT_RUN_MS = 1500;

/** A session of one client. */
export class FaultlineSession extends DebugSession implements SessionControl {
  readonly host: AdapterHost;
  readonly client = new ClientConventions();
  readonly book = new BreakpointBook();
  readonly references = new RunReferences();
  readonly progress: ProgressDesk;
  readonly waypoints = new Waypoints();
  readonly lookBacks: LookBacks;
  phase: SessionPhase = 'idle';
  /** What was launched; kept for a restart. */
  run: LaunchedRun | undefined;
  isHex = false;
  /** Grows with every stop. */
  rev = 0;
  /** The `seq` of requests that are being handled. */
  private readonly unanswered = new Set<number>();
  private readonly handlers: HandlerTable;
  private readonly worker: SlicedWorker;
  private readonly output = new SliceOutput((text, category) => {
    this.emitEvent('output', { category, output: text });
  });
  /** The client is leaving, and the run goes on to its end. */
  private isLeaving = false;
  /** While the panel looks at another moment, what else it asks waits: it lasts less than a user notices. */
  private looking: Promise<void> | undefined;

  constructor(host: AdapterHost) {
    super();
    this.host = host;
    this.worker = new SlicedWorker(host);
    this.progress = new ProgressDesk({
      host,
      isWanted: () => this.client.takesProgress,
      emitEvent: (event, body) => {
        this.emitEvent(event, body);
      },
    });
    this.lookBacks = new LookBacks(this);
    this.handlers = {
      ...launchHandlers(this),
      ...breakpointHandlers(this),
      ...dataBreakpointHandlers(this),
      ...motionHandlers(this),
      ...inspectionHandlers(this),
      ...sourceHandlers(this),
      ...whatIfHandlers(this),
      ...memoryHandlers(this),
      ...customHandlers(this),
      ...editorHandlers(this),
    };
  }

  /** Sends an event with a body. */
  emitEvent(event: string, body?: unknown): void {
    this.sendEvent(new Event(event, body));
  }

  /**
   * Writes a line to the debug console. Not in the category `console`: VS Code shows that in the color of
   * warnings, which nobody can read on a projector.
   */
  print(text: string, category: OutputCategory = 'stdout'): void {
    this.output.print(text, category);
  }

  styled(text: string): string {
    if (!this.client.takesStyles) return text;
    const tasks = this.run?.debugger.target.tasks ?? [];
    return styleText(
      text,
      tasks.map(({ name }) => name),
    );
  }

  tell(text: string, category: 'stdout' | 'stderr' = 'stdout'): void {
    this.print(this.styled(text), category);
  }

  /** The launched run, at a stop. Errors: a silent `UserError` in any other phase. */
  requireStopped(): LaunchedRun {
    if (this.run === undefined || this.phase === 'configuring') {
      throw new UserError('not-launched', 'Nothing is being debugged.', 'Launch first.', true);
    }
    if (this.phase !== 'stopped') {
      throw new UserError('running', 'The machine is running.', 'Pause it first.', true);
    }
    return this.run;
  }

  /**
   * Starts an operation; the client is told when it ends. `continued` is sent only when the work
   * lasts longer than a slice and `announces` is set, as for requests that DAP does not know.
   */
  async move(
    operation: Operation,
    announces = false,
    work?: LongWork,
  ): Promise<DebugStop | undefined> {
    const { run } = this;
    if (run === undefined) throw new BugError('an operation without a run');
    const before = run.debugger.lastStop;
    this.phase = 'running';
    this.references.clear();
    const stop = await this.workOn(run, operation, announces, work);
    if (stop === undefined || this.run !== run || this.isOver()) return undefined;
    await this.arrive(run, before, stop);
    return stop;
  }

  /** Works on an operation in slices and tells the client how far it is. */
  private async workOn(
    run: LaunchedRun,
    operation: Operation,
    announces: boolean,
    work: LongWork | undefined,
  ): Promise<DebugStop | undefined> {
    const before = run.debugger.lastStop;
    const onLong = (): void => {
      if (!announces) return;
      const threadId = threadOfStop(run, before);
      this.emitEvent('continued', { threadId, allThreadsContinued: true });
    };
    const sliced = {
      advance: (budget: number) => this.output.during(() => operation.advance(budget)),
      interrupt: () => operation.interrupt(),
    };
    if (work === undefined) return await this.worker.run(sliced, onLong);
    const meter = createMeter(run.debugger.target, work);
    const progress = this.progress.begin(work.title, () => {
      this.requestPause();
    });
    try {
      return await this.worker.run(sliced, onLong, () => {
        const { message, fraction } = meter();
        progress.report(message, fraction);
      });
    } finally {
      progress.end();
    }
  }

  async inquire<Result>(operation: Operation<Result | undefined>): Promise<Result | undefined> {
    const { run } = this;
    this.phase = 'running';
    try {
      return await this.worker.run(operation, () => undefined);
    } finally {
      // Unless the run was restarted or ended meanwhile.
      if (this.run === run && !this.isOver()) this.phase = 'stopped';
    }
  }

  async look<Result>(operation: Operation<Result | undefined>): Promise<Result | undefined> {
    const seen = this.inquire(operation);
    const over = seen.then(
      () => undefined,
      () => undefined,
    );
    this.looking = over;
    try {
      return await seen;
    } finally {
      if (this.looking === over) this.looking = undefined;
    }
  }

  isUnanswered(seq: number): boolean {
    return this.unanswered.has(seq);
  }

  announceChange(run: LaunchedRun): void {
    this.rev += 1;
    if (this.client.takesInvalidations)
      this.emitEvent('invalidated', { areas: ['stacks', 'variables'] });
    this.emitEvent('faultline/state', run.buildState(run.debugger.lastStop, this.rev));
  }

  change(run: LaunchedRun, intervention: Intervention, text: string): void {
    run.debugger.intervene(intervention, text);
    this.announceStop(run, run.debugger.standAgain());
  }

  announceStop(run: LaunchedRun, stop: DebugStop): void {
    this.references.clear();
    this.rev += 1;
    announceStop(this, run, stop);
  }

  async runOut(run: LaunchedRun): Promise<void> {
    const { debugger: debug } = run;
    const { host } = this;
    if (this.isLeaving) return;
    this.isLeaving = true;
    await this.worker.settle();
    // It had come to its end, and is about to say so.
    while (this.phase === 'running' && debug.lastStop.final !== undefined) await host.yieldToHost();
    if (this.isOver()) return;
    this.phase = 'running';
    const until = host.now() + LEFT_RUN_MS;
    const stop = await this.worker.run(
      debug.runOut(),
      () => undefined,
      () => {
        if (host.now() > until) this.requestPause();
      },
    );
    if (stop === undefined || this.run !== run || this.isOver()) return;
    if (stop.final !== undefined) {
      await announceEnd(this, run, stop);
      return;
    }
    const time = formatDuration(debug.target.machine.nowNs());
    this.tell(`The run has been left after ${time} of virtual time: it has no end in sight.\n`);
  }

  /** Asks the operation in progress to stop; the stop is announced as usual. */
  requestPause(): void {
    this.worker.requestPause();
  }

  /** Drops the operation in progress without a stop, for a restart or the end. */
  abandonWork(): void {
    this.worker.abandon();
  }

  protected override dispatchRequest(request: DebugProtocol.Request): void {
    void this.answer(request);
  }

  private isOver(): boolean {
    return this.phase === 'ended';
  }

  private async arrive(run: LaunchedRun, before: DebugStop, stop: DebugStop): Promise<void> {
    this.rev += 1;
    if (isEnd(run, this.book.exceptionOptions, before, stop)) {
      await announceEnd(this, run, stop);
      return;
    }
    if (stop.final?.kind === 'finished' && !(await reportFinish(this, run, stop))) return;
    this.phase = 'stopped';
    announceStop(this, run, stop);
  }

  private async answer(request: DebugProtocol.Request): Promise<void> {
    const response: DebugProtocol.Response = new Response(request);
    let reply: Reply | undefined;
    this.unanswered.add(request.seq);
    try {
      reply = await this.handle(request);
    } catch (error) {
      this.sendFailure(response, error);
      return;
    } finally {
      this.unanswered.delete(request.seq);
    }
    if (reply.body !== undefined) response.body = reply.body;
    this.sendResponse(response);
    try {
      await reply.afterwards?.();
    } catch (error) {
      if (error instanceof UserError) this.endWith(error);
      else this.reportBug(error);
    }
  }

  private async handle(request: DebugProtocol.Request): Promise<Reply> {
    const handler: Handler | undefined = Object.hasOwn(this.handlers, request.command)
      ? this.handlers[request.command]
      : undefined;
    if (handler === undefined) {
      throw new UserError(
        'unknown-request',
        `This adapter does not know the request "${request.command}".`,
        'Use a request that its capabilities announce.',
        true,
      );
    }
    const waits = PANEL_QUERIES.some((name) => name === request.command);
    while (waits && this.looking !== undefined) await this.looking;
    const values: unknown = request.arguments;
    const raw = typeof values === 'object' && values !== null ? { ...values } : {};
    return await handler(raw, request.seq);
  }

  private sendFailure(response: DebugProtocol.Response, error: unknown): void {
    if (error instanceof UserError) {
      const text = error.silent ? error.message : `${error.message} ${error.remedy}`;
      response.success = false;
      response.message = text;
      response.body = { error: { id: 1, format: text, showUser: !error.silent } };
      this.sendResponse(response);
      return;
    }
    this.reportBug(error);
    const text = error instanceof Error ? error.message : String(error);
    response.success = false;
    response.message = `Internal error: ${text}`;
    response.body = { error: { id: 70, format: response.message, showUser: false } };
    this.sendResponse(response);
  }

  /** The run cannot go on: a schedule does not fit it, which shows only on the way. */
  private endWith(error: UserError): void {
    this.tell(`${error.message} ${error.remedy}\n`, 'stderr');
    this.phase = 'ended';
    this.emitEvent('terminated');
  }

  private reportBug(error: unknown): void {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.host.logBug?.(text);
    this.print(`Internal error of Faultline: ${text}\n`, 'stderr');
  }
}
