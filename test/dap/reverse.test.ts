// Going back: every step back is the exact inverse of a step into, with the whole machine.
import { afterEach, describe, expect, it } from 'vitest';
import type { FaultlineSession } from '../../src/adapter/session.ts';
import { createSession } from '../../src/adapter/createSession.ts';
import { createTestHost } from '../support/adapterHost.ts';
import { DapClient } from '../support/dapClient.ts';
import { DapStory } from '../support/dapStory.ts';

function hashOf(session: FaultlineSession): string {
  return session.run?.debugger.target.machine.stateHash() ?? '';
}

describe('step back', () => {
  it.each(['fault_entry', 'drop_mmap_sem', 'released', 'retry'])(
    'undoes each step into, from %s on, whatever happened in between',
    async (anchor) => {
      const session = createSession(createTestHost());
      const client = new DapClient(session);
      await client.start({ scenario: 'cold-fault-with-mmap', stopOnEntry: anchor });
      // On: sleeping on the disk, the interrupt and the work of the other tasks are parts of steps.
      await client.ask('setExceptionBreakpoints', { filters: [] });
      const { threads } = (await client.ask('threads')) as {
        threads: { id: number; name: string }[];
      };
      const threadId = threads.find((thread) => thread.name.startsWith('toucher'))?.id;
      const hashes: string[] = [];
      for (let count = 0; count < 40; count += 1) {
        const hash = hashOf(session);
        await client.move('stepIn', { threadId });
        const { lastStop } = session.run?.debugger ?? {};
        if (lastStop?.reason !== 'step') break;
        hashes.push(hash);
      }
      expect(hashes.length).toBeGreaterThan(10);
      for (const hash of hashes.reverse()) {
        await client.move('stepBack', { threadId });
        expect(hashOf(session)).toBe(hash);
      }
      expect(client.violations).toEqual([]);
    },
  );

  it('goes back over a sleep on the disk', async () => {
    const story = new DapStory();
    await story.launch({ scenario: 'cold-fault-with-mmap' });
    await story.client.ask('setExceptionBreakpoints', { filters: [] });
    await story.seek('released');
    const before = await story.stack();
    await story.move('stepBack');
    await story.move('stepIn');
    expect((await story.stack()).map(({ name, text }) => ({ name, text }))).toEqual(
      before.map(({ name, text }) => ({ name, text })),
    );
    expect(story.bugs).toEqual([]);
  });

  it('stops with a word where the task has done nothing yet', async () => {
    const story = new DapStory();
    await story.launch({ scenario: 'cold-fault', stopOnEntry: 'user' });
    let stop = await story.move('stepBack');
    // Before its first instruction the task comes out of the kernel.
    for (let count = 0; count < 10 && stop.startsWith('step '); count += 1) {
      stop = await story.move('stepBack');
    }
    expect(stop).toMatch(/^entry toucher/);
    expect(story.client.output).toContain('toucher has done nothing before this.');
    expect(await story.move('next')).toMatch(/^step toucher/);
  });

  it('stays where it is for a task that has not started', async () => {
    const story = new DapStory();
    await story.launch({ scenario: 'cold-fault-with-mmap' });
    await story.move('next');
    const before = await story.stack();
    const threadId = await story.thread('bystander');
    await story.move('stepBack', { threadId });
    expect(story.stop.text).toBe('bystander has done nothing before this.');
    const toucher = await story.thread('toucher');
    expect((await story.stack(toucher)).map(({ text }) => text)).toEqual(
      before.map(({ text }) => text),
    );
  });
});

describe('reverse continue', () => {
  let story = new DapStory();
  afterEach(() => {
    expect(story.bugs).toEqual([]);
    expect(story.client.violations).toEqual([]);
    story = new DapStory();
  });

  it('lands where forward execution passed a breakpoint', async () => {
    await story.launch({ scenario: 'cold-fault-with-mmap' });
    await story.seek('fault_done', 'toucher');
    await story.breakAt('mm/filemap.c', 'up_read(&vma->vm_mm->mmap_sem)');
    expect(await story.move('reverseContinue')).toBe(
      'breakpoint toucher — filemap_fault: up_read(&vma->vm_mm->mmap_sem);',
    );
    expect(await story.move('reverseContinue')).toMatch(/^entry /);
    expect(story.client.output).toContain('No breakpoint was passed');
    expect(await story.move('continue')).toBe(
      'breakpoint toucher — filemap_fault: up_read(&vma->vm_mm->mmap_sem);',
    );
  });

  it('previous moment undoes next moment', async () => {
    await story.launch({ scenario: 'cold-fault-with-mmap' });
    const stops = [await story.moment('next')];
    stops.push(await story.moment('next'), await story.moment('next'), await story.moment('next'));
    for (const stop of stops.slice(0, -1).reverse()) {
      expect(await story.moment('previous')).toBe(stop);
    }
  });
});

describe('the end of the run', () => {
  it('is a stop from which one can go back; going on from there ends the session', async () => {
    const story = new DapStory();
    await story.launch({ scenario: 'cold-fault', stopAtEnd: true });
    expect(await story.move('continue')).toMatch(/^end /);
    expect(story.stop.description).toBe('End of the run');
    const said = story.client.output;
    expect(said).toContain('toucher: exited:25');
    expect(said).toContain('Step back to look again');
    expect(await story.move('stepBack')).toMatch(/^step toucher/);
    expect(await story.move('reverseContinue')).toMatch(/^entry toucher/);
    expect(await story.move('continue')).toMatch(/^end /);
    const before = story.client.output.length;
    expect(await story.move('continue')).toBe('terminated');
    expect(story.client.output.length).toBe(before);
    expect(story.bugs).toEqual([]);
  });

  it('has no moment and no event behind it, and asking for one changes nothing', async () => {
    const story = new DapStory();
    await story.launch({ scenario: 'cold-fault', stopAtEnd: true });
    expect(await story.move('continue')).toMatch(/^end /);
    for (const [request, args] of [
      ['faultline/moment', { direction: 'next' }],
      ['faultline/seek', { event: 'next' }],
    ] as const) {
      const answer: unknown = await story.client.ask(request, args);
      expect(answer).toMatchObject({ reached: false, reason: 'The run is over.' });
    }
    expect(story.client.events.filter(({ event }) => event === 'terminated')).toEqual([]);
    expect(await story.moment('previous')).toMatch(/^moment toucher/);
  });

  it('is not in the way of a client that wants the session to end', async () => {
    const story = new DapStory();
    await story.launch({ scenario: 'cold-fault', stopAtEnd: false });
    expect(await story.move('continue')).toBe('terminated');
  });
});
