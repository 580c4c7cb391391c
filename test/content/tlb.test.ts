/**
 * The kernel's TLB flushes, seen by their absence: a kernel that forgets one lets programs go on with pages that
 * are no longer theirs, and the shipped kernel does not.
 */
import { describe, expect, it } from 'vitest';
import type { KernelTree } from '../../src/scenario/kernelTree.ts';
import {
  editedTree,
  finish,
  prepare,
  scenarioOf,
  shippedTree,
  type TreeEdit,
} from '../support/preparedRun.ts';

const FLUSH_IN_GATHER: TreeEdit = {
  path: 'arch/x86/include/asm/tlb.h',
  from: '	flush_tlb_mm(tlb->mm);\n',
  to: '',
};
const FLUSH_OF_OTHERS: TreeEdit = {
  path: 'arch/x86/mm/tlb.c',
  from: 'flush_tlb_others(others, mm, TLB_FLUSH_ALL);',
  to: '(void)others;',
};
const PAGE_OF_OTHERS: TreeEdit = {
  path: 'arch/x86/mm/tlb.c',
  from: 'flush_tlb_others(others, mm, address);',
  to: '(void)others;',
};
const COPY_WITHOUT_FLUSH: TreeEdit = {
  path: 'mm/memory.c',
  from: 'ptep_clear_flush(vma, address, page_table);',
  to: 'ptep_get_and_clear(mm, address, page_table);',
};

const EXIT = `
        movl    $1, %eax
        int     $0x80
`;
const UNMAP = `
        movl    $91, %eax
        movl    $data, %ebx
        movl    $8192, %ecx
        int     $0x80
`;

/** Loads a byte, takes the mapping away itself, and loads again. */
const LOAD_TWICE = `
        movzbl  data + 4096 + 7, %edi
${UNMAP}
        movzbl  data + 4096 + 7, %ebx
${EXIT}`;

/** Loads the same byte again and again until it changes or patience is over: exits with it. */
const WATCH = `
        movl    $40000, %ecx
        movzbl  data + 7, %edx
again:
        movzbl  data + 7, %ebx
        cmpl    %edx, %ebx
        jne     seen
        decl    %ecx
        jnz     again
        movl    $0, %ebx
seen:
${EXIT}`;

/** Stores 42 where the other one looks. */
const STORE = `
        movb    $42, data + 7
        movl    $0, %ebx
${EXIT}`;

const UNMAP_AND_EXIT = `${UNMAP}\n        movl    $0, %ebx\n${EXIT}`;

function run(
  tree: KernelTree,
  programs: readonly string[],
): { outcome: string; exits: readonly string[] } {
  const text = JSON.stringify({
    version: 1,
    title: 'Flushes',
    machine: { cpus: 2, preset: 'disk-2010' },
    files: [{ name: 'data.bin', pages: 2, content: 'pattern', cached: 'all' }],
    processes: [
      {
        name: 'demo',
        maps: [{ name: 'data', file: 'data.bin', pages: 2, prot: 'rw', flags: 'private' }],
      },
    ],
    tasks: programs.map((_, index) => ({
      name: `task${String(index)}`,
      process: 'demo',
      cpu: index,
      program: `p${String(index)}.task.s`,
      start: { atNs: index * 20_000 },
    })),
    expect: {},
  });
  const files = Object.fromEntries(
    programs.map((program, index) => [`p${String(index)}.task.s`, program]),
  );
  const { summary } = finish(prepare(scenarioOf(text, files), tree));
  return { outcome: summary.outcome, exits: summary.tasks.map(({ exit }) => exit) };
}

describe('an unmapped page', () => {
  const shipped = shippedTree('patched');

  it('is gone at once on the CPU that unmaps', () => {
    expect(run(shipped, [LOAD_TWICE]).exits).toEqual(['SIGSEGV:MAPERR']);
  });

  it('can still be read there by a kernel that does not flush', () => {
    const { outcome, exits } = run(editedTree('patched', [FLUSH_IN_GATHER]), [LOAD_TWICE]);
    expect(outcome).toBe('completed');
    expect(exits[0]).toMatch(/^exited:[1-9]/);
  });

  it('is gone on another CPU when munmap returns', () => {
    expect(run(shipped, [WATCH, UNMAP_AND_EXIT]).exits).toEqual(['SIGSEGV:MAPERR', 'exited:0']);
  });

  it('can still be read on another CPU by a kernel that flushes only its own', () => {
    const tree = editedTree('patched', [FLUSH_OF_OTHERS]);
    expect(run(tree, [WATCH, UNMAP_AND_EXIT]).exits).toEqual(['exited:0', 'exited:0']);
  });
});

describe('a page that is copied by the first write to it', () => {
  it('is the copy for every task of the process', () => {
    expect(run(shippedTree('patched'), [WATCH, STORE]).exits).toEqual(['exited:42', 'exited:0']);
  });

  it.each([
    ['flushes only its own CPU', PAGE_OF_OTHERS],
    ['does not flush', COPY_WITHOUT_FLUSH],
  ])('is the old one for others in a kernel that %s', (_, edit) => {
    const tree = editedTree('patched', [edit]);
    expect(run(tree, [WATCH, STORE]).exits[0]).toBe('exited:0');
  });
});
