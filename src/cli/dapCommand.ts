/**
 * `faultline dap`: the debug adapter over stdio, or for one client after the other on a loopback port.
 *
 * The framing is ours; the session behind it never sees anything but JSON objects. What cannot be
 * read is answered with an error response to request 0 and skipped.
 */
import { createServer } from 'node:net';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { Command } from 'commander';
import { createSession } from '../adapter/createSession.ts';
import { UserError } from '../base/errors.ts';
import { EXIT_OK, type CommandEnvironment, type SetExitCode } from './commandEnvironment.ts';
import { frameMessage, MessageReader } from './messageFraming.ts';
import { createNodeAdapterHost } from './nodeAdapterHost.ts';
import { readPort } from './optionValues.ts';

/** The subcommand that serves debuggers. */
export function createDapCommand(
  environment: CommandEnvironment,
  setExitCode: SetExitCode,
): Command {
  return new Command('dap')
    .summary('run the debug adapter')
    .description('Speaks the Debug Adapter Protocol over stdio, or on a port of this computer.')
    .option('--port <n>', 'listen on this port of 127.0.0.1; 0 chooses a free one', readPort)
    .action(async ({ port }: { port?: number }) => {
      if (port === undefined) await serveClient(environment, environment.input, environment.output);
      else await servePort(environment, port);
      setExitCode(EXIT_OK);
    });
}

/** Our own request, when a client has gone; clients count theirs from 1. */
const DISCONNECT: DebugProtocol.Request = { seq: -1, type: 'request', command: 'disconnect' };

/** Serves one client until it disconnects or its stream ends. */
function serveClient(
  environment: CommandEnvironment,
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
): Promise<void> {
  return new Promise((resolve) => {
    let nextSeq = 1;
    let isGone = false;
    const send = (message: object): void => {
      if (output.writable) output.write(frameMessage({ ...message, seq: nextSeq }));
      nextSeq += 1;
    };
    const end = (): void => {
      input.pause();
      resolve();
    };
    const session = createSession(createNodeAdapterHost(environment, end));
    session.onDidSendMessage((message) => {
      const isToUs = 'request_seq' in message && message.request_seq === DISCONNECT.seq;
      if (!isToUs) send(message);
    });
    const reader = new MessageReader({
      message: (message) => {
        session.handleMessage({ seq: 0, type: 'request', ...message });
      },
      problem: (problem) => {
        const response = { type: 'response', request_seq: 0, success: false, command: '' };
        send({ ...response, message: problem });
      },
    });
    input.on('data', (chunk: Buffer) => reader.push(chunk));
    // A client that goes without a word leaves nothing running behind.
    const abandon = (): void => {
      if (isGone) return;
      isGone = true;
      session.handleMessage(DISCONNECT);
    };
    input.on('end', abandon);
    input.on('close', abandon);
    input.on('error', end);
    output.on('error', end);
  });
}

/** Listens until the process is ended; clients do not see one another. */
function servePort(environment: CommandEnvironment, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => {
      void serveClient(environment, socket, socket).then(() => socket.end());
    });
    server.on('error', (error) => {
      const reason =
        'code' in error && error.code === 'EADDRINUSE' ? 'it is in use' : error.message;
      const message = `Port ${String(port)} cannot be used: ${reason}.`;
      reject(new UserError('port', message, 'Choose another port, or 0 for a free one.'));
    });
    server.on('close', () => {
      resolve();
    });
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      const chosen = typeof address === 'object' && address !== null ? address.port : port;
      environment.write(1, `Listening on 127.0.0.1:${String(chosen)}\n`);
    });
  });
}
