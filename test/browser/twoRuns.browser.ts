// Two runs beside each other in the panel: the headline, both timelines, the table, the choice of kernels, the keyboard.
import { beforeAll, describe, expect } from 'vitest';
import type { TwoRunsQuery } from '../../src/view/twoRunsModel.ts';
import { recordStates, type Recorded } from './harness/models.ts';
import type { PanelPage } from './harness/panelPage.ts';
import { panelTest, shareBrowser } from './harness/panelTest.ts';
import { THEMES } from './harness/themes.ts';

let recorded: Recorded<'queued'>;

shareBrowser();
beforeAll(async () => {
  recorded = await recordStates({
    moments: { queued: { anchor: 'rwsem_queued', task: 'mapper' } },
  });
});

/** Shows the stop, opens the comparison and waits until it is drawn. */
async function open(panel: PanelPage): Promise<void> {
  panel.answerFrom(recorded.client);
  await panel.post({ kind: 'state', state: recorded.states.queued });
  await panel.page.getByRole('button', { name: 'Compare Runs' }).click();
  await shown(panel);
}

async function shown(panel: PanelPage): Promise<void> {
  await panel.page.locator('[data-part="two-runs"] .tworuns-run svg').nth(1).waitFor();
  await panel.page.locator('.tworuns-waiting').waitFor({ state: 'detached' });
  await panel.settle();
}

/** The comparisons that the panel has asked for, in this order. */
async function queries(panel: PanelPage): Promise<TwoRunsQuery[]> {
  const all = await panel.requestsOf('query');
  return all
    .filter(({ name }) => name === 'faultline/twoRuns')
    .map(({ arguments: asked }) => asked as unknown as TwoRunsQuery);
}

async function lastQuery(panel: PanelPage): Promise<TwoRunsQuery> {
  const last = (await queries(panel)).at(-1);
  if (last === undefined) throw new Error('No comparison was asked for.');
  return last;
}

describe.each(THEMES)('two runs in the theme %s', (theme) => {
  for (const width of [1200, 640]) {
    panelTest(
      `have nothing for axe to complain of, ${width} pixels wide`,
      { theme, width },
      async (panel) => {
        await open(panel);
        await panel.screenshot(`two-runs-${theme}-${width}`);
        expect(await panel.violations()).toEqual([]);
      },
    );
  }
});

