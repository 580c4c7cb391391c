// Two runs of the session's scenario beside each other: what the patch changes, on one time scale.
import { describe, expect, it } from 'vitest';
import { createSession } from '../../src/adapter/createSession.ts';
import { differenceSentence } from '../../src/view/differenceWords.ts';
import type { TwoRunsModel, TwoRunsQuery } from '../../src/view/twoRunsModel.ts';
import { createTestHost } from '../support/adapterHost.ts';
import { DapClient } from '../support/dapClient.ts';
import { DapStory } from '../support/dapStory.ts';

const HEADLINE = { scenario: 'cold-fault-with-mmap' };
const KERNELS = { one: { kernel: 'unpatched' }, other: { kernel: 'patched' } };

async function compare(
  { client }: { readonly client: DapClient },
  query: TwoRunsQuery = KERNELS,
): Promise<TwoRunsModel> {
  return (await client.ask('faultline/twoRuns', query)) as TwoRunsModel;
}

async function launch(more: object = {}): Promise<DapStory> {
  const story = new DapStory();
  await story.launch({ ...HEADLINE, ...more });
  return story;
}

describe('two runs', () => {
  it('show what the patch changes: who only wants to read a cached page no longer waits for the disk', async () => {
    const story = await launch();
    const { one, other, differences } = await compare(story);
    expect([one.title, one.outcome]).toEqual(['kernel: unpatched', 'completed']);
    expect([other.title, other.outcome]).toEqual(['kernel: patched', 'completed']);
    const [first] = differences;
    if (first === undefined) throw new Error('nothing differs');
    expect(differenceSentence(first)).toBe(
      'Longest wait of bystander for mmap_sem: 12.5 ms → 29 µs (430 times shorter)',
    );
    // The fact sheet: a disk read is 12.5 ms; with the patch nobody waits it out with the lock held.
    for (const task of ['mapper', 'bystander']) {
      const wait = differences.find((item) => item.task === task && item.what === 'longest wait');
      expect(wait?.oneNs).toBeGreaterThan(12_500_000);
      expect(wait?.otherNs).toBeLessThan(100_000);
    }
    const sizes = differences.map(({ oneNs, otherNs }) => Math.abs(otherNs - oneNs));
    expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
  });

  it('have one time scale, folded or as it is, of the stretch that is asked for', async () => {
    const story = await launch();
    for (const query of [
      { scale: 'folded' },
      { scale: 'linear' },
      { scale: 'linear', fromNs: 10_000, toNs: 50_000 },
    ] as const) {
      const { one, other } = await compare(story, { ...KERNELS, ...query });
      expect(one.timeline.knots).toEqual(other.timeline.knots);
      expect(one.timeline.folds).toEqual(other.timeline.folds);
      expect([one.timeline.fromNs, one.timeline.toNs]).toEqual([
        other.timeline.fromNs,
        other.timeline.toNs,
      ]);
      expect(one.timeline.scale).toBe(query.scale);
      expect(one.timeline.folds.length > 0).toBe(query.scale === 'folded');
    }
    const part = await compare(story, { ...KERNELS, fromNs: 10_000, toNs: 50_000 });
    expect([part.one.timeline.fromNs, part.one.timeline.toNs]).toEqual([10_000, 50_000]);
  });

  it('have the same lanes, those of the scenario and the disk', async () => {
    const story = await launch();
    const { one, other } = await compare(story);
    const names = ['toucher', 'mapper', 'bystander', 'disk'];
    expect(one.timeline.lanes.map(({ name }) => name)).toEqual(names);
    expect(other.timeline.lanes.map(({ name }) => name)).toEqual(names);
    const { state } = (await story.client.ask('faultline/state')) as {
      state: { tasks: readonly { id: number; name: string }[] };
    };
    const ids = state.tasks.map(({ id }) => id);
    expect(one.timeline.lanes.map(({ id }) => id)).toEqual([...ids, 0]);
  });

  it('follow the settings of the session', async () => {
    const story = await launch({ set: { diskReadNs: 1_000_000 } });
    const [first] = (await compare(story)).differences;
    expect(first?.task).toBe('bystander');
    expect(first?.oneNs).toBeGreaterThan(1_000_000);
    expect(first?.oneNs).toBeLessThan(1_200_000);
  });

  it('leave the session where it is, and can be asked for while it runs', async () => {
    const story = await launch({ kernel: 'unpatched' });
    const before: unknown = await story.client.ask('faultline/state');
    await compare(story);
    expect(await story.client.ask('faultline/state')).toEqual(before);
    const ended = story.client.waitFor('terminated', 'stopped');
    const going = story.client.ask('continue', { threadId: story.threadId });
    const model = await compare(story, {
      one: { kernel: 'mainline' },
      other: { kernel: 'patched' },
    });
    await going;
    expect(model.one.title).toBe('kernel: mainline');
    await ended;
    expect(story.client.violations).toEqual([]);
    expect(story.bugs).toEqual([]);
  });

  it('are made once for a launch: another scale makes nothing again', async () => {
    let looks = 0;
    const host = createTestHost({}, {}, { now: () => (looks += 1) });
    const client = new DapClient(createSession(host));
    await client.start(HEADLINE);
    await compare({ client });
    looks = 0;
    await compare({ client }, { ...KERNELS, scale: 'linear', max: 300 });
    expect(looks).toBe(0);
  });

  it('can be the run of the session, as far as it has come', async () => {
    const story = await launch();
    await story.seek('rwsem_queued', 'mapper');
    const { one } = await compare(story, { ...KERNELS, one: { session: true } });
    const { state } = (await story.client.ask('faultline/state')) as { state: { clockNs: number } };
    expect(one).toMatchObject({ title: 'this run', outcome: 'not over' });
    expect(one.timeline.endNs).toBe(state.clockNs);
    expect(one.timeline.isOver).toBe(false);
  });

  it('can be the run without the last change', async () => {
    const story = await launch();
    await story.seek('drop_mmap_sem');
    const frames = (await story.client.ask('stackTrace', { threadId: story.threadId })) as {
      stackFrames: readonly { id: number; name: string }[];
    };
    const handler = frames.stackFrames.find(({ name }) => name.startsWith('do_page_fault'));
    const unchanged = await story.client.send('faultline/twoRuns', {
      ...KERNELS,
      other: { without: 'lastChange' },
    });
    expect(unchanged).toMatchObject({ success: false });
    expect(unchanged.message).toContain('There is no change before here');
    await story.client.ask('setExpression', {
      expression: 'release_flag',
      value: '0',
      frameId: handler?.id,
    });
    const model = await compare(story, {
      one: { session: true },
      other: { without: 'lastChange' },
    });
    expect(model.other.title).toBe('without release_flag = 0');
    expect(model.other.outcome).toBe('completed');
    const { other } = await compare(story, { ...KERNELS, one: { without: 'lastChange' } });
    expect(model.other.numbers).toEqual(other.numbers);
    expect(model.options.map(({ label }) => label)).toContain('without the last change');
  });

  it('name what can be compared: kernels, the session, labs', async () => {
    const { options } = await compare(await launch());
    const labels = (group: string): string[] =>
      options.filter((option) => option.group === group).map(({ label }) => label);
    expect(labels('kernels').slice(0, 3)).toEqual(['patched', 'unpatched', 'mainline']);
    expect(labels('session')).toEqual(['this run']);
    expect(labels('labs').length).toBeGreaterThan(3);
  });

  it.each([
    [{ ...KERNELS, one: { kernel: 'pached' } }, '"pached"'],
    [{ ...KERNELS, one: {} }, '"kernel"'],
    [{ ...KERNELS, other: 7 }, '"other"'],
    [{ ...KERNELS, scale: 'round' }, '"folded" or "linear"'],
    [{ ...KERNELS, max: 'wide' }, '"max"'],
  ])('refuse %j silently', async (query, part) => {
    const answer = await (await launch()).client.send('faultline/twoRuns', query);
    expect(answer.success).toBe(false);
    expect(answer.message).toContain(part);
    expect(answer.body).toMatchObject({ error: { showUser: false } });
  });

  it('can be cancelled, and asked for again', async () => {
    // Time goes on by a tenth of a second whenever anybody looks at it.
    let time = 0;
    const host = createTestHost({}, {}, { now: () => (time += 100) });
    const client = new DapClient(createSession(host));
    await client.ask('initialize', { adapterID: 'faultline', supportsProgressReporting: true });
    const initialized = client.waitFor('initialized');
    await client.ask('launch', { scenario: 'benchmark-2010' });
    await initialized;
    await client.move('configurationDone');
    const begun = client.waitFor('progressStart');
    const asked = client.send('faultline/twoRuns', KERNELS);
    const { progressId, title } = (await begun).body as { progressId: string; title: string };
    expect(title).toBe('Running the scenario on the kernel "unpatched" to compare');
    await client.ask('cancel', { progressId });
    const answer = await asked;
    expect(answer.message).toBe('The run on the kernel "unpatched" was given up.');
    const { state } = (await client.ask('faultline/state')) as { state: { position: number } };
    expect(state.position).toBeGreaterThan(0);
  });
});
