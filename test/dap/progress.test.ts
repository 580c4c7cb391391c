// Long work is told to the client, with a delay, and can be cancelled. Time is the test's own.
import { describe, expect, it } from 'vitest';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { createSession } from '../../src/adapter/createSession.ts';
import { createTestHost, shippedKernel } from '../support/adapterHost.ts';
import { DapClient } from '../support/dapClient.ts';

type Body = DebugProtocol.ProgressStartEvent['body'] & DebugProtocol.ProgressUpdateEvent['body'];

/** A client of a session whose clock goes on by `msPerLook` whenever anybody looks at it. */
class SlowSession {
  msPerLook = 100;
  private start = 0;
  readonly client: DapClient;
  private time = 0;

  constructor(folders: Readonly<Record<string, ReadonlyMap<string, string>>> = {}) {
    const now = (): number => (this.time += this.msPerLook);
    this.client = new DapClient(createSession(createTestHost({}, folders, { now })));
  }

  async launch(supportsProgressReporting: boolean, launch: object): Promise<void> {
    const { client } = this;
    await client.ask('initialize', { adapterID: 'faultline', supportsProgressReporting });
    const initialized = client.waitFor('initialized');
    await client.ask('launch', launch);
    await initialized;
    await client.move('configurationDone');
    this.start = client.events.length;
  }

  /** What was told of progress since the launch: kinds, and the bodies. */
  told(): readonly { readonly kind: string; readonly body: Body }[] {
    return this.client.events
      .slice(this.start)
      .filter(({ event }) => event.startsWith('progress'))
      .map(({ event, body }) => ({ kind: event, body: body as Body }));
  }

  async position(): Promise<number> {
    const { state } = (await this.client.ask('faultline/state')) as {
      state: { position: number };
    };
    return state.position;
  }
}

const LAUNCH = { scenario: 'cold-fault', stopOnEntry: 'fault_done' };

describe('progress', () => {
  it('is told of a search backwards, up to its end', async () => {
    const session = new SlowSession();
    await session.launch(true, LAUNCH);
    await session.client.move('reverseContinue', { threadId: 1 });
    const told = session.told();
    expect(told[0]).toMatchObject({
      kind: 'progressStart',
      body: { title: 'Looking for the last breakpoint before this moment', cancellable: true },
    });
    expect(told.at(-1)?.kind).toBe('progressEnd');
    expect(new Set(told.map(({ body }) => body.progressId)).size).toBe(1);
    const percentages = told.slice(0, -1).map(({ body }) => body.percentage ?? -1);
    expect(percentages).toEqual([...percentages].sort((a, b) => a - b));
    expect(percentages.every((value) => value >= 0 && value <= 100)).toBe(true);
    expect(told[0]?.body.message).toMatch(/^at [\d.]+ [mµn]?s of virtual time$/);
  });

  it('is not told of what is done in less than half a second', async () => {
    const session = new SlowSession();
    session.msPerLook = 0.01;
    await session.launch(true, LAUNCH);
    await session.client.move('reverseContinue', { threadId: 1 });
    expect(session.told()).toEqual([]);
  });

  it('is not told to a client that shows none', async () => {
    const session = new SlowSession();
    await session.launch(false, LAUNCH);
    await session.client.move('reverseContinue', { threadId: 1 });
    expect(session.told()).toEqual([]);
  });

  it('can be cancelled, and the machine stands where it stood', async () => {
    const session = new SlowSession();
    await session.launch(true, LAUNCH);
    const before = await session.position();
    const { client } = session;
    const shown = client.waitFor('progressStart');
    const arrival = client.move('reverseContinue', { threadId: 1 });
    const { progressId } = (await shown).body as Body;
    await client.ask('cancel', { progressId });
    expect((await arrival).body).toMatchObject({ reason: 'pause' });
    expect(session.told().at(-1)?.kind).toBe('progressEnd');
    expect(await session.position()).toBe(before);
    expect((await client.send('cancel', { progressId: 'nothing' })).success).toBe(true);
    expect(client.violations).toEqual([]);
  });

  it('of compiling a lab can be cancelled, and another launch works', async () => {
    const session = new SlowSession({ '/lab': shippedKernel() });
    const { client } = session;
    await client.ask('initialize', { adapterID: 'faultline', supportsProgressReporting: true });
    const shown = client.waitFor('progressStart');
    const launch = { scenario: 'cold-fault', kernel: '/lab' };
    const answer = client.send('launch', launch);
    const { progressId, title, message } = (await shown).body as Body;
    expect(title).toBe('Compiling the kernel "lab (lab)"');
    expect(message).toMatch(/^\d+ files$/);
    await client.ask('cancel', { progressId });
    expect(await answer).toMatchObject({ success: false, message: 'The launch was cancelled.' });
    const initialized = client.waitFor('initialized');
    await client.ask('launch', launch);
    await initialized;
    expect((await client.move('configurationDone')).event).toBe('stopped');
  });

  it('of the comparison at the end can be cancelled; the report comes without it', async () => {
    const session = new SlowSession();
    await session.launch(true, { scenario: 'cold-fault', stopAtEnd: false });
    session.msPerLook = 300;
    const { client } = session;
    const shown = client.waitFor('progressStart');
    const end = client.move('continue', { threadId: 1 });
    const { progressId, title } = (await shown).body as Body;
    expect(title).toBe('Running the same scenario on the kernel "unpatched" to compare');
    await client.ask('cancel', { progressId });
    expect((await end).event).toBe('terminated');
    expect(client.output).toContain('(did not run)');
  });
});
