// The life of the panel: it shows the run after its session, starts one from there, comes back with its window, and moves
// to the panel area and the side bar without forgetting what it shows.
import type { Frame } from 'playwright-core';
import { describe, expect } from 'vitest';
import { startAtTheCall } from './harness/firstStops.ts';
import { journey } from './harness/journey.ts';
import { makeLabFolder } from './harness/labFolder.ts';
import { expectSoon } from './harness/waiting.ts';
import type { Workbench } from './harness/workbench.ts';

const finished = '.finished .primary';

const timeIn = (panel: Frame): Promise<string> => panel.locator('.clock-time').innerText();

/** Waits until the panel of a run without session is drawn inside a part of the workbench. */
async function waitForPanelIn(workbench: Workbench, part: string): Promise<void> {
  await expectSoon(`the panel in ${part}`, async () => {
    // A webview lies over the place that it belongs to.
    const frame = await workbench.inWebview(finished, async (panel) =>
      (await panel.parentFrame()?.frameElement())?.boundingBox(),
    );
    const place = await workbench.page.locator(part).boundingBox();
    if (frame === null || frame === undefined || place === null) return undefined;
    const x = frame.x + frame.width / 2;
    const y = frame.y + frame.height / 2;
    const isInside =
      x > place.x && x < place.x + place.width && y > place.y && y < place.y + place.height;
    return isInside ? true : undefined;
  });
}

describe('the panel', () => {
  journey(
    'outlives the session, the window and its place',
    {
      makeFolder: makeLabFolder,
      extension: { kind: 'packaged' },
      viewport: { width: 1600, height: 1000 },
    },
    async ({ workbench }) => {
      const { debug } = workbench;
      const line = await startAtTheCall(workbench);
      const clock = await workbench.inWebview('.clock-time', timeIn);

      // The session ends, the run stays.
      await workbench.press('Shift+F5');
      const ended = await workbench.webview(finished);
      expect(await timeIn(ended)).toBe(clock);
      await workbench.screenshot('finished-run-light');

      // The window is loaded again, and the panel is back with the same moment.
      await workbench.runCommand('Developer: Reload Window');
      await expectSoon('the old panel to be gone', () =>
        Promise.resolve(ended.isDetached() || undefined),
      );
      await workbench.waitForCommand('Faultline: Move Panel To…');
      expect(await workbench.inWebview(finished, timeIn)).toBe(clock);

      // It moves, and goes on showing it.
      for (const [place, part] of [
        ['Panel area', '.part.panel'],
        ['Side bar', '.part.sidebar'],
      ] as const) {
        await workbench.runCommand('Faultline: Move Panel To…');
        await workbench.pick(place);
        await waitForPanelIn(workbench, part);
        expect(await workbench.inWebview(finished, timeIn)).toBe(clock);
        await workbench.screenshot(`panel-in-${place.replace(/\W/g, '-').toLowerCase()}-light`);
      }

      // From there a session begins at the moment.
      await workbench.inWebview(finished, (panel) =>
        panel.getByRole('button', { name: 'Debug From Here' }).click(),
      );
      await debug.waitForStop({ file: '/fault.c', line });
      const running = await workbench.webview('.clock-time');
      expect(await timeIn(running)).toBe(clock);
      expect(await running.locator('.finished').count()).toBe(0);
      await workbench.screenshot('debug-from-here-light');

      // And back beside the source, in large type.
      await workbench.runCommand('Faultline: Move Panel To…');
      await workbench.pick('Editor tab');
      await expectSoon('the panel as a tab', async () =>
        (await workbench.tabs()).includes('Faultline') ? true : undefined,
      );
      await workbench.runCommand('Faultline: Presentation Mode');
      await workbench.webview('.presentation .clock-time');
      await workbench.screenshot('presentation-light');
    },
  );
});
