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
      /^current->mm->mmap_sem\.count: .* → .*, written by toucher in \w+\(\) at [\w.-]+:\d+\.$/,
    );
    expect(texts.length).toBeGreaterThan(6);
    expect(texts.some((text) => text.includes('by mapper'))).toBe(true);
    expect(texts.some((text) => / at rwsem\.h:\d+, for \w+ at \w+\.c:\d+\.$/.test(text))).toBe(
      true,
    );
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
      expect.stringMatching(
        /^release_flag: 0x08 FAULT_FLAG_RELEASE → 0x00, written by toucher in do_page_fault\(\) at /,
      ),
    ]);
  });

  it('hide no breakpoint and no log point right behind the access', async () => {
    await story.launch({ scenario: 'cold-fault' });
    await watch('tsk');
    const source = await story.sourceOf('mm/fault.c');
    const line = await story.lineWith(source, '\tmm = tsk->mm;');
    const set = async (rules: object): Promise<unknown> =>
      await story.client.ask('setBreakpoints', { source, breakpoints: [{ line, ...rules }] });
    await set({});
    expect(await story.move('continue')).toMatch(/^data breakpoint/);
    expect(story.stop.hitBreakpointIds).toHaveLength(2);
    const at = [story.stop.text, await position()];
    await story.move('next');
    expect(await story.move('reverseContinue')).toMatch(/^data breakpoint/);
    expect([story.stop.text, await position()]).toEqual(at);
    expect(story.stop.hitBreakpointIds).toHaveLength(2);
    story = new DapStory();
    await story.launch({ scenario: 'cold-fault' });
    await watch('tsk');
    await set({ logMessage: 'passed here' });
    expect(await story.move('continue')).toMatch(/^data breakpoint/);
    expect(story.stop.hitBreakpointIds).toHaveLength(1);
    expect(story.client.output.split('passed here')).toHaveLength(2);
  });

  it('leave steps back as they are, for locals too', async () => {
    const positions = async (isWatched: boolean): Promise<number[]> => {
      await story.launch({ scenario: 'cold-fault' });
      for (let count = 0; count < 6; count += 1) await story.move('next');
      if (isWatched) await watch('address', { accessType: 'readWrite' });
      const seen: number[] = [];
      for (let count = 0; count < 5; count += 1) {
        await story.move('stepBack');
        seen.push(await position());
      }
      await story.client.ask('disconnect');
      story = new DapStory();
      return seen;
    };
    expect(await positions(true)).toEqual(await positions(false));
  });

  it('are about a local that pointers lead to while its function runs', async () => {
    await story.launch({ scenario: 'read-then-write' });
    await story.breakAt('mm/memory.c', 'ret = vma->vm_ops->fault(vma, &vmf)');
    await story.move('continue');
    const source = await story.sourceOf('mm/memory.c');
    await story.client.ask('setBreakpoints', { source, breakpoints: [] });
    const { description } = await info('vmf.page');
    expect(description).toBe(
      'vmf.page (4 bytes, while __do_fault() runs at this depth of the stack)',
    );
    await watch('vmf.page');
    const texts = await stops();
    // The words are the stack's own again afterwards, and others write them.
    expect(texts).toHaveLength(1);
    expect(texts[0]).toMatch(
      /^vmf\.page: .* written by \w+ in filemap_fault\(\) at filemap\.c:\d+\.$/,
    );
  });

  it('stop only where the condition holds, for a task, and at the right arrival in both directions', async () => {
    await story.launch({ scenario: 'cold-fault-with-mmap' });
    await watch(COUNT, { condition: 'mapper' });
    const ofMapper = await stops();
    expect(ofMapper.length).toBeGreaterThan(3);
    expect(ofMapper.every((text) => text.includes('by mapper'))).toBe(true);
    story = new DapStory();
    await story.launch({ scenario: 'cold-fault-with-mmap' });
    await watch(COUNT, { hitCondition: '3' });
    await story.move('continue');
    const third = story.stop.text;
    const at = await position();
    await story.move('next');
    expect(await story.move('reverseContinue')).toMatch(/^data breakpoint/);
    expect([story.stop.text, await position()]).toEqual([third, at]);
    expect(await story.move('reverseContinue')).toMatch(/^entry/);
  });

  it('end a step in the middle of a statement', async () => {
    await story.launch({ scenario: 'cold-fault' });
    await watch(COUNT);
    const source = await story.sourceOf('mm/fault.c');
    let stop = '';
    for (let count = 0; count < 60 && !stop.startsWith('data'); count += 1) {
      stop = await story.move('next');
    }
    expect(stop).toMatch(/^data breakpoint toucher/);
    expect(story.stop.hitBreakpointIds).toHaveLength(1);
    expect(source.path).toContain('fault.c');
  });

  it('are about addresses of programs, too', async () => {
    await story.launch({ scenario: 'cold-fault-with-mmap' });
    for (let count = 0; count < 6; count += 1) await story.move('next');
    const name = /0x[0-9a-f]+/.exec(await story.value('address'))?.[0] ?? '';
    const { description } = await info(name, { asAddress: true, bytes: 4 });
    expect(description).toContain('in the address space of toucher');
    await watch(name, { accessType: 'readWrite' }, { asAddress: true, bytes: 4 });
    expect(await story.move('continue')).toMatch(/^data breakpoint toucher/);
    expect(story.stop.text).toMatch(/was read by toucher in its program at <\w+.*>\.$/);
  });

  it('stay over a restart, on another kernel too where the name means something there', async () => {
    await story.launch({ scenario: 'cold-fault', kernel: 'patched' });
    const global = await info('jiffies');
    const isThere = global.dataId !== null;
    if (isThere) expect(global.canPersist).toBe(true);
    await watch(COUNT);
    await story.move('continue');
    const first = story.stop.text;
    const arrival = story.client.waitFor('stopped');
    await story.client.ask('restart', {});
    await arrival;
    expect(await story.move('continue')).toMatch(/^data breakpoint/);
    expect(story.stop.text).toBe(first);
  });

  it('are answered for unknown ids, kinds and empty lists', async () => {
    await story.launch({ scenario: 'cold-fault' });
    const set = async (breakpoints: object[]): Promise<unknown> =>
      await story.client.ask('setDataBreakpoints', { breakpoints });
    expect(await set([{ dataId: 'x' }, { dataId: '["memory",16,4,"t"]' }])).toEqual({
      breakpoints: [
        { id: 1, verified: false, message: 'This run has no such data: x.' },
        { id: 2, verified: false, message: 'There is no memory at 0x00000010.' },
      ],
    });
    const tooMany = '["call",2,"do_page_fault",1,8,3222274048,100000000,"t"]';
    expect(await set([{ dataId: tooMany }, { dataId: '["memory",3221225472,1.5,"t"]' }])).toEqual({
      breakpoints: [
        { id: 3, verified: false, message: 't takes 100000000 bytes.' },
        { id: 4, verified: false, message: 't takes -1 bytes.' },
      ],
    });
    expect(await set([])).toEqual({ breakpoints: [] });
    const refused = await story.client.send('setDataBreakpoints', {
      breakpoints: [{ dataId: 'x', accessType: 'look' }],
    });
    expect(refused.success).toBe(false);
    const mode = { breakpoints: [{ dataId: 'x', mode: 'wouldSleep' }] };
    expect((await story.client.send('setDataBreakpoints', mode)).success).toBe(false);
    expect(await story.move('continue')).toBe('terminated');
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
