// The lock story that annotations tell: what is read without a lock says so where it is read, with the reason, and
// the compiler has made it a scheduling point; references and locks change hands inside the primitives.
import { describe, expect, it } from 'vitest';
import { disassembleFunction } from '../../src/bytecode/disassembler.ts';
import { findFunction, type Program } from '../../src/bytecode/program.ts';
import { loadKernelTree } from '../../src/scenario/kernelTree.ts';
import { media } from '../support/nodeMedia.ts';
import { prepare } from '../support/preparedRun.ts';

const KERNELS = ['patched', 'unpatched', 'mainline'];

const programs = new Map(
  KERNELS.map((kernel) => {
    const { tree } = loadKernelTree(media, kernel);
    return [kernel, prepare('cold-fault', tree).program];
  }),
);

/** `function: form text of its first part` of every annotation in functions. */
function annotationsOf(program: Program): string[] {
  return program.annotations.flatMap(({ form, roles, functionIndex }) => {
    if (functionIndex === undefined) return [];
    const what = roles['place'] ?? roles['object'] ?? roles['lock'] ?? roles['name'] ?? '';
    return [`${program.functions[functionIndex]?.name ?? ''}: ${form} ${what}`];
  });
}

/** What the fact sheet says is looked at without the lock of it, by function. */
const LOCKLESS = [
  'handle_pte_fault: racy *pte',
  'handle_mm_fault: racy *pmd',
  'follow_page: racy *pmd',
  'zap_page_range: racy *pmd',
  'find_get_page: racy *slot',
  'radix_tree_lookup_slot: racy root->rnode',
  'radix_tree_lookup_slot: racy node->slots',
  'page_mapping: racy page->mapping',
  'i_size_read: racy inode->i_size',
  'test_bit: racy *word',
  'waitqueue_active: racy q->task_list.next',
  'list_empty_careful: racy head->next',
  '__down_read_trylock: racy sem->count',
  'rwsem_down_failed_common: racy waiter.task',
  'anon_vma_prepare: racy vma->anon_vma',
  'truncate_inode_pages: racy mapping->nrpages',
  'truncate_inode_pages: racy page->index',
  'fatal_signal_pending: racy task->pending.signal',
];

/** Where locks and references change hands. */
const OWNERSHIP = [
  'get_page: get page',
  'get_page_unless_zero: get page',
  'put_page: put page',
  'alloc_page: get page',
  'add_to_page_cache_locked: move page',
  'remove_from_page_cache: move page',
  'page_freeze_refs: put page',
  '__do_fault: move page',
  'do_anonymous_page: move page',
  'wp_page_copy: move new_page',
  'wp_page_copy: move old_page',
  'zap_page_range: move page',
  'try_to_unmap_one: move page',
  'move_pte: move page',
  'trylock_page: acquire &page->flags',
  'unlock_page: drop &page->flags',
  '__down_read: acquire sem',
  '__up_read: drop sem',
  '__down_write: acquire sem',
  '__up_write: drop sem',
  'grant_to_readers: acquire sem',
  'grant_to_writer: acquire sem',
];

describe.each(KERNELS)('the annotations of kernel %s', (kernel) => {
  const program = programs.get(kernel);
  if (program === undefined) throw new Error(`no program of ${kernel}`);
  const known = new Set(annotationsOf(program));

  it('name every lockless access of the fact sheet', () => {
    expect(LOCKLESS.filter((item) => !known.has(item))).toEqual([]);
  });

  it('make it a scheduling point', () => {
    const names = new Set(LOCKLESS.map((item) => item.slice(0, item.indexOf(':'))));
    const blind = [...names].filter((name) => {
      const info = findFunction(program, name);
      return (
        info === undefined || !/^[> ]\*.* (?:load\d|copy)/m.test(disassembleFunction(program, info))
      );
    });
    expect(blind).toEqual([]);
  });

  it('say where locks and references change hands', () => {
    expect(OWNERSHIP.filter((item) => !known.has(item))).toEqual([]);
  });

  it('give a reason that can be read alone', () => {
    const poor = program.annotations.filter(
      ({ form, roles }) => form === 'racy' && !/^[a-z].{30,}/.test(roles['why'] ?? ''),
    );
    expect(poor.map(({ roles }) => roles)).toEqual([]);
  });
});
