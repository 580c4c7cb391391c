// After a truncation nothing maps what the file has lost (I14 of the fact sheet): the shipped kernel under chance,
// while a mapping moves too, and kernels that forget something.
import { describe, expect, it } from 'vitest';
import type { KernelTree } from '../../src/scenario/kernelTree.ts';
import type { RunSummary } from '../../src/scenario/runSummary.ts';
import {
  editedTree,
  finish,
  prepare,
  scenarioOf,
  shippedTree,
  type TreeEdit,
} from '../support/preparedRun.ts';

const TRUNCATE = 'mm/truncate.c';
const KERNELS = ['patched', 'unpatched', 'mainline'];
const SEEDS = [1, 2, 3, 4];

/** Reads page 20, writes to page 21, rests for 20 ms in user mode's place: asleep. */
const HOLDER = `
        movzbl  data + 20 * 4096, %edi
        movb    $7, data + 21 * 4096
        movl    $162, %eax
        movl    $time, %ebx
        xorl    %ecx, %ecx
        int     $0x80
        movl    $1, %eax
        xorl    %ebx, %ebx
        int     $0x80

        .data
time:
        .long   0, 20000000
`;

/** Reads the first 24 pages and moves the mapping. */
const MOVER = `
        xorl    %esi, %esi
again:
        movl    %esi, %eax
        shll    $12, %eax
        movzbl  data(%eax), %edx
        incl    %esi
        cmpl    $24, %esi
        jb      again
        movl    $163, %eax
        movl    $data, %ebx
        movl    $data_end, %ecx
        subl    $data, %ecx
        movl    %ecx, %edx
        movl    $3, %esi
        movl    $0x60000000, %edi
        int     $0x80
        movl    $1, %eax
        xorl    %ebx, %ebx
        int     $0x80
`;

function scenario(program: string, when: string, pages: number) {
  const text = `{
    "version": 1,
    "title": "A file is truncated while it is mapped",
    "machine": { "cpus": 2, "preset": "disk-2010" },
    "files": [{ "name": "data.bin", "pages": 32, "content": "pattern", "cached": "all" }],
    "processes": [{ "name": "demo", "maps": [
      { "name": "data", "file": "data.bin", "pages": 32, "prot": "rw", "flags": "private" }
    ] }],
    "tasks": [{ "name": "holder", "process": "demo", "cpu": 0, "program": "own.task.s" }],
    "events": [{ "at": ${when}, "do": "truncate", "file": "data.bin", "pages": ${String(pages)}, "cpu": 1 }],
    "expect": { "*": { "outcome": "completed" } }
  }`;
  return scenarioOf(text, { 'own.task.s': program });
}

const held = scenario(HOLDER, '{ "atNs": 5000000 }', 20);
const moving = scenario(MOVER, '{ "atNs": 80000 }', 23);
/** Whoever moves the last PTE is held up between the two places. */
const SLOW_MOVE: TreeEdit = {
  path: 'mm/mremap.c',
  from: '\tif (pte_none(entry))\n\t\tgoto unlock;\n',
  to: '\tif (pte_none(entry))\n\t\tgoto unlock;\n\tif (to >> 12 == 0x60017)\n\t\tfor (int i = 0; i < 4000; i++)\n\t\t\ttest_bit(0, (unsigned long *)ptl);\n',
};

function run(source: typeof held, tree: KernelTree, seed?: number): RunSummary {
  return finish(prepare(source, tree, seed === undefined ? {} : { seed })).summary;
}

function broken(...edits: readonly TreeEdit[]): KernelTree {
  return editedTree('patched', edits);
}

const UNMAP = '\tunmap_mapping_range(mapping, holebegin, 0);\n';

describe('a truncation', () => {
  it.each(KERNELS)('leaves nothing mapped of what it cuts off on %s', (kernel) => {
    const tree = shippedTree(kernel);
    for (const seed of [undefined, ...SEEDS]) {
      expect(run(held, tree, seed).violations, `seed ${String(seed)}`).toEqual([]);
    }
  });

  it('gets hold of a page whose PTE is just being moved', () => {
    const summary = run(moving, broken(SLOW_MOVE));
    expect(summary.violations).toEqual([]);
    expect(summary.tasks[0]).toMatchObject({ exit: 'exited:0', min_flt: 24 });
    const [found] = run(
      moving,
      broken(SLOW_MOVE, { path: 'mm/mremap.c', from: /\tif \(i_mmap_lock\)\n.*\n/g, to: '' }),
    ).violations;
    expect(found?.message).toContain('BUG_ON(page_mapped(page))');
  });

  it.each([
    [
      'that forgets private copies',
      'still maps the anonymous page',
      broken(
        { path: TRUNCATE, from: UNMAP + '\ttruncate', to: '\ttruncate' },
        { path: TRUNCATE, from: UNMAP, to: '' },
      ),
    ],
    [
      'that sets the size and does nothing else',
      'still maps page 20 of data.bin',
      broken({
        path: TRUNCATE,
        from: '\t\ttruncate_pagecache(inode, newsize);',
        to: '\t\treturn;',
      }),
    ],
    [
      'that begins one page too late',
      'where page 20 of the file was',
      broken({
        path: TRUNCATE,
        from: 'truncate_pagecache(inode, newsize)',
        to: 'truncate_pagecache(inode, newsize + PAGE_SIZE)',
      }),
    ],
  ])('%s is caught when it returns', (_what, words, tree) => {
    const [found] = run(held, tree).violations;
    expect(found).toMatchObject({ rule: 'truncated-page-mapped', function: 'truncate_setsize' });
    expect(found?.message).toContain('has truncated data.bin to 20 pages');
    expect(found?.message).toContain(words);
  });
});
