/**
 * Which pages a stop shows one by one and which it only counts, on runs of the published benchmark: a large
 * file on the disk, and one of 256 pages that is in memory and mapped from the start.
 */
import { describe, expect, it } from 'vitest';
import type { PreparedRun } from '../../../src/scenario/prepareRun.ts';
import type { PanelState } from '../../../src/view/panelState.ts';
import { panelStateOf } from '../../support/panelStates.ts';
import { prepare, shippedTree } from '../../support/preparedRun.ts';

function pagesOf(run: PreparedRun): Pick<PanelState, 'pages' | 'quietPages'> {
  return panelStateOf(run);
}

function runTo(steps: number): PreparedRun {
  const run = prepare('benchmark-2010', shippedTree('patched'), { checks: false, rules: 'off' });
  run.machine.run({ budget: Infinity, breakpoints: false, untilPosition: steps });
  return run;
}

describe('the pages in play', () => {
  it('count the quiet pages of a file that has many, and list what a task waits for', () => {
    const { pages, quietPages } = pagesOf(runTo(100_000));
    expect(quietPages).toEqual([{ file: 'hot.bin', count: 256 }]);
    expect(pages.map(({ file }) => file)).not.toContain('hot.bin');
    const waited = pages.filter(({ waiters }) => waiters.length > 0);
    expect(waited).toMatchObject([
      { file: 'data.bin', isLocked: true, isUpToDate: false, waiters: ['random-reader'] },
    ]);
  });

  it('list the quiet pages of a file that has few', () => {
    const { pages, quietPages } = pagesOf(runTo(1_000_000));
    const quiet = pages.filter((page) => !page.isLocked);
    expect(quiet.length).toBeGreaterThan(1);
    expect(quiet.every((page) => page.count === page.mapCount + 1)).toBe(true);
    expect(quietPages.map(({ file }) => file)).not.toContain('data.bin');
    const indices = pages.map(({ index }) => index);
    expect(indices).toEqual([...indices].sort((one, other) => one - other));
  });
});
