// Invariants of the kernel tree, looked at whenever a task comes to an anchor and at the end of every
// scenario (I3, I9, I10 of the fact sheet), and the details of row S1 that a summary does not show.
import { describe, expect, it } from 'vitest';
import { readUnsigned } from '../../src/bytecode/memoryReader.ts';
import { asAddress } from '../../src/base/brand.ts';
import { OWNER_IO, OWNER_PTE } from '../../src/kernel/kernelLanguage.ts';
import type { PageStruct } from '../../src/kernel/kernelReaders.ts';
import { listScenarios } from '../../src/scenario/catalog.ts';
import type { PreparedRun } from '../../src/scenario/prepareRun.ts';
import { media } from '../support/nodeMedia.ts';
import { prepare, shippedTree } from '../support/preparedRun.ts';

const KERNELS = ['patched', 'unpatched'];
const ACTIVE_MASK = 0xffff;
/** After so many anchors a scenario that runs for long is left alone. */
const MOST_ANCHORS = 300;

/** Goes on to the next anchor (of one name, when given); its name and task, or `undefined` at the end. */
function* stopsAtAnchors({ machine, program, tasks }: PreparedRun): Generator<[string, string]> {
  machine.setBreakpoints(program.anchors.map(({ pc }) => pc));
  for (let isResumed = false; ; isResumed = true) {
    const stop = machine.run({ budget: 1_000_000, breakpoints: true, isResumed });
    if (stop.kind !== 'breakpoint') {
      expect(stop.kind).toBe('finished');
      return;
    }
    const anchor = program.anchors.find(({ pc }) => pc === stop.pc);
    const task = tasks.find(({ id }) => id === stop.task);
    yield [anchor?.name ?? '', task?.name ?? 'idle'];
  }
}

function runTo(run: PreparedRun, anchor: string): void {
  for (const [name] of stopsAtAnchors(run)) if (name === anchor) return;
  throw new Error(`the run does not come to ${anchor}`);
}

/**
 * What is wrong with pages of files: counts that differ from the owned references, orphaned locks.
 * A task at `install_pte` has counted its PTE and not written it yet.
 */
function pageFaults({ machine, readers }: PreparedRun, anchor = ''): string[] {
  const early = anchor === 'install_pte' ? 1 : 0;
  return readers.readCachedPages(machine).flatMap((page) => {
    const references = machine.ghost.refs(page.address);
    const owned = references.reduce((sum, { count }) => sum + count, 0);
    const mapped = references
      .filter(({ ownerCode }) => ownerCode === OWNER_PTE)
      .reduce((sum, { count }) => sum + count, 0);
    const holders = machine.ghost.holds().filter(({ lock }) => lock === page.address);
    const problems: string[] = [];
    if (page.count !== owned) problems.push(`count ${String(page.count)}, owned ${String(owned)}`);
    if (page.mapCount < mapped || page.mapCount > mapped + early)
      problems.push(`mapped ${String(page.mapCount)}`);
    if (holders.length !== (page.isLocked ? 1 : 0)) problems.push('the lock has a wrong owner');
    return problems.map((problem) => `page ${String(page.index)}: ${problem}`);
  });
}

/** What is wrong with `mmap_sem`: active part of the count against the holds. */
function lockFaults({ machine, readers, processes, tasks }: PreparedRun): string[] {
  return processes.flatMap(({ mmapSem, mm }) => {
    const isAlive = tasks.some(
      ({ id }) => readers.readTask(machine, machine.task(id).cookie).mm === mm,
    );
    if (!isAlive) return [];
    const { count, waiters } = readers.readRwsem(machine, mmapSem);
    const holds = machine.ghost.holds().filter(({ lock }) => lock === mmapSem);
    const problems: string[] = [];
    if ((count & ACTIVE_MASK) !== holds.length) problems.push(`active part of ${String(count)}`);
    if (holds.some(({ mode }) => mode === 'write') && holds.length > 1) problems.push('not alone');
    if (waiters.length > 0 && count < 0x8000_0000) problems.push('waiters without the bias');
    return problems;
  });
}

function findPage(run: PreparedRun, index: number): PageStruct | undefined {
  return run.readers.readCachedPages(run.machine).find((page) => page.index === index);
}

describe.each(listScenarios(media))('scenario %s', (scenario) => {
  it.each(KERNELS)('keeps counts, locks and the rwsem in order on %s', (kernel) => {
    const run = prepare(scenario, shippedTree(kernel));
    let visited = 0;
    for (const [anchor, task] of stopsAtAnchors(run)) {
      visited += 1;
      if (visited > MOST_ANCHORS) return;
      expect([...pageFaults(run, anchor), ...lockFaults(run)], `${anchor} of ${task}`).toEqual([]);
    }
    if (run.data.duration !== undefined) return;
    expect(pageFaults(run)).toEqual([]);
    expect(run.machine.ghost.holds()).toEqual([]);
    expect(run.machine.ghost.waits()).toEqual([]);
  });
});

describe('a cold fault', () => {
  it('sleeps with two references to a locked page, which belongs to the disk', () => {
    const run = prepare('cold-fault', shippedTree('patched'));
    runTo(run, 'page_wait');
    const page = findPage(run, 20);
    expect(page).toMatchObject({ isLocked: true, isUpToDate: false, count: 2, mapCount: 0 });
    const owners = run.machine.ghost.holds().filter(({ lock }) => lock === page?.address);
    expect(owners.map(({ ownerCode }) => ownerCode)).toEqual([OWNER_IO]);
  });

  it.each(KERNELS)('ends with a page of count 2 that one PTE maps on %s', (kernel) => {
    const run = prepare('cold-fault', shippedTree(kernel));
    runTo(run, 'fault_done');
    expect(findPage(run, 20)).toMatchObject({
      isLocked: false,
      isUpToDate: true,
      count: 2,
      mapCount: 1,
    });
  });

  it.each([
    ['unpatched', 1],
    ['patched', 0],
  ])('leaves mmap_miss of the file as the facts say on %s', (kernel, misses) => {
    const run = prepare('cold-fault', shippedTree(kernel));
    runTo(run, 'fault_done');
    const { machine, readers, processes } = run;
    const [process] = processes;
    const vma = readers
      .readVmas(machine, process?.mm ?? asAddress(0))
      .find(({ file }) => file !== 0);
    const field = readers.layout.field('file', 'f_ra').offset;
    const miss = readers.layout.field('file_ra_state', 'mmap_miss').offset;
    expect(readUnsigned(machine, asAddress((vma?.file ?? 0) + field + miss), 4)).toBe(misses);
  });
});
