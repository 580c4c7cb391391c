/**
 * Truncation, eviction, signals and memory pressure against page faults, in random orders: whoever comes first, no
 * reference and no lock is lost, nothing behind the end of a file stays mapped, and programs read their own
 * bytes or get the signal that is due.
 */
import { describe, expect, it } from 'vitest';
import { asAddress } from '../../src/base/brand.ts';
import { readUnsigned } from '../../src/bytecode/memoryReader.ts';
import type { PreparedRun } from '../../src/scenario/prepareRun.ts';
import { withPrograms, type ScenarioWithPrograms } from '../../src/scenario/catalog.ts';
import { media } from '../support/nodeMedia.ts';
import { editedTree, finish, prepare, shippedTree } from '../support/preparedRun.ts';

const SEEDS = Array.from({ length: 8 }, (_, index) => 100 + 37 * index);
/** Where the faulting task may be when somebody makes the file shorter. */
const ANCHORS = [
  'fault_entry',
  'find_vma',
  'cache_lookup',
  'cache_miss',
  'read_started',
  'lock_page',
  'page_wait',
  'install_pte',
  'fault_done',
];
const PAGE_BYTES = 4096;

/** What is wrong with pages of files and locks when everybody has gone home. */
function findLeftovers({ machine, readers }: PreparedRun): string[] {
  const pages = readers.readCachedPages(machine).flatMap((page) => {
    const owned = machine.ghost.refs(page.address).reduce((sum, { count }) => sum + count, 0);
    const { bytes } = readers.readInodeOfMapping(machine, page.mapping);
    const problems: string[] = [];
    if (page.count !== owned) problems.push(`count ${String(page.count)}, owned ${String(owned)}`);
    if (page.count !== 1) problems.push(`count ${String(page.count)} with nobody left`);
    if (page.mapCount !== 0) problems.push('mapped');
    if (page.isLocked && page.index * PAGE_BYTES >= bytes) problems.push('locked behind the end');
    return problems.map((problem) => `page ${String(page.index)}: ${problem}`);
  });
  const holders = machine.ghost.holds().filter(({ task }) => task !== undefined);
  return [...pages, ...holders.map(({ lock }) => `lock ${String(lock)} is held`)];
}

/** Page frames that belong to no file any more and still have a reference. */
function countOrphans({ machine, readers }: PreparedRun): number {
  const first = readUnsigned(machine, readers.layout.global('mem_map'), 4) ?? 0;
  const frames = readUnsigned(machine, readers.layout.global('max_mapnr'), 4) ?? 0;
  const size = readers.layout.sizeOf('page');
  let orphans = 0;
  for (let index = 0; index < frames; index += 1) {
    const page = readers.readPage(machine, asAddress(first + index * size));
    if (page.mapping === 0 && machine.ghost.refs(page.address).length > 0) orphans += 1;
  }
  return orphans;
}

/** Runs with a seed, or by the default policy; exit and counters, after checking what must hold in any order. */
function figuresOf(
  scenario: string | ScenarioWithPrograms,
  kernel: string,
  seed: number | undefined,
): string {
  const order = seed === undefined ? {} : { seed };
  const { run, summary } = finish(prepare(scenario, shippedTree(kernel), order));
  expect(summary.violations, `seed ${String(seed)}`).toEqual([]);
  expect(summary.outcome, `seed ${String(seed)}`).toBe('completed');
  expect(findLeftovers(run), `seed ${String(seed)}`).toEqual([]);
  expect(countOrphans(run), `seed ${String(seed)}`).toBe(0);
  const [task] = summary.tasks;
  const { PGFAULT, PGMAJFAULT } = summary.counters;
  return [task?.exit, task?.maj_flt, task?.min_flt, PGFAULT, PGMAJFAULT].join(' ');
}

/** The different outcomes of a shipped scenario. */
function outcomesOf(scenario: string, kernel: string): Set<string> {
  return new Set(SEEDS.map((seed) => figuresOf(scenario, kernel, seed)));
}

function exitsOf(outcomes: Iterable<string>): string[] {
  return [...new Set([...outcomes].map((figures) => figures.replace(/ .*/, '')))].sort();
}

/** The shipped scenario of a truncation, begun when the task comes to another anchor. */
function truncateAt(anchor: string): ScenarioWithPrograms {
  const shipped = media.read('scenarios/truncate-in-the-wait.jsonc') ?? '';
  const text = shipped.replace('"anchor": "page_wait"', `"anchor": "${anchor}"`);
  return withPrograms({ path: 'scenarios/truncate.jsonc', text }, (path) => {
    const program = media.read(`scenarios/${path}`);
    return program === undefined ? undefined : { path, text: program };
  });
}

describe.each(['unpatched', 'patched'])('in any order, the %s kernel', (kernel) => {
  it.each(ANCHORS)('survives a truncation that begins when the task is at %s', (anchor) => {
    const outcomes = [undefined, ...SEEDS.slice(0, 3)].map((seed) =>
      figuresOf(truncateAt(anchor), kernel, seed),
    );
    for (const exit of exitsOf(outcomes)) expect(['SIGBUS:ADRERR', 'exited:25']).toContain(exit);
  });

  it('reads the right byte, evicted or not', () => {
    const outcomes = outcomesOf('evicted-before-the-retry', kernel);
    expect(exitsOf(outcomes)).toEqual(['exited:25']);
  });

  it('kills after the fault', () => {
    expect(exitsOf(outcomesOf('kill-in-the-wait', kernel))).toEqual(['SIGKILL']);
  });

  it('finds a page to reclaim', () => {
    expect(exitsOf(outcomesOf('reclaim-in-the-fault', kernel))).toEqual(['exited:26']);
  });
});

describe('truncations', () => {
  it('really meet the task in different places', () => {
    const outcomes = ANCHORS.map((anchor) => figuresOf(truncateAt(anchor), 'patched', undefined));
    expect(exitsOf(outcomes)).toEqual(['SIGBUS:ADRERR', 'exited:25']);
    expect(new Set(outcomes).size).toBeGreaterThan(2);
  });
});

describe('the checks', () => {
  it('see a reference that truncation forgets', () => {
    const path = 'mm/truncate.c';
    const from =
      /(\t\ttruncate_inode_page\(mapping, page\);\n\t\tunlock_page\(page\);\n)\t\tpage_cache_release\(page\);\n/;
    const tree = editedTree('patched', [{ path, from, to: '$1' }]);
    const scenario = 'truncate-in-the-wait';
    const { run, summary } = finish(prepare(scenario, tree, { rules: 'off' }));
    expect(summary.outcome).toBe('completed');
    expect(countOrphans(run)).toBe(26);
    expect(countOrphans(finish(prepare(scenario, shippedTree('patched'))).run)).toBe(0);
  });

  it('see a page mapped behind the end of its file', () => {
    const path = 'mm/filemap.c';
    const tree = editedTree('patched', [
      { path, from: 'if (unlikely(offset >= size)) {', to: 'if (0) {' },
    ]);
    const { summary } = finish(prepare('truncate-before-the-read', tree));
    expect(summary.violations).toMatchObject([{ rule: 'truncated-page-mapped' }]);
  });
});
