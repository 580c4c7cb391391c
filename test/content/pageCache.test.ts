/**
 * Readahead, plugging and the wait queues of pages: each scenario that goes through them notices when the kernel
 * does without one, and the order of events is that of Linux where no counter tells it.
 */
import { parse } from 'jsonc-parser';
import { describe, expect, it } from 'vitest';
import { findFunction } from '../../src/bytecode/program.ts';
import { withPrograms, type ScenarioWithPrograms } from '../../src/scenario/catalog.ts';
import type { KernelTree } from '../../src/scenario/kernelTree.ts';
import {
  editedTree,
  finish,
  prepare,
  scenarioOf,
  shippedTree,
  type TreeEdit,
} from '../support/preparedRun.ts';
import { readMedia } from '../support/kernelMedia.ts';

const MUTATIONS: readonly (readonly [string, string, TreeEdit])[] = [
  [
    'a first window without the one behind it',
    'sequential-read',
    {
      path: 'mm/readahead.c',
      from: 'if (offset == ra->start && ra->size == ra->async_size) {',
      to: 'if (0) {',
    },
  ],
  [
    'a mark that nobody heeds',
    'sequential-read',
    { path: 'mm/filemap.c', from: 'if (PageReadahead(page))', to: 'if (0)' },
  ],
  [
    'a stream that is not noticed',
    'sequential-read',
    {
      path: 'mm/filemap.c',
      from: 'offset - 1 == (ra->prev_pos >> PAGE_CACHE_SHIFT)',
      to: '0',
    },
  ],
  [
    'a plug without a timer',
    'plug-timer',
    {
      path: 'block/blk-core.c',
      from: 'mod_timer(&q->unplug_timer, q->unplug_delay);',
      to: '{ }',
    },
  ],
  [
    'a patience without end',
    'too-many-misses',
    { path: 'mm/filemap.c', from: 'if (ra->mmap_miss > MMAP_LOTSAMISS)', to: 'if (0)' },
  ],
  [
    'a window that begins before the file',
    'read-around-edges',
    { path: 'mm/filemap.c', from: 'max_t(long, 0, offset - ra_pages / 2)', to: 'offset' },
  ],
  [
    'windows that an error leaves as they are',
    'smaller-windows',
    { path: 'mm/filemap.c', from: 'ra->ra_pages /= 4;', to: '' },
  ],
];

interface WithExpectations {
  readonly expect: Readonly<Record<string, object>>;
}

/** A shipped scenario that expects of every kernel what it expects of the unpatched one. */
function expectingOfAll(name: string): ScenarioWithPrograms {
  const data = parse(readMedia(`scenarios/${name}.jsonc`)) as WithExpectations;
  const expect = { '*': { ...data.expect['*'], ...data.expect['unpatched'] } };
  return withPrograms({ path: 'own.jsonc', text: JSON.stringify({ ...data, expect }) }, (path) => ({
    path,
    text: readMedia(`scenarios/${path}`),
  }));
}

describe('the expectations', () => {
  it.each(MUTATIONS)('notice %s in %s', (_, scenario, edit) => {
    const source = expectingOfAll(scenario);
    expect(finish(prepare(source, editedTree('unpatched', []))).mismatches).toEqual([]);
    expect(finish(prepare(source, editedTree('unpatched', [edit]))).mismatches).not.toEqual([]);
  });
});

/** The names of functions in the order in which a run enters them. */
function entriesOf(
  source: string | ScenarioWithPrograms,
  tree: KernelTree,
  names: readonly string[],
): string[] {
  const { machine, program } = prepare(source, tree);
  const byPc = new Map(
    names.map((name) => {
      const found = findFunction(program, name);
      if (found === undefined) throw new Error(`no function ${name}`);
      return [found.entry, name];
    }),
  );
  machine.setBreakpoints([...byPc.keys()]);
  const entries: string[] = [];
  for (;;) {
    const stop = machine.run({ budget: 100_000_000, breakpoints: true });
    if (stop.kind !== 'breakpoint') return entries;
    if (stop.pc !== undefined) entries.push(byPc.get(stop.pc) ?? '');
  }
}

