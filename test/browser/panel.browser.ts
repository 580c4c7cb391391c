// The panel at stops of the story: rendered in four themes without any violation that axe knows, used by mouse and by
// keyboard, under its strict content security policy.
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import type { PanelState } from '../../src/view/panelState.ts';
import type { PanelRequest, TourStepView, WhyResult } from '../../src/view/protocol.ts';
import { panelBundle } from './harness/bundle.ts';
import { recordStates, recordTourStep } from './harness/models.ts';
import { panelTest, shareBrowser } from './harness/panelTest.ts';
import { THEMES } from './harness/themes.ts';

const MOMENTS = {
  entry: 'entry',
  queued: { anchor: 'rwsem_queued', task: 'mapper' },
  end: 'end',
} as const;

let patched: Readonly<Record<keyof typeof MOMENTS, PanelState>>;
let queued: PanelState;
let why: WhyResult;

/** A step of the walkthrough after its question was answered, and before. */
let tourStep: TourStepView;
let openStep: TourStepView;

shareBrowser();
beforeAll(async () => {
  patched = (await recordStates({ moments: MOMENTS })).states;
  const unpatched = await recordStates({
    kernel: 'unpatched',
    moments: { queued: { anchor: 'rwsem_queued', task: 'bystander' } },
  });
  ({ queued } = unpatched.states);
  why = await unpatched.ask('faultline/why', { task: 'mapper' });
  ({ step: tourStep } = await recordTourStep(1, 0));
  ({ step: openStep } = await recordTourStep(1));
});

describe.each(THEMES)('the panel in the theme %s', (theme) => {
  panelTest('has nothing for axe to complain of at a stop', { theme }, async (panel) => {
    await panel.post({ kind: 'state', state: queued }, { kind: 'why', why });
    await panel.screenshot(`stop-${theme}`);
    expect(await panel.violations()).toEqual([]);
  });

  panelTest(
    'has none with a walkthrough, a mark and a narrow page',
    { theme, width: 360 },
    async (panel) => {
      await panel.post(
        { kind: 'state', state: queued },
        { kind: 'tour', step: tourStep },
        { kind: 'highlight', picture: { kind: 'task', name: 'toucher' } },
      );
      await panel.screenshot(`tour-${theme}`);
      expect(await panel.violations()).toEqual([]);
    },
  );

  panelTest(
    'has none before a session, while running and after the end',
    { theme },
    async (panel) => {
      await panel.post({ kind: 'noSession' });
      expect(await panel.violations(), 'before').toEqual([]);
      await panel.post({ kind: 'running' });
      expect(await panel.violations(), 'starting').toEqual([]);
      await panel.post({ kind: 'state', state: patched.entry }, { kind: 'running' });
      await panel.screenshot(`running-${theme}`);
      expect(await panel.violations(), 'running').toEqual([]);
      await panel.post({ kind: 'state', state: patched.end }, { kind: 'noSession' });
      expect(await panel.violations(), 'after').toEqual([]);
    },
  );
});

