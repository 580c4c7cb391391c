// Going back in the ways that DAP does not know, completions, the console, and choosing who runs.
import { afterEach, describe, expect, it } from 'vitest';
import { DapStory } from '../support/dapStory.ts';

describe('a session', () => {
  let story = new DapStory();
  afterEach(() => {
    expect(story.bugs).toEqual([]);
    expect(story.client.violations).toEqual([]);
    story = new DapStory();
  });

  async function position(): Promise<number> {
    const { state } = (await story.client.ask('faultline/state')) as {
      state: { position: number };
    };
    return state.position;
  }

  /** Moves by a custom request; where the task stands then. */
  async function custom(command: string, args: object): Promise<string> {
    const arrival = story.client.waitFor('stopped');
    await story.client.ask(command, args);
    const event = await arrival;
    const { threadId, reason, text } = event.body as {
      threadId: number;
      reason: string;
      text: string;
    };
    const frame = (await story.stack(threadId)).find(
      (item) => item.hint === 'normal' && item.text !== '',
    );
    return `${reason}: ${frame?.name ?? ''}: ${frame?.text ?? ''} [${text}]`;
  }

  describe('steps back over and out', () => {
    it('over a call: to the statement before it in the same frame', async () => {
      await story.launch({ scenario: 'cached-fault' });
      const trail: number[] = [];
      for (let index = 0; index < 12; index += 1) {
        trail.push(await position());
        await story.move('next');
      }
      for (const expected of trail.reverse()) {
        await custom('faultline/reverse', { kind: 'over', threadId: story.threadId });
        expect(await position()).toBe(expected);
      }
    });

    it('out of a function: to the call of it', async () => {
      await story.launch({ scenario: 'cold-fault' });
      await story.breakAt('mm/filemap.c', 'up_read(&vma->vm_mm->mmap_sem)');
      await story.move('continue');
      const { threadId } = story;
      expect(await custom('faultline/reverse', { kind: 'out', threadId })).toMatch(
        /^step: __do_fault: ret = vma->vm_ops->fault\(vma, &vmf\);/,
      );
      expect(await custom('faultline/reverse', { kind: 'out', threadId })).toMatch(
        /^step: do_linear_fault/,
      );
    });

    it('over a user instruction, with its fault', async () => {
      await story.launch({ scenario: 'cold-fault', stopOnEntry: 'user' });
      await story.move('next');
      const faulting = await position();
      for (const reason of ['sleep', 'wake', 'step']) {
        await story.move('next');
        expect(story.stop.reason).toBe(reason);
      }
      await custom('faultline/reverse', { kind: 'over', threadId: story.threadId });
      expect(await position()).toBe(faulting);
    });
  });

  describe('goes back to the last change', () => {
    it('of a local variable', async () => {
      await story.launch({ scenario: 'cold-fault' });
      await story.breakAt('mm/fault.c', 'check_v8086_mode(regs, address, tsk);');
      await story.move('continue');
      const { id: frameId } = await story.frameOf('do_page_fault');
      const expression = 'release_flag';
      expect(
        await custom('faultline/reverse', { kind: 'lastChange', expression, frameId }),
      ).toMatch(
        /^goto: do_page_fault.*: release_flag = 0; \[toucher changes release_flag here, from 0x08 FAULT_FLAG_RELEASE to 0x00/,
      );
    });

    it('of a variable that had no value before', async () => {
      await story.launch({ scenario: 'cold-fault' });
      await story.breakAt('mm/fault.c', 'fault = handle_mm_fault');
      await story.move('continue');
      const { id: frameId } = await story.frameOf('do_page_fault');
      const expression = 'release_flag';
      expect(
        await custom('faultline/reverse', { kind: 'lastChange', expression, frameId }),
      ).toContain('toucher changes release_flag here, from no value yet to 0x08');
    });

    it('of a field, whoever changed it', async () => {
      await story.launch({ scenario: 'cold-fault-with-mmap' });
      await story.breakAt('mm/fault.c', 'check_v8086_mode(regs, address, tsk);');
      await story.move('continue');
      const expression = 'mm->mmap_sem.count';
      const { id: frameId } = await story.frameOf('do_page_fault');
      const now = await story.value(expression, 'do_page_fault');
      const arrival = await custom('faultline/reverse', {
        kind: 'lastChange',
        expression,
        frameId,
      });
      expect(arrival).toContain(`changes ${expression} here, from `);
      expect(arrival).toContain(`to ${now}`);
    });

    it('stays where nothing has changed', async () => {
      await story.launch({ scenario: 'cold-fault' });
      const there = await position();
      expect(
        await custom('faultline/reverse', { kind: 'lastChange', expression: 'max_mapnr' }),
      ).toContain('max_mapnr has not changed since the run began.');
      expect(await position()).toBe(there);
    });

    it.each([
      ['nonsense', /nonsense/],
      ['1 + 1', /"1 \+ 1" has no place in memory/],
    ])('refuses %s', async (expression, message) => {
      await story.launch({ scenario: 'cold-fault' });
      const answer = await story.client.send('faultline/reverse', {
        kind: 'lastChange',
        expression,
      });
      expect(answer.message).toMatch(message);
    });
  });

  it('goes back to where a lock was taken', async () => {
    await story.launch({ scenario: 'cold-fault' });
    await story.breakAt('mm/filemap.c', 'up_read(&vma->vm_mm->mmap_sem)');
    await story.move('continue');
    const expression = 'vma->vm_mm->mmap_sem';
    const arrival = await custom('faultline/reverse', { kind: 'lockTaken', expression });
    expect(arrival).toMatch(/toucher gets the lock at 0x[0-9a-f]+ for reading here/);
    expect((await story.stack()).map(({ name }) => name).join(' ')).toMatch(/do_page_fault/);
    await story.move('continue');
    await story.move('next');
    const answer = await story.client.send('faultline/reverse', { kind: 'lockTaken', expression });
    expect(answer.message).toMatch(/Nobody is inside vma->vm_mm->mmap_sem now/);
  });

  it.each([
    ['mm->mmap_sem.c', ['count']],
    ['release_f', ['release_flag']],
    ['1 + FAULT_FLAG_REL', ['FAULT_FLAG_RELEASE']],
    ['%eb', ['%ebx', '%ebp']],
    ['why zz', []],
    ['why t', ['toucher']],
    ['task', ['tasks']],
    ['nothing.', []],
  ])('completes %s', async (text, expected) => {
    await story.launch({ scenario: 'cold-fault' });
    await story.breakAt('mm/fault.c', 'fault = handle_mm_fault');
    await story.move('continue');
    const { id: frameId } = await story.frameOf('do_page_fault');
    const { targets } = (await story.client.ask('completions', {
      frameId,
      text,
      column: text.length + 1,
    })) as { targets: { label: string; start: number; length: number }[] };
    const labels = targets.map(({ label }) => label);
    for (const label of expected) expect(labels).toContain(label);
    if (expected.length === 0) expect(labels).toEqual([]);
    for (const { label, start, length } of targets) {
      expect(label.startsWith(text.slice(start, start + length))).toBe(true);
    }
  });

  describe('lets the user be the scheduler:', () => {
    const launch = { scenario: 'cold-fault-with-mmap', stopOnEntry: 'user' } as const;

    async function expectReplay(): Promise<void> {
      const { schedule } = (await story.client.ask('faultline/schedule')) as { schedule: string };
      const there = await position();
      const replayed = new DapStory();
      await replayed.launch({ ...launch, schedule });
      const arrival = replayed.client.waitFor('stopped');
      await replayed.client.ask('faultline/seek', { position: there });
      await arrival;
      expect(await replayed.console('tasks')).toBe(await story.console('tasks'));
      expect(await replayed.console('locks')).toBe(await story.console('locks'));
      await replayed.client.ask('disconnect');
    }

    it('switching to another task', async () => {
      await story.launch(launch);
      await story.moment('next');
      await story.moment('next');
      const threadId = await story.thread('bystander');
      const arrival = await custom('faultline/switchTo', { threadId });
      expect(arrival).toContain('bystander goes on');
      await expectReplay();
      // Going back and coming here again meets the same choice.
      const there = await position();
      await custom('faultline/seek', { position: there - 50 });
      await custom('faultline/seek', { position: there });
      await expectReplay();
    });

    it('letting time pass until the next event', async () => {
      await story.launch(launch);
      await story.moment('next');
      expect(await custom('faultline/switchTo', {})).toMatch(/\[(?:the disk|a timer|the scenario)/);
      await expectReplay();
    });

    it('stepping only one task', async () => {
      await story.launch(launch);
      await story.moment('next');
      const { threadId } = story;
      const others = async (): Promise<string> =>
        (await story.console('tasks'))
          .split('\n')
          .filter((line) => !line.startsWith('toucher'))
          .join('\n');
      const before = await others();
      for (let index = 0; index < 8; index += 1) {
        await story.move('stepIn', { threadId, singleThread: true });
      }
      expect(await others()).toBe(before);
      await expectReplay();
    });

    it('running one task until it blocks', async () => {
      await story.launch(launch);
      const { threadId } = story;
      expect(await custom('faultline/runUntilBlocked', { threadId })).toMatch(
        /^sleep: .*goes to sleep/,
      );
      await expectReplay();
    });

    it('refusing a choice that is none', async () => {
      await story.launch(launch);
      const answer = await story.client.send('faultline/choose', { choice: 7 });
      expect(answer.message).toMatch(/no choice 7/);
    });
  });

  it('answers the commands of the console', async () => {
    await story.launch({ scenario: 'cold-fault' });
    await story.breakAt('mm/filemap.c', 'up_read(&vma->vm_mm->mmap_sem)');
    await story.move('continue');
    expect(await story.console('locks')).toMatch(
      /^mmap_sem: count 0x\w+, .*\n {2}toucher holds it, read for /,
    );
    expect(await story.console('pages')).toMatch(/data.bin:20: locked/);
    expect(await story.console('help')).toMatch(/^why +why a task does not run/);
  });
});
