// Breakpoints on data: what can be watched, where runs stop in both directions, and what the user is told.
import { afterEach, describe, expect, it } from 'vitest';
import { DapStory } from '../support/dapStory.ts';

interface Info {
  readonly dataId: string | null;
  readonly description: string;
  readonly canPersist?: boolean;
}

interface Placed {
  readonly verified: boolean;
  readonly message?: string;
}

describe('data breakpoints', () => {
  let story = new DapStory();
  afterEach(() => {
    expect(story.bugs).toEqual([]);
    expect(story.client.violations).toEqual([]);
    story = new DapStory();
  });

  async function info(name: string, more: object = {}): Promise<Info> {
    return (await story.client.ask('dataBreakpointInfo', { name, ...more })) as Info;
  }

  /** Sets one breakpoint; what it is about is an expression where the run stands. */
  async function watch(name: string, rules: object = {}, more: object = {}): Promise<Placed> {
    const { dataId, description } = await info(name, more);
    if (dataId === null) throw new Error(description);
    const body = (await story.client.ask('setDataBreakpoints', {
      breakpoints: [{ dataId, accessType: 'write', ...rules }],
    })) as { breakpoints: [Placed] };
    return body.breakpoints[0];
  }

  async function position(): Promise<number> {
    const { state } = (await story.client.ask('faultline/state')) as {
      state: { position: number };
    };
    return state.position;
  }

  /** The texts of stops from here on, up to the end of the run. */
  async function stops(most = 100): Promise<string[]> {
    const texts: string[] = [];
    while (texts.length < most) {
      const stop = await story.move('continue');
      if (!stop.startsWith('data breakpoint')) break;
      texts.push(story.stop.text ?? '');
    }
    return texts;
  }

  const COUNT = 'current->mm->mmap_sem.count';

  it('stop at every change of mmap_sem.count, with the values and who did it', async () => {
    await story.launch({ scenario: 'cold-fault-with-mmap', kernel: 'patched' });
    expect(await watch(COUNT)).toMatchObject({ verified: true });
    const texts = await stops();
    expect(texts[0]).toMatch(
      /^current->mm->mmap_sem\.count: .* → .*, written by toucher in \w+\(\) at [\w/.-]+:\d+\.$/,
    );
    expect(texts.length).toBeGreaterThan(6);
    expect(texts.some((text) => text.includes('by mapper'))).toBe(true);
  });

  it('stop at the same places when running back', async () => {
    await story.launch({ scenario: 'cold-fault-with-mmap' });
    await watch(COUNT);
    const forward: string[] = [];
    for (let index = 0; index < 5; index += 1) {
      await story.move('continue');
      forward.push(`${String(await position())} ${story.stop.text ?? ''}`);
    }
    const backward: string[] = [];
    for (let index = 0; index < 4; index += 1) {
      expect(await story.move('reverseContinue')).toMatch(/^data breakpoint/);
      backward.unshift(`${String(await position())} ${story.stop.text ?? ''}`);
    }
    expect(backward).toEqual(forward.slice(0, 4));
    expect(await story.move('reverseContinue')).toMatch(/^entry/);
  });

  it('tell reads, and writes of the same value, when both are asked for', async () => {
    await story.launch({ scenario: 'cold-fault', stopOnEntry: true });
    await watch(COUNT, { accessType: 'readWrite' });
    const all = await stops();
    await story.client.ask('disconnect');
    story = new DapStory();
    await story.launch({ scenario: 'cold-fault', stopOnEntry: true });
    await watch(COUNT, { accessType: 'read' });
    const reads = await stops();
    expect(all.length).toBeGreaterThan(reads.length);
    expect(reads.length).toBeGreaterThan(0);
  });

  it('are about locals in slots, in every call of the task', async () => {
    await story.launch({ scenario: 'cold-fault' });
    await story.move('next');
    const { description, canPersist } = await info('release_flag');
    expect(description).toBe('release_flag (4 bytes, in every call of do_page_fault() by toucher)');
    expect(canPersist).toBe(false);
    await watch('release_flag');
    const texts = await stops();
    expect(texts).toEqual([
      expect.stringMatching(/^release_flag: 8 → 0, written by toucher in do_page_fault\(\) at /),
    ]);
  });

  it('refuse what has no place, with the reason', async () => {
    await story.launch({ scenario: 'cold-fault' });
    expect(await info('mm->mmap_sem.count')).toMatchObject({ dataId: null });
    expect(await info('1 + 2')).toEqual({
      dataId: null,
      description: '1 + 2 has no place in memory.',
    });
    expect(await info('nonsense')).toMatchObject({ dataId: null });
    expect(await info('%eax')).toMatchObject({ dataId: null });
    expect(await info('0x10', { asAddress: true, bytes: 4 })).not.toMatchObject({ dataId: null });
    expect(await info('0xfffffff0', { asAddress: true, bytes: 4 })).toMatchObject({ dataId: null });
    expect(await info('0xc0100000', { asAddress: true, bytes: 0 })).toMatchObject({ dataId: null });
    expect(await info('0xc0100000', { asAddress: true, bytes: 1e9 })).toMatchObject({
      dataId: null,
    });
  });
});
