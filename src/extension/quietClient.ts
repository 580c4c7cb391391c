/**
 * A client of a debug adapter in the same process: requests as promises, events to one listener.
 *
 * VS Code knows nothing of the session behind it: there is no toolbar, no console, no call stack.
 */
import type { DebugProtocol } from '@vscode/debugprotocol';

/** The side of a debug adapter that a client needs. */
export interface AdapterEnd {
  handleMessage(message: DebugProtocol.ProtocolMessage): void;
  onDidSendMessage(listener: (message: object) => void): unknown;
}

interface Waiting {
  resolve(body: unknown): void;
  reject(reason: Error): void;
}

export class QuietClient {
  private readonly adapter: AdapterEnd;
  private readonly onEvent: (event: string, body: unknown) => void;
  private readonly waiting = new Map<number, Waiting>();
  private seq = 0;

  constructor(adapter: AdapterEnd, onEvent: (event: string, body: unknown) => void) {
    this.adapter = adapter;
    this.onEvent = onEvent;
    adapter.onDidSendMessage((message) => {
      this.receive(message as DebugProtocol.ProtocolMessage);
    });
  }

  /** The body of the answer. Errors: rejects with the adapter's words when it refuses. */
  request(command: string, args: object = {}): Promise<unknown> {
    this.seq += 1;
    const { seq } = this;
    const request: DebugProtocol.Request = { seq, type: 'request', command, arguments: args };
    return new Promise((resolve, reject) => {
      this.waiting.set(seq, { resolve, reject });
      this.adapter.handleMessage(request);
    });
  }

  private receive(message: DebugProtocol.ProtocolMessage): void {
    if (message.type === 'event') {
      const told = message as DebugProtocol.Event;
      this.onEvent(told.event, told.body);
      return;
    }
    if (message.type !== 'response') return;
    const answer = message as DebugProtocol.Response;
    const waiting = this.waiting.get(answer.request_seq);
    this.waiting.delete(answer.request_seq);
    if (answer.success) waiting?.resolve(answer.body);
    else waiting?.reject(new Error(answer.message));
  }
}
