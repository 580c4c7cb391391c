// Pages with their owners and mappings, and VMAs, as the panel shows them on runs of shipped scenarios.
import { describe, expect, it } from 'vitest';
import { hex } from '../../../src/base/brand.ts';
import type { PreparedRun } from '../../../src/scenario/prepareRun.ts';
import type { AddressSpaceState, VmaState } from '../../../src/view/memoryModel.ts';
import type { PageState, PanelState } from '../../../src/view/panelState.ts';
import { panelStateOf, runTo } from '../../support/panelStates.ts';
import { editedTree, prepare, scenarioOf, shippedTree } from '../../support/preparedRun.ts';

/** Runs statement by statement until the state shows something. */
function stateWhere(run: PreparedRun, isMeant: (state: PanelState) => boolean): PanelState {
  for (let position = 0; position < 60_000; position += 23) {
    const goesOn = runTo(run, position);
    const state = panelStateOf(run);
    if (isMeant(state)) return state;
    if (!goesOn) break;
  }
  throw new Error('the run never comes to such a state');
}

function page({ pages }: PanelState, label: string): PageState {
  const found = pages.find((item) => item.label === label);
  if (found === undefined) throw new Error(`${label} is not in play`);
  return found;
}

function space({ spaces }: PanelState): AddressSpaceState {
  const [first] = spaces;
  if (first === undefined) throw new Error('no process is left');
  return first;
}

function vma(state: PanelState, name: string): VmaState {
  const found = space(state).vmas.find((item) => item.name === name);
  if (found === undefined) throw new Error(`no VMA is called ${name}`);
  return found;
}

const COLD = 'cold-fault-with-mmap';
const isAsleep = ({ pages }: PanelState): boolean =>
  pages.some(({ waiters }) => waiters.includes('toucher'));
const isMapped = ({ pages }: PanelState): boolean =>
  pages.some(({ label, mappings }) => label === 'data.bin:20' && mappings.length > 0);

