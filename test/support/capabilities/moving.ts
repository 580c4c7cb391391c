/**
 * The effects of capabilities that move the machine, in both directions.
 */
import { expect } from 'vitest';
import { launchToCall, positionOf, snapshotOf, type Effect } from './entry.ts';

export const stepsBack: Effect = async (story) => {
  await story.launch({ scenario: 'cold-fault' });
  const trail: string[] = [];
  for (let index = 0; index < 6; index += 1) {
    trail.push(await snapshotOf(story));
    await story.move('stepIn');
  }
  for (const expected of trail.toReversed()) {
    await story.move('stepBack');
    expect(await snapshotOf(story)).toBe(expected);
  }
  await story.breakAt('mm/filemap.c', 'up_read(&vma->vm_mm->mmap_sem)');
  await story.move('continue');
  const there = await snapshotOf(story);
  // Backwards there is no breakpoint: the start of the run is reached.
  expect(await story.move('reverseContinue')).toMatch(/^entry /);
  expect(await positionOf(story)).toBeLessThan(Number(trail[0]?.split('\n')[0]));
  await story.move('continue');
  expect(await snapshotOf(story)).toBe(there);
};

export const restartsCalls: Effect = async (story) => {
  await launchToCall(story);
  await story.move('stepIn');
  const before = await snapshotOf(story);
  await story.breakAt('mm/filemap.c', 'up_read(&vma->vm_mm->mmap_sem)');
  await story.move('continue');
  const { id: frameId } = await story.frameOf('handle_mm_fault');
  expect(await story.move('restartFrame', { frameId })).toMatch(
    /^goto toucher — handle_mm_fault: /,
  );
  expect(await snapshotOf(story)).toBe(before);
  expect(await story.move('continue')).toMatch(/^breakpoint toucher — filemap_fault/);
  const user = (await story.stack()).at(-1);
  const answer = await story.client.send('restartFrame', { frameId: user?.id });
  expect(answer.message).toMatch(/Only a call of a kernel function/);
};

export const stepsIntoTargets: Effect = async (story) => {
  await launchToCall(story);
  const { id: frameId } = await story.frameOf('do_page_fault');
  const { targets } = (await story.client.ask('stepInTargets', { frameId })) as {
    targets: { id: number; label: string }[];
  };
  expect(targets.map(({ label }) => label)).toEqual(['handle_mm_fault']);
  expect(await story.move('stepIn', { targetId: targets[0]?.id })).toMatch(
    /toucher — handle_mm_fault: /,
  );
};

export const stepsByInstructions: Effect = async (story) => {
  await story.launch({ scenario: 'cold-fault', stopOnEntry: 'user' });
  const granularity = 'instruction';
  const trail: number[] = [];
  for (let index = 0; index < 60; index += 1) {
    trail.push(await positionOf(story));
    await story.move(index % 2 === 0 ? 'next' : 'stepIn', { granularity });
    expect(await positionOf(story)).toBe((trail.at(-1) ?? 0) + 1);
  }
  // From the program into the kernel.
  expect((await story.stack())[0]?.name).not.toBe('load');
  for (const expected of trail.reverse()) {
    await story.move('stepBack', { granularity });
    expect(await positionOf(story)).toBe(expected);
  }
};

export const movesOneTask: Effect = async (story) => {
  await story.launch({ scenario: 'cold-fault-with-mmap', stopOnEntry: 'drop_mmap_sem' });
  const { threadId } = story;
  const other = await story.thread('mapper');
  // Its innermost frame tells a sleeping task from one that has been woken up.
  const placeOfOther = async (): Promise<readonly string[]> =>
    (await story.stack(other)).slice(1).map(({ name, line }) => `${name}:${String(line)}`);
  const before = await placeOfOther();
  const start = await positionOf(story);
  // It drops the lock that mapper waits for.
  for (const command of ['next', 'stepBack', 'stepIn']) {
    await story.move(command, { threadId, singleThread: true });
    expect(await placeOfOther()).toEqual(before);
  }
  expect(await positionOf(story)).toBeGreaterThan(start);
  expect(await story.move('continue', { threadId, singleThread: true })).toMatch(/^sleep toucher/);
  expect(await placeOfOther()).toEqual(before);
  expect(await story.move('next')).toMatch(/^wake toucher/);
  expect(await placeOfOther()).not.toEqual(before);
};
