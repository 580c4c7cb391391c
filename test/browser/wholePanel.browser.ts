// The whole panel beside a live run: it is looked at in four themes, narrow and wide, played, and dragged through time.
import { beforeAll, describe, expect } from 'vitest';
import { recordStates } from './harness/models.ts';
import { panelTest, shareBrowser } from './harness/panelTest.ts';
import { THEMES } from './harness/themes.ts';

type Live = Awaited<ReturnType<typeof recordRun>>;

const MOMENTS = { end: 'end', drop: { anchor: 'drop_mmap_sem', task: 'toucher' } } as const;

/** A run that has been at its end and stands before mmap_sem is dropped. */
async function recordRun(kernel: 'patched' | 'unpatched') {
  return recordStates({
    kernel,
    moments:
      kernel === 'patched'
        ? MOMENTS
        : { end: 'end', drop: { anchor: 'rwsem_queued', task: 'bystander' } },
  });
}

let runs: Record<'patched' | 'unpatched', Live>;

shareBrowser();
beforeAll(async () => {
  runs = { patched: await recordRun('patched'), unpatched: await recordRun('unpatched') };
});
describe('presentation mode', () => {
  panelTest('leaves what a class looks at, in large type', { width: 1200 }, async (panel) => {
    const { page } = panel;
    panel.answerFrom(runs.unpatched.client);
    await panel.post({ kind: 'state', state: runs.unpatched.states.drop });
    await page.locator('.tl-plot').waitFor();
    const shown = async (): Promise<string[]> =>
      page.locator('h2:visible, summary:visible, th[scope="col"]:visible').allInnerTexts();
    const all = await shown();
    const details = ['Numbers', 'Disk', 'Legend', 'Faults', 'Mapped at'];
    for (const text of details) expect(all).toContain(text);
    const size = async (): Promise<number> =>
      page.evaluate(() => Number.parseFloat(getComputedStyle(document.body).fontSize));
    const usual = await size();
    await page.getByRole('button', { name: 'Presentation' }).click();
    await panel.settle();
    expect(await size()).toBe(1.5 * usual);
    const left = await shown();
    for (const text of details) expect(left).not.toContain(text);
    expect(await page.locator('h2:visible').allInnerTexts()).toEqual([
      'Timeline',
      'Who runs next',
      'Locks',
      'Tasks',
      'Pages',
    ]);
    for (const detail of ['.tl-toolbar', '.locks-sum', '.locks-twins', '.locks-watch']) {
      expect(await page.locator(`${detail}:visible`).count(), detail).toBe(0);
    }
    await panel.screenshot('whole-presentation');
    expect(await panel.violations()).toEqual([]);
  });
});

describe.each(THEMES)('the whole panel in the theme %s', (theme) => {
  for (const [kernel, width, height] of [
    ['patched', 640, 2600],
    ['unpatched', 1200, 1800],
  ] as const) {
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
});
