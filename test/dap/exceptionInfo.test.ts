// What each filter says about itself: what happens, what it means, who waits for what, the schedule.
import { afterEach, describe, expect, it } from 'vitest';
import { DapStory } from '../support/dapStory.ts';

interface Info {
  readonly exceptionId: string;
  readonly description: string;
  readonly details: { readonly typeName: string; readonly stackTrace: string };
}

/** The filter, a run that comes to it, what is said, and a line of who waits for what. */
const CASES: readonly (readonly [string, object, RegExp, RegExp])[] = [
  [
    'taskSleeps',
    { scenario: 'cold-fault-with-mmap' },
    /^mapper goes to sleep: it waits for mmap_sem \(to write\)\..* Its CPU is free for others/,
    /^ {2}mapper → mmap_sem, first in its queue → held by toucher → runs on CPU 0$/m,
  ],
  [
    'taskWakes',
    { scenario: 'cold-fault-with-mmap' },
    /^mapper has been woken up\..* It was woken up by toucher\.$/,
    /^ {2}mmap_sem: held by mapper \(to write\)$/m,
  ],
  [
    'lockContended',
    { scenario: 'cold-fault' },
    /^toucher finds a lock taken .*: the page lock of data\.bin:20, held by the disk\. It will sleep/,
    /^ {2}toucher → the page lock of data\.bin:20 → a disk read that has not been sent yet$/m,
  ],
  [
    'released',
    { scenario: 'cold-fault' },
    /^toucher comes back without mmap_sem: .* may be out of date\.$/,
    /^ {2}mmap_sem: nobody is inside$/m,
  ],
  [
    'signal',
    { scenario: 'bad-addresses' },
    /^kernel gets SIGSEGV \(signal 11\)\. No mapping of the process has the address 0xc0001000\.$/,
    /^ {2}a\.mmap_sem: nobody is inside$/m,
  ],
  [
    'signal',
    { scenario: 'disk-error' },
    /^loader gets SIGBUS \(signal 7\)\. There is no page for 0x[0-9a-f]{8}: it is behind the end/,
    /^ {2}loader → runs on CPU 0$/m,
  ],
  [
    'oops',
    { scenario: 'cold-fault', kernel: 'kernel-oops', rules: 'off' },
    /Null pointer: read of 4 bytes .*Linux would print an oops here and kill the task/,
    /^ {2}mmap_sem: /m,
  ],
  [
    'violation',
    { scenario: 'cold-fault', kernel: 'freed-memory' },
    /^toucher uses vm_ops of a VMA .* Look it up again with find_vma\(\)\.$/,
    /^ {2}mmap_sem: held by toucher \(to read\)$/m,
  ],
  [
    'deadlock',
    { scenario: 'cold-fault-with-mmap', kernel: 'everybody-sleeps', rules: 'off' },
    /^Deadlock: .* Each of them waits for something that only another one of them, or nobody, could/,
    /^ {2}toucher → mmap_sem, queued behind mapper, bystander → held by toucher → a circle: a deadlock$/m,
  ],
];

/** Where the fault says more exactly what happened, that is the id. */
const IDS: Readonly<Record<string, string>> = {
  oops: 'nullPointer',
  violation: 'vma-after-drop',
};

describe('exceptionInfo', () => {
  let story = new DapStory();
  afterEach(() => {
    expect(story.bugs).toEqual([]);
    story = new DapStory();
  });

  it.each(CASES)('of %s %o', async (filter, launch, description, waiting) => {
    await story.launch(launch);
    await story.client.ask('setExceptionBreakpoints', { filters: [filter] });
    await story.move('continue');
    const info = (await story.client.ask('exceptionInfo')) as Info;
    expect(info.exceptionId).toBe(IDS[filter] ?? filter);
    expect(info.description).toMatch(description);
    expect(info.details.stackTrace).toMatch(waiting);
    expect(info.details.stackTrace).toMatch(/^ {2}faultline-schedule 1 program=/m);
  });

  it('of a step that ends because its task goes to sleep', async () => {
    await story.launch({ scenario: 'cold-fault' });
    await story.client.ask('setExceptionBreakpoints', { filters: ['steppedTaskSleeps'] });
    while (!(await story.move('next')).startsWith('sleep')) expect(story.stop.reason).toBe('step');
    const info = (await story.client.ask('exceptionInfo')) as Info;
    expect(info.exceptionId).toBe('steppedTaskSleeps');
    expect(info.description).toContain('toucher goes to sleep: it waits for the page lock');
    expect(info.details.stackTrace).toContain('  toucher → disk read #1, 12.5 ms left');
  });

  it('has a schedule that leads to the same state again', async () => {
    await story.launch({ scenario: 'cold-fault-with-mmap', schedule: 'random', seed: 7 });
    await story.client.ask('setExceptionBreakpoints', { filters: ['released'] });
    await story.move('continue');
    const { details } = (await story.client.ask('exceptionInfo')) as Info;
    const [, steps, text] =
      /to step (\d+) .*\n {2}(faultline-schedule .*)/.exec(details.stackTrace) ?? [];
    const again = new DapStory();
    await again.launch({ scenario: 'cold-fault-with-mmap', schedule: text });
    await again.client.ask('setExceptionBreakpoints', { filters: ['released'] });
    await again.move('continue');
    const info = (await again.client.ask('exceptionInfo')) as Info;
    expect(info.details.stackTrace).toContain(`to step ${String(steps)} `);
  });

  it('is refused where no event stopped the run', async () => {
    await story.launch({ scenario: 'cold-fault' });
    const answer = await story.client.send('exceptionInfo');
    expect(answer).toMatchObject({ success: false, message: 'No exception has occurred.' });
  });
});
