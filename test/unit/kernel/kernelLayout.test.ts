/**
 * What the host needs of a kernel: found by name in the shipped kernels, and complained about with
 * place and remedy in a kernel that lacks it.
 */
import { describe, expect, it } from 'vitest';
import { positionOf } from '../../../src/base/span.ts';
import { compileKernel } from '../../../src/scenario/compileKernel.ts';
import { editedTree, shippedTree, type TreeEdit } from '../../support/preparedRun.ts';

function complaints(edits: readonly TreeEdit[]): string[] {
  return compileKernel(editedTree('patched', edits)).diagnostics.map(({ message, span, notes }) => {
    const place =
      span === undefined
        ? ''
        : `${span.file.path}:${String(positionOf(span.file, span.start).line1)}: `;
    return `${place}${message} (${notes.map((note) => note.message).join('; ')})`;
  });
}

describe('the shipped kernels', () => {
  it('have everything that the host reads', () => {
    for (const name of ['patched', 'unpatched']) {
      const { kernel, diagnostics } = compileKernel(shippedTree(name));
      expect(diagnostics).toEqual([]);
      expect(kernel?.entries.pageFault).toBeDefined();
    }
  });

  it('put the fields where a 32-bit x86 compiler does', () => {
    const layout = compileKernel(shippedTree('patched')).kernel?.readers.layout;
    expect(layout?.field('rw_semaphore', 'count')).toEqual({ offset: 0, bytes: 4 });
    expect(layout?.field('list_head', 'prev')).toEqual({ offset: 4, bytes: 4 });
    expect(layout?.constant('PG_locked')).toBe(0);
    expect(layout?.constant('PERF_COUNT_SW_PAGE_FAULTS_MAJ')).toBe(6);
  });
});

describe('an edited kernel', () => {
  it('without a field that the host reads is refused at the struct, with the remedy', () => {
    const found = complaints([
      { path: 'include/linux/mm_types.h', from: /map_count/g, to: 'map_counter' },
      { path: 'mm/mmap.c', from: /map_count/g, to: 'map_counter' },
    ]);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(
      /^\/lab\/kernel\/include\/linux\/mm_types\.h:\d+: `struct mm_struct` has no field `map_count`/,
    );
    expect(found[0]).toContain('add it back under this name');
  });

  it('may order fields differently and add some', () => {
    const edits = [
      {
        path: 'include/linux/mm_types.h',
        from: 'struct mm_struct {',
        to: 'struct mm_struct {\n\tint mine;',
      },
    ];
    const { kernel, diagnostics } = compileKernel(editedTree('patched', edits));
    expect(diagnostics).toEqual([]);
    const shipped = compileKernel(shippedTree('patched')).kernel;
    const offsetIn = (compiled: typeof kernel): number =>
      compiled?.readers.layout.field('mm_struct', 'mmap_sem').offset ?? 0;
    expect(offsetIn(kernel)).toBe(offsetIn(shipped) + 4);
  });

  it('without an entry function is refused', () => {
    const found = complaints([
      { path: 'kernel/entry.c', from: 'void fl_timer_interrupt(', to: 'void fl_timer_interupt(' },
    ]);
    expect(found.join()).toContain(
      'the kernel has no function `fl_timer_interrupt`; did you mean `fl_timer_interupt`?',
    );
  });

  it('with a C error is refused at its place', () => {
    const found = complaints([
      {
        path: 'mm/filemap.c',
        from: 'up_read(&vma->vm_mm->mmap_sem);',
        to: 'up_raed(&vma->vm_mm->mmap_sem);',
      },
    ]);
    expect(found.join('\n')).toMatch(/\/lab\/kernel\/mm\/filemap\.c:\d+: .*up_raed/);
  });
});
