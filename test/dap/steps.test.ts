// Where steps end: calls side by side, recursion, plumbing, interrupts, tasks that die.
import { afterEach, describe, expect, it } from 'vitest';
import { shippedKernel } from '../support/adapterHost.ts';
import { DapStory } from '../support/dapStory.ts';

const LAB = '/lab/kernel';
const FAULT = 'arch/x86/mm/fault.c';

const PROBES = `
static int probe_one(int x)
{
	return x + 1;
}

//@ plumbing
static int probe_hidden(int x)
{
	int y = probe_one(x);

	return y;
}

static int probe_sum(int n)
{
	if (n == 0)
		return 0;
	return probe_sum(n - 1) + n;
}

#define PROBE_TWICE(v)	do { (v) = 1; (v) = 2; } while (0)

/*
 * Resolve a page fault:`;

const CALLS = `
	write = probe_one(1) + probe_one(2);
	write = probe_hidden(3) + probe_one(4);
	write = probe_sum(2);
	PROBE_TWICE(write);
	mm = tsk->mm;`;

/** The kernel with functions that are called in all the ways that matter to steps. */
function probedKernel(): Map<string, string> {
  const files = shippedKernel();
  const before = files.get(FAULT) ?? '';
  const after = before
    .replace('\n/*\n * Resolve a page fault:', PROBES)
    .replace('\n\tmm = tsk->mm;', CALLS);
  files.set(FAULT, after);
  return files;
}

const files = probedKernel();

async function startProbes(): Promise<DapStory> {
  const story = new DapStory({
    readFolder: () => Promise.resolve({ path: LAB, files }),
  });
  await story.launch({ scenario: 'cold-fault', kernel: LAB });
  await story.move('next');
  await story.move('next');
  return story;
}

describe('a step', () => {
  let story = new DapStory();
  afterEach(() => {
    expect(story.bugs).toEqual([]);
    expect(story.client.violations).toEqual([]);
  });

  it('over a statement passes over all of its calls', async () => {
    story = await startProbes();
    expect(await story.move('next')).toContain('write = probe_hidden(3) + probe_one(4);');
    expect(await story.value('write')).toBe('5');
    expect(await story.move('next')).toContain('write = probe_sum(2);');
    expect(await story.move('next')).toContain('PROBE_TWICE(write);');
    expect(await story.value('write')).toBe('3');
  });

  it('from a function that returns ends in its caller, not in a call beside it', async () => {
    story = await startProbes();
    expect(await story.move('stepIn')).toContain('probe_one: return x + 1;');
    expect(await story.value('x')).toBe('1');
    expect(await story.move('next')).toContain('write = probe_hidden(3) + probe_one(4);');
  });

  it('into goes from one call of a statement to the next', async () => {
    story = await startProbes();
    await story.move('stepIn');
    expect(await story.move('stepIn')).toContain('probe_one: return x + 1;');
    expect(await story.value('x')).toBe('2');
    expect(await story.move('stepOut')).toContain('write = probe_hidden(3) + probe_one(4);');
  });

  it('into passes over plumbing with all it calls', async () => {
    story = await startProbes();
    await story.move('next');
    expect(await story.move('stepIn')).toContain('probe_one: return x + 1;');
    expect(await story.value('x')).toBe('4');
  });

  it('inside of plumbing, where a breakpoint stopped, goes on line by line', async () => {
    story = await startProbes();
    await story.breakAt(FAULT, 'int y = probe_one(x);');
    expect(await story.move('continue')).toContain('probe_hidden: int y = probe_one(x);');
    expect(await story.move('next')).toContain('probe_hidden: return y;');
    expect(await story.value('y')).toBe('4');
  });

  it('stays in its frame of a recursive function', async () => {
    story = await startProbes();
    await story.move('next');
    await story.move('next');
    expect(await story.move('stepIn')).toContain('probe_sum: if (n == 0)');
    expect(await story.move('next')).toContain('probe_sum: return probe_sum(n - 1) + n;');
    expect(await story.move('next')).toContain('PROBE_TWICE(write);');
  });

  it('takes the statements of one macro use for one', async () => {
    story = await startProbes();
    for (let count = 0; count < 3; count += 1) await story.move('next');
    expect(await story.move('next')).toContain('mm = tsk->mm;');
    expect(await story.value('write')).toBe('2');
    expect(await story.move('stepBack')).toContain('PROBE_TWICE(write);');
  });

  it('of a task that dies ends there', async () => {
    story = new DapStory();
    await story.launch({ scenario: 'cold-fault' });
    await story.breakAt('toucher.task.s', 'int     $0x80');
    await story.move('continue');
    await story.move('next');
    expect(story.stop.text).toBe('toucher has ended.');
    const { threads } = (await story.client.ask('threads')) as { threads: { name: string }[] };
    expect(threads.map((thread) => thread.name)).toEqual(['toucher — exited 25']);
    const refused = await story.client.send('next', { threadId: story.threadId });
    expect(refused.message).toContain('toucher has ended.');
    expect(await story.move('continue')).toBe('terminated');
  });
});

