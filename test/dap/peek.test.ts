/**
 * The state at another moment of the recorded run: as it is for whoever goes there, while the run stays where it is.
 */
import { expect, it } from 'vitest';
import { createSession } from '../../src/adapter/createSession.ts';
import type { PanelState } from '../../src/view/panelState.ts';
import { createTestHost } from '../support/adapterHost.ts';
import { DapClient } from '../support/dapClient.ts';

async function start(): Promise<DapClient> {
  const client = new DapClient(createSession(createTestHost()));
  await client.start({ scenario: 'cold-fault-with-mmap' });
  return client;
}

async function stateOf(client: DapClient): Promise<PanelState> {
  return ((await client.ask('faultline/state', {})) as { state: PanelState }).state;
}

async function peek(client: DapClient, where: object): Promise<PanelState> {
  return ((await client.ask('faultline/peek', where)) as { state: PanelState }).state;
}

it('shows what one sees who goes there, behind and ahead, and moves nothing', async () => {
  const client = await start();
  const positions = [0, 300, 18_700, 20_725, 23_800, 30_000];
  const seen: PanelState[] = [];
  for (const position of positions) {
    await client.ask('faultline/seek', { position });
    seen.push(await stateOf(client));
  }
  await client.ask('faultline/seek', { position: 19_500 });
  const here = await stateOf(client);
  const stops = client.events.length;
  for (const [index, position] of positions.entries()) {
    const { rev: _, ...state } = await peek(client, { position });
    const { rev: __, ...expected } = seen[index] ?? here;
    expect(state).toEqual(expected);
  }
  expect(client.events.length).toBe(stops);
  expect(await stateOf(client)).toEqual(here);
  expect(client.violations).toEqual([]);
});

it('knows the end of the run, and times', async () => {
  const client = await start();
  await client.ask('faultline/seek', { position: 1_000_000 });
  const end = await stateOf(client);
  await client.ask('faultline/seek', { position: 100 });
  const { end: peeked, clockNs } = await peek(client, { position: end.position });
  expect(peeked).toEqual(end.end);
  expect(clockNs).toBe(end.clockNs);
  const middle = await peek(client, { ns: 6_000_000 });
  expect(middle.clockNs).toBeLessThanOrEqual(6_000_000);
  expect(middle.disk).toHaveLength(1);
});

it.each([{}, { position: -1 }, { position: 900_000 }, { ns: 1e12 }, { ns: -1 }, { ns: 'x' }])(
  'refuses %j and goes on',
  async (where) => {
    const client = await start();
    await expect(client.ask('faultline/peek', where)).rejects.toThrow();
    expect((await stateOf(client)).position).toBe((await peek(client, { position: 19 })).position);
  },
);

it('lets what the panel asks meanwhile wait', async () => {
  const client = new DapClient(createSession(createTestHost()));
  await client.start({ scenario: 'benchmark-2010' });
  await client.ask('faultline/seek', { position: 3_000_000 });
  const [seen, { lanes }] = await Promise.all([
    peek(client, { position: 2_990_000 }),
    client.ask('faultline/timeline', { max: 10 }) as Promise<{ lanes: unknown[] }>,
  ]);
  expect(seen.position).toBe(2_990_000);
  expect(lanes.length).toBeGreaterThan(1);
  // As when a drag ends while a look is on its way.
  const looked = peek(client, { position: 2_980_000 });
  const moved: unknown = await client.ask('faultline/seek', { position: 1000 });
  expect((await looked).position).toBe(2_980_000);
  expect(moved).toMatchObject({ reached: true, position: 1000 });
});

it('does one at a time, and none while the run goes on', async () => {
  const client = await start();
  await client.ask('faultline/seek', { position: 20_000 });
  const answers = await Promise.allSettled([
    peek(client, { position: 5_000 }),
    peek(client, { position: 6_000 }),
  ]);
  expect(answers.some(({ status }) => status === 'fulfilled')).toBe(true);
  expect((await peek(client, { position: 7_000 })).position).toBe(7_000);
});