describe('the panel', () => {
  panelTest(
    'shows who is inside the lock, who queues and what the count means',
    {},
    async (panel) => {
      await panel.post({ kind: 'state', state: queued });
      const lock = panel.page.locator('[data-part="mmap_sem"]');
      const names = async (part: string): Promise<string[]> =>
        lock.locator(`[data-part="${part}"] .locks-name`).allInnerTexts();
      expect(await names('inside')).toEqual(['toucher']);
      expect(await names('queue')).toEqual(['mapper', 'bystander']);
      expect(await lock.locator('.locks-digits').allInnerTexts()).toEqual(['ffff', '0001']);
    },
  );

  panelTest('has the tasks as a table', {}, async (panel) => {
    await panel.post({ kind: 'state', state: queued });
    const tasks = (await panel.tables()).find(({ label }) => label === 'Table of tasks');
    expect(tasks?.header).toEqual(['Task', 'CPU', 'State', 'In', 'Faults']);
    expect(tasks?.rows.map(([name]) => name?.replace(/^▶|, stopped here$/g, ''))).toEqual(
      queued.tasks.map(({ name }) => name),
    );
  });

  panelTest('posts what its buttons say', {}, async (panel) => {
    await panel.post({ kind: 'state', state: queued });
    const { page } = panel;
    await panel.clearRequests();
    for (const name of ['Previous Moment', 'Next Moment', 'Restart With Other Kernel']) {
      await page.getByRole('button', { name, exact: true }).click();
    }
    const table = page.locator('[data-part="tasks"]');
    await table.getByRole('button', { name: 'mapper', exact: true }).click();
    await page.getByRole('button', { name: 'Why is mapper blocked?' }).click();
    const mapper = queued.tasks.find(({ name }) => name === 'mapper');
    if (mapper?.place === undefined) throw new Error('mapper stands nowhere');
    await page.locator('[data-task="mapper"] td button.link').click();
    const requests = await panel.requests();
    expect(requests.filter(({ kind }) => kind !== 'query')).toEqual([
      { kind: 'command', command: 'previousMoment' },
      { kind: 'command', command: 'nextMoment' },
      { kind: 'command', command: 'restartWithOtherKernel' },
      { kind: 'selectTask', task: mapper.id },
      { kind: 'why', task: mapper.id },
      { kind: 'reveal', uri: mapper.place.uri, line1: mapper.place.line1 },
    ] satisfies PanelRequest[]);
  });

  panelTest('shows the answer to a question', {}, async (panel) => {
    panel.answer('why', () => ({ kind: 'why', why }));
    await panel.post({ kind: 'state', state: queued });
    await panel.page.getByRole('button', { name: 'Why is mapper blocked?' }).click();
    expect(await panel.page.locator('.why').innerText()).toBe(why.text);
  });

  panelTest('takes a prediction once, and then says what was right', {}, async (panel) => {
    await panel.post({ kind: 'tour', step: openStep });
    const choice = panel.page.locator('.choice').first();
    await panel.clearRequests();
    await choice.click();
    expect(await panel.requests()).toEqual([{ kind: 'tourAnswer', choice: 0 }]);
    await panel.post({ kind: 'tour', step: tourStep });
    expect(await choice.isDisabled()).toBe(true);
    expect(await panel.page.locator('.choice-right').count()).toBe(1);
  });

  panelTest('is reached by the keyboard, all of it', {}, async (panel) => {
    await panel.post({ kind: 'state', state: queued }, { kind: 'tour', step: tourStep });
    const controls = await panel.page
      .locator('button:enabled, a[href], input:enabled, select:enabled, summary, [tabindex="0"]')
      .filter({ visible: true })
      .count();
    expect(controls).toBeGreaterThan(10);
    expect(await panel.tabStops()).toHaveLength(controls);
    await panel.clearRequests();
    await panel.page.getByRole('button', { name: 'Next', exact: true }).focus();
    await panel.page.keyboard.press('Enter');
    await panel.page.keyboard.press('Space');
    const next = { kind: 'tourMove', direction: 'next' };
    expect(await panel.requests()).toEqual([next, next]);
  });

  panelTest('says that it is ready again when it is loaded again', {}, async (panel) => {
    await panel.post({ kind: 'state', state: queued });
    await panel.reload();
    expect(await panel.requestsOf('ready')).toHaveLength(2);
    expect(await panel.page.locator('[data-part="tasks"]').count()).toBe(0);
  });
});

describe('the bundle', () => {
  it('is under 80 kB, compressed, with its style sheet', async () => {
    const bundle = await panelBundle();
    const bytes = ['webview.js', 'webview.css']
      .map((name) => gzipSync(bundle.get(name) ?? '').byteLength)
      .reduce((sum, size) => sum + size);
    expect(bytes).toBeGreaterThan(1000);
    expect(bytes).toBeLessThan(80_000);
  });
});
