/**
 * The rule about the end of a truncation: what the file has lost is mapped nowhere, private copies of it included.
 *
 * It looks once, when the truncation returns, at the VMAs that show the file behind its new end; before that, PTEs may
 * still be on their way out. Faults that come later are judged where they install their PTE.
 * Source: truncate_pagecache() of 2.6.36, which unmaps private copies too (`even_cows`).
 */
import { asAddress, hex } from '../../base/brand.ts';
import { HEADER } from '../../machine/imageLayout.ts';
import type { VmAreaStruct } from '../kernelReaders.ts';
import type { RuleContext } from './ruleContext.ts';
import { pageName, taskName } from './ruleWords.ts';

const PAGE_BYTES = 4096;

export class TruncationRule {
  private readonly context: RuleContext;
  private readonly mappingOffset: number;
  /** An entry without any right is there, too. */
  private readonly present: number;

  constructor(context: RuleContext) {
    this.context = context;
    const { layout } = context.kernel;
    this.mappingOffset = layout.field('inode', 'i_mapping').offset;
    this.present = layout.constant('_PAGE_PRESENT') | layout.constant('_PAGE_PROTNONE');
  }

  /**
   * The size of a file has been changed to so many bytes. Somebody else may have changed it again: what lies within the
   * larger size may be mapped.
   */
  ended(inode: number, bytes: number): void {
    const { context } = this;
    if (!context.rules.has('truncated-page-mapped')) return;
    const mapping = context.load(inode + this.mappingOffset);
    const pages = Math.max(Math.ceil((bytes >>> 0) / PAGE_BYTES), context.filePages(mapping));
    const seen = new Set<number>();
    for (let task = context.state.word(HEADER.taskCount) - 1; task >= 0; task -= 1) {
      const mm = context.mmOf(task);
      if (mm === 0 || seen.has(mm)) continue;
      seen.add(mm);
      for (const vma of context.readers.readVmas(context.memory, asAddress(mm >>> 0))) {
        if (vma.file === 0) continue;
        const own = context.readers.readFileMapping(context.memory, vma.file);
        if (own === mapping >>> 0) this.checkVma(mm, vma, mapping, pages);
      }
    }
  }

  private checkVma(mm: number, vma: VmAreaStruct, mapping: number, pages: number): void {
    const { context } = this;
    const first = vma.start + PAGE_BYTES * Math.max(0, pages - vma.pageOffset);
    context.visitPtes(mm, first, vma.end, (address, entry) => {
      if ((entry & this.present) === 0) return;
      const page = context.pageOfFrame(entry);
      const what = context.isPage(page) ? pageName(context, page) : 'a page';
      const index = vma.pageOffset + (address - vma.start) / PAGE_BYTES;
      const { name } = context.readers.readInodeOfMapping(context.memory, asAddress(mapping >>> 0));
      context.report(
        'truncated-page-mapped',
        `${taskName(context, context.task)} has truncated ${name} to ${String(pages)} pages, but a PTE still maps ${what} at ${hex(address, 8)}, where page ${String(index)} of the file was.`,
      );
    });
  }
}
