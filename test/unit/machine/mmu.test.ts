// The MMU: rights and error codes of the walk, what the TLB remembers, and what makes it forget.
import { describe, expect, it } from 'vitest';
import { asCpuId } from '../../../src/base/brand.ts';
import { CPU, TLB_AT } from '../../../src/machine/imageLayout.ts';
import { cpuAt } from '../../../src/machine/machineState.ts';
import { DIRTY as MARKED } from '../../../src/machine/memory.ts';
import { Mmu } from '../../../src/machine/mmu.ts';
import {
  cpusWithDirectory,
  flushAll,
  flushOthers,
  flushPage,
  loadPageDirectory,
  viewTlb,
} from '../../../src/machine/tlb.ts';
import {
  ACCESSED,
  DIRTY,
  FRAMES,
  PageTables,
  PRESENT,
  USER,
  WRITE,
} from '../../support/pageTables.ts';

const PAGE = 0x08048000;
/** Has the same place in the TLB as `PAGE`. */
const RIVAL = PAGE + 64 * 0x1000;
const ALL = PRESENT | WRITE | USER;
const OTHER_FRAME = FRAMES + 0x1000;
const CPU0 = asCpuId(0);

/** Tables with one page, mapped with these rights. */
function mapped(rights = ALL, upper = ALL, cpuCount = 1): PageTables {
  const tables = new PageTables(cpuCount);
  tables.setUpper(PAGE, upper);
  if (rights !== 0) tables.setLower(PAGE, FRAMES | rights);
  return tables;
}

describe('the error code', () => {
  // Bits: 1 present, 2 write, 4 user. Kernel code may read all that is present, so code 1 cannot arise.
  it.each([
    ['a read of an absent page', 0, false, true, 4],
    ['a write of an absent page', 0, true, true, 6],
    ['a read of a kernel page', PRESENT | WRITE, false, true, 5],
    ['a write of a kernel page', PRESENT | WRITE, true, true, 7],
    ['a write of a read-only page', PRESENT | USER, true, true, 7],
    ['a read of an absent page by the kernel', 0, false, false, 0],
    ['a write of an absent page by the kernel', 0, true, false, 2],
    ['a write of a read-only page by the kernel, with CR0.WP', PRESENT | USER, true, false, 3],
  ] as const)('of %s', (_, rights, isWrite, isUser, code) => {
    const tables = mapped(rights);
    expect(tables.access(PAGE + 5, isWrite, isUser)).toEqual({ fault: code });
    expect(tables.state.faultAddress).toBe(PAGE + 5);
    expect(viewTlb(tables.state, CPU0)).toEqual([]);
  });

  it.each([
    [0, true, true, 6],
    [0, false, false, 0],
    [PRESENT | WRITE, false, true, 5],
    [PRESENT | USER, true, true, 7],
    [PRESENT | USER, true, false, 3],
  ] as const)('looks at both levels: directory entry %i', (upper, isWrite, isUser, code) => {
    expect(mapped(ALL, upper).access(PAGE, isWrite, isUser)).toEqual({ fault: code });
  });

  it.each([
    [0xc0000000, false, true, 5],
    [0xc0000000, true, true, 7],
    [0xf0000000, false, true, 4],
    [0xf0000000, true, false, 2],
  ] as const)(
    'of the kernel part of the address space, at %i',
    (address, isWrite, isUser, code) => {
      expect(mapped().access(address, isWrite, isUser)).toEqual({ fault: code });
    },
  );

  it('does not come to kernel code that reads, or writes what it may', () => {
    const tables = mapped(PRESENT | WRITE);
    expect(tables.access(PAGE + 1, false, false)).toEqual({ physical: FRAMES + 1 });
    expect(tables.access(PAGE + 2, true, false)).toEqual({ physical: FRAMES + 2 });
    expect(tables.access(0xc0000123, true, false)).toEqual({ physical: 0x123 });
  });

  it('changes no mark in the tables', () => {
    const tables = mapped(PRESENT | USER);
    tables.access(PAGE, true, true);
    expect(tables.lower(PAGE)).toBe(FRAMES | PRESENT | USER);
    expect(tables.upper(PAGE) & ACCESSED).toBe(0);
  });
});

