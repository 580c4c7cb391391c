// Moving in the panel: dragged back through time with the editor behind, another task chosen, two kernels compared.
import type { Frame, Locator } from 'playwright-core';
import { describe, expect } from 'vitest';
import { startAtTheFault } from './harness/firstStops.ts';
import { journey } from './harness/journey.ts';
import { makeLabFolder } from './harness/labFolder.ts';
import { picturesInThemes } from './harness/themes.ts';
import { expectSoon } from './harness/waiting.ts';
import type { Workbench } from './harness/workbench.ts';

const options = {
  makeFolder: makeLabFolder,
  extension: { kind: 'packaged' },
  viewport: { width: 1700, height: 1200 },
} as const;

/** Waits for a text in an element of the panel. */
async function waitForText(element: Locator, text: RegExp): Promise<string> {
  return expectSoon(
    `${String(text)} in the panel`,
    async () => {
      const found = await element
        .first()
        .innerText({ timeout: 1000 })
        .catch(() => '');
      return text.test(found) ? found : undefined;
    },
    { describe: () => element.first().innerText() },
  );
}

/** Runs to the end of the run; the panel then has all of it. */
async function runToTheEnd(workbench: Workbench): Promise<Frame> {
  await startAtTheFault(workbench);
  await workbench.debug.foldSection('Breakpoints');
  const panel = await workbench.webview('.tl-playhead');
  await workbench.press('F5');
  await waitForText(panel.locator('.clock-time'), /12\.[56] ms/);
  return panel;
}

/** Drags the playhead from the right end to the left until what it says fits, and says where the mouse is. */
async function dragUntil(workbench: Workbench, panel: Frame, fits: RegExp): Promise<void> {
  const { mouse } = workbench.page;
  const plot = await panel.locator('.tl-playhead .tl-focus').boundingBox();
  if (plot === null) throw new Error('The timeline is not on screen.');
  const y = plot.y + 20;
  const slider = panel.locator('.tl-playhead');
  let x = plot.x + plot.width - 8;
  await mouse.move(x, y);
  await mouse.down();
  await expectSoon(`${String(fits)} under the playhead`, async () => {
    x -= 3;
    await mouse.move(x, y);
    return fits.test((await slider.getAttribute('aria-valuetext')) ?? '') ? true : undefined;
  });
}

describe('the timeline', () => {
  journey(
    'is dragged back to the release of mmap_sem, and the editor follows',
    options,
    async ({ workbench }) => {
      const { debug, page } = workbench;
      const panel = await runToTheEnd(workbench);
      await dragUntil(workbench, panel, /toucher holds mmap_sem to read, mapper waits/);
      // While the mouse is down, the panel shows that moment; what rests long enough, the editor shows too.
      await waitForText(panel.locator('.clock-time'), /^2\d\.\d µs$/);
      await waitForText(panel.locator('[data-part="inside"]'), /toucher/);
      await workbench.screenshot('scrubbing-light');
      await page.mouse.up();
      await waitForText(panel.locator('.clock-time'), /^2\d\.\d µs$/);
      await debug.waitForStop();

      // What happened is a table too; from there to the very place.
      await panel.getByRole('button', { name: 'Show as Table' }).click();
      await panel
        .locator('.tl-table tr', { hasText: 'mmap_sem is dropped' })
        .first()
        .getByRole('button')
        .click();
      await debug.waitForStop({ file: '/filemap.c', text: 'up_read(&vma->vm_mm->mmap_sem);' });
      await panel.getByRole('button', { name: 'Show as Table' }).click();
      await picturesInThemes(workbench, 'timeline');

      // A click on a task selects it in the panel, also where VS Code shows another one.
      const bystander = panel.getByRole('button', { name: 'Select bystander' });
      await bystander.click();
      await expectSoon('bystander selected', async () =>
        (await bystander.getAttribute('aria-pressed')) === 'true' ? true : undefined,
      );
    },
  );

  journey('lets the user click the task that runs next', options, async ({ workbench }) => {
    await startAtTheFault(workbench);
    const panel = await workbench.webview('.tl-playhead');
    const mapper = panel.locator('[data-part="next"]').getByRole('button', { name: /^mapper/ });
    const clock = panel.locator('.clock-time');
    await expectSoon('mapper among those who can run next', async () => {
      if (await mapper.isVisible()) return true;
      const before = await clock.innerText();
      await panel.getByRole('button', { name: 'Next Event' }).click();
      await expectSoon('another moment', async () =>
        (await clock.innerText()) === before ? undefined : true,
      ).catch(() => undefined);
      return undefined;
    });
    await mapper.click();
    await waitForText(panel.locator('.locks-choice-next'), /mapper/);
    await workbench.screenshot('next-task-light');
  });

  journey('stands above that of another kernel', options, async ({ workbench }) => {
    await startAtTheFault(workbench);
    await workbench.runCommand('Faultline: Compare Kernels in the Panel');
    const panel = await workbench.webview('.tworuns-headline');
    const headline = await waitForText(panel.locator('.tworuns-headline'), /µs/);
    expect(headline).toMatch(/Longest (wait|hold) of \w+ for mmap_sem/);
    expect(headline).toMatch(/12\.5 ms/);
    await panel.locator('.tworuns-headline').scrollIntoViewIfNeeded();
    await picturesInThemes(workbench, 'two-runs');
  });
});
