/**
 * What a fault leaves behind, looked at by the kernel itself when the last user of an address space is gone: counted
 * pages are mapped pages, a PTE allows no more than its VMA, the page of a file is the right one, valid and, if its PTE
 * may write to it, dirty. Mutations of the kernel show that each of these would be noticed.
 */
import { describe, expect, it } from 'vitest';
import { listScenarios } from '../../src/scenario/catalog.ts';
import type { KernelTree } from '../../src/scenario/kernelTree.ts';
import { editedTree, finish, prepare, type TreeEdit } from '../support/preparedRun.ts';
import { media } from '../support/nodeMedia.ts';
import { shortened } from '../support/shortRuns.ts';

const CHECK = `
#include <linux/pagemap.h>

/* Test: one PTE against its VMA; which counter it belongs to, or -1. Context: nobody uses the mm. */
static int check_pte(struct vm_area_struct *vma, unsigned long address, pte_t entry)
{
	struct page *page = pte_page(entry);

	if (pte_write(entry) && !(vma->vm_flags & VM_WRITE))
		fl_bug("a PTE may be written to and its VMA may not");
	if (page == empty_zero_page) {
		if (pte_write(entry))
			fl_bug("the page of zeros may be written to");
		return -1;
	}
	if (page_mapcount(page) <= 0 || page_count(page) <= 0)
		fl_bug("a mapped page is not counted as mapped");
	if (PageAnon(page))
		return MM_ANONPAGES;
	if (page->mapping != vma->vm_file->f_mapping || page->index != linear_page_index(vma, address))
		fl_bug("a wrong page of a file is mapped");
	if (!PageUptodate(page))
		fl_bug("a page without content is mapped");
	if (pte_write(entry) && !PageDirty(page))
		fl_bug("a page of a file may be written to and is not dirty");
	return MM_FILEPAGES;
}

/* Test: all PTEs against all counts. Context: nobody uses the mm. */
static void check_accounting(struct mm_struct *mm)
{
	int counts[NR_MM_COUNTERS + 1] = { 0 };
	struct vm_area_struct *vma;
	unsigned long address;
	unsigned long pages = 0;
	int maps = 0;

	for (vma = mm->mmap; vma; vma = vma->vm_next) {
		maps++;
		pages += (vma->vm_end - vma->vm_start) >> PAGE_SHIFT;
		if (vma->vm_next && vma->vm_next->vm_start < vma->vm_end)
			fl_bug("two VMAs overlap");
		for (address = vma->vm_start; address < vma->vm_end; address += PAGE_SIZE) {
			pmd_t *pmd = (pmd_t *)pgd_offset(mm, address);

			if (pmd_none(*pmd) || !pte_present(*pte_offset_map(pmd, address)))
				continue;
			counts[1 + check_pte(vma, address, *pte_offset_map(pmd, address))]++;
		}
	}
	if (counts[1 + MM_FILEPAGES] != atomic_read(&mm->rss_stat.count[MM_FILEPAGES]))
		fl_bug("FILEPAGES is not the number of mapped pages of files");
	if (counts[1 + MM_ANONPAGES] != atomic_read(&mm->rss_stat.count[MM_ANONPAGES]))
		fl_bug("ANONPAGES is not the number of mapped anonymous pages");
	if (maps != mm->map_count)
		fl_bug("map_count is not the number of VMAs");
	if (pages != mm->total_vm)
		fl_bug("total_vm is not the number of pages of all VMAs");
}

`;

const EDITS: readonly TreeEdit[] = [
  {
    path: 'mm/mmap.c',
    from: '/*\n * Remove everything from an address space',
    to: `${CHECK}/*\n * Remove everything from an address space`,
  },
  {
    path: 'mm/mmap.c',
    from: 'void exit_mmap(struct mm_struct *mm)\n{\n',
    to: 'void exit_mmap(struct mm_struct *mm)\n{\n	check_accounting(mm);\n',
  },
];

function treeOf(kernel: string, more: readonly TreeEdit[] = []): KernelTree {
  return editedTree(kernel, [...EDITS, ...more]);
}

const trees = new Map(['patched', 'unpatched'].map((kernel) => [kernel, treeOf(kernel)]));

describe.each([...trees])('%s', (_, tree) => {
  it.each(listScenarios(media))('leaves everything in order in %s', (scenario) => {
    const { summary } = finish(prepare(scenario, tree, shortened(scenario)));
    expect(summary.violations).toEqual([]);
  });
});

const MUTATIONS: readonly (readonly [string, string, string, TreeEdit])[] = [
  [
    'a copy that leaves the count of the original',
    'read-then-write',
    'FILEPAGES is not the number of mapped pages of files',
    { path: 'mm/memory.c', from: '			dec_mm_counter_fast(mm, MM_FILEPAGES);\n			inc', to: '			inc' },
  ],
  [
    'a copy of zeros that nobody counts',
    'heap',
    'ANONPAGES is not the number of mapped anonymous pages',
    {
      path: 'mm/memory.c',
      from: 'if (!old_page) {\n			inc_mm_counter_fast(mm, MM_ANONPAGES);',
      to: 'if (!old_page) {',
    },
  ],
  [
    'a shared mapping whose pages start writable',
    'read-then-write',
    'a page of a file may be written to and is not dirty',
    { path: 'mm/mmap.c', from: 'if (vma_wants_writenotify(vma))', to: 'if (0)' },
  ],
  [
    'a move to a wrong part of the file',
    'moved-mapping',
    'a wrong page of a file is mapped',
    {
      path: 'mm/mremap.c',
      from: 'unsigned long pgoff = vma->vm_pgoff +',
      to: 'unsigned long pgoff = vma->vm_pgoff + 1 +',
    },
  ],
  [
    'a stack that grows uncounted',
    'growing-stacks',
    'total_vm is not the number of pages of all VMAs',
    { path: 'mm/mmap.c', from: '	mm->total_vm += grow;\n', to: '' },
  ],
];

describe('the check', () => {
  it.each(MUTATIONS)('notices %s', (_, scenario, message, edit) => {
    const { summary } = finish(prepare(scenario, treeOf('patched', [edit]), { rules: 'off' }));
    expect(summary.violations.map((violation) => violation.message)).toEqual([message]);
  });
});