describe('the walk', () => {
  it('sets accessed in both entries, and dirty in the last one for a write', () => {
    const tables = mapped();
    tables.access(PAGE, false, true);
    expect(tables.upper(PAGE) & 0xfff).toBe(ALL | ACCESSED);
    expect(tables.lower(PAGE) & 0xfff).toBe(ALL | ACCESSED);
    tables.access(PAGE, true, true);
    expect(tables.upper(PAGE) & 0xfff).toBe(ALL | ACCESSED);
    expect(tables.lower(PAGE) & 0xfff).toBe(ALL | ACCESSED | DIRTY);
  });

  it('leaves what it found in the TLB, with the rights of both levels', () => {
    const tables = mapped(ALL, PRESENT | USER);
    tables.access(PAGE + 0x10, false, true);
    expect(viewTlb(tables.state, CPU0)).toEqual([
      { page: PAGE, frame: FRAMES, isUser: true, isWritable: false, isDirty: false },
    ]);
    expect(tables.state.memory.dirty[TLB_AT >> 10]).toBe(MARKED);
  });

  it('is not made again while the TLB knows the page: marks stay as they are', () => {
    const tables = mapped();
    tables.access(PAGE, true, true);
    tables.setLower(PAGE, FRAMES | ALL);
    tables.access(PAGE, true, true);
    tables.access(PAGE, false, true);
    expect(tables.lower(PAGE)).toBe(FRAMES | ALL);
  });

  it('is made again for the first write, which meets the tables as they are now', () => {
    const tables = mapped();
    tables.access(PAGE, false, true);
    tables.setLower(PAGE, OTHER_FRAME | ALL);
    expect(tables.access(PAGE, false, true)).toEqual({ physical: FRAMES });
    expect(tables.access(PAGE, true, true)).toEqual({ physical: OTHER_FRAME });
    expect(tables.lower(PAGE) & DIRTY).toBe(DIRTY);
    expect(tables.access(PAGE, false, true)).toEqual({ physical: OTHER_FRAME });
  });
});

describe('a stale entry of the TLB', () => {
  it('still reads and writes the old page after the mapping is gone', () => {
    const tables = mapped();
    tables.access(PAGE, true, true);
    tables.setLower(PAGE, 0);
    expect(tables.access(PAGE + 4, false, true)).toEqual({ physical: FRAMES + 4 });
    expect(tables.access(PAGE + 4, true, true)).toEqual({ physical: FRAMES + 4 });
    flushPage(tables.state, 0, PAGE + 0xfff);
    expect(tables.access(PAGE + 4, false, true)).toEqual({ fault: 4 });
  });

  it('still writes after the right to it was taken away', () => {
    const tables = mapped();
    tables.access(PAGE, true, true);
    tables.setLower(PAGE, FRAMES | PRESENT | USER);
    expect(tables.access(PAGE, true, true)).toEqual({ physical: FRAMES });
    flushAll(tables.state, 0);
    expect(tables.access(PAGE, true, true)).toEqual({ fault: 7 });
  });

  it('without a right is a fault although the tables allow it, once: the fault drops it', () => {
    const tables = mapped(PRESENT | USER);
    tables.access(PAGE, false, true);
    tables.setLower(PAGE, FRAMES | ALL);
    expect(tables.access(PAGE, true, true)).toEqual({ fault: 7 });
    expect(tables.access(PAGE, true, true)).toEqual({ physical: FRAMES });
  });

  it('is not made by a page that is absent', () => {
    const tables = mapped(0);
    expect(tables.access(PAGE, false, true)).toEqual({ fault: 4 });
    tables.setLower(PAGE, FRAMES | ALL);
    expect(tables.access(PAGE, false, true)).toEqual({ physical: FRAMES });
  });

  it('is the business of one CPU', () => {
    const tables = mapped(ALL, ALL, 3);
    for (const cpu of [0, 1, 2]) tables.access(PAGE, false, true, cpu);
    tables.setLower(PAGE, OTHER_FRAME | ALL);
    flushPage(tables.state, 1, PAGE);
    expect(tables.access(PAGE, false, true, 0)).toEqual({ physical: FRAMES });
    expect(tables.access(PAGE, false, true, 1)).toEqual({ physical: OTHER_FRAME });
    // CPU 1 asks CPUs 0 to 2 for it; its own buffer is not meant.
    flushOthers(tables.state, 0b101, PAGE);
    expect(tables.access(PAGE, false, true, 0)).toEqual({ physical: OTHER_FRAME });
    expect(tables.access(PAGE, false, true, 2)).toEqual({ physical: OTHER_FRAME });
  });

  it('does not survive a page with the same place, nor a load of CR3', () => {
    const tables = mapped();
    tables.access(PAGE, false, true);
    tables.setLower(PAGE, 0);
    tables.setLower(RIVAL, OTHER_FRAME | ALL);
    flushPage(tables.state, 0, RIVAL);
    expect(tables.access(PAGE, false, true)).toEqual({ physical: FRAMES });
    expect(tables.access(RIVAL, false, true)).toEqual({ physical: OTHER_FRAME });
    expect(tables.access(PAGE, false, true)).toEqual({ fault: 4 });

    tables.setLower(RIVAL, 0);
    expect(tables.access(RIVAL, false, true)).toEqual({ physical: OTHER_FRAME });
    const directory = tables.state.word(cpuAt(0) + CPU.pageDirectory);
    expect(cpusWithDirectory(tables.state, directory)).toBe(1);
    loadPageDirectory(tables.state, 0, directory);
    expect(tables.access(RIVAL, false, true)).toEqual({ fault: 4 });
  });

  it('of kernel mode serves user code only if the page is for it', () => {
    const tables = mapped(PRESENT | WRITE);
    tables.access(PAGE, true, false);
    expect(tables.access(PAGE, false, true)).toEqual({ fault: 5 });
    const forAll = mapped();
    forAll.access(PAGE, false, false);
    forAll.setLower(PAGE, 0);
    expect(forAll.access(PAGE, false, true)).toEqual({ physical: FRAMES });
  });
});

