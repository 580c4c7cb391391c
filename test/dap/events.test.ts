// Events of a scenario as a debugger shows them: the kernel task of one is a thread while it runs, with kernel
// frames only, and the panel lists it for as long.
import { describe, expect, it } from 'vitest';
import { createSession } from '../../src/adapter/createSession.ts';
import { createTestHost } from '../support/adapterHost.ts';
import { DapClient } from '../support/dapClient.ts';

interface Named {
  readonly id: number;
  readonly name: string;
}

function namesIn(items: readonly Named[]): string[] {
  return items.map(({ name }) => name.replace(/ — .*/, ''));
}

async function listThreads(client: DapClient): Promise<readonly Named[]> {
  return ((await client.ask('threads')) as { threads: readonly Named[] }).threads;
}

async function listInPanel(client: DapClient): Promise<readonly Named[]> {
  const body = (await client.ask('faultline/state')) as { state: { tasks: readonly Named[] } };
  return body.state.tasks;
}

describe('the kernel task of an event', () => {
  it('is a thread while it runs', async () => {
    const client = new DapClient(createSession(createTestHost()));
    await client.start({ scenario: 'truncate-in-the-wait', stopOnEntry: 'truncate_wait' });
    expect(namesIn(await listThreads(client))).toEqual(['toucher', '[truncate]']);

    const thread = (await listThreads(client)).find(({ name }) => name.startsWith('[truncate]'));
    const { stackFrames } = (await client.ask('stackTrace', { threadId: thread?.id })) as {
      stackFrames: readonly Named[];
    };
    expect(namesIn(stackFrames)).toEqual([
      'truncate_inode_pages',
      'truncate_pagecache',
      'truncate_setsize',
      'truncate_event',
      'run_event',
      'fl_exit_to_user',
    ]);
    const { scopes } = (await client.ask('scopes', { frameId: stackFrames[0]?.id })) as {
      scopes: readonly Named[];
    };
    expect(namesIn(scopes)).toEqual(['Locals']);
    expect(namesIn(await listInPanel(client))).toEqual(['toucher', '[truncate]']);
    expect(client.violations).toEqual([]);
  });

  it('is none before it starts', async () => {
    const client = new DapClient(createSession(createTestHost()));
    await client.start({ scenario: 'truncate-in-the-wait', stopOnEntry: 'cache_miss' });
    expect(namesIn(await listThreads(client))).toEqual(['toucher']);
    expect(namesIn(await listInPanel(client))).toEqual(['toucher']);
  });
});
