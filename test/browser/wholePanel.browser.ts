// The whole panel beside a live run: it is looked at in four themes, narrow and wide, played, and dragged through time.
import { beforeAll, describe, expect } from 'vitest';
import { recordStates } from './harness/models.ts';
import { panelTest, shareBrowser } from './harness/panelTest.ts';
import { THEMES } from './harness/themes.ts';

type Live = Awaited<ReturnType<typeof recordRun>>;

const MOMENTS = { drop: { anchor: 'drop_mmap_sem', task: 'toucher' }, end: 'end' } as const;

/** A run that has been at its end and stands before mmap_sem is dropped. */
async function recordRun(kernel: 'patched' | 'unpatched') {
  return recordStates({
    kernel,
    moments:
      kernel === 'patched'
        ? MOMENTS
        : { drop: { anchor: 'rwsem_queued', task: 'bystander' }, end: 'end' },
  });
}

let runs: Record<'patched' | 'unpatched', Live>;

shareBrowser();
beforeAll(async () => {
  runs = { patched: await recordRun('patched'), unpatched: await recordRun('unpatched') };
});
describe.each(THEMES)('the whole panel in the theme %s', (theme) => {
  for (const [width, height] of [
    [640, 2600],
    [1200, 1800],
  ] as const) {
    for (const kernel of ['patched', 'unpatched'] as const) {
      panelTest(
        `has nothing for axe to complain of, ${kernel}, ${String(width)} pixels wide`,
        { theme, width, height },
        async (panel) => {
          panel.answerFrom(runs[kernel].client);
          await panel.post({ kind: 'state', state: runs[kernel].states.drop });
          await panel.page.locator('[data-part="timeline"] .tl-detail').first().waitFor();
          await panel.settle();
          await panel.screenshot(`whole-${kernel}-${theme}-${String(width)}`);
          expect(await panel.violations()).toEqual([]);
        },
      );
    }
  }
});
