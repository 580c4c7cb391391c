/**
 * The timeline of a session, and moving in it: what is recorded grows with the run, stays when one goes back, and
 * is cut where the user changes the run.
 */
import { describe, expect, it } from 'vitest';
import { createSession } from '../../src/adapter/createSession.ts';
import type { MoveResult } from '../../src/view/protocol.ts';
import type { TimelineLane, TimelineModel, TimelineQuery } from '../../src/view/timelineModel.ts';
import { createTestHost } from '../support/adapterHost.ts';
import { DapClient } from '../support/dapClient.ts';

async function start(more: object = {}): Promise<DapClient> {
  const client = new DapClient(createSession(createTestHost()));
  await client.start({ scenario: 'cold-fault-with-mmap', ...more });
  return client;
}

async function timeline(client: DapClient, query: TimelineQuery = {}): Promise<TimelineModel> {
  return (await client.ask('faultline/timeline', query)) as TimelineModel;
}

async function seek(client: DapClient, where: object): Promise<MoveResult> {
  return (await client.ask('faultline/seek', where)) as MoveResult;
}

function lane({ lanes }: TimelineModel, name: string): TimelineLane {
  const found = lanes.find((item) => item.name === name);
  if (found === undefined) throw new Error(`no lane ${name}`);
  return found;
}

const RETRY = { moment: { anchor: 'retry' } };
const END = { position: 1_000_000 };

describe('the timeline', () => {
  it('grows with the run and keeps what lies ahead when one goes back', async () => {
    const client = await start();
    const first = await timeline(client);
    expect(lane(first, 'toucher').marks.map(({ kind }) => kind)).toContain('fault');
    expect(lane(first, 'mapper').stretches).toEqual([]);
    expect(first.isOver).toBe(false);
    await seek(client, END);
    const whole = await timeline(client);
    expect(whole.isOver).toBe(true);
    expect(whole.rev).toBeGreaterThan(first.rev);
    expect(lane(whole, 'mapper').holds.map(({ mode }) => mode)).toContain('write');
    await seek(client, { position: 100 });
    expect(await timeline(client)).toEqual(whole);
    expect(client.violations).toEqual([]);
  });

  it('names lanes by the thread ids', async () => {
    const client = await start();
    const { threads } = (await client.ask('threads')) as {
      threads: readonly { readonly id: number; readonly name: string }[];
    };
    const { lanes } = await timeline(client);
    for (const { id, name } of threads) {
      expect(lanes.find((item) => item.id === id)?.name).toBe(name.replace(/ — .*/, ''));
    }
    expect(lanes.at(-1)).toMatchObject({ id: 0, name: 'disk' });
  });

  it('is cut where the user changes the run, and marks the change', async () => {
    const client = await start();
    await seek(client, END);
    const whole = await timeline(client);
    await seek(client, { moment: { anchor: 'cache_miss' } });
    const { threads } = (await client.ask('threads')) as { threads: readonly { id: number }[] };
    const { stackFrames } = (await client.ask('stackTrace', { threadId: threads[0]?.id })) as {
      stackFrames: readonly { id: number }[];
    };
    await client.ask('setExpression', {
      expression: 'vma->vm_flags',
      value: 'vma->vm_flags',
      frameId: stackFrames[0]?.id,
    });
    const cut = await timeline(client);
    expect(cut.endNs).toBeLessThan(whole.endNs);
    expect(cut.rev).toBeGreaterThan(whole.rev);
    const marks = cut.lanes.flatMap(({ marks: items }) => items);
    expect(marks.filter(({ kind }) => kind === 'whatIf').map(({ text }) => text)).toEqual([
      expect.stringContaining('vm_flags'),
    ]);
    await client.ask('faultline/undo', {});
    const undone = (await timeline(client)).lanes.flatMap(({ marks: items }) => items);
    expect(undone.some(({ kind }) => kind === 'whatIf')).toBe(false);
  });

  it('is not changed by looks at the run elsewhere or by the trace in the console', async () => {
    const client = await start();
    await seek(client, RETRY);
    const before = await timeline(client);
    for (const expression of ['lockstat', 'trace on', 'trace off']) {
      await client.ask('evaluate', { expression, context: 'repl' });
    }
    await client.ask('faultline/peek', { position: 50 });
    expect(await timeline(client)).toEqual(before);
    await seek(client, END);
    const other = await start();
    await seek(other, END);
    const { rev: _, ...lanes } = await timeline(client);
    const { rev: __, ...expected } = await timeline(other);
    expect(lanes).toEqual(expected);
  });

  it.each([
    ['an end before the start', { fromNs: 5, toNs: 5 }],
    ['a time before the run', { fromNs: -1 }],
    ['no width', { max: 0 }],
    ['too much width', { max: 4001 }],
    ['an unknown scale', { scale: 'round' }],
    ['words for numbers', { fromNs: 'x' }],
  ])('refuses %s', async (_, query) => {
    const client = await start();
    await expect(client.ask('faultline/timeline', query)).rejects.toThrow();
    expect((await timeline(client)).lanes.length).toBe(4);
  });
});

describe('seeking in the timeline', () => {
  it('goes to a time, ahead and behind, and stands at a statement', async () => {
    const client = await start();
    await seek(client, END);
    const whole = await timeline(client, { max: 4000 });
    const [hold] = lane(whole, 'toucher').holds;
    const dropNs = hold?.toNs ?? 0;
    const back = await seek(client, { ns: dropNs });
    expect(back.reached).toBe(true);
    expect(back.clockNs).toBeLessThanOrEqual(dropNs);
    expect(dropNs - back.clockNs).toBeLessThan(1000);
    const ahead = await seek(client, { ns: whole.endNs });
    expect(ahead.position).toBeGreaterThan(back.position);
    await seek(client, { ns: 0 });
    expect((await timeline(client, { max: 4000 })).endNs).toBe(whole.endNs);
    expect(client.violations).toEqual([]);
  });

  it('goes from event to event, forwards beyond the record and back to the start', async () => {
    const client = await start();
    const positions: number[] = [];
    for (let count = 0; count < 12; count += 1) {
      const { reached, position } = await seek(client, { event: 'next' });
      expect(reached).toBe(true);
      positions.push(position);
    }
    expect(positions).toEqual([...new Set(positions)].sort((one, other) => one - other));
    const back: number[] = [];
    for (let count = 0; count < 30; count += 1) {
      const { position } = await seek(client, { event: 'previous' });
      back.push(position);
      if (position === 0) break;
    }
    expect(back.at(-1)).toBe(0);
    expect(back.length).toBeGreaterThanOrEqual(10);
  });

  it('says so when nothing comes any more', async () => {
    const client = await start();
    await seek(client, END);
    const { reached } = await seek(client, { event: 'next' });
    expect(reached).toBe(false);
  });

  it.each([{ ns: -1 }, { ns: 'x' }, { event: 'x' }, {}])('refuses %j', async (where) => {
    const client = await start();
    await expect(client.ask('faultline/seek', where)).rejects.toThrow();
  });
});