/** A cold fault on page 20, with pages in memory that cut its read-around into pieces. */
function faultAmong(cached: readonly number[]) {
  return scenarioOf(
    JSON.stringify({
      version: 1,
      title: 'Pieces',
      machine: { cpus: 1 },
      files: [{ name: 'data.bin', pages: 64, content: 'pattern', cached }],
      processes: [
        {
          name: 'demo',
          maps: [{ name: 'data', file: 'data.bin', pages: 64, prot: 'r', flags: 'private' }],
        },
      ],
      tasks: [{ name: 'loader', process: 'demo', program: 'loader.task.s', args: [81920] }],
    }),
    { 'loader.task.s': readMedia('scenarios/loader.task.s') },
  );
}

describe('the plug', () => {
  it.each([
    ['the task that waits, with three requests', [10, 15], ['block_sync_page', 'disk_request_fn']],
    ['the fourth request', [10, 15, 25], ['disk_request_fn', 'block_sync_page']],
  ])('is taken out by %s', (_, cached, order) => {
    const entries = entriesOf(faultAmong(cached), shippedTree('unpatched'), [
      'block_sync_page',
      'disk_request_fn',
    ]);
    expect(entries).toEqual(order);
  });
});

describe('a wait queue that several pages share', () => {
  const NO_FILTER: TreeEdit = {
    path: 'kernel/wait.c',
    from: 'wait_bit->key.flags != key->flags ||',
    to: '0 ||',
  };

  function sleeps(tree: KernelTree): number {
    return entriesOf('shared-wait-queue', tree, ['io_schedule']).length;
  }

  it.each(['patched', 'unpatched'])('wakes only who waits for the page, with %s', (kernel) => {
    expect(sleeps(shippedTree(kernel))).toBe(5);
  });

  it('would wake others if its entries did not say for which word they are', () => {
    expect(sleeps(editedTree('patched', [NO_FILTER]))).toBeGreaterThan(5);
  });
});

describe('the end of a read', () => {
  const PAGES = [10, 12, 20];
  const SOURCE = scenarioOf(
    JSON.stringify({
      version: 1,
      title: 'One read',
      machine: { cpus: 3 },
      files: [{ name: 'data.bin', pages: 64, content: 'pattern' }],
      processes: [
        {
          name: 'demo',
          maps: [{ name: 'data', file: 'data.bin', pages: 64, prot: 'r', flags: 'private' }],
        },
      ],
      tasks: PAGES.map((page, cpu) => ({
        name: `page-${String(page)}`,
        process: 'demo',
        cpu,
        program: 'loader.task.s',
        args: [4096 * page],
        start: { atNs: 1_000_000 * (cpu + 1) },
      })),
    }),
    { 'loader.task.s': readMedia('scenarios/loader.task.s') },
  );

  /** How many instructions have been executed when a task is woken for the last time. */
  function lastWake(kernel: string, index: number): number {
    const { machine, tasks } = prepare(SOURCE, shippedTree(kernel));
    let position = -1;
    for (;;) {
      const stop = machine.run({
        budget: 100_000_000,
        breakpoints: false,
        ...(tasks[index] === undefined ? {} : { stopWhenWakes: tasks[index].id }),
      });
      if (stop.kind !== 'wake') return position;
      position = machine.position;
    }
  }

  it.each(['patched', 'unpatched'])(
    'wakes who waits for the last page first, with %s',
    (kernel) => {
      const wakes = PAGES.map((_, index) => lastWake(kernel, index));
      expect(Math.min(...wakes)).toBeGreaterThan(0);
      expect(wakes).toEqual([...wakes].sort((a, b) => b - a));
      expect(new Set(wakes).size).toBe(PAGES.length);
    },
  );
});
