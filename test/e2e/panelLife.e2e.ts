// The life of the panel: it shows the run after its session, starts one from there, comes back with its window, and moves
// to the panel area and the side bar without forgetting what it shows.
import type { Frame } from 'playwright-core';
import { describe, expect } from 'vitest';
import { startAtTheCall } from './harness/firstStops.ts';
import { journey } from './harness/journey.ts';
import { makeLabFolder } from './harness/labFolder.ts';
import { vsixFile } from './harness/places.ts';
import { expectSoon } from './harness/waiting.ts';
import type { Workbench } from './harness/workbench.ts';

/** The panel of a run that has no session, and the time that it shows. */
async function finishedPanel(
  workbench: Workbench,
): Promise<{ readonly panel: Frame; readonly time: string }> {
  const panel = await workbench.webview('.finished .primary');
  const time = await panel.locator('.clock-time').innerText();
  return { panel, time };
}

/** Waits until the panel of a run without session is drawn inside a part of the workbench. */
async function waitForPanelIn(workbench: Workbench, part: string): Promise<void> {
  await expectSoon(`the panel in ${part}`, async () => {
    const { panel } = await finishedPanel(workbench);
    // A webview lies over the place that it belongs to.
    const frame = await (await panel.parentFrame()?.frameElement())?.boundingBox();
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
      extension: { kind: 'vsix', path: vsixFile },
      viewport: { width: 1600, height: 1000 },
    },
    async ({ workbench }) => {
      const { debug } = workbench;
      const line = await startAtTheCall(workbench);
      const live = await workbench.webview('.clock-time');
      const clock = await live.locator('.clock-time').innerText();

      // The session ends, the run stays.
      await workbench.press('Shift+F5');
      const ended = await finishedPanel(workbench);
      expect(ended.time).toBe(clock);
      await workbench.screenshot('finished-run-light');

      // The window is loaded again, and the panel is back with the same moment.
      await workbench.runCommand('Developer: Reload Window');
      await ended.panel.waitForSelector('.finished', { state: 'detached' }).catch(() => undefined);
      await workbench.waitForCommand('Faultline: Move Panel To…');
      const back = await finishedPanel(workbench);
      expect(back.time).toBe(clock);

      // It moves, and goes on showing it.
      for (const [place, part] of [
        ['Panel area', '.part.panel'],
        ['Side bar', '.part.sidebar'],
      ] as const) {
        await workbench.runCommand('Faultline: Move Panel To…');
        await workbench.pick(place);
        await waitForPanelIn(workbench, part);
        const moved = await finishedPanel(workbench);
        expect(moved.time).toBe(clock);
        await workbench.screenshot(`panel-in-${place.replace(/\W/g, '-').toLowerCase()}-light`);
      }

      // From there a session begins at the moment.
      const { panel } = await finishedPanel(workbench);
      await panel.getByRole('button', { name: 'Debug From Here' }).click();
      await debug.waitForStop({ file: '/fault.c', line });
      const running = await workbench.webview('.clock-time');
      expect(await running.locator('.clock-time').innerText()).toBe(clock);
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