describe('two runs', () => {
  panelTest('say in large type what the patch changes', { width: 1200 }, async (panel) => {
    await open(panel);
    const card = panel.page.locator('[data-part="two-runs"]');
    expect(await card.locator('.tworuns-what').innerText()).toBe(
      'Longest wait of bystander for mmap_sem',
    );
    const times = card.locator('.tworuns-times');
    expect(await times.innerText()).toMatch(/12\.5 ms\s+→[\s\S]*29 µs\s+430 times shorter/);
    const size = (selector: string): Promise<number> =>
      card
        .locator(selector)
        .first()
        .evaluate((element) => Number.parseFloat(getComputedStyle(element).fontSize));
    expect(await size('.tworuns-times')).toBeGreaterThan(2 * (await size('.tworuns-table td')));
    const bars = await card
      .locator('.tworuns-bar-length')
      .evaluateAll((list) => list.map((bar) => bar.getBoundingClientRect().width));
    expect(bars[0]).toBeGreaterThan(800);
    expect(bars[1]).toBeLessThan(6);
    expect(bars[1]).toBeGreaterThan(1);
  });

  panelTest('draw both timelines on one scale', { width: 1000 }, async (panel) => {
    await open(panel);
    const ticks = (side: string): Promise<string[]> =>
      panel.page.locator(`.tworuns-run-${side} .tl-tick`).allTextContents();
    const one = await ticks('one');
    expect(one.length).toBeGreaterThan(2);
    expect(await ticks('other')).toEqual(one);
    expect(await panel.page.locator('.tworuns-run-one [data-lane]').count()).toBe(4);
  });

  panelTest('have all differences, and what happens, as tables', {}, async (panel) => {
    await open(panel);
    const tables = await panel.tables();
    const all = tables.find(({ label }) => label === 'Table of all differences');
    expect(all?.header).toEqual(['Time', 'unpatched', 'patched', 'Change']);
    expect(all?.rows[0]).toEqual([
      'Longest wait of bystander for mmap_sem',
      '12.5 ms',
      '29 µs',
      '430 times shorter',
    ]);
    expect(all?.rows.length).toBeGreaterThan(5);
    await panel.page.getByText('patched as a table').last().click();
    const happens = (await panel.tables()).find(
      ({ label }) => label === 'Table of what happens on patched',
    );
    expect(happens?.rows.length).toBeGreaterThan(10);
  });

  panelTest('can be other kernels, the run of the session, unfolded', {}, async (panel) => {
    await open(panel);
    const { page } = panel;
    await page.getByLabel('with', { exact: true }).selectOption('mainline');
    await shown(panel);
    expect(await lastQuery(panel)).toMatchObject({
      one: { kernel: 'unpatched' },
      other: { kernel: 'mainline' },
      scale: 'folded',
    });
    await page.getByLabel('Compare', { exact: true }).selectOption('this run');
    await page.getByText('not over').waitFor();
    await page.getByLabel('Fold idle time').uncheck();
    await shown(panel);
    expect(await lastQuery(panel)).toMatchObject({ one: { session: true }, scale: 'linear' });
    expect(await panel.violations()).toEqual([]);
  });

  panelTest('follow the session where its own run is shown, and only there', {}, async (panel) => {
    await open(panel);
    const { queued } = recorded.states;
    const asked = async (): Promise<number> => (await queries(panel)).length;
    const before = await asked();
    await panel.post({ kind: 'state', state: { ...queued, rev: queued.rev + 1 } });
    expect(await asked()).toBe(before);
    await panel.page.getByLabel('with', { exact: true }).selectOption('this run');
    await shown(panel);
    await panel.post({ kind: 'state', state: { ...queued, rev: queued.rev + 2 } });
    await shown(panel);
    expect(await asked()).toBe(before + 2);
  });

  panelTest('zoom together', {}, async (panel) => {
    await open(panel);
    const { page } = panel;
    expect(await page.getByRole('button', { name: 'Zoom both out' }).isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'Zoom both in' }).click();
    await shown(panel);
    const { fromNs = 0, toNs = 0 } = await lastQuery(panel);
    expect(fromNs).toBeGreaterThan(0);
    await page.getByRole('button', { name: 'Both earlier' }).click();
    await shown(panel);
    expect((await lastQuery(panel)).fromNs).toBeLessThan(fromNs);
    await page.getByRole('button', { name: 'Show both as a whole' }).click();
    await shown(panel);
    expect(await lastQuery(panel)).not.toHaveProperty('fromNs');
    expect(toNs).toBeGreaterThan(fromNs);
  });

  panelTest('are opened by the command, used by the keyboard, and closed', {}, async (panel) => {
    panel.answerFrom(recorded.client);
    await panel.post({ kind: 'state', state: recorded.states.queued }, { kind: 'compareRuns' });
    await shown(panel);
    const { page } = panel;
    const focused = (): Promise<string | undefined> =>
      page.evaluate(() => document.activeElement?.textContent ?? undefined);
    expect(await focused()).toBe('Two runs of one scenario');
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('Close');
    await page.keyboard.press('Tab');
    await page.keyboard.press('m');
    await shown(panel);
    expect(await lastQuery(panel)).toMatchObject({ one: { kernel: 'mainline' } });
    await page.getByRole('button', { name: 'Close' }).press('Enter');
    expect(await page.locator('[data-part="two-runs"]').count()).toBe(0);
  });

  panelTest('say why they cannot be compared', {}, async (panel) => {
    panel.answerQuery('faultline/twoRuns', () => new Error('The run was given up.'));
    await panel.post({ kind: 'state', state: recorded.states.queued });
    await panel.page.getByRole('button', { name: 'Compare Runs' }).click();
    await panel.page.getByText('The run was given up.').waitFor();
    expect(await panel.violations()).toEqual([]);
  });
});
