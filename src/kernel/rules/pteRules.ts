/**
 * The rules about page table entries: what may be mapped, with which rights, and the counters that go with it.
 */
import { asAddress } from '../../base/brand.ts';
import { DIRECT_MAP_BASE } from '../../bytecode/program.ts';
import { HEADER } from '../../machine/imageLayout.ts';
import type { RuleContext } from './ruleContext.ts';
import type { RuleName } from './ruleNames.ts';
import { SPACES, SPINS, TASK_NOTE } from './ruleStore.ts';
import { pageName, taskName } from './ruleWords.ts';

/** In `SPACES`: what a page counts as. */
const FILE = 1;
const ANONYMOUS = 2;
/** A list of VMAs that is longer has become a circle. */
const MOST_VMAS = 10_000;

interface Counter {
  readonly kind: number;
  readonly name: string;
  readonly at: number;
}

/** A page table entry that is about to change. */
interface PteChange {
  readonly mm: number;
  readonly address: number;
  /** Where the entry lies. */
  readonly place: number;
  readonly entry: number;
}

export class PteRules {
  private readonly context: RuleContext;
  /** For the processor, and for the kernel: an entry without any right is there, too. */
  private readonly valid: number;
  private readonly present: number;
  private readonly writable: number;
  private readonly dirty: number;
  /** Fields of a VMA, and where the list of them begins. */
  private readonly vma: {
    readonly first: number;
    readonly next: number;
    readonly start: number;
    readonly end: number;
    readonly flags: number;
    readonly file: number;
  };
  /** Flags of a VMA: that it may be written, is shared, and what any access needs. */
  private readonly mayWrite: number;
  private readonly shared: number;
  private readonly anyAccess: number;
  private readonly mmStatOffset: number;
  private readonly taskStatOffset: number;
  /** What is counted, under which name, and where among the counters of a task or an address space. */
  private readonly counters: readonly Counter[];

  constructor(context: RuleContext) {
    this.context = context;
    const { layout } = context.kernel;
    this.valid = layout.constant('_PAGE_PRESENT');
    this.present = this.valid | layout.constant('_PAGE_PROTNONE');
    this.writable = layout.constant('_PAGE_RW');
    this.dirty = layout.constant('_PAGE_DIRTY');
    this.vma = {
      first: layout.field('mm_struct', 'mmap').offset,
      next: layout.field('vm_area_struct', 'vm_next').offset,
      start: layout.field('vm_area_struct', 'vm_start').offset,
      end: layout.field('vm_area_struct', 'vm_end').offset,
      flags: layout.field('vm_area_struct', 'vm_flags').offset,
      file: layout.field('vm_area_struct', 'vm_file').offset,
    };
    this.mayWrite = layout.constant('VM_WRITE');
    this.shared = layout.constant('VM_SHARED');
    this.anyAccess = layout.constant('VM_READ') | this.mayWrite | layout.constant('VM_EXEC');
    this.mmStatOffset =
      layout.field('mm_struct', 'rss_stat').offset + layout.field('mm_rss_stat', 'count').offset;
    this.taskStatOffset =
      layout.field('task_struct', 'rss_stat').offset +
      layout.field('task_rss_stat', 'count').offset;
    this.counters = [
      { kind: FILE, name: 'MM_FILEPAGES', at: 4 * layout.constant('MM_FILEPAGES') },
      { kind: ANONYMOUS, name: 'MM_ANONPAGES', at: 4 * layout.constant('MM_ANONPAGES') },
    ];
  }

  /** Counts what boot has mapped. */
  begin(): void {
    const { context } = this;
    const { state } = context;
    for (let task = 0; task < state.word(HEADER.taskCount); task += 1) {
      const mm = context.mmOf(task);
      if (mm === 0 || context.store.find(SPACES, mm) >= 0) continue;
      const counts = this.countMapped(mm);
      context.store.push(SPACES, mm, counts[FILE] ?? 0, counts[ANONYMOUS] ?? 0);
    }
  }

  /** Goes through the page tables, not the VMAs: most of a large one is not mapped. */
  private countMapped(mm: number): readonly number[] {
    const { context } = this;
    const counts = [0, 0, 0];
    context.visitPtes(mm, 0, DIRECT_MAP_BASE, (_address, entry) => {
      if ((entry & this.present) === 0) return;
      const kind = this.kindOf(context.pageOfFrame(entry));
      counts[kind] = (counts[kind] ?? 0) + 1;
    });
    return counts;
  }

  /** The VMA that covers an address, 0 for none. */
  private findVma(mm: number, address: number): number {
    const { context } = this;
    const { first, next, start, end } = this.vma;
    let vma = context.load(mm + first);
    for (let count = 0; vma !== 0 && count < MOST_VMAS; count += 1) {
      const isBehindStart = context.load(vma + start) >>> 0 <= address >>> 0;
      if (isBehindStart && address >>> 0 < context.load(vma + end) >>> 0) return vma;
      vma = context.load(vma + next);
    }
    return 0;
  }

  /** 0 for pages that nobody counts, such as the page of zeros. */
  private kindOf(page: number): number {
    const { context } = this;
    if (!context.isPage(page) || context.hasFlag(page, context.pageFlags.reserved)) return 0;
    return context.isAnonymous(page) ? ANONYMOUS : FILE;
  }

  private count(mm: number, kind: number, amount: number): void {
    const { store } = this.context;
    const index = kind === 0 ? -1 : store.find(SPACES, mm);
    if (index < 0) return;
    store.setEntry(SPACES, index, kind, store.entry(SPACES, index, kind) + amount);
  }

