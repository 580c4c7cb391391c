// What the panel keeps and gives away: states as differences, the moment and the settings over a reload, a run without a
// session, presentation mode, pictures and data as files.
import { beforeAll, describe, expect } from 'vitest';
import { differenceOf } from '../../src/view/difference.ts';
import type { PanelState } from '../../src/view/panelState.ts';
import { recordStates, type Recorded } from './harness/models.ts';
import type { PanelPage } from './harness/panelPage.ts';
import { panelTest, shareBrowser } from './harness/panelTest.ts';
import { THEMES } from './harness/themes.ts';

let recorded: Recorded<'entry' | 'queued'>;
let entry: PanelState;
let queued: PanelState;

shareBrowser();
beforeAll(async () => {
  recorded = await recordStates({
    kernel: 'unpatched',
    moments: { entry: 'entry', queued: { anchor: 'rwsem_queued', task: 'bystander' } },
  });
  ({ entry, queued } = recorded.states);
});

async function endSession(panel: PanelPage): Promise<void> {
  await panel.post(
    { kind: 'state', state: queued, seq: 1 },
    { kind: 'moment', text: 'faultline-moment 1 …' },
    { kind: 'noSession' },
  );
}

/** The names of those who are inside or queue. */
async function chips(panel: PanelPage): Promise<string[]> {
  return panel.page.locator('[data-part="mmap_sem"] .chip-name').allInnerTexts();
}

/** A picture in the page, colored by the theme through a class. */
async function addPicture(panel: PanelPage): Promise<void> {
  await panel.page.evaluate(() => {
    const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    svg.setAttribute('data-export', 'test');
    svg.setAttribute('width', '40');
    svg.setAttribute('height', '20');
    svg.setAttribute('viewBox', '0 0 40 20');
    svg.innerHTML =
      '<g class="group"><rect class="bar" width="10" height="10"/></g>' +
      '<text class="words" y="10">time</text><rect class="gone" width="9" height="9"/>';
    document.body.append(svg);
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`.bar { fill: rgb(1, 2, 3); stroke-dasharray: 4px, 2px; } .gone { display: none; }
      .words { font-size: 13px; fill: var(--vscode-foreground); }`);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  });
}

async function chooseFromMenu(panel: PanelPage, item: string): Promise<void> {
  await panel.page.getByRole('button', { name: 'Save or Copy' }).click();
  await panel.page.getByRole('menuitem', { name: item }).click();
}

describe('a change of the state', () => {
  const change = (): ReturnType<typeof differenceOf> => differenceOf(entry, queued);

  panelTest('leads from the state before to the next one', {}, async (panel) => {
    await panel.post({ kind: 'state', state: entry, seq: 1 });
    await panel.post({ kind: 'state', state: queued, seq: 1 });
    const whole = await panel.page.locator('#root').innerText();
    await panel.post({ kind: 'state', state: entry, seq: 2 });
    expect(await chips(panel)).toEqual([]);
    await panel.post({ kind: 'stateChange', base: 2, seq: 3, change: change() ?? null });
    expect(await panel.page.locator('#root').innerText()).toBe(whole);
    await panel.post({ kind: 'stateChange', base: 3, seq: 4, change: null });
    expect(await panel.page.locator('#root').innerText()).toBe(whole);
    expect(await panel.requestsOf('ready')).toHaveLength(1);
  });

  panelTest('of a state that the panel has not makes it ask for all', {}, async (panel) => {
    await panel.post({ kind: 'state', state: entry, seq: 2 });
    await panel.post({ kind: 'stateChange', base: 1, seq: 3, change: change() ?? null });
    expect(await chips(panel)).toEqual([]);
    expect(await panel.requestsOf('ready')).toHaveLength(2);
    const broken = ['{', 7, []] as never;
    await panel.post({ kind: 'stateChange', base: 2, seq: 3, change: broken });
    expect(await panel.requestsOf('ready')).toHaveLength(3);
  });
});

