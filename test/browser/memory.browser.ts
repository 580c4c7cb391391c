// Pages, address spaces and numbers in the panel: what stands there, what is marked, what can be done with it.
import { beforeAll, describe, expect } from 'vitest';
import { hex } from '../../src/base/brand.ts';
import type { PanelState } from '../../src/view/panelState.ts';
import { recordStates, type Recorded } from './harness/models.ts';
import { panelTest, shareBrowser } from './harness/panelTest.ts';
import { THEMES } from './harness/themes.ts';

let asleep: PanelState;
let mapped: PanelState;
let queues: PanelState;
let large: PanelState;
let leaked: PanelState;
let recorded: Recorded<'asleep' | 'mapped'>;

const only = async (
  scenario: string,
  kernel: string,
  moment: Parameters<Recorded<'x'>['record']>[0],
): Promise<PanelState> =>
  (await recordStates({ scenario, kernel, launch: { rules: 'off' }, moments: { x: moment } }))
    .states.x;

shareBrowser();
beforeAll(async () => {
  recorded = await recordStates({
    moments: {
      asleep: { anchor: 'page_wait', task: 'toucher' },
      mapped: { anchor: 'fault_done', task: 'toucher' },
    },
  });
  ({ asleep, mapped } = recorded.states);
  queues = await only('shared-wait-queue', 'patched', { position: 15_000 });
  large = await only('benchmark-2010', 'patched', { position: 400_000 });
  leaked = await only('cold-fault-with-mmap', 'mainline-rc1', 'end');
});

describe.each(THEMES)('memory and numbers in the theme %s', (theme) => {
  panelTest(
    'have nothing for axe to complain of, narrow',
    { theme, width: 640, height: 1500 },
    async (panel) => {
      await panel.post({ kind: 'state', state: asleep }, { kind: 'state', state: mapped });
      await panel.page.locator('.pages').getByRole('button', { name: 'data.bin:20' }).focus();
      await panel.screenshot(`memory-640-${theme}`);
      expect(await panel.violations()).toEqual([]);
    },
  );

  panelTest(
    'have none wide, with a table of VMAs, large files and many pages',
    { theme, width: 1200, height: 1500 },
    async (panel) => {
      for (const [name, state] of Object.entries({ asleep, queues, large, leaked })) {
        await panel.post({ kind: 'state', state });
        await panel.screenshot(`memory-${name}-${theme}`);
        if (name !== 'asleep') continue;
        await panel.page.locator('.space-table summary').click();
      }
      expect(await panel.violations()).toEqual([]);
    },
  );
});

describe('pages', () => {
  panelTest('are a table with flags, owners, entries and waiters', {}, async (panel) => {
    await panel.post({ kind: 'state', state: asleep });
    const table = (await panel.tables()).find(({ label }) => label === 'Table of pages');
    const row = table?.rows.find(([name]) => name === 'data.bin:20');
    expect(row?.[1]).toContain('locked');
    expect(row?.[1]).toMatch(/locked by .*disk read/);
    expect(row?.[2]).toMatch(/^2.*toucher.*page cache/s);
    expect(row?.[3]).toBe('not mapped');
    expect(row?.[4]).toBe('toucher');
    const shapes = await panel.page
      .locator('[data-page="data.bin:20"] .reference path')
      .evaluateAll((paths) => paths.map((path) => path.getAttribute('d')));
    // One dot for each reference, of another shape for another kind of owner.
    expect(new Set(shapes).size).toBe(2);
  });

  panelTest('mark what has changed and say what it was', {}, async (panel) => {
    await panel.post({ kind: 'state', state: asleep });
    expect(await panel.page.locator('.change-mark').count()).toBe(0);
    await panel.post({ kind: 'state', state: mapped });
    const marks = panel.page.locator('[data-page="data.bin:20"] .change-mark');
    const texts = await marks.evaluateAll((all) => all.map((mark) => mark.getAttribute('title')));
    expect(texts).toContain('was locked lru');
    expect(texts).toContain('was toucher');
    expect(await marks.first().innerText()).toMatch(/^◆\s*, changed, was /);
    // The same state again, as when the panel comes back, leaves them.
    const before = await panel.page.locator('.change-mark').count();
    await panel.post({ kind: 'state', state: mapped });
    expect(await panel.page.locator('.change-mark').count()).toBe(before);
  });

  panelTest('open their memory, by mouse and by key', {}, async (panel) => {
    await panel.post({ kind: 'state', state: asleep });
    const page = asleep.pages.find(({ label }) => label === 'data.bin:20');
    const expression = `*(struct page *)${hex(page?.address ?? 0, 8)}`;
    const button = panel.page.locator('.pages').getByRole('button', { name: 'data.bin:20' });
    await button.click();
    await button.press('Enter');
    const expected = { kind: 'showMemory', expression };
    expect(await panel.requestsOf('showMemory')).toEqual([expected, expected]);
    // The adapter knows what that is.
    const { title } = await recorded.ask('faultline/memory', { expression });
    expect(title).toContain('struct page at');
    expect(title).toContain('data.bin:20');
  });

  panelTest('say that a reference is lost', {}, async (panel) => {
    await panel.post({ kind: 'state', state: leaked });
    expect(await panel.page.locator('.page-wrong').allInnerTexts()).toEqual([
      expect.stringContaining('never put it: a leak'),
    ]);
  });

  panelTest('stay where they are from stop to stop', {}, async (panel) => {
    await panel.post({ kind: 'state', state: asleep });
    const place = async (): Promise<unknown> => {
      const row = panel.page.locator('.pages tbody tr').first();
      const columns = await row
        .locator('th, td')
        .evaluateAll((cells) => cells.map((cell) => cell.getBoundingClientRect().left));
      return [columns, (await row.boundingBox())?.height];
    };
    const before = await place();
    await panel.post({ kind: 'state', state: mapped });
    expect(await place()).toEqual(before);
  });
});

