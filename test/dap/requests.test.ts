// The protocol itself: every request is answered exactly once, whatever the state of the session.
import { describe, expect, it } from 'vitest';
import { createSession } from '../../src/adapter/createSession.ts';
import { createTestHost } from '../support/adapterHost.ts';
import { DapClient } from '../support/dapClient.ts';

const INSPECTIONS = ['stackTrace', 'scopes', 'variables', 'evaluate', 'exceptionInfo'];
const MOTIONS = ['continue', 'next', 'stepIn', 'stepOut', 'stepBack', 'reverseContinue'];
const CUSTOM = ['faultline/state', 'faultline/moment', 'faultline/seek', 'faultline/why'];

/** A program that runs for a long time. */
const LOOP = `spin:
        incl %eax
        jmp spin
`;
const LOOP_SCENARIO = JSON.stringify({
  version: 1,
  title: 'A loop',
  files: [],
  processes: [{ name: 'p', maps: [] }],
  tasks: [{ name: 'spinner', process: 'p', program: 'spin.task.s' }],
});

async function startLoop(): Promise<DapClient> {
  const files = { '/own/loop.jsonc': LOOP_SCENARIO, '/own/spin.task.s': LOOP };
  const client = new DapClient(createSession(createTestHost(files)));
  await client.ask('initialize', { adapterID: 'faultline' });
  const initialized = client.waitFor('initialized');
  await client.ask('launch', { scenario: '/own/loop.jsonc', stopOnEntry: false });
  await initialized;
  await client.ask('configurationDone');
  return client;
}

describe('requests', () => {
  it('that nobody knows are answered with an error', async () => {
    const client = new DapClient(createSession(createTestHost()));
    for (const command of ['nonsense', 'constructor', '__proto__', 'toString']) {
      const answer = await client.send(command);
      expect(answer.success).toBe(false);
      expect(answer.message).toContain(command);
    }
    expect(client.violations).toEqual([]);
  });

  it('before a launch are refused without bothering the user', async () => {
    const client = new DapClient(createSession(createTestHost()));
    for (const command of [...INSPECTIONS, ...MOTIONS, ...CUSTOM, 'configurationDone']) {
      const answer = await client.send(command, { threadId: 1, frameId: 1, variablesReference: 1 });
      expect(answer.success).toBe(false);
      expect(answer.body).toMatchObject({ error: { showUser: false } });
    }
  });

  it('with wrong arguments are refused and name the argument', async () => {
    const client = new DapClient(createSession(createTestHost()));
    await client.start({ scenario: 'cold-fault' });
    const answer = await client.send('next', { threadId: 'one' });
    expect(answer.success).toBe(false);
    expect(answer.message).toContain('threadId');
    expect((await client.send('next', { threadId: 99 })).message).toContain('no such task');
    expect((await client.send('scopes', { frameId: 12345 })).message).toContain('frame is gone');
  });

  it('refer to nothing from before the machine moved', async () => {
    const client = new DapClient(createSession(createTestHost()));
    const stop = await client.start({ scenario: 'cold-fault' });
    const { threadId } = stop.body as { threadId: number };
    const { stackFrames } = (await client.ask('stackTrace', { threadId })) as {
      stackFrames: { id: number }[];
    };
    const frameId = stackFrames[0]?.id ?? 0;
    const { scopes } = (await client.ask('scopes', { frameId })) as {
      scopes: { variablesReference: number }[];
    };
    const variablesReference = scopes[0]?.variablesReference ?? 0;
    await client.move('next', { threadId });
    expect((await client.send('scopes', { frameId })).success).toBe(false);
    expect((await client.send('variables', { variablesReference })).success).toBe(false);
  });

  it('while the machine runs are refused silently, and a pause stops it', async () => {
    const client = await startLoop();
    for (const command of [...INSPECTIONS, ...MOTIONS, ...CUSTOM]) {
      const answer = await client.send(command, { threadId: 1 });
      expect(answer.success).toBe(false);
      expect(answer.body).toMatchObject({ error: { showUser: false } });
    }
    const asked = performance.now();
    const stop = await client.move('pause', { threadId: 1 });
    expect(stop.body).toMatchObject({ reason: 'pause', allThreadsStopped: true });
    expect(performance.now() - asked).toBeLessThan(1000);
    const { threadId } = stop.body as { threadId: number };
    expect((await client.move('next', { threadId })).body).toMatchObject({ reason: 'step' });
    expect(client.violations).toEqual([]);
  });

  it('can set a breakpoint while the machine runs', async () => {
    const client = await startLoop();
    const arrival = client.waitFor('stopped');
    await client.ask('setBreakpoints', {
      source: { path: '/own/spin.task.s' },
      breakpoints: [{ line: 3 }],
    });
    expect((await arrival).body).toMatchObject({ reason: 'breakpoint' });
    expect(client.violations).toEqual([]);
  });

  it('end a running session by disconnect and by terminate', async () => {
    const running = await startLoop();
    await running.ask('disconnect', {});
    const other = await startLoop();
    const terminated = other.waitFor('terminated');
    await other.ask('terminate', {});
    await terminated;
    expect((await other.send('continue', { threadId: 1 })).success).toBe(false);
  });
});
