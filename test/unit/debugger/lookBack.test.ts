// Looking back: between any two slices the machine is in exactly the state in which the user stands.
import { describe, expect, it } from 'vitest';
import { Debugger } from '../../../src/debugger/debugger.ts';
import { evaluateAt } from '../../../src/debugger/evaluation.ts';
import { lookForExecuted, noPlaces } from '../../../src/debugger/executedPlaces.ts';
import { listMentions, withoutComments } from '../../../src/debugger/inlineValues.ts';
import { findLastWriter } from '../../../src/debugger/lastWriter.ts';
import type { LookBack } from '../../../src/debugger/lookBack.ts';
import { stackRows, type StackRow } from '../../../src/debugger/stackRows.ts';
import type { Machine } from '../../../src/machine/machine.ts';
import { prepare, shippedTree } from '../../support/preparedRun.ts';

function debug(): { debug: Debugger; machine: Machine } {
  const run = prepare('cold-fault-with-mmap', shippedTree('patched'));
  const { machine, program, entries, readers, tasks } = run;
  return {
    machine,
    debug: new Debugger({ machine, program, entries, readers, tasks, kernelTasks: [] }),
  };
}

/** Goes to a position; the innermost kernel row of a task that has one. */
function standAt(of: Debugger, position: number): StackRow {
  const operation = of.seekPosition(position);
  while (operation.advance(50_000) === undefined);
  const { target } = of;
  const row = target.tasks
    .flatMap(({ id }) => stackRows(target, id))
    .find(({ kind }) => kind === 'kernel');
  if (row === undefined) throw new Error('nobody is in the kernel');
  return row;
}

/** Advances a look in slices of varying size and checks the state behind each. */
function work<Result>(machine: Machine, look: LookBack<Result>, most: number): Result {
  const before = machine.stateHash();
  try {
    for (let slice = 0; ; slice += 1) {
      const result = look.advance(1 + ((slice * 7919) % most));
      expect(machine.stateHash()).toBe(before);
      if (result !== undefined) return result;
    }
  } finally {
    look.abandon();
    expect(machine.stateHash()).toBe(before);
  }
}

const POSITIONS = [900, 4_321, 9_000, 12_345, 20_000];

describe('a look back', () => {
  it.each(POSITIONS)('finds the same executed places in slices of any size (at %i)', (position) => {
    const found = [3_000, 1_000_000].map((most) => {
      const { debug: of, machine } = debug();
      const row = standAt(of, position);
      const places = noPlaces();
      work(
        machine,
        of.lookBack((past) => lookForExecuted(past, row, places, of.knownPlaces)),
        most,
      );
      expect(places.isComplete).toBe(true);
      return [...places.pcs].sort((one, other) => one - other);
    });
    expect(found[0]).toEqual(found[1]);
    expect(found[0]?.length).toBeGreaterThan(0);
  });

  it.each(POSITIONS)('finds the same last writers in slices of any size (at %i)', (position) => {
    const { debug: of, machine } = debug();
    const row = standAt(of, position);
    const { program } = of.target;
    const info = row.kind === 'kernel' ? program.functions[row.frame.functionIndex] : undefined;
    const names = info?.scopes[0]?.variables.map(({ name }) => name) ?? [];
    for (const expression of [...names.slice(0, 3), 'max_mapnr']) {
      const item = evaluateAt(of.target, row, expression);
      const [inSlices, atOnce] = [4_000, 1_000_000].map((most) => {
        const search = findLastWriter(of, row, item);
        return search && work(machine, search.start(), most);
      });
      expect(inSlices).toEqual(atOnce);
      expect(atOnce).toBeDefined();
    }
  });

  it('can be abandoned at any slice', () => {
    const { debug: of, machine } = debug();
    const row = standAt(of, 20_000);
    const before = machine.stateHash();
    const kept = machine.checkpointBytes;
    const search = findLastWriter(of, row, evaluateAt(of.target, row, 'max_mapnr'));
    for (let slices = 0; slices < 12; slices += 1) {
      const look = search?.start();
      for (let slice = 0; slice < slices; slice += 1) look?.advance(2_000);
      look?.abandon();
      expect(machine.stateHash()).toBe(before);
    }
    // Nothing that was kept on the way is left over but a page or two of the present state.
    expect(machine.checkpointBytes - kept).toBeLessThan(1_000_000);
    const operation = of.resume();
    while (operation.advance(50_000) === undefined);
    expect(of.lastStop.reason).toBe('finished');
  });
});

describe('the names on a line of C', () => {
  it.each([
    ['ret = a + mm->mmap_sem.count; /* not this */', ['ret!', 'a', 'mm->mmap_sem.count']],
    ['error = mapping->a_ops->readpage(file, page);', ['error!', 'file', 'page']],
    ['printk("page %d", page -> index);', ['page->index']],
    ['if (x == y && count++ < --left) // later', ['x', 'y', 'count!', 'left!']],
    ['vmf.flags |= 1;', ['vmf.flags!']],
    ['still a comment */ size <<= 2;', ['size!']],
  ])('%s', (text, names) => {
    const mentions = listMentions(text, 1);
    const shown = mentions.map(({ name, isWritten }) => `${name}${isWritten ? '!' : ''}`);
    expect(shown.filter((name) => !['if', 'printk'].includes(name))).toEqual(names);
  });

  it('keep their columns when comments go', () => {
    expect(withoutComments('a /* b */ c // d')).toBe('a         c     ');
  });
});
