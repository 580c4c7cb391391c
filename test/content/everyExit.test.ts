/**
 * The list of ways through `do_page_fault` (media/walkthrough/every-exit.md): what it says is reached is reached by
 * that task of that scenario, and what it says is not exists in the source, and no scenario comes there.
 */
import { describe, expect, it } from 'vitest';
import { listScenarios } from '../../src/scenario/catalog.ts';
import { kernelFiles, readMedia } from '../support/kernelMedia.ts';
import { prepare, shippedTree } from '../support/preparedRun.ts';
import { media } from '../support/nodeMedia.ts';

const page = readMedia('walkthrough/every-exit.md');
const fault = kernelFiles().get('arch/x86/mm/fault.c') ?? '';

/** The cells of the rows of a table below a heading, without backquotes. */
function rowsBelow(heading: string): string[][] {
  const section = page.split(`## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  return section
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| step'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

const reached = rowsBelow('Reached').flatMap(
  ([step = '', what = '', anchors = '', task = '', scenario = '', kernel = '']) =>
    (kernel === 'all' ? ['unpatched', 'patched'] : [kernel]).map((one) => ({
      way: `${step} ${what}`,
      anchors: [...anchors.matchAll(/`(\w+)`/g)].map(([, name]) => name ?? ''),
      task,
      scenario: scenario.replaceAll('`', ''),
      kernel: one,
    })),
);

/** How often each task comes to each anchor of fault.c that is watched: `task anchor` → times. */
const arrivals = new Map<string, ReadonlyMap<string, number>>();

function arrivalsOf(scenario: string, kernel: string): ReadonlyMap<string, number> {
  const known = arrivals.get(`${scenario} ${kernel}`);
  if (known !== undefined) return known;
  const { machine, program, tasks } = prepare(scenario, shippedTree(kernel));
  const watched = program.anchors.filter(({ name }) => fault.includes(`//@ anchor ${name}`));
  machine.setBreakpoints(watched.map(({ pc }) => pc));
  const counts = new Map<string, number>();
  for (let isResumed = false; ; isResumed = true) {
    const stop = machine.run({ budget: 5_000_000, breakpoints: true, isResumed });
    if (stop.kind !== 'breakpoint') break;
    const anchor = watched.find(({ pc }) => pc === stop.pc)?.name ?? '';
    const key = `${tasks.find(({ id }) => id === stop.task)?.name ?? 'idle'} ${anchor}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  arrivals.set(`${scenario} ${kernel}`, counts);
  return counts;
}

describe('what is reached', () => {
  it('is a long list', () => {
    expect(reached.length).toBeGreaterThan(40);
  });

  it.each(reached)('$way, on $kernel', ({ anchors, task, scenario, kernel }) => {
    const counts = arrivalsOf(scenario, kernel);
    const times = anchors.map((anchor) => counts.get(`${task} ${anchor}`) ?? 0);
    expect(Math.max(...times)).toBeGreaterThan(0);
  });

  it('contains every anchor of fault.c but the one that needs a bug', () => {
    const anchors = [...fault.matchAll(/\/\/@ anchor (\w+)/g)].map(([, name]) => name ?? '');
    const listed = new Set(reached.flatMap((row) => row.anchors));
    expect(anchors.filter((name) => !listed.has(name)).sort()).toEqual([
      'exit_kernel_bug',
      'take_mmap_sem',
    ]);
  });
});

describe('what is not reached', () => {
  const rows = rowsBelow('Not reached, and why');

  it.each(
    rows.map(([step = '', what = '', where = '', reason = '']) => ({ step, what, where, reason })),
  )('$step $what: is in the source and has a reason', ({ where, reason }) => {
    const [, name = ''] = /`(.+?)`/.exec(where) ?? [];
    expect(name).not.toBe('');
    expect(fault).toContain(name.replace(' not set', ''));
    expect(reason.length).toBeGreaterThan(10);
  });

  it('is a bug of the kernel that no scenario has', () => {
    for (const scenario of ['read-while-mapping', 'bad-pointers', 'futex-on-a-cold-page']) {
      for (const kernel of ['unpatched', 'patched']) {
        const tasks = [...arrivalsOf(scenario, kernel).keys()];
        expect(tasks.filter((key) => key.endsWith(' exit_kernel_bug'))).toEqual([]);
      }
    }
    expect(listScenarios(media)).toContain('bad-pointers');
  });
});

describe('a fault in virtual 8086 mode', () => {
  it.each([
    ['unpatched', 1],
    ['patched', 2],
  ])('marks its page once, after %s has looked for the mapping %i times', (kernel, attempts) => {
    const counts = arrivalsOf('dos-screen', kernel);
    expect(counts.get('drawer find_vma')).toBe(attempts);
    expect(counts.get('drawer screen_page')).toBe(1);
  });
});