  /** An entry is about to be written. */
  set({ mm, address, place, entry }: PteChange): void {
    const { context } = this;
    const before = context.load(place);
    const isPresent = (entry & this.present) !== 0;
    const wasPresent = (before & this.present) !== 0;
    const page = context.pageOfFrame(entry);
    if (wasPresent) this.count(mm, this.kindOf(context.pageOfFrame(before)), -1);
    if (isPresent) this.count(mm, this.kindOf(page), 1);
    if (!isPresent) return;
    const vma = this.findVma(mm, address);
    if ((entry & this.valid) !== 0) this.checkRights(entry, vma, page);
    const moved = context.store.task(context.task, TASK_NOTE.movedPage);
    context.store.setTask(context.task, TASK_NOTE.movedPage, 0);
    // What was mapped before only changes its place or its rights.
    if (this.kindOf(page) !== FILE || moved === page) return;
    if (!wasPresent) this.checkInstall(page, place, vma);
    else if (before >>> 12 !== entry >>> 12) {
      context.report(
        'file-pte-install',
        `${taskName(context, context.task)} maps ${pageName(context, page)} over ${pageName(context, context.pageOfFrame(before))}: another task was first, and its PTE must stay.`,
      );
    }
    this.noteDirty(entry, page, vma);
  }

  /** An entry is about to be cleared. */
  clear(mm: number, place: number): void {
    const { context } = this;
    const before = context.load(place);
    if ((before & this.present) === 0) return;
    const page = context.pageOfFrame(before);
    this.count(mm, this.kindOf(page), -1);
    context.store.setTask(context.task, TASK_NOTE.movedPage, page);
  }

  private checkRights(entry: number, vma: number, page: number): void {
    const { context } = this;
    const flags = vma === 0 ? 0 : context.load(vma + this.vma.flags);
    const isWritable = (entry & this.writable) !== 0;
    if ((flags & this.anyAccess) !== 0 && (!isWritable || (flags & this.mayWrite) !== 0)) return;
    const say = (problem: string): void => {
      const what = context.isPage(page) ? pageName(context, page) : 'a page';
      context.report(
        'pte-permission',
        `${taskName(context, context.task)} maps ${what}${problem}.`,
      );
    };
    if (vma === 0) say(' at an address that no VMA covers (any more)');
    else if (isWritable && (flags & this.mayWrite) === 0) {
      say(' for writing, but the VMA does not allow writing (any more)');
    } else say(', but the VMA allows no access');
  }

  private checkInstall(page: number, place: number, vma: number): void {
    const { context } = this;
    const { task } = context;
    const mapping = context.mappingOf(page);
    if (mapping === 0) {
      context.report(
        'truncated-page-mapped',
        `${taskName(context, task)} maps a page that has left its file: it was truncated or evicted while it was not locked. After locking it, page->mapping has to be compared.`,
      );
      return;
    }
    const say = (rule: RuleName, problem: string): void => {
      context.report(rule, `${taskName(context, task)} maps ${pageName(context, page)}${problem}`);
    };
    if (context.indexOf(page) >= context.filePages(mapping)) {
      say(
        'truncated-page-mapped',
        ', which lies behind the end of the file. The size has to be looked at again with the page locked.',
      );
    } else if (!context.holds(task, context.lockOf(page))) {
      say('file-pte-install', ' without its lock.');
    } else if (!context.hasFlag(page, context.pageFlags.uptodate)) {
      say('file-pte-install', ', whose content was never read.');
    } else if (!context.holds(task, context.ptlOf(place))) {
      say('file-pte-install', ' without the lock of the page table.');
    } else if (vma !== 0) {
      const file = asAddress(context.load(vma + this.vma.file) >>> 0);
      if (file === 0) return;
      const own = context.readers.readFileMapping(context.memory, file);
      if (own !== mapping >>> 0) say('file-pte-install', ", which is not of the VMA's file.");
    }
  }

  private noteDirty(entry: number, page: number, vma: number): void {
    const { context } = this;
    if ((entry & this.dirty) === 0 || vma === 0) return;
    if ((context.load(vma + this.vma.flags) & this.shared) === 0) return;
    context.store.setTask(context.task, TASK_NOTE.owedPage, page);
  }

  /** A page is about to be unlocked, or its owner goes back to user mode (`page` 0). */
  checkDirty(page: number): void {
    const { context } = this;
    const { store, task } = context;
    const owed = store.task(task, TASK_NOTE.owedPage);
    if (owed === 0 || context.isInInterrupt || (page !== 0 && page !== owed)) return;
    store.setTask(task, TASK_NOTE.owedPage, 0);
    if (context.mappingOf(owed) === 0 || context.hasFlag(owed, context.pageFlags.dirty)) return;
    context.report(
      'shared-dirty',
      `${taskName(context, task)} has mapped ${pageName(context, owed)} for shared writing and does not mark it dirty: what is written may be lost.`,
    );
  }

  /** Compares the counters of the running task's address space with its entries, where nobody changes one. */
  checkCounters(): void {
    const { context } = this;
    const { store, state } = context;
    if (store.count(SPINS) !== 0) return;
    const mm = context.mmOf(context.task);
    const index = mm === 0 ? -1 : store.find(SPACES, mm);
    if (index < 0) return;
    for (const { kind, name, at } of this.counters) {
      let counted = context.load(mm + this.mmStatOffset + at);
      for (let task = 0; task < state.word(HEADER.taskCount); task += 1) {
        if (context.mmOf(task) !== mm) continue;
        counted += context.load(context.cookie(task) + this.taskStatOffset + at);
      }
      const mapped = store.entry(SPACES, index, kind);
      if (counted === mapped) continue;
      context.report(
        'rss',
        `${name} of the address space is ${String(counted)}, its tasks' own counts included, but ${String(mapped)} of its PTEs map such a page.`,
      );
      return;
    }
  }
}