describe('a run without a session', () => {
  for (const theme of THEMES) {
    panelTest(
      `has nothing for axe to complain of in the theme ${theme}`,
      { theme },
      async (panel) => {
        await endSession(panel);
        expect(await panel.violations()).toEqual([]);
        await panel.page.getByRole('button', { name: 'Save or Copy' }).click();
        expect(await panel.violations(), 'with the menu').toEqual([]);
        await panel.screenshot(`finished-${theme}`);
        await panel.page.keyboard.press('Escape');
        await panel.page.getByRole('button', { name: 'Presentation' }).click();
        await panel.screenshot(`presentation-${theme}`);
        expect(await panel.violations(), 'in presentation mode').toEqual([]);
        await panel.post({ kind: 'unavailable', reason: 'The kernel has changed.' });
        expect(await panel.violations(), 'unavailable').toEqual([]);
      },
    );
  }

  panelTest('can be gone on with from its moment', {}, async (panel) => {
    await endSession(panel);
    await panel.clearRequests();
    await panel.page.getByRole('button', { name: 'Debug From Here' }).click();
    expect(await panel.requests()).toEqual([{ kind: 'command', command: 'debugFromHere' }]);
    await panel.post({ kind: 'state', state: entry, isFinished: true, seq: 2 });
    expect(await panel.page.locator('.finished').count()).toBe(1);
    await panel.post({ kind: 'running' });
    expect(await panel.page.locator('.finished').count()).toBe(0);
  });

  panelTest(
    'comes back with its window by its moment, and the view as it was',
    {},
    async (panel) => {
      await endSession(panel);
      await panel.page.getByRole('button', { name: 'Presentation' }).click();
      expect(await panel.requestsOf('keepSettings')).toMatchObject([
        { kind: 'keepSettings', settings: { presentation: true } },
      ]);
      await panel.reload();
      expect((await panel.requestsOf('ready')).at(-1)).toEqual({
        kind: 'ready',
        moment: 'faultline-moment 1 …',
      });
      expect(await panel.page.locator('html.presentation').count()).toBe(1);
      // Nothing is kept of a moment that cannot be shown.
      await panel.post({ kind: 'unavailable', reason: 'The kernel has changed.' });
      expect(await panel.page.locator('.unavailable').innerText()).toContain(
        'The kernel has changed.',
      );
      await panel.reload();
      expect((await panel.requestsOf('ready')).at(-1)).toEqual({ kind: 'ready' });
    },
  );

  panelTest(
    'is shown as usual where somebody else has written what was kept',
    { state: { moment: 7, settings: { presentation: 'yes' } } },
    async (panel) => {
      expect(await panel.requests()).toEqual([{ kind: 'ready' }]);
      expect(await panel.page.locator('html.presentation').count()).toBe(0);
    },
  );

  panelTest('looks as at the place that it was moved from', {}, async (panel) => {
    await panel.post({ kind: 'viewSettings', settings: { presentation: true } });
    expect(await panel.page.locator('html.presentation').count()).toBe(1);
    await panel.post({ kind: 'togglePresentation' });
    expect(await panel.page.locator('html.presentation').count()).toBe(0);
  });
});

describe('the menu of files', () => {
  panelTest('is used by the keyboard', {}, async (panel) => {
    await endSession(panel);
    const { page } = panel;
    const focused = (): Promise<string> =>
      page.evaluate(() => document.activeElement?.textContent.trim() ?? '');
    await page.getByRole('button', { name: 'Save or Copy' }).focus();
    await page.keyboard.press('Enter');
    expect(await focused()).toBe('Save Picture as SVG…');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('ArrowUp');
    expect(await focused()).toBe('Copy Moment');
    await panel.clearRequests();
    await page.keyboard.press('Enter');
    expect(await panel.requests()).toEqual([{ kind: 'command', command: 'copyMoment' }]);
    expect(await focused()).toMatch(/^Save or Copy/);
    await page.keyboard.press('Enter');
    await page.keyboard.press('Escape');
    expect(await page.getByRole('menu').count()).toBe(0);
    expect(await focused()).toMatch(/^Save or Copy/);
  });

  panelTest('saves a picture that looks the same without the page', {}, async (panel) => {
    await endSession(panel);
    await addPicture(panel);
    await chooseFromMenu(panel, 'Save Picture as SVG…');
    const { format, name, data } = await panel.waitForRequest('export');
    expect([format, name]).toEqual(['svg', 'cold-fault-with-mmap-unpatched']);
    expect(data).toMatch(/^<svg [^>]*xmlns="http:\/\/www.w3.org\/2000\/svg"/);
    expect(data).toMatch(/<rect [^>]*fill="rgb\(1, 2, 3\)"[^>]*stroke-dasharray="4px, 2px"/);
    expect(data).not.toMatch(/ class=| style=|var\(|width="9"/);
  });

  panelTest('saves it as PNG, in twice its size', {}, async (panel) => {
    await endSession(panel);
    await addPicture(panel);
    await chooseFromMenu(panel, 'Save Picture as PNG…');
    const { format, data } = await panel.waitForRequest('export');
    expect(format).toBe('png');
    const bytes = Buffer.from(data, 'base64');
    expect(bytes.subarray(1, 4).toString()).toBe('PNG');
    expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([80, 40]);
  });

  panelTest('saves the data', {}, async (panel) => {
    panel.answerFrom(recorded.client);
    await endSession(panel);
    await chooseFromMenu(panel, 'Save Data as JSON…');
    const { format, data } = await panel.waitForRequest('export');
    expect(format).toBe('json');
    expect(JSON.parse(data)).toMatchObject({
      faultline: 1,
      moment: 'faultline-moment 1 …',
      state: { scenario: 'cold-fault-with-mmap', position: queued.position },
      timeline: { scale: 'linear', startNs: 0 },
    });
  });

  panelTest('says what cannot be saved', {}, async (panel) => {
    await endSession(panel);
    await panel.page.evaluate(() => {
      for (const picture of document.querySelectorAll('svg[data-export]')) picture.remove();
    });
    await chooseFromMenu(panel, 'Save Picture as SVG…');
    const failure = panel.page.locator('.export-failure');
    expect(await failure.innerText()).toBe('There is no picture to save yet.');
  });
});
