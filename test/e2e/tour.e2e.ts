// The walkthrough "The patch in ten minutes": from the palette, from Getting Started and from the panel; Next and
// Previous move the machine, and a prediction is answered by running on.
import type { Frame } from 'playwright-core';
import { describe, expect } from 'vitest';
import { journey } from './harness/journey.ts';
import { makeLabFolder } from './harness/labFolder.ts';
import { expectSoon } from './harness/waiting.ts';

const tour = '[data-part="tour"]';

/** Waits until the card of the walkthrough contains a text, and returns all of its text. */
async function waitForCard(panel: Frame, text: string): Promise<string> {
  const read = (): Promise<string> => panel.locator(tour).first().innerText();
  return expectSoon(
    `"${text}" in the walkthrough`,
    async () => {
      const card = await read();
      return card.includes(text) ? card : undefined;
    },
    { describe: read },
  );
}

/** Presses a button of the walkthrough's card. */
async function click(panel: Frame, name: string): Promise<void> {
  await panel.locator(tour).getByRole('button', { name, exact: true }).click();
}

describe('the walkthrough', () => {
  journey(
    'moves the machine from moment to moment and judges predictions',
    {
      makeFolder: makeLabFolder,
      extension: { kind: 'packaged' },
      viewport: { width: 1600, height: 1200 },
    },
    async ({ workbench }) => {
      const { debug } = workbench;
      await workbench.runCommand('Faultline: Start the Walkthrough "The Patch in Ten Minutes"');
      const panel = await workbench.webview(tour);
      const first = await waitForCard(panel, 'A load, and no page');
      const [, count] = /1 of (\d+)/.exec(first) ?? [];
      expect(Number(count)).toBeGreaterThanOrEqual(12);
      await debug.waitForStop({ file: '/unpatched/arch/x86/mm/fault.c' });

      await click(panel, 'for writing');
      expect(await waitForCard(panel, 'Not this time.')).toContain('✓ for reading');
      await click(panel, 'Next');
      await waitForCard(panel, 'Not in the page cache');
      await debug.waitForStop({ file: '/filemap.c', text: 'do_sync_mmap_readahead' });
      await click(panel, 'a place in the queue');
      await waitForCard(panel, 'Right.');
      await workbench.screenshot('walkthrough-light');

      await click(panel, 'Previous');
      await waitForCard(panel, 'A load, and no page');
      await debug.waitForStop({ file: '/unpatched/arch/x86/mm/fault.c', text: 'tsk = current' });

      for (let step = 2; step <= Number(count); step += 1) {
        await click(panel, 'Next');
        await waitForCard(panel, `${String(step)} of ${String(count)}`);
      }
      await waitForCard(panel, 'The load runs again');
      await debug.waitForStop({
        file: '/patched/arch/x86/mm/fault.c',
        text: 'up_read(&mm->mmap_sem)',
      });
      expect(await workbench.notifications()).toEqual([]);

      await click(panel, 'End Walkthrough');
      await panel.locator(tour).waitFor({ state: 'hidden' });
      await panel.getByRole('button', { name: 'Walkthrough', exact: true }).click();
      await waitForCard(panel, 'A load, and no page');
    },
  );

  journey(
    'starts from the Getting Started page',
    { makeFolder: makeLabFolder, extension: { kind: 'packaged' } },
    async ({ workbench }) => {
      await workbench.runCommand('Welcome: Open Walkthrough...');
      await workbench.pick('The patch in ten minutes');
      const { page } = workbench;
      await page.locator('.gettingStartedContainer').waitFor();
      await page.getByRole('button', { name: /Take the ten-minute walkthrough/ }).click();
      await page
        .locator('.gettingStartedContainer')
        .getByRole('button', { name: 'Start the Walkthrough', exact: true })
        .click();
      const panel = await workbench.webview(tour);
      await waitForCard(panel, 'A load, and no page');
    },
  );
});
