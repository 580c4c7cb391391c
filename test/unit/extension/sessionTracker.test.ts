// What the tracker makes of a session's messages: when the machine is said to run, and when not.
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { SessionTracker, type SessionChange } from '../../../src/extension/sessionTracker.ts';

interface Listening {
  onWillReceiveMessage(message: unknown): void;
  onDidSendMessage(message: unknown): void;
}

interface Heard {
  start: (session: unknown) => void;
  event: (event: unknown) => void;
  messages: unknown;
}

const heard = vi.hoisted((): Heard => ({
  start: (_session: unknown): void => undefined,
  event: (_event: unknown): void => undefined,
  messages: undefined,
}));

vi.mock('vscode', async () => {
  const { vscodeMock } = await import('../../support/vscodeMock.ts');
  const nothing = () => ({ dispose: () => undefined });
  const debug = {
    onDidStartDebugSession: (listener: (session: unknown) => void) => {
      heard.start = listener;
      return nothing();
    },
    onDidTerminateDebugSession: nothing,
    onDidReceiveDebugSessionCustomEvent: (listener: (event: unknown) => void) => {
      heard.event = listener;
      return nothing();
    },
    onDidChangeActiveStackItem: nothing,
    registerDebugAdapterTrackerFactory: (
      _type: string,
      factory: { createDebugAdapterTracker(): unknown },
    ) => {
      heard.messages = factory.createDebugAdapterTracker();
      return nothing();
    },
  };
  return { ...vscodeMock, debug };
});

let changes: SessionChange[];
let tracker: SessionTracker;
const session = { type: 'faultline' };
const messages = (): Listening => heard.messages as Listening;
const kinds = (): string[] => changes.map(({ kind }) => kind);

beforeEach(() => {
  vi.useFakeTimers();
  changes = [];
  tracker = new SessionTracker();
  heard.start(session);
  stop(1);
  tracker.onDidChange((change) => changes.push(change));
});
afterEach(() => {
  tracker.dispose();
  vi.useRealTimers();
});

function stop(position: number): void {
  heard.event({ session, event: 'faultline/state', body: { position } });
}
function ask(seq: number, command = 'faultline/seek'): void {
  messages().onWillReceiveMessage({ type: 'request', seq, command });
}
function answer(seq: number, success: boolean, command = 'faultline/seek'): void {
  messages().onDidSendMessage({ type: 'response', request_seq: seq, success, command });
}

it('tells of a run that lasts, and of its stop', () => {
  ask(1);
  vi.advanceTimersByTime(500);
  expect(kinds()).toEqual(['running']);
  stop(2);
  answer(1, true);
  expect(kinds()).toEqual(['running', 'state']);
});

it('does not say that a machine runs which has refused to', () => {
  ask(1);
  answer(1, false);
  vi.advanceTimersByTime(500);
  expect(kinds()).toEqual([]);
});

it('does not say that a machine runs which had nowhere to go', () => {
  ask(1);
  answer(1, true);
  vi.advanceTimersByTime(500);
  expect(kinds()).toEqual([]);
});

it('shows the state again when the refusal took long', () => {
  ask(1);
  vi.advanceTimersByTime(500);
  answer(1, false);
  expect(changes).toMatchObject([{ kind: 'running' }, { kind: 'state', state: { position: 1 } }]);
});

it('goes on to say so when a second request is refused because of the first', () => {
  ask(1, 'continue');
  answer(1, true, 'continue');
  ask(2);
  answer(2, false);
  vi.advanceTimersByTime(500);
  expect(kinds()).toEqual(['running']);
  ask(3);
  answer(3, false);
  expect(kinds()).toEqual(['running']);
});
