// Stops where a task has to wait for one lock: forwards, backwards, over a restart, and for no other lock.
// And what the panel asks at a stop: the names in the chain of a waiting task, and which choice comes next.
import { expect, it } from 'vitest';
import type { ChoiceView, WhyResult } from '../../src/view/protocol.ts';
import { DapStory } from '../support/dapStory.ts';

async function toggle(story: DapStory, lock: string, on: boolean): Promise<readonly string[]> {
  const answer: unknown = await story.client.ask('faultline/breakOnContention', { lock, on });
  return (answer as { readonly locks: readonly string[] }).locks;
}

it('stops where a task has to wait for the lock, in both directions', async () => {
  const story = new DapStory();
  await story.launch({ scenario: 'cold-fault-with-mmap', kernel: 'unpatched', stopAtEnd: true });
  expect(await toggle(story, 'mmap_sem', true)).toEqual(['mmap_sem']);
  await story.move('continue');
  expect(story.stop.text).toMatch(
    /^mapper finds a lock taken and begins to wait for it: mmap_sem, to write, held by toucher/,
  );
  expect(story.stop.description).toBe('A task has to wait for a lock');
  await story.move('continue');
  expect(story.stop.text).toMatch(/^\w+ finds a lock taken .*: mmap_sem, to read, held by toucher/);
  await story.move('reverseContinue');
  expect(story.stop.text).toContain('mapper finds a lock taken');
  expect(await toggle(story, 'mmap_sem', false)).toEqual([]);
  await story.move('continue');
  expect(story.stop.text).not.toContain('finds a lock taken');
  expect(story.client.violations).toEqual([]);
});

it('tells locks apart, and keeps what was asked for over a restart', async () => {
  const story = new DapStory();
  await story.launch({ scenario: 'cold-fault-with-mmap', kernel: 'unpatched', stopAtEnd: true });
  await toggle(story, 'data.bin:20', true);
  await story.move('continue');
  expect(story.stop.text).toContain('toucher finds a lock taken');
  expect(story.stop.text).toContain('the page lock of data.bin:20');
  await story.move('restart', { arguments: {} });
  await story.move('continue');
  expect(story.stop.text).toContain('the page lock of data.bin:20');
  const refusal = await story.client.send('faultline/breakOnContention', { lock: 'x', on: true });
  expect(refusal.success).toBe(false);
  expect(refusal.message).toContain('names no lock');
});

it('names locks, pages and reads in the chain of a task, for pictures', async () => {
  const story = new DapStory();
  await story.launch({ scenario: 'cold-fault-with-mmap', kernel: 'unpatched' });
  await story.seek('rwsem_queued', 'bystander');
  const why = (await story.client.ask('faultline/why', { task: 'mapper' })) as WhyResult;
  expect(why.links.map(({ kind, lock, page, request }) => ({ kind, lock, page, request }))).toEqual(
    [
      { kind: 'task' },
      { kind: 'lock', lock: 'mmap_sem' },
      { kind: 'task' },
      { kind: 'disk', page: 'data.bin:20', request: 1 },
    ],
  );
});

it('sees no deadlock where a lock has just been granted to the first of the queue', async () => {
  const story = new DapStory();
  await story.launch({ scenario: 'cold-fault-with-mmap', kernel: 'unpatched' });
  await story.seek('rwsem_grant_write');
  const { text } = (await story.client.ask('faultline/why', { task: 'mapper' })) as WhyResult;
  expect(text).toBe('mapper → mmap_sem, first in its queue → granted, about to be woken up');
});

it('says where the chain of a deadlock comes back to', async () => {
  const story = new DapStory();
  await story.launch({
    scenario: 'cold-fault-with-mmap',
    kernel: 'everybody-sleeps',
    rules: 'off',
  });
  await story.move('continue');
  const why = (await story.client.ask('faultline/why', { task: 'bystander' })) as WhyResult;
  const back = why.links.at(-1)?.backTo;
  expect(why.links.at(-1)?.text).toBe('a circle: a deadlock');
  expect(why.links[back ?? 0]?.text).toBe('held by toucher');
});

it('marks what comes next among the choices, also where the user has chosen', async () => {
  const story = new DapStory();
  await story.launch({ scenario: 'cold-fault-with-mmap', kernel: 'unpatched' });
  await story.seek('rwsem_queued', 'mapper');
  const next = async (): Promise<readonly (string | undefined)[]> => {
    const answer: unknown = await story.client.ask('faultline/choices');
    const { choices } = answer as { readonly choices: readonly ChoiceView[] };
    return choices.filter(({ isNext }) => isNext).map(({ task }) => task);
  };
  for (const name of ['mapper', 'toucher', 'mapper']) {
    const threadId = await story.thread(name);
    await story.client.ask('faultline/switchTo', { threadId });
    expect(await next()).toEqual([name]);
  }
});
