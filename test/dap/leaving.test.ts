// What becomes of a run whose client leaves: it ends with it, or goes on to its end by itself.
import { describe, expect, it } from 'vitest';
import { createSession } from '../../src/adapter/createSession.ts';
import type { AdapterHost } from '../../src/adapter/host.ts';
import { createTestHost } from '../support/adapterHost.ts';
import { DapClient } from '../support/dapClient.ts';

const LOOP = JSON.stringify({
  version: 1,
  title: 'A loop',
  files: [],
  processes: [{ name: 'p', maps: [] }],
  tasks: [{ name: 'spinner', process: 'p', program: 'spin.task.s' }],
});
const FILES = { '/own/loop.jsonc': LOOP, '/own/spin.task.s': 'spin:\n  incl %eax\n  jmp spin\n' };

async function start(launch: object, more: Partial<AdapterHost> = {}): Promise<DapClient> {
  const client = new DapClient(createSession(createTestHost(FILES, {}, more)));
  await client.ask('initialize', { adapterID: 'faultline' });
  const initialized = client.waitFor('initialized');
  await client.ask('launch', launch);
  await initialized;
  return client;
}

function exits(client: DapClient): readonly unknown[] {
  return client.events.filter(({ event }) => event === 'exited').map(({ body }) => body as unknown);
}

describe('disconnect', () => {
  it('ends the run by default, and when the client says so', async () => {
    for (const args of [
      {},
      { terminateDebuggee: true },
      { terminateDebuggee: false, restart: true },
    ]) {
      const client = await start({ scenario: 'cold-fault' });
      await client.move('configurationDone');
      await client.ask('disconnect', args);
      expect(client.output).not.toContain('The run is over.');
      expect(exits(client)).toEqual([]);
    }
  });

  it('lets the run go on to its end when the client wants to leave it', async () => {
    let closed = 0;
    const client = await start({ scenario: 'cold-fault' }, { closed: () => (closed += 1) });
    await client.ask('setFunctionBreakpoints', { breakpoints: [{ name: 'filemap_fault' }] });
    await client.move('configurationDone');
    await client.ask('disconnect', { terminateDebuggee: false });
    expect(client.output).toContain('toucher: exited:25, 1 major and 0 minor faults');
    expect(exits(client)).toEqual([{ exitCode: 0 }]);
    expect(closed).toBe(1);
    expect(client.violations).toEqual([]);
  });

  it('lets a run go on that is running, and one that has not begun', async () => {
    const begun = await start({ scenario: 'benchmark-2010', stopOnEntry: false });
    await begun.ask('configurationDone');
    await begun.ask('disconnect', { terminateDebuggee: false });
    expect(begun.output).toMatch(/The run is over|The run has been left after/);
    const waiting = await start({ scenario: 'cold-fault' });
    await waiting.ask('disconnect', { terminateDebuggee: false });
    expect(exits(waiting)).toEqual([{ exitCode: 0 }]);
  });

  it('gives up a run without an end after a while, and says so', async () => {
    let time = 0;
    const client = await start(
      { scenario: '/own/loop.jsonc', stopOnEntry: false },
      { now: () => (time += 100) },
    );
    await client.ask('configurationDone');
    await client.ask('disconnect', { terminateDebuggee: false });
    expect(client.output).toMatch(
      /The run has been left after [\d.]+ [µm]?s of virtual time: it has no end in sight\.\n$/,
    );
    expect((await client.send('continue', { threadId: 1 })).success).toBe(false);
  });

  it('ends at once when it is asked for again', async () => {
    const client = await start({ scenario: '/own/loop.jsonc', stopOnEntry: false });
    await client.ask('configurationDone');
    const first = client.send('disconnect', { terminateDebuggee: false });
    await client.ask('disconnect', { terminateDebuggee: true });
    expect((await first).success).toBe(true);
    expect(client.unanswered).toBe(0);
    expect(client.output).not.toContain('The run has been left');
  });
});
