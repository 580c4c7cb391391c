// The static report: opened as a file, without an editor, a machine or a network.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { writeReportPage, type ReportPage } from '../support/reportPage.ts';
import { resultsFolder } from './harness/places.ts';

/** What a reader can prefer. */
const PREFERENCES = [
  { name: 'light', colorScheme: 'light', contrast: 'no-preference' },
  { name: 'dark', colorScheme: 'dark', contrast: 'no-preference' },
  { name: 'light-contrast', colorScheme: 'light', contrast: 'more' },
  { name: 'dark-contrast', colorScheme: 'dark', contrast: 'more' },
] as const;

let browser: Browser;
let report: ReportPage;

beforeAll(async () => {
  report = await writeReportPage(['run', 'cold-fault-with-mmap']);
  browser = await launchBrowser();
}, 120_000);
afterAll(async () => {
  await browser.close();
  report.remove();
});

/** Opens the file; fails when the page complained, or asked for anything but itself. */
async function open(
  { colorScheme, contrast }: Omit<(typeof PREFERENCES)[number], 'name'>,
  width: number,
  steps: (page: Page) => Promise<void>,
): Promise<void> {
  const context = await browser.newContext({
    viewport: { width, height: 900 },
    colorScheme,
    contrast,
  });
  const page = await context.newPage();
  const problems: string[] = [];
  const asked: string[] = [];
  page.on('console', (message) => problems.push(message.text()));
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('request', (request) => asked.push(request.url()));
  const address = pathToFileURL(report.file).href;
  try {
    await page.goto(address);
    await page.locator('.tworuns-run svg').nth(1).waitFor();
    await steps(page);
    expect(problems).toEqual([]);
    expect(asked).toEqual([address]);
  } finally {
    await context.close();
  }
}

const LIGHT = PREFERENCES[0];

describe.each(PREFERENCES)('a report for who prefers $name', (preference) => {
  it.each([1200, 640])('has nothing for axe to complain of, %d pixels wide', async (width) => {
    await open(preference, width, async (page) => {
      await page.getByRole('button', { name: 'Next Moment' }).click();
      const folder = path.join(resultsFolder, 'screenshots');
      mkdirSync(folder, { recursive: true });
      await page.screenshot({
        path: path.join(folder, `report-${preference.name}-${String(width)}.png`),
        fullPage: true,
      });
      const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
      expect(
        violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join()}`),
      ).toEqual([]);
    });
  });
});

describe('a report', () => {
  it('says what the patch changes', async () => {
    await open(LIGHT, 1000, async (page) => {
      expect(await page.locator('.tworuns-what').innerText()).toBe(
        'Longest wait of bystander for mmap_sem',
      );
      expect(await page.locator('.tworuns-change').innerText()).toBe('430 times shorter');
      expect(await page.title()).toBe('cold-fault-with-mmap on patched — Faultline');
    });
  });

  it('is moved in by the keyboard, and its locks, tasks and time follow', async () => {
    await open(LIGHT, 1000, async (page) => {
      const inside = page.locator('[data-part="mmap_sem"] [data-part="inside"]');
      const clock = page.locator('.clock-time');
      const slider = page.getByRole('slider', { name: 'Place in the run' });
      expect(await clock.innerText()).toBe('0 ns');
      await slider.focus();
      const seen = new Set<string>();
      const times: string[] = [];
      const count = Number(await slider.getAttribute('max'));
      for (let step = 0; step < count; step += 1) {
        if ((await inside.count()) > 0)
          seen.add((await inside.innerText()).replaceAll(/\s+/g, ' '));
        times.push(await clock.innerText());
        await page.keyboard.press('ArrowRight');
      }
      expect(count).toBeGreaterThan(40);
      const holders = [...seen].map((text) =>
        /\b([RW])\b.*?(toucher|mapper|bystander)/.exec(text)?.slice(1).join(' '),
      );
      for (const holder of ['R toucher', 'W mapper', 'R bystander'])
        expect(holders).toContain(holder);
      expect(new Set(times).size).toBeGreaterThan(20);
      expect(await page.locator('.badge-exited').count()).toBe(3);
      await page.keyboard.press('Home');
      expect(await clock.innerText()).toBe('0 ns');
    });
  });

  it('goes from moment to moment and says why a task sleeps', async () => {
    await open(LIGHT, 1000, async (page) => {
      const title = page.locator('.moment strong');
      await page.getByRole('button', { name: 'Next Moment' }).click();
      expect(await title.innerText()).toBe('The page fault handler starts');
      const why = page.getByRole('button', { name: 'Why is mapper blocked?' });
      for (let step = 0; step < 60 && (await why.count()) === 0; step += 1) {
        await page.getByLabel('Place in the run').press('ArrowRight');
      }
      await why.click();
      expect(await page.locator('.why').innerText()).toContain('held by toucher');
    });
  });

  it('offers nothing that needs a machine', async () => {
    await open(LIGHT, 1000, async (page) => {
      const names = await page.getByRole('button').allInnerTexts();
      for (const absent of [/Restart/, /Start a Scenario/, /Walkthrough/, /Real/, /^Close$/]) {
        expect(names.filter((name) => absent.test(name))).toEqual([]);
      }
    });
  });

  it('zooms in both runs by itself', async () => {
    await open(LIGHT, 1000, async (page) => {
      const ticks = (): Promise<string[]> =>
        page.locator('.tworuns-run-one .tl-tick').allTextContents();
      const before = await ticks();
      await page.getByRole('button', { name: 'Zoom both in' }).click();
      await expect.poll(ticks).not.toEqual(before);
    });
  });
});
