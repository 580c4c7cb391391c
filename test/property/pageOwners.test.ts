// At any stop of a kernel without a bug, the owners of a page's references sum up to its count, and what maps it is
// what its page table entries say.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PreparedRun } from '../../src/scenario/prepareRun.ts';
import type { PanelState } from '../../src/view/panelState.ts';
import { panelStateOf, runTo } from '../support/panelStates.ts';
import { prepare, shippedTree } from '../support/preparedRun.ts';

const SCENARIOS = [
  'cold-fault-with-mmap',
  'private-write',
  'poke-read-only',
  'reclaim-in-the-fault',
  'truncate-in-the-wait',
  'moved-mapping',
];

function walk(
  run: PreparedRun,
  strides: readonly number[],
  look: (state: PanelState) => void,
): void {
  let position = 0;
  for (const stride of strides) {
    position += stride;
    if (!runTo(run, position)) return;
    look(panelStateOf(run));
  }
}

describe('pages at random stops', () => {
  const strides = fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 20, maxLength: 60 });
  const choice = fc.constantFrom(...SCENARIOS);
  const kernel = fc.constantFrom('patched', 'unpatched', 'mainline');

  it('have as many references as their owners have together', () => {
    fc.assert(
      fc.property(choice, kernel, strides, (scenario, name, steps) => {
        walk(prepare(scenario, shippedTree(name)), steps, ({ pages }) => {
          for (const page of pages) {
            const { count, references, mismatch, label } = page;
            const owned = references.reduce((sum, reference) => sum + reference.count, 0);
            expect(mismatch, label).not.toBe('wrong');
            // In the middle of a primitive they differ by what it takes or puts.
            if (mismatch === undefined) expect(owned, label).toBe(count);
            else expect(Math.abs(owned - count), label).toBeLessThanOrEqual(2);
            expect(
              references.some(({ isLeaked }) => isLeaked),
              label,
            ).toBe(false);
          }
        });
      }),
      { numRuns: 40 },
    );
  });

  it('are mapped at addresses inside of VMAs, whose resident pages are in their cells', () => {
    fc.assert(
      fc.property(choice, strides, (scenario, steps) => {
        walk(prepare(scenario, shippedTree('patched')), steps, ({ pages, spaces }) => {
          for (const { process, address } of pages.flatMap(({ mappings }) => mappings)) {
            const space = spaces.find((item) => item.process === process);
            const vma = space?.vmas.find(({ start, end }) => start <= address && address < end);
            const cell = vma?.cells.find(
              ([index]) => index === Math.floor((address - vma.start) / 4096 / vma.pagesPerCell),
            );
            // Unmapping takes the VMA away first, then the entries.
            if (space?.stray === 0) expect(cell, process).toBeDefined();
          }
          for (const { cells, resident } of spaces.flatMap(({ vmas }) => vmas)) {
            expect(cells.reduce((sum, [, count]) => sum + count, 0)).toBe(resident);
          }
        });
      }),
      { numRuns: 20 },
    );
  });
});
