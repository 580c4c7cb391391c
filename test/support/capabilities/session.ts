/**
 * The effects of capabilities about the life of a session.
 */
import { expect } from 'vitest';
import type { PanelState } from '../../../src/view/panelState.ts';
import { positionOf, snapshotOf, type Effect } from './entry.ts';

export const waitsForConfiguration: Effect = async ({ client }) => {
  await client.ask('initialize', { adapterID: 'faultline' });
  const initialized = client.waitFor('initialized');
  await client.ask('launch', { scenario: 'cold-fault', stopOnEntry: false });
  await initialized;
  const breakpoints = [{ name: 'do_page_fault' }];
  await client.ask('setFunctionBreakpoints', { breakpoints });
  expect(client.events.map(({ event }) => event)).not.toContain('terminated');
  // The first page fault of the run has still to come.
  expect((await client.move('configurationDone')).body).toMatchObject({ reason: 'breakpoint' });
  const { state } = (await client.ask('faultline/state')) as {
    state: Pick<PanelState, 'tasks'>;
  };
  expect(state.tasks[0]?.counters).toEqual({ maj_flt: 0, min_flt: 0 });
};

export const restarts: Effect = async (story) => {
  const entry = await story.launch({ scenario: 'cold-fault' });
  const start = await snapshotOf(story);
  await story.move('next');
  await story.move('next');
  expect(await snapshotOf(story)).not.toBe(start);
  expect(await story.move('restart')).toBe(entry);
  expect(await snapshotOf(story)).toBe(start);
  const otherKernel = { scenario: 'cold-fault', kernel: 'unpatched' };
  await story.move('restart', { arguments: otherKernel });
  const { state } = (await story.client.ask('faultline/state')) as { state: { kernel: string } };
  expect(state.kernel).toBe('unpatched');
};

export const terminates: Effect = async (story) => {
  await story.launch({ scenario: 'cold-fault' });
  expect(await story.move('terminate')).toBe('terminated');
  expect(await story.client.ask('threads')).toEqual({ threads: [] });
  const { threadId } = story;
  expect((await story.client.send('continue', { threadId })).success).toBe(false);
};

export const cancels: Effect = async (story) => {
  const { client } = story;
  await story.launch({ scenario: 'benchmark-2010', stopOnEntry: 'user' });
  const before = await positionOf(story);
  const arrival = client.waitFor('stopped');
  const far = 30_000_000;
  const answer = client.ask('faultline/seek', { position: far });
  const requestId = client.messages.findLast(({ type }) => type === 'request')?.seq;
  // That of an answered request, as of a hover, changes nothing.
  await client.ask('cancel', { requestId: (requestId ?? 0) - 1 });
  expect((await client.send('threads')).success).toBe(true);
  expect(client.events.at(-1)?.event).not.toBe('stopped');
  await client.ask('cancel', { requestId });
  expect(await answer).toMatchObject({ reached: false, reason: 'Paused.' });
  expect((await arrival).body).toMatchObject({ reason: 'pause' });
  // A client did not ask for this motion by a request that it knows: it is told whose it is.
  const continued = client.events.filter(({ event }) => event === 'continued');
  const { threadId } = story;
  expect(continued).toMatchObject([{ body: { threadId, allThreadsContinued: true } }]);
  const there = await positionOf(story);
  expect(there).toBeGreaterThanOrEqual(before);
  expect(there).toBeLessThan(far);
};
