/**
 * Debug sessions in tests as stories: where a task stands is told by function and source line, never
 * by line number, so that an edited comment shakes no test.
 */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { createSession } from '../../src/adapter/createSession.ts';
import type { AdapterHost } from '../../src/adapter/host.ts';
import type { FaultlineSession } from '../../src/adapter/session.ts';
import { createTestHost } from './adapterHost.ts';
import { DapClient } from './dapClient.ts';

/** A row of a call stack as tests compare it. */
export interface StoryFrame {
  readonly id: number;
  readonly name: string;
  readonly line: number;
  /** The source line, trimmed; empty for rows without source. */
  readonly text: string;
  readonly hint: string;
}

/** A session with the questions that tests ask. */
export class DapStory {
  readonly client: DapClient;
  private readonly session: FaultlineSession;
  /** Bugs that the session reported; a test asserts that there are none. */
  readonly bugs: string[] = [];
  private readonly texts = new Map<string, readonly string[]>();
  private lastStop: DebugProtocol.StoppedEvent['body'] | undefined;

  constructor(more: Partial<AdapterHost> = {}) {
    const host = createTestHost({}, {}, { logBug: (text) => this.bugs.push(text), ...more });
    this.session = createSession(host);
    this.client = new DapClient(this.session);
  }

  /** A hash of the machine's whole state, which no client can see. */
  get stateHash(): string {
    return this.session.requireStopped().debugger.target.machine.stateHash();
  }

  /** Launches and waits for the first stop; `breakpoints` as file ending → part of a source line. */
  async launch(launch: object): Promise<string> {
    return await this.describe(await this.client.start(launch));
  }

  /** Sends a request that moves the machine for the stopped task (or another); where it stands then. */
  async move(command: string, args: object = {}): Promise<string> {
    const threadId = this.lastStop?.threadId ?? 0;
    return await this.describe(await this.client.move(command, { threadId, ...args }));
  }

  /** The next or previous moment. */
  async moment(direction: 'next' | 'previous'): Promise<string> {
    const arrival = this.client.waitFor('stopped', 'terminated');
    await this.client.ask('faultline/moment', { direction });
    return await this.describe(await arrival);
  }

  /** Steps back over what was called, or out of the function. */
  async reverse(kind: 'over' | 'out'): Promise<string> {
    const arrival = this.client.waitFor('stopped', 'terminated');
    await this.client.ask('faultline/reverse', { kind, threadId: this.threadId });
    return await this.describe(await arrival);
  }

  /** Goes to an anchor. */
  async seek(anchor: string, task?: string, occurrence?: number): Promise<string> {
    const arrival = this.client.waitFor('stopped', 'terminated');
    await this.client.ask('faultline/seek', { moment: { anchor, task, occurrence } });
    return await this.describe(await arrival);
  }

  /** The task that stopped, as a thread id. */
  get threadId(): number {
    return this.lastStop?.threadId ?? 0;
  }

  /** The body of the last `stopped` event. */
  get stop(): DebugProtocol.StoppedEvent['body'] {
    if (this.lastStop === undefined) throw new Error('nothing has stopped');
    return this.lastStop;
  }

  /** The thread id of a task. */
  async thread(name: string): Promise<number> {
    const { threads } = (await this.client.ask('threads')) as { threads: DebugProtocol.Thread[] };
    const found = threads.find((thread) => thread.name.startsWith(`${name} `));
    if (found === undefined) throw new Error(`no task ${name}`);
    return found.id;
  }

  /** The call stack of a task. */
  async stack(threadId = this.threadId): Promise<readonly StoryFrame[]> {
    const body = (await this.client.ask('stackTrace', { threadId })) as {
      stackFrames: DebugProtocol.StackFrame[];
    };
    const frames: StoryFrame[] = [];
    for (const { id, name, line, source, presentationHint } of body.stackFrames) {
      const text = source === undefined ? '' : await this.sourceLine(source, line);
      frames.push({ id, name, line, text, hint: presentationHint ?? 'normal' });
    }
    return frames;
  }

  /** The frame of a function in the stopped task's stack. */
  async frameOf(name: string): Promise<StoryFrame> {
    const found = (await this.stack()).find((frame) => frame.name.startsWith(name));
    if (found === undefined) throw new Error(`no frame of ${name}`);
    return found;
  }

  /** The value of an expression in the innermost frame, or in the frame of a function. */
  async value(expression: string, functionName?: string): Promise<string> {
    const frame = functionName === undefined ? undefined : await this.frameOf(functionName);
    const place = frame === undefined ? {} : { frameId: frame.id };
    const context = 'watch';
    const body = (await this.client.ask('evaluate', { expression, context, ...place })) as {
      result: string;
    };
    return body.result;
  }

  /** What the console answers. */
  async console(expression: string): Promise<string> {
    const body = (await this.client.ask('evaluate', { expression, context: 'repl' })) as {
      result: string;
    };
    return body.result;
  }

  /** The path or URI of a shipped file, by the end of its name. */
  async sourceOf(ending: string): Promise<DebugProtocol.Source> {
    const { sources } = (await this.client.ask('loadedSources')) as {
      sources: DebugProtocol.Source[];
    };
    const found = sources.find((source) => source.path?.endsWith(ending));
    if (found === undefined) throw new Error(`no source ${ending}`);
    return found;
  }

  /** The number of the first line of a source that contains a text. */
  async lineWith(source: DebugProtocol.Source, part: string): Promise<number> {
    const lines = await this.linesOf(source);
    const index = lines.findIndex((line) => line.includes(part));
    if (index < 0) throw new Error(`no line with ${part}`);
    return index + 1;
  }

  /** Sets one breakpoint on the first line with a text; the adapter's answer. */
  async breakAt(ending: string, part: string): Promise<DebugProtocol.Breakpoint> {
    const source = await this.sourceOf(ending);
    const line = await this.lineWith(source, part);
    const body = (await this.client.ask('setBreakpoints', { source, breakpoints: [{ line }] })) as {
      breakpoints: DebugProtocol.Breakpoint[];
    };
    const [breakpoint] = body.breakpoints;
    if (breakpoint === undefined) throw new Error('no answer');
    return breakpoint;
  }

  /** `reason task — function: source line`. */
  private async describe(event: DebugProtocol.Event): Promise<string> {
    if (event.event !== 'stopped') return event.event;
    this.lastStop = event.body as DebugProtocol.StoppedEvent['body'];
    const { reason } = this.lastStop;
    const { threads } = (await this.client.ask('threads')) as { threads: DebugProtocol.Thread[] };
    const thread = threads.find(({ id }) => id === this.threadId);
    const frames = await this.stack();
    // As an editor does: the first frame that is not faint.
    const focused = frames.find((frame) => frame.hint === 'normal' && frame.text !== '');
    const task = thread?.name.split(' — ')[0] ?? '?';
    const place = focused === undefined ? 'nowhere' : `${focused.name}: ${focused.text}`;
    return `${reason} ${task} — ${place}`;
  }

  private async sourceLine(source: DebugProtocol.Source, line: number): Promise<string> {
    return (await this.linesOf(source))[line - 1]?.trim() ?? '';
  }

  private async linesOf(source: DebugProtocol.Source): Promise<readonly string[]> {
    const key = `${String(source.sourceReference ?? 0)} ${source.path ?? ''}`;
    const known = this.texts.get(key);
    if (known !== undefined) return known;
    const { sourceReference = 0 } = source;
    const body = (await this.client.ask('source', { source, sourceReference })) as {
      content: string;
    };
    const lines = body.content.split('\n');
    this.texts.set(key, lines);
    return lines;
  }
}
