/**
 * The readers of kernel structs, on the memory of a real run: what they say must fit together.
 */
import { describe, expect, it } from 'vitest';
import { asAddress } from '../../../src/base/brand.ts';
import type { MemoryReader } from '../../../src/bytecode/memoryReader.ts';
import type { PreparedRun } from '../../../src/scenario/prepareRun.ts';
import { prepare, shippedTree } from '../../support/preparedRun.ts';

/** Runs until a task has gone to sleep in the unpatched story, and bystander too. */
function runUntilAllSleep(): PreparedRun {
  const run = prepare('cold-fault-with-mmap', shippedTree('unpatched'));
  for (let slice = 0; slice < 100_000; slice += 1) {
    const statuses = run.tasks.map(({ id }) => run.machine.task(id).status);
    if (statuses.every((status) => status === 'blocked')) return run;
    run.machine.run({ budget: 5, breakpoints: false });
  }
  throw new Error('the tasks never sleep together');
}

describe('KernelReaders', () => {
  const run = runUntilAllSleep();
  const { machine, readers, tasks, processes } = run;
  const [toucher, mapper, bystander] = tasks.map(({ id }) => machine.task(id).cookie);
  const [process] = processes;

  it('read tasks by their cookie', () => {
    expect(tasks.map(({ id }) => readers.readTask(machine, machine.task(id).cookie).comm)).toEqual([
      'toucher',
      'mapper',
      'bystander',
    ]);
    for (const { id } of tasks)
      expect(readers.readTask(machine, machine.task(id).cookie).mm).toBe(process?.mm);
    expect(readers.readTask(machine, toucher ?? asAddress(0))).toMatchObject({
      state: 2,
      majFlt: 0,
      inIowait: 1,
    });
  });

  it('read the rwsem and its wait list: a reader inside, a writer first, a reader behind it', () => {
    const lock = readers.readRwsem(machine, process?.mmapSem ?? asAddress(0));
    expect(lock.count).toBe(0xffff0001);
    expect(lock.waiters.map(({ task, isWriter }) => [task, isWriter])).toEqual([
      [mapper, true],
      [bystander, false],
    ]);
  });

  it('read the address space', () => {
    expect(readers.readMm(machine, process?.mm ?? asAddress(0)).name).toBe('demo');
    const vmas = readers.readVmas(machine, process?.mm ?? asAddress(0));
    expect(vmas.length).toBe(readers.readMm(machine, process?.mm ?? asAddress(0)).mapCount);
    const data = vmas.find((vma) => vma.start === 0x40000000);
    const mapping = readers.readFileMapping(machine, data?.file ?? asAddress(0));
    expect(readers.readInodeOfMapping(machine, mapping)).toMatchObject({
      name: 'data.bin',
      bytes: 64 * 4096,
      sector: 0x1000,
    });
  });

  it('read the page cache: the pages of the read-around are locked, the cached one is not', () => {
    const pages = readers.readCachedPages(machine);
    const page = (index: number) => pages.find((item) => item.index === index);
    expect(page(20)).toMatchObject({ isLocked: true, isUpToDate: false, count: 2 });
    expect(page(40)).toMatchObject({ isLocked: false, isUpToDate: true, count: 1, mapCount: 0 });
    expect(pages.length).toBe(33);
  });

  it('read who waits for a page lock', () => {
    const page = readers.readCachedPages(machine).find((item) => item.index === 20);
    const word = asAddress((page?.address ?? 0) + readers.layout.field('page', 'flags').offset);
    expect(readers.readPageWaiters(machine)).toEqual([{ task: toucher, word, bit: 0 }]);
  });

  it('read the counters', () => {
    expect(readers.readCounters(machine, 2)).toMatchObject({
      PGFAULT: 1,
      PGMAJFAULT: 1,
      SW_PAGE_FAULTS: 2,
    });
  });

  it('read an empty queue once the disk has everything', () => {
    expect(readers.readQueuedRequests(machine)).toEqual([]);
    expect(readers.isDiskQueuePlugged(machine)).toBe(false);
    expect(machine.disk.queue().map(({ sector, pages }) => [sector, pages])).toEqual([
      [0x1000 + 8 * 4, 32],
    ]);
  });

  it('read the same from a memory that has only bytes', () => {
    const bytes: MemoryReader = { readByte: (address) => machine.readByte(address) };
    expect(readers.readCachedPages(bytes)).toEqual(readers.readCachedPages(machine));
    const cookie = toucher ?? asAddress(0);
    expect(readers.readTask(bytes, cookie)).toEqual(readers.readTask(machine, cookie));
    expect(readers.readMmOfTask(bytes, cookie)).toBe(process?.mm);
  });

  it('survive memory that makes no sense', () => {
    const nonsense = { readByte: (address: number) => (address * 7) & 0xff };
    expect(readers.readList(nonsense, asAddress(0xc0100000)).length).toBeLessThanOrEqual(10_000);
    expect(readers.readTask({ readByte: () => undefined }, asAddress(0)).comm).toContain('text at');
  });
});
