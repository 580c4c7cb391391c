// What breakpoints ask for besides a place: conditions, hit counts, log messages, modes; functions, instructions, filters.
import { afterEach, describe, expect, it } from 'vitest';
import { DapStory } from '../support/dapStory.ts';

interface Placed {
  readonly id: number;
  readonly verified: boolean;
  readonly line?: number;
  readonly message?: string;
}

describe('breakpoints', () => {
  let story = new DapStory();
  afterEach(() => {
    expect(story.bugs).toEqual([]);
    expect(story.client.violations).toEqual([]);
    story = new DapStory();
  });

  /** Sets one breakpoint with rules on the first line with a text. */
  async function breakAt(ending: string, part: string, rules: object): Promise<Placed> {
    const source = await story.sourceOf(ending);
    const line = await story.lineWith(source, part);
    const body = (await story.client.ask('setBreakpoints', {
      source,
      breakpoints: [{ line, ...rules }],
    })) as { breakpoints: [Placed] };
    return body.breakpoints[0];
  }

  async function filters(...filterOptions: readonly object[]): Promise<readonly Placed[]> {
    const body = (await story.client.ask('setExceptionBreakpoints', {
      filters: [],
      filterOptions,
    })) as { breakpoints: readonly Placed[] };
    return body.breakpoints;
  }

  async function position(): Promise<number> {
    const { state } = (await story.client.ask('faultline/state')) as {
      state: { position: number };
    };
    return state.position;
  }

  describe('with a condition', () => {
    it('stop only where it holds, in both directions', async () => {
      await story.launch({ scenario: 'cold-fault' });
      await breakAt('mm/fault.c', 'fault = handle_mm_fault', { condition: 'release_flag == 0' });
      expect(await story.move('continue')).toMatch(
        /^breakpoint toucher — do_page_fault \(attempt 2\)/,
      );
      expect(await story.value('release_flag', 'do_page_fault')).toMatch(/^0x00/);
      const there = await position();
      await story.move('next');
      expect(await story.move('reverseContinue')).toMatch(/^breakpoint toucher .*attempt 2/);
      expect(await position()).toBe(there);
      expect(await story.move('reverseContinue')).toMatch(/^entry /);
    });

    it('may be the name of a task', async () => {
      await story.launch({ scenario: 'cold-fault-with-mmap', stopOnEntry: 'user' });
      await breakAt('kernel/sched.c', 'schedule(void)', { condition: 'mapper' });
      expect(await story.move('continue')).toMatch(/^breakpoint mapper — /);
    });

    it('are refused when it makes no sense there, with the reason', async () => {
      await story.launch({ scenario: 'cold-fault' });
      const placed = await breakAt('mm/fault.c', 'fault = handle_mm_fault', {
        condition: 'relese_flag == 0',
      });
      expect(placed.verified).toBe(false);
      expect(placed.message).toContain('relese_flag');
      expect(await story.move('continue')).toBe('terminated');
    });

    it('do not end a step where it does not hold, and do not lengthen it', async () => {
      await story.launch({ scenario: 'cold-fault' });
      const plain = await story.move('next');
      const after = await position();
      await story.move('stepBack');
      const source = await story.sourceOf('mm/fault.c');
      const here = (await story.frameOf('do_page_fault')).line;
      const breakpoints = Array.from({ length: 12 }, (_, index) => ({
        line: here + index,
        condition: '0',
      }));
      await story.client.ask('setBreakpoints', { source, breakpoints });
      expect(await story.move('next')).toBe(plain);
      expect(await position()).toBe(after);
    });
  });

  describe('with a hit count', () => {
    it.each([
      ['2', 2],
      ['>= 2', 2],
      ['% 2', 2],
      ['> 1', 2],
      ['== 1', 1],
    ])(
      '%s stop at that arrival, which has the same number when it is passed again',
      async (hitCondition, count) => {
        await story.launch({ scenario: 'cold-fault-with-mmap', stopOnEntry: 'user' });
        await breakAt('lib/rwsem.c', 'spin_lock_irq(&sem->wait_lock)', {});
        const arrivals: number[] = [];
        for (let index = 0; index < count; index += 1) {
          await story.move('continue');
          arrivals.push(await position());
        }
        await story.client.move('restart');
        await breakAt('lib/rwsem.c', 'spin_lock_irq(&sem->wait_lock)', { hitCondition });
        await story.move('continue');
        expect(await position()).toBe(arrivals[count - 1]);
        await story.move('next');
        await story.move('reverseContinue');
        expect(await position()).toBe(arrivals[count - 1]);
      },
    );

    it('are refused when it is none', async () => {
      await story.launch({ scenario: 'cold-fault' });
      const source = await story.sourceOf('mm/fault.c');
      const breakpoints = [{ line: 1, hitCondition: 'often' }];
      const answer = await story.client.send('setBreakpoints', { source, breakpoints });
      expect(answer.success).toBe(false);
      expect(answer.message).toContain('"often" is no hit count. A hit count is a number');
    });
  });

  describe('with a message', () => {
    it('print it with values and go on, and print nothing twice', async () => {
      await story.launch({ scenario: 'cold-fault' });
      await breakAt('mm/fault.c', 'fault = handle_mm_fault', {
        logMessage: 'attempt with flag {release_flag}',
      });
      await breakAt('mm/filemap.c', 'up_read(&vma->vm_mm->mmap_sem)', {});
      await story.move('continue');
      const printed = (): number => story.client.output.split('attempt with flag').length - 1;
      expect(story.client.output).toContain('attempt with flag 0x08 FAULT_FLAG_RELEASE');
      expect(printed()).toBe(1);
      await story.move('reverseContinue');
      await story.move('continue');
      expect(printed()).toBe(1);
      await story.client.ask('setBreakpoints', {
        source: await story.sourceOf('mm/filemap.c'),
        breakpoints: [],
      });
      expect(await story.move('continue')).toBe('terminated');
      expect(story.client.output).toContain('attempt with flag 0x00');
      expect(printed()).toBe(2);
    });
  });

  describe('with a mode', () => {
    it('stop only the task that stood when they were set', async () => {
      await story.launch({ scenario: 'cold-fault-with-mmap', stopOnEntry: 'user' });
      const first = story.threadId;
      await breakAt('kernel/sched.c', 'schedule(void)', { mode: 'oneTask' });
      await story.move('continue');
      expect(story.threadId).toBe(first);
      await story.move('continue');
      expect(story.threadId).toBe(first);
    });

    it('stop where the statement would put the task to sleep', async () => {
      await story.launch({ scenario: 'cold-fault' });
      await breakAt('mm/fault.c', 'fault = handle_mm_fault', { mode: 'wouldSleep' });
      const arrival = await story.move('continue');
      expect(arrival).toMatch(/attempt 1\): fault = handle_mm_fault/);
      expect(await story.move('next')).toMatch(/^sleep /);
      expect(await story.move('continue')).toBe('terminated');
    });

    it('are refused when there is none of that name', async () => {
      await story.launch({ scenario: 'cold-fault' });
      const source = await story.sourceOf('mm/fault.c');
      const breakpoints = [{ line: 1, mode: 'sometimes' }];
      const { message } = await story.client.send('setBreakpoints', { source, breakpoints });
      expect(message).toContain('There is no mode "sometimes". The modes are anyTask, oneTask');
    });
  });

  describe('on a function', () => {
    it('stop at its body, and say where that is', async () => {
      await story.launch({ scenario: 'cold-fault' });
      const body = (await story.client.ask('setFunctionBreakpoints', {
        breakpoints: [{ name: 'filemap_fault' }, { name: 'filemap_falt' }],
      })) as { breakpoints: [Placed, Placed] };
      expect(body.breakpoints[0]).toMatchObject({ verified: true });
      expect(body.breakpoints[0].line).toBeGreaterThan(1);
      expect(body.breakpoints[1]).toMatchObject({
        verified: false,
        message: 'There is no function "filemap_falt". Did you mean "filemap_fault"?',
      });
      expect(await story.move('continue')).toMatch(/^breakpoint toucher — filemap_fault: /);
      expect(story.stop.hitBreakpointIds).toEqual([body.breakpoints[0].id]);
    });

    it('may be a label of a user program', async () => {
      await story.launch({ scenario: 'sequential-read' });
      await story.client.ask('setFunctionBreakpoints', {
        breakpoints: [{ name: 'iteration', hitCondition: '3' }],
      });
      expect(await story.move('continue')).toMatch(/^breakpoint \w+ — iteration: /);
      expect(await story.move('continue')).toBe('terminated');
    });
  });

  describe('on an instruction', () => {
    it('stop before it', async () => {
      await story.launch({ scenario: 'cold-fault', stopOnEntry: 'user' });
      const registers = /0x[0-9a-f]+/.exec(await story.value('%eip'))?.[0] ?? '';
      const next = Number(registers) + 5;
      const body = (await story.client.ask('setInstructionBreakpoints', {
        breakpoints: [
          { instructionReference: registers, offset: 5 },
          { instructionReference: '0xd0000000' },
        ],
      })) as { breakpoints: [Placed, Placed] };
      expect(body.breakpoints[0].verified).toBe(true);
      expect(body.breakpoints[1]).toMatchObject({
        verified: false,
        message: 'There is no instruction at 0xd0000000.',
      });
      await story.move('continue');
      expect(Number(/0x[0-9a-f]+/.exec(await story.value('%eip'))?.[0])).toBe(next);
    });
  });

  describe('for events', () => {
    it.each([
      ['taskSleeps', /^sleep toucher/, /goes to sleep/],
      ['taskWakes', /^wake toucher/, /has been woken up/],
      [
        'lockContended',
        /^exception toucher/,
        /finds a lock taken .* the page lock of data\.bin:\d+, held by the disk\.$/,
      ],
      ['released', /^exception toucher — handle_mm_fault/, /comes back without mmap_sem/],
    ])('%s', async (filterId, arrival, text) => {
      await story.launch({ scenario: 'cold-fault' });
      expect(await filters({ filterId })).toMatchObject([{ verified: true }]);
      expect(await story.move('continue')).toMatch(arrival);
      expect(story.stop.text).toMatch(text);
      const there = await position();
      const end = await story.move('continue');
      if (end !== 'terminated') {
        await story.move('reverseContinue');
        expect(await position()).toBe(there);
      }
    });

    it('explain themselves', async () => {
      await story.launch({ scenario: 'cold-fault' });
      await filters({ filterId: 'released' });
      await story.move('continue');
      expect(await story.client.ask('exceptionInfo')).toMatchObject({
        exceptionId: 'released',
        description: expect.stringContaining('toucher comes back without mmap_sem') as string,
      });
    });

    it('tell of a signal that is delivered', async () => {
      await story.launch({ scenario: 'bad-addresses' });
      await filters({ filterId: 'signal' });
      expect(await story.move('continue')).toMatch(/^exception \w+ — (?:next_signal|do_signal)/);
      expect(story.stop.text).toMatch(/gets SIG(?:BUS|SEGV) \(signal (?:7|11)\)\.$/);
    });

    it('can be about one task only', async () => {
      await story.launch({ scenario: 'cold-fault-with-mmap', stopOnEntry: 'user' });
      await filters({ filterId: 'taskSleeps', condition: 'bystander' });
      expect(await story.move('continue')).toMatch(/^sleep bystander/);
    });

    it('are refused when there is none of that name', async () => {
      await story.launch({ scenario: 'cold-fault' });
      expect(await filters({ filterId: 'nonsense' })).toMatchObject([
        { verified: false, message: 'There is no filter "nonsense".' },
      ]);
    });

    it('let a deadlock end the session when nobody wants to look at it', async () => {
      await story.launch({ scenario: 'cold-fault', kernel: 'everybody-sleeps' });
      await filters({ filterId: 'oops' });
      expect(await story.move('continue')).toBe('terminated');
    });
  });
});