describe('the strip of an address space', () => {
  panelTest('has a needle where a task faults, and names the page', {}, async (panel) => {
    await panel.post({ kind: 'state', state: asleep });
    const [fault] = asleep.spaces[0]?.faults ?? [];
    expect(await panel.page.locator('.space-needle-label').allTextContents()).toEqual([
      `toucher reads data.bin:20 at ${hex(fault?.address ?? 0, 8)}`,
    ]);
  });

  panelTest(
    'marks the page that the pointer is on in the table, and back',
    { height: 1600 },
    async (panel) => {
      await panel.post({ kind: 'state', state: queues });
      await panel.page.locator('[data-page="data.bin:25"] td').first().hover();
      expect(await panel.page.locator('.space-pointed').count()).toBe(1);
      const marked = await panel.page.locator('.space-pointed').boundingBox();
      await panel.page.mouse.move(0, 0);
      expect(await panel.page.locator('.space-pointed').count()).toBe(0);
      await panel.page.mouse.move(
        (marked?.x ?? 0) + (marked?.width ?? 0) / 2,
        (marked?.y ?? 0) + (marked?.height ?? 0) / 2,
      );
      await panel.settle();
      expect(await panel.page.locator('.page-pointed').getAttribute('data-page')).toBe(
        'data.bin:25',
      );
    },
  );

  panelTest('is walked with the arrow keys', {}, async (panel) => {
    await panel.post({ kind: 'state', state: queues });
    const strip = panel.page.locator('.space-strip');
    await strip.focus();
    expect(await strip.getAttribute('aria-label')).toContain('text of first');
    for (let press = 0; press < 5; press += 1) await panel.page.keyboard.press('ArrowRight');
    expect(await strip.getAttribute('aria-label')).toMatch(
      /data\.bin, 0x40000000, \d+ of 64 pages/,
    );
    const listed = queues.pages.filter(({ file }) => file === 'data.bin').length;
    expect(await panel.page.locator('.page-pointed').count()).toBe(listed);
    await panel.page.keyboard.press('End');
    expect(await strip.getAttribute('aria-label')).toContain('stack of first');
    await strip.blur();
    expect(await panel.page.locator('.page-pointed').count()).toBe(0);
  });

  panelTest('says the same as a table', {}, async (panel) => {
    await panel.post({ kind: 'state', state: asleep });
    await panel.page.locator('.space-table summary').click();
    const table = (await panel.tables()).find(({ label }) => label === 'VMAs of demo');
    expect(table?.rows.map(([name]) => name)).toEqual(
      asleep.spaces[0]?.vmas.map(({ name }) => name),
    );
    expect(table?.rows.find(([name]) => name === 'data.bin')?.[4]).toContain('toucher reads');
  });

  panelTest('takes the width that there is', { width: 480 }, async (panel) => {
    await panel.post({ kind: 'state', state: queues });
    const inside = async (): Promise<boolean> =>
      panel.page.locator('.space-strip').evaluate((svg) => {
        const box = svg.getBoundingClientRect();
        return [...svg.querySelectorAll('.space-vma')].every(
          (vma) => vma.getBoundingClientRect().right <= box.right + 1,
        );
      });
    expect(await inside()).toBe(true);
    await panel.page.setViewportSize({ width: 1000, height: 1000 });
    await panel.settle();
    expect(await inside()).toBe(true);
  });
});

describe('numbers', () => {
  panelTest('say which times still run', {}, async (panel) => {
    await panel.post({ kind: 'state', state: asleep });
    const table = (await panel.tables()).find(({ label }) => label === 'Table of lock times');
    const row = table?.rows.find(([lock, task]) => lock === 'page locks' && task === 'toucher');
    expect(row?.[4]).toContain('… and counting');
    expect(table?.header.slice(0, 2)).toEqual(['Lock', 'Task']);
  });

  panelTest('are copied as text with tabs', {}, async (panel) => {
    await panel.post({ kind: 'state', state: asleep });
    await panel.page.getByRole('button', { name: 'Copy', exact: true }).click();
    const [copy] = await panel.requestsOf('copy');
    const lines = copy?.text.split('\n') ?? [];
    expect(lines[0]).toBe('cold-fault-with-mmap, kernel patched');
    expect(lines).toContain('Task\tmaj_flt\tmin_flt');
    expect(lines).toContain(`toucher\t0\t0`);
    expect(lines.some((line) => line.startsWith('mmap_sem\ttoucher\t'))).toBe(true);
    expect(await panel.page.locator('.numbers [role="status"]').innerText()).toBe('copied');
  });
});
