// A small client of the Debug Adapter Protocol, the same for every adapter that is measured: over the stdio of a process, or in
// this process.
//
// A time counts from the moment before a request is written to the one at which the whole event or answer is there, parsed. The
// client never waits for anything else between two requests, so what an adapter still does after its answer delays the next one.
import { spawn } from 'node:child_process';
import { performance } from 'node:perf_hooks';

const SEPARATOR = '\r\n\r\n';

/** Starts an adapter and connects to it. */
export function connectToProcess(command, args) {
  const adapter = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const client = new AdapterClient((message) => {
    const text = JSON.stringify(message);
    adapter.stdin.write(`Content-Length: ${Buffer.byteLength(text)}${SEPARATOR}${text}`);
  });
  adapter.on('error', (error) => client.fail(error));
  adapter.on('exit', (code) => client.fail(new Error(`${command} has ended with ${code}.`)));
  adapter.stdin.on('error', () => undefined);
  let received = Buffer.alloc(0);
  adapter.stdout.on('data', (chunk) => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
    for (;;) {
      const end = received.indexOf(SEPARATOR);
      if (end < 0) return;
      const start = end + SEPARATOR.length;
      const length = Number(/Content-Length: *(\d+)/i.exec(received.toString('latin1', 0, end))[1]);
      if (received.length < start + length) return;
      const text = received.toString('utf8', start, start + length);
      received = received.subarray(start + length);
      client.receive(JSON.parse(text));
    }
  });
  client.close = () => {
    adapter.removeAllListeners('exit');
    adapter.kill();
  };
  return client;
}

/** Connects to a session in this process, as VS Code does to an inline adapter. */
export function connectToSession(session) {
  const client = new AdapterClient((message) => session.handleMessage(message));
  session.onDidSendMessage((message) => client.receive(message));
  client.close = () => session.dispose();
  return client;
}

export class AdapterClient {
  #write;
  #seq = 0;
  #pending = new Map();
  #waiting = new Map();
  #failure;

  constructor(write) {
    this.#write = write;
  }

  /** Sends a request; the body of its answer. Errors: rejects when it fails. */
  ask(command, args = {}) {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    this.#seq += 1;
    const seq = this.#seq;
    return new Promise((resolve, reject) => {
      this.#pending.set(seq, { resolve, reject });
      this.#write({ seq, type: 'request', command, arguments: args });
    });
  }

  /** Waits for the next event of a kind; its body. */
  waitFor(event) {
    return new Promise((resolve, reject) => {
      this.#waiting.set(event, { resolve, reject });
    });
  }

  /** Sends a request that moves the program and waits until it stands; the milliseconds, and the event's body. */
  async move(command, args) {
    const stopped = this.waitFor('stopped');
    const start = performance.now();
    const answer = this.ask(command, args);
    const stop = await stopped;
    const ms = performance.now() - start;
    await answer;
    return { ms, stop };
  }

  receive(message) {
    if (message.type === 'event') {
      this.#waiting.get(message.event)?.resolve(message.body);
      this.#waiting.delete(message.event);
      if (message.event === 'terminated') this.fail(new Error('The session has ended.'));
      return;
    }
    const pending = this.#pending.get(message.request_seq);
    this.#pending.delete(message.request_seq);
    if (message.success) pending?.resolve(message.body);
    else pending?.reject(new Error(`${message.command}: ${message.message}`));
  }

  /** Nothing more will come. */
  fail(error) {
    this.#failure = error;
    for (const { reject } of [...this.#pending.values(), ...this.#waiting.values()]) reject(error);
  }
}
