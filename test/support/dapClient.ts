/**
 * A DAP client in memory: sends requests to a session and keeps the whole conversation.
 *
 * It checks what holds for every conversation: `seq` grows, each request gets one response, nothing
 * is `stopped` before `configurationDone`.
 */
import type { DebugProtocol } from '@vscode/debugprotocol';

/** The side of a session that a client needs. */
export interface SessionEnd {
  handleMessage(message: DebugProtocol.ProtocolMessage): void;
  onDidSendMessage(listener: (message: object) => void): unknown;
}

type Listener = (message: DebugProtocol.Event) => void;

/** What a request was answered with. */
export interface Answer {
  readonly success: boolean;
  readonly message: string | undefined;
  // The bodies of DAP are read freely in tests.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly body: any;
}

export class DapClient {
  readonly messages: DebugProtocol.ProtocolMessage[] = [];
  readonly events: DebugProtocol.Event[] = [];
  /** What the session did that no session may do; a test asserts that it is empty. */
  readonly violations: string[] = [];
  private readonly session: SessionEnd;
  private readonly pending = new Map<number, (answer: Answer) => void>();
  private readonly answered = new Set<number>();
  private readonly listeners = new Set<Listener>();
  private seq = 0;
  private lastSeq = 0;
  private isConfigured = false;

  constructor(session: SessionEnd) {
    this.session = session;
    session.onDidSendMessage((message) => {
      this.receive(message as DebugProtocol.ProtocolMessage);
    });
  }

  /** Sends a request and waits for its answer, good or bad. */
  async send(command: string, args: object = {}): Promise<Answer> {
    this.seq += 1;
    const { seq } = this;
    if (command === 'configurationDone') this.isConfigured = true;
    const request: DebugProtocol.Request = { seq, type: 'request', command, arguments: args };
    const answer = new Promise<Answer>((resolve) => this.pending.set(seq, resolve));
    this.messages.push(request);
    this.session.handleMessage(request);
    return await answer;
  }

  /** Sends a request that must succeed; the body of its answer. */
  async ask(command: string, args: object = {}): Promise<Answer['body']> {
    const answer = await this.send(command, args);
    if (!answer.success) throw new Error(`${command} failed: ${answer.message ?? ''}`);
    return answer.body;
  }

  /** Waits for the next event of one of these kinds. */
  async waitFor(...kinds: readonly string[]): Promise<DebugProtocol.Event> {
    return await new Promise((resolve) => {
      const listener: Listener = (event) => {
        if (!kinds.includes(event.event)) return;
        this.listeners.delete(listener);
        resolve(event);
      };
      this.listeners.add(listener);
    });
  }

  /** Sends a request that moves the machine, and waits until it stands or has ended. */
  async move(command: string, args: object = {}): Promise<DebugProtocol.Event> {
    const arrival = this.waitFor('stopped', 'terminated');
    await this.ask(command, args);
    return await arrival;
  }

  /** Initializes, launches, sets breakpoints and waits for the first stop. */
  async start(
    launch: object,
    breakpoints: readonly { readonly path: string; readonly lines: readonly number[] }[] = [],
  ): Promise<DebugProtocol.Event> {
    await this.ask('initialize', { adapterID: 'faultline', clientID: 'test' });
    const initialized = this.waitFor('initialized');
    // Most tests end with the run.
    await this.ask('launch', { stopAtEnd: false, ...launch });
    await initialized;
    for (const { path, lines } of breakpoints) {
      const wanted = lines.map((line) => ({ line }));
      await this.ask('setBreakpoints', { source: { path }, breakpoints: wanted });
    }
    return await this.move('configurationDone');
  }

  /** How many requests have not been answered yet. */
  get unanswered(): number {
    return this.pending.size;
  }

  /** All text of the debug console so far. */
  get output(): string {
    return this.events
      .filter((event) => event.event === 'output')
      .map((event) => (event.body as { output: string }).output)
      .join('');
  }

  private receive(message: DebugProtocol.ProtocolMessage): void {
    this.messages.push(message);
    if (message.seq <= this.lastSeq) this.violations.push('seq does not grow');
    this.lastSeq = message.seq;
    if (message.type === 'response') this.receiveResponse(message as DebugProtocol.Response);
    else this.receiveEvent(message as DebugProtocol.Event);
  }

  private receiveResponse(response: DebugProtocol.Response): void {
    const seq = response.request_seq;
    if (this.answered.has(seq)) this.violations.push(`request ${String(seq)} was answered twice`);
    this.answered.add(seq);
    const resolve = this.pending.get(seq);
    if (resolve === undefined) this.violations.push(`nobody asked for ${String(seq)}`);
    this.pending.delete(seq);
    const { success, message } = response;
    resolve?.({ success, message, body: response.body as unknown });
  }

  private receiveEvent(event: DebugProtocol.Event): void {
    if (event.event === 'stopped' && !this.isConfigured) {
      this.violations.push('stopped before configurationDone');
    }
    this.events.push(event);
    for (const listener of [...this.listeners]) listener(event);
  }
}