describe('pages', () => {
  it('tell whose references the count is made of while a task waits for the read', () => {
    const state = stateWhere(prepare(COLD, shippedTree('patched')), isAsleep);
    const waited = page(state, 'data.bin:20');
    expect(waited).toMatchObject({ isLocked: true, count: 2, flags: ['locked', 'lru'] });
    expect(waited.references).toEqual([
      { kind: 'task', owner: 'toucher', taskId: 2, count: 1 },
      { kind: 'cache', owner: 'page cache', count: 1 },
    ]);
    expect(waited.mappings).toEqual([]);
    expect(waited.mismatch).toBeUndefined();
  });

  it('tell which page table entries map them, with the bits that memory holds', () => {
    const run = prepare('shared-write', shippedTree('patched'));
    const state = stateWhere(run, ({ pages }) => pages.some(({ mappings }) => mappings.length > 0));
    const [mapped] = state.pages.filter(({ mappings }) => mappings.length > 0);
    expect(mapped?.mappings).toHaveLength(1);
    expect(mapped?.mappings[0]).toMatchObject({ isWritable: true, isDirty: true });
    const [mapping] = mapped?.mappings ?? [];
    const area = space(state).vmas.find(
      ({ start, end }) => start <= (mapping?.address ?? 0) && (mapping?.address ?? 0) < end,
    );
    // The entry shows the page that the VMA says it should.
    const pageIndex = ((mapping?.address ?? 0) - (area?.start ?? 0)) / 4096 + (area?.filePage ?? 0);
    expect(mapped?.label).toBe(`${area?.name ?? ''}:${String(pageIndex)}`);
  });

  it('count those that a task has just allocated for a readahead', () => {
    const run = prepare(COLD, shippedTree('patched'));
    const state = stateWhere(run, ({ loosePages }) => loosePages > 2);
    expect(state.pages.every(({ file }) => file !== '')).toBe(true);
  });

  it('list a single one that a task has in hand, by its frame', () => {
    const run = prepare('growing-stacks', shippedTree('patched'));
    const state = stateWhere(run, ({ pages }) => pages.some(({ file }) => file === ''));
    const loose = state.pages.find(({ file }) => file === '');
    expect(loose?.label).toBe(`frame ${String(loose?.index)}`);
    expect(loose?.references[0]?.kind).toBe('task');
  });

  it('say that a task has lost a reference: the bug of 2.6.37-rc1', () => {
    const run = prepare(COLD, shippedTree('mainline-rc1'), { rules: 'off' });
    const state = stateWhere(run, ({ pages }) =>
      pages.some(({ references }) => references.some(({ isLeaked }) => isLeaked === true)),
    );
    const leaked = page(state, 'data.bin:20');
    expect(leaked.references).toContainEqual({
      kind: 'task',
      owner: 'toucher',
      taskId: 2,
      count: 1,
      isLeaked: true,
    });
  });

  it('say that a count is wrong when the kernel counts behind the back of its primitives', () => {
    const tree = editedTree('patched', [
      {
        path: 'mm/swap.c',
        from: /(void lru_cache_add_file\(struct page \*page\)\n\{\n)/,
        to: '$1\tatomic_inc(&page->_count);\n',
      },
    ]);
    const state = stateWhere(prepare(COLD, tree, { rules: 'off' }), isAsleep);
    expect(page(state, 'data.bin:20')).toMatchObject({ count: 3, mismatch: 'wrong' });
    expect(page(state, 'data.bin:20').references).toHaveLength(2);
  });
});

describe('VMAs', () => {
  const state = stateWhere(prepare(COLD, shippedTree('patched')), isAsleep);

  it('are named by what they are for and whose they are', () => {
    expect(
      space(state).vmas.map(({ start, name, rights }) => `${hex(start, 8)} ${rights} ${name}`),
    ).toEqual([
      '0x08048000 r-xp text of toucher',
      '0x08058000 r-xp text of mapper',
      '0x08068000 r-xp text of bystander',
      '0x40000000 r--p data.bin',
      '0xbfcfb000 rw-p stack of bystander',
      '0xbfdfb000 rw-p stack of mapper',
      '0xbfefb000 rw-p stack of toucher',
    ]);
  });

  it('tell where a task faults and what it wanted', () => {
    const [fault] = space(state).faults;
    expect(fault).toMatchObject({ task: 'toucher', isWrite: false, isOfKernel: false });
    const { start, end } = vma(state, 'data.bin');
    expect(fault?.address).toBeGreaterThanOrEqual(start);
    expect(fault?.address).toBeLessThan(end);
  });

  it('show pages as they come to be mapped', () => {
    expect(vma(state, 'data.bin')).toMatchObject({ resident: 0, cells: [] });
    const later = stateWhere(prepare(COLD, shippedTree('patched')), isMapped);
    expect(vma(later, 'data.bin')).toMatchObject({ pagesPerCell: 1, resident: 2 });
    expect(vma(later, 'data.bin').cells).toContainEqual([20, 1]);
    expect(space(later).stray).toBe(0);
  });

  it('of large files have cells of many pages, whose sum is what is resident', () => {
    const run = prepare('benchmark-2010', shippedTree('patched'), { checks: false, rules: 'off' });
    runTo(run, 1_000_000);
    const large = panelStateOf(run);
    const data = vma(large, 'data.bin');
    expect(data.pagesPerCell).toBe(2048);
    expect(data.resident).toBeGreaterThan(2);
    for (const { cells, resident } of space(large).vmas) {
      expect(cells.reduce((sum, [, pages]) => sum + pages, 0)).toBe(resident);
    }
    expect(vma(large, 'hot.bin')).toMatchObject({ resident: 256, pagesPerCell: 2 });
  });

  it('say how many there are beyond those that are listed, and count their pages to nobody', () => {
    const maps = Array.from(
      { length: 120 },
      (_, index) =>
        `{ "name": "m${String(index)}", "anon": true, "at": "${hex(0x50000000 + index * 0x10000, 8)}", "pages": 1, "prot": "rw", "flags": "private", "populate": true }`,
    );
    const scenario = scenarioOf(
      `{ "version": 1, "title": "Many", "machine": { "cpus": 1, "frames": 2048, "preset": "ssd" },
         "files": [], "processes": [{ "name": "p", "maps": [${maps.join(',')}] }],
         "tasks": [{ "name": "t", "process": "p", "program": "t.task.s", "start": { "atNs": 0 } }], "expect": {} }`,
      { 't.task.s': '_start:\n\tmovl $1, %eax\n\txorl %ebx, %ebx\n\tint $0x80\n' },
    );
    const many = space(panelStateOf(prepare(scenario, shippedTree('patched'))));
    expect(many.vmas).toHaveLength(96);
    expect(many.unlisted).toBe(26);
    expect(many.stray).toBe(0);
  });
});