describe('an interrupt on an idle CPU', () => {
  it('is a task of its own while it runs, and stepping out of it ends behind it', async () => {
    const story = new DapStory();
    await story.launch({ scenario: 'cold-fault', stopOnEntry: 'disk_interrupt' });
    const { threads } = (await story.client.ask('threads')) as {
      threads: { id: number; name: string }[];
    };
    expect(threads.find((thread) => thread.id === story.threadId)?.name).toBe(
      'idle task of CPU 0 — interrupt',
    );
    const names = (await story.stack()).map((frame) => frame.name);
    expect(names).toEqual(['fl_disk_interrupt', 'disk interrupt on CPU 0']);
    expect(await story.move('next')).toMatch(/^step idle task of CPU 0 — fl_disk_interrupt: /);
    await story.move('stepOut');
    expect(story.stop.text).toBe('The interrupt is over.');
    expect(await story.move('continue')).toBe('terminated');
    expect(story.bugs).toEqual([]);
  });

  it('is neither entered nor counted by a step of the task below', async () => {
    const story = new DapStory();
    await story.launch({ scenario: 'cold-fault', stopOnEntry: 'drop_mmap_sem' });
    await story.client.ask('setExceptionBreakpoints', { filters: [] });
    await story.move('next');
    expect(await story.move('next')).toBe(
      'step toucher — filemap_fault: page_cache_release(page);',
    );
  });
});

it('a step over a repeated instruction passes over all its elements and faults, into it over one', async () => {
  const files: Record<string, string> = {
    '/own/rep.jsonc': JSON.stringify({
      version: 1,
      title: 'rep',
      processes: [
        {
          name: 'p',
          maps: [{ name: 'room', anon: true, pages: 2, prot: 'rw', flags: 'private' }],
        },
      ],
      tasks: [{ name: 'filler', process: 'p', program: 'fill.task.s' }],
    }),
    '/own/fill.task.s': `
        movl    $room + 4090, %edi
        movl    $9, %ecx
        rep stosb                       # the string instruction
        movl    $7, %ecx                # behind it
        movl    $room, %edi
        rep stosl
        movl    $1, %eax
        xorl    %ebx, %ebx
        int     $0x80
`,
  };
  const story = new DapStory({
    readFile: (path) => {
      const text = files[path];
      return Promise.resolve(text === undefined ? undefined : { path, text });
    },
  });
  await story.launch({ scenario: '/own/rep.jsonc', stopOnEntry: 'user' });
  await story.breakAt('fill.task.s', 'rep stosb');
  expect(await story.move('continue')).toContain('rep stosb');
  expect(await story.move('next')).toContain('movl    $7, %ecx');
  expect(await story.move('stepBack')).toContain('rep stosb');
  expect(await story.console('$ecx')).toContain('3');
  await story.move('next');
  await story.move('next');
  await story.move('next');
  expect(await story.console('$ecx')).toContain('7');
  expect(await story.move('stepIn')).toContain('rep stosl');
  expect(await story.console('$ecx')).toContain('6');
  expect(await story.move('next')).toContain('movl    $1, %eax');
  expect(await story.move('continue')).toBe('terminated');
  expect(story.client.output).toContain('filler: exited:0, 0 major and 2 minor faults');
  expect(story.bugs).toEqual([]);
});