describe('the bus of user instructions', () => {
  const bytes = [1, 2, 4] as const;

  it.each(bytes)(
    'reads and writes %i bytes at every place of two pages, cached or not',
    (width) => {
      const tables = mapped();
      tables.setLower(PAGE + 0x1000, OTHER_FRAME | ALL);
      const bus = new Mmu(tables.state);
      const { memory } = tables.state;
      for (const inPage of [0, 1, 2, 3, 0xffc, 0xffd, 0xffe, 0xfff]) {
        const address = PAGE + inPage;
        const value = (0x81c2e3f4 >>> (8 * (4 - width))) >>> 0;
        for (const round of [0, 1]) {
          if (round === 0) flushAll(tables.state, 0);
          memory.dirty.fill(0);
          bus.write(address, width, value);
          expect(memory.dirty[memory.locatePhysical(FRAMES, 1) >> 12]).toBe(MARKED);
          if (round === 0) flushAll(tables.state, 0);
          expect(bus.read(address, width, false)).toBe(value);
          expect(bus.read(address, width, true)).toBe(value);
          const fetched = Array.from({ length: width }, (_, index) => bus.fetch(address + index));
          expect(fetched.reduceRight((sum, byte) => sum * 256 + byte, 0)).toBe(value);
        }
        expect(bus.faulted).toBe(false);
      }
      expect(memory.wordAt(memory.locatePhysical(OTHER_FRAME, 4)) === 0).toBe(width === 1);
    },
  );

  it('writes nothing when the second page of an access fails', () => {
    const tables = mapped();
    const bus = new Mmu(tables.state);
    bus.write(PAGE + 0xffe, 4, 0xffffffff);
    expect(bus.faulted).toBe(true);
    expect(tables.state.faultAddress).toBe(PAGE + 0x1000);
    expect(tables.state.faultCode).toBe(6);
    const { memory } = tables.state;
    expect(memory.wordAt(memory.locatePhysical(FRAMES + 0xffc, 4))).toBe(0);
  });

  it('reports a read that is written back as a write', () => {
    const tables = mapped(PRESENT | USER);
    const bus = new Mmu(tables.state);
    expect([bus.read(PAGE, 4, false), bus.faulted]).toEqual([0, false]);
    bus.read(PAGE, 4, true);
    expect([bus.faulted, tables.state.faultCode]).toEqual([true, 7]);
  });
});
