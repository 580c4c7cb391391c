// `panelTest(name, options, steps)`: a vitest test with its own panel, which fails when the page complained of anything.
//
// A file's tests share one browser, each has its own context. A failure leaves a picture in `test-results/browser`.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchBrowser } from '../../support/browser.ts';
import { PanelPage, type PanelPageOptions } from './panelPage.ts';
import { resultsFolder } from './places.ts';

let browser: Browser | undefined;

/** Opens a panel for the steps and closes it; call `shareBrowser` in the file first. */
export async function withPanel(
  name: string,
  options: PanelPageOptions,
  steps: (panel: PanelPage) => Promise<void>,
): Promise<void> {
  if (browser === undefined) throw new Error('Call shareBrowser() at the top of the file.');
  const panel = await PanelPage.open(browser, options);
  try {
    await steps(panel);
    expect(panel.problems, 'what the page complained of').toEqual([]);
  } catch (error) {
    mkdirSync(resultsFolder, { recursive: true });
    const file = path.join(
      resultsFolder,
      `${name.replace(/[^A-Za-z0-9]+/g, '-').slice(0, 80)}.png`,
    );
    await panel.page.screenshot({ path: file, fullPage: true }).catch(String);
    console.error(`Picture of the failure: ${file}`, panel.problems);
    throw error;
  } finally {
    await panel.close();
  }
}

/** Starts a browser before the tests of a file and ends it after them. */
export function shareBrowser(): void {
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    browser = undefined;
  });
}

/** Declares a test with its own panel. */
export function panelTest(
  name: string,
  options: PanelPageOptions,
  steps: (panel: PanelPage) => Promise<void>,
): void {
  it(name, () => withPanel(name, options, steps));
}
