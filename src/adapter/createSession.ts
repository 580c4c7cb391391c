/**
 * Makes debug sessions: for the extension, which runs them inline, and for the command line, which
 * connects them to stdio or a port.
 */
import type { AdapterHost } from './host.ts';
import { FaultlineSession } from './session.ts';

/**
 * A session that waits for `initialize`. Give it messages by `handleMessage`, take its messages from
 * `onDidSendMessage`.
 */
export function createSession(host: AdapterHost): FaultlineSession {
  return new FaultlineSession(host);
}
