// The timeline in a browser: drawn in four themes, used by pointer, wheel and keys, with few and with 100,000 events.
import { build } from 'esbuild';
import { beforeAll, describe, expect } from 'vitest';
import type { PanelState } from '../../src/view/panelState.ts';
import { drawTimeline } from '../../src/view/timeline/drawTimeline.ts';
import type { RunLanes } from '../../src/view/timeline/runLanes.ts';
import type { TimelineModel, TimelineQuery } from '../../src/view/timelineModel.ts';
import { prepare, shippedTree } from '../support/preparedRun.ts';
import { recordLanes } from '../support/recordedLanes.ts';
import { recordStates } from './harness/models.ts';
import type { PanelPage } from './harness/panelPage.ts';
import { panelTest, shareBrowser } from './harness/panelTest.ts';
import { projectRoot } from './harness/places.ts';
import { THEMES } from './harness/themes.ts';

interface RecordedRun {
  readonly lanes: RunLanes;
  readonly end: PanelState;
}

const runs = new Map<string, RecordedRun>();
let many: RunLanes;

function lanesOf(scenario: string, kernel: string, parameters = {}): RunLanes {
  const run = prepare(scenario, shippedTree(kernel), { parameters });
  return recordLanes(run, 1e6).lanes(run.machine.nowNs(), true);
}

function runOf(kernel: string): RecordedRun {
  const run = runs.get(kernel);
  if (run === undefined) throw new Error('not recorded');
  return run;
}

shareBrowser();
beforeAll(async () => {
  for (const kernel of ['patched', 'unpatched']) {
    const { states } = await recordStates({ kernel, moments: { end: 'end' } });
    runs.set(kernel, { lanes: lanesOf('cold-fault-with-mmap', kernel), end: states.end });
  }
  many = lanesOf('benchmark-2010', 'patched', { durationNs: 1_000_000_000 });
});

/** Answers as the adapter does, and says what was asked. */
class Answers {
  readonly queries: TimelineQuery[] = [];
  readonly seeks: unknown[] = [];
  private readonly panel: PanelPage;
  private readonly lanes: RunLanes;
  private state: PanelState;

  constructor(panel: PanelPage, lanes: RunLanes, state: PanelState) {
    this.panel = panel;
    this.lanes = lanes;
    this.state = state;
    panel.answerQuery('faultline/timeline', (query) => {
      this.queries.push(query);
      return drawTimeline(lanes, query);
    });
    panel.answerQuery('faultline/seek', (target) => {
      this.seeks.push(target);
      const { position, clockNs, moment, reason } = this.state;
      return { reached: true, reason, position, clockNs, moment };
    });
  }

  /** The machine stands at a time. */
  async stopAt(clockNs: number): Promise<void> {
    const { end: _end, ...state } = { ...this.state, rev: this.state.rev + 1, clockNs };
    this.state = { ...state, end: undefined };
    await this.panel.post({ kind: 'state', state: this.state });
    await this.panel.page.waitForSelector('.tl-plot');
    await this.panel.settle();
  }

  whole(): TimelineModel {
    return drawTimeline(this.lanes);
  }
}

/** A panel that shows a run which stands at a time. */
async function show(panel: PanelPage, kernel: string, clockNs?: number): Promise<Answers> {
  const { lanes, end } = runOf(kernel);
  const answers = new Answers(panel, lanes, end);
  await answers.stopAt(clockNs ?? lanes.endNs);
  return answers;
}

/** The place of a share of the plot's width, in the row of a lane. */
async function placeIn(
  panel: PanelPage,
  share: number,
  lane: number,
): Promise<{ readonly x: number; readonly y: number }> {
  return panel.page.evaluate(
    ({ share, lane }) => {
      const ground = document.querySelector('.tl-axis-ground')?.getBoundingClientRect();
      const row = document.querySelectorAll('.tl-row')[lane]?.getBoundingClientRect();
      if (ground === undefined || row === undefined) throw new Error('no timeline');
      return { x: ground.x + share * ground.width, y: row.y + row.height * 0.6 };
    },
    { share, lane },
  );
}

function slider(panel: PanelPage) {
  return panel.page.getByRole('slider', { name: 'Time of the run' });
}

describe.each(THEMES)('the timeline in the theme %s', (theme) => {
  panelTest('has nothing for axe to complain of', { theme, width: 1200 }, async (panel) => {
    await show(panel, 'unpatched', 12_540_000);
    await panel.page.getByRole('button', { name: 'Show as Table' }).click();
    await panel.screenshot(`timeline-unpatched-${theme}`);
    expect(await panel.violations()).toEqual([]);
  });

  panelTest('has none when it is narrow', { theme, width: 420 }, async (panel) => {
    await show(panel, 'patched');
    await panel.screenshot(`timeline-patched-narrow-${theme}`);
    expect(await panel.violations()).toEqual([]);
  });
});

describe('the timeline', () => {
  panelTest('draws who holds and who waits', { width: 1000 }, async (panel) => {
    await show(panel, 'unpatched', 6_000_000);
    const kinds = await panel.page.evaluate(() =>
      Array.from(document.querySelectorAll('[data-lane]'), (lane) => [
        lane.getAttribute('data-lane'),
        ...Array.from(lane.querySelectorAll('path'), (path) => path.getAttribute('class')),
      ]),
    );
    const lane = (name: string): (string | null)[] => kinds.find(([own]) => own === name) ?? [];
    expect(lane('toucher')).toEqual(expect.arrayContaining(['tl-pageWait', 'tl-hold-read']));
    expect(lane('mapper')).toEqual(expect.arrayContaining(['tl-lockWait', 'tl-hold-write']));
    expect(lane('bystander')).toContain('tl-lockWait');
    expect(lane('disk')).toContain('tl-reading');
    expect(await slider(panel).getAttribute('aria-valuetext')).toMatch(
      /^6 ms, toucher holds mmap_sem to read and waits for the lock of .*, mapper waits for mmap_sem, bystander waits for mmap_sem, disk reads/,
    );
  });

  panelTest('keeps its size while nothing has been answered', {}, async (panel) => {
    const { lanes, end } = runOf('patched');
    let answer = (): void => undefined;
    const asked = new Promise<void>((resolve) => {
      answer = resolve;
    });
    panel.answer('query', async ({ id, arguments: query }) => {
      await asked;
      return { kind: 'answer', id, result: drawTimeline(lanes, query) };
    });
    const height = () =>
      panel.page.evaluate(() => document.querySelector('.tl-body')?.getBoundingClientRect().height);
    await panel.post({ kind: 'state', state: end });
    const before = await height();
    expect(await panel.page.locator('.tl-plot').count()).toBe(0);
    answer();
    await panel.page.waitForSelector('.tl-plot');
    expect(await height()).toBe(before);
  });

  panelTest('asks for as many pixels as it is wide, and again', { width: 900 }, async (panel) => {
    const answers = await show(panel, 'patched');
    const first = answers.queries.at(-1)?.max ?? 0;
    expect(first).toBeGreaterThan(600);
    await panel.page.setViewportSize({ width: 700, height: 900 });
    await panel.settle();
    await panel.settle();
    expect(answers.queries.at(-1)?.max).toBe(first - 200);
    const count = answers.queries.length;
    await answers.stopAt(answers.whole().endNs - 100);
    expect(answers.queries.length).toBe(count + 1);
  });
});

describe('the keyboard', () => {
  panelTest('goes to events, moments and borders', {}, async (panel) => {
    const answers = await show(panel, 'patched');
    await slider(panel).focus();
    for (const key of ['ArrowLeft', 'ArrowRight', 'Home', 'End']) {
      await panel.page.keyboard.press(key);
      await panel.settle();
    }
    expect(answers.seeks).toEqual([
      { event: 'previous' },
      { event: 'next' },
      { ns: 0 },
      { ns: answers.whole().endNs },
    ]);
    for (const key of ['PageUp', 'Shift+ArrowRight']) await panel.page.keyboard.press(key);
    expect((await panel.requestsOf('command')).map(({ command }) => command)).toEqual([
      'previousMoment',
      'nextMoment',
    ]);
  });

  panelTest('zooms around the playhead and fits', {}, async (panel) => {
    const answers = await show(panel, 'patched', 30_000);
    await slider(panel).focus();
    await panel.page.keyboard.press('+');
    await panel.settle();
    await panel.settle();
    const { fromNs = 0, toNs = 0 } =
      answers.queries.findLast((query) => query.fromNs !== undefined) ?? {};
    expect(fromNs).toBeLessThan(30_000);
    expect(toNs).toBeGreaterThan(30_000);
    expect(toNs).toBeLessThan(100_000);
    await panel.page.keyboard.press('0');
    await panel.settle();
    expect(answers.queries.at(-1)?.fromNs).toBeUndefined();
  });

  panelTest('moves and resizes the brush', {}, async (panel) => {
    const answers = await show(panel, 'patched');
    const brush = panel.page.getByRole('slider', { name: 'Visible stretch of the run' });
    await brush.focus();
    for (const key of ['Shift+ArrowLeft', 'Shift+ArrowLeft', 'ArrowRight']) {
      await panel.page.keyboard.press(key);
    }
    await panel.settle();
    await panel.settle();
    const { fromNs = 0, toNs = 0 } =
      answers.queries.findLast((query) => query.fromNs !== undefined) ?? {};
    expect(fromNs).toBeGreaterThan(0);
    expect(toNs).toBeLessThan(answers.whole().endNs);
    expect(await brush.getAttribute('aria-valuetext')).toMatch(/^from .* µs to .* ms$/);
  });

  panelTest('selects tasks by their names', {}, async (panel) => {
    await show(panel, 'patched');
    const mapper = panel.page.getByRole('button', { name: 'Select mapper' });
    await mapper.press('Enter');
    const task = runOf('patched').lanes.lanes.find(({ name }) => name === 'mapper')?.id ?? 0;
    expect(await panel.requestsOf('selectTask')).toEqual([{ kind: 'selectTask', task }]);
    await panel.post({ kind: 'selected', task });
    expect(await mapper.getAttribute('aria-pressed')).toBe('true');
    expect(await panel.page.locator('.tl-row-selected').count()).toBe(1);
  });
});

describe('the pointer', () => {
  panelTest('moves only the panel until it lets go', {}, async (panel) => {
    const answers = await show(panel, 'unpatched');
    const from = await placeIn(panel, 0.9, 1);
    await panel.page.mouse.move(from.x, from.y);
    await panel.page.mouse.down();
    await panel.page.evaluate(() => {
      const changed = new Set<string>();
      new MutationObserver((records) => {
        for (const { target } of records) {
          const element = target instanceof Element ? target : target.parentElement;
          const part = element?.closest('.tl-playhead, .tl-veil, .tl-line, .tl-overview > path');
          changed.add(part?.getAttribute('class') ?? element?.outerHTML ?? '');
        }
      }).observe(document.body, {
        subtree: true,
        childList: true,
        attributes: true,
        characterData: true,
      });
      Object.assign(globalThis, { changed });
    });
    for (const share of [0.7, 0.5, 0.3]) {
      const to = await placeIn(panel, share, 1);
      await panel.page.mouse.move(to.x, to.y);
    }
    await panel.settle();
    const { knots } = answers.whole();
    const dragged = Number(await slider(panel).getAttribute('aria-valuenow'));
    expect(dragged).toBeLessThan(knots[2]?.ns ?? 0);
    expect(answers.seeks).toEqual([]);
    const changed = await panel.page.evaluate(() =>
      Array.from((globalThis as unknown as { changed: Set<string> }).changed),
    );
    expect(changed.sort()).toEqual(['tl-line', 'tl-playhead', 'tl-playhead-line', 'tl-veil']);
    await panel.page.mouse.up();
    await panel.settle();
    expect(answers.seeks).toEqual([{ ns: dragged }]);
  });

  panelTest('gives a drag up with Escape', {}, async (panel) => {
    const answers = await show(panel, 'unpatched');
    const [from, to] = [await placeIn(panel, 0.9, 1), await placeIn(panel, 0.4, 1)];
    await panel.page.mouse.move(from.x, from.y);
    await panel.page.mouse.down();
    await panel.page.mouse.move(to.x, to.y);
    await panel.page.keyboard.press('Escape');
    await panel.page.mouse.up();
    await panel.settle();
    expect(answers.seeks).toEqual([]);
    expect(Number(await slider(panel).getAttribute('aria-valuenow'))).toBe(answers.whole().endNs);
  });

  panelTest('goes to a mark that is clicked', { width: 1200 }, async (panel) => {
    const answers = await show(panel, 'patched');
    const model = answers.whole();
    const fault = model.lanes[0]?.marks.find(({ kind }) => kind === 'fault');
    const sign = panel.page.locator('[data-lane="toucher"] .tl-mark-fault');
    const box = await sign.boundingBox();
    if (box === null) throw new Error('no mark of the fault');
    await panel.page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
    await panel.settle();
    expect(answers.seeks).toEqual([{ position: fault?.position }]);
    expect(await panel.page.locator('.tl-line').textContent()).toMatch(/toucher: page fault at 0x/);
  });

  panelTest('zooms with Ctrl and the wheel, and pans with Shift', {}, async (panel) => {
    const answers = await show(panel, 'patched');
    const place = await placeIn(panel, 0.3, 1);
    await panel.page.mouse.move(place.x, place.y);
    await panel.page.keyboard.down('Control');
    await panel.page.mouse.wheel(0, -300);
    await panel.page.keyboard.up('Control');
    await panel.settle();
    await panel.settle();
    const spans = (): TimelineQuery[] =>
      answers.queries.filter(({ fromNs }) => fromNs !== undefined);
    const zoomed = spans().at(-1);
    await panel.page.keyboard.down('Shift');
    await panel.page.mouse.wheel(0, 200);
    await panel.page.keyboard.up('Shift');
    await panel.settle();
    await panel.settle();
    expect(zoomed?.fromNs).toBeGreaterThan(0);
    expect(spans().at(-1)?.fromNs).toBeGreaterThan(zoomed?.fromNs ?? 0);
  });

  panelTest('says how long a hold lasts whose beginning is zoomed away', {}, async (panel) => {
    const answers = await show(panel, 'patched');
    const label = panel.page.locator('.tl-detail text', { hasText: 'R 20.7 µs' });
    expect(await label.count()).toBe(1);
    const place = await placeIn(panel, 0.2, 1);
    await panel.page.mouse.move(place.x, place.y);
    await panel.page.keyboard.down('Control');
    await panel.page.mouse.wheel(0, -500);
    await panel.page.keyboard.up('Control');
    await panel.settle();
    await panel.settle();
    // The hold begins at 5 µs.
    const zoomed = answers.queries.findLast(({ fromNs }) => fromNs !== undefined);
    expect(zoomed?.fromNs).toBeGreaterThan(6000);
    expect(await label.count()).toBe(1);
    await panel.screenshot('timeline-zoomed-hold');
  });

  panelTest('draws, moves and resizes the brush', {}, async (panel) => {
    const answers = await show(panel, 'patched');
    const strip = await panel.page.locator('.tl-overview-ground').boundingBox();
    if (strip === null) throw new Error('no overview');
    const drag = async (from: number, to: number): Promise<TimelineQuery | undefined> => {
      const y = strip.y + strip.height / 2;
      await panel.page.mouse.move(strip.x + from * strip.width, y);
      await panel.page.mouse.down();
      await panel.page.mouse.move(strip.x + to * strip.width, y, { steps: 4 });
      await panel.page.mouse.up();
      await panel.settle();
      await panel.settle();
      return answers.queries.findLast(({ fromNs }) => fromNs !== undefined);
    };
    const drawn = await drag(0.2, 0.5);
    const moved = await drag(0.35, 0.25);
    const resized = await drag(0.4, 0.6);
    expect(moved?.fromNs).toBeLessThan(drawn?.fromNs ?? 0);
    expect(moved?.toNs).toBeLessThan(drawn?.toNs ?? 0);
    expect(resized?.fromNs).toBe(moved?.fromNs);
    expect(resized?.toNs).toBeGreaterThan(drawn?.toNs ?? 0);
  });
});

describe('with a session', () => {
  panelTest('goes back to where the lock was dropped', { width: 1000 }, async (panel) => {
    const session = await recordStates({ moments: { end: 'end' } });
    panel.answerFrom(session.client);
    await panel.post({ kind: 'state', state: session.states.end });
    const time = slider(panel);
    await time.focus();
    const words = async (): Promise<string> => (await time.getAttribute('aria-valuetext')) ?? '';
    const isSettled = (before: string) =>
      panel.page.waitForFunction(
        (old) => document.querySelector('.tl-playhead')?.getAttribute('aria-valuetext') !== old,
        before,
      );
    // Events before the end, until the toucher is inside once more.
    const seen: string[] = [];
    while (seen.length < 40 && !/toucher holds mmap_sem to read/.test(await words())) {
      const before = await words();
      seen.push(before);
      await panel.page.keyboard.press('ArrowLeft');
      await isSettled(before);
    }
    expect(await words()).toMatch(/^12\.5\d+ ms, toucher holds mmap_sem to read/);

    // A drag over the break to the first hold: the machine follows when it ends.
    const [from, to] = [await placeIn(panel, 0.9, 0), await placeIn(panel, 0.15, 0)];
    await panel.page.mouse.move(from.x, from.y);
    await panel.page.mouse.down();
    await panel.page.mouse.move(to.x, to.y, { steps: 5 });
    const before = (await session.ask('faultline/state', {})).state?.clockNs ?? 0;
    await panel.page.mouse.up();
    await panel.page.waitForFunction(() =>
      document.querySelector('.clock-time')?.textContent.includes('µs'),
    );
    const after = (await session.ask('faultline/state', {})).state;
    expect(before).toBeGreaterThan(12_000_000);
    expect(after?.clockNs).toBeLessThan(26_000);
    expect(Number(await time.getAttribute('aria-valuenow'))).toBe(after?.clockNs);
    // What was recorded stays, and is ahead now.
    const veil = await panel.page.locator('.tl-detail .tl-veil').boundingBox();
    expect(veil?.width).toBeGreaterThan(500);
    await panel.screenshot('timeline-gone-back');
  });
});

describe('the table of the timeline', () => {
  panelTest('has what the picture shows', { width: 1000 }, async (panel) => {
    await show(panel, 'unpatched');
    await panel.page.getByRole('button', { name: 'Show as Table' }).click();
    const table = (await panel.tables()).find(({ label }) => label.startsWith('From 0 to'));
    expect(table?.header).toEqual(['Time', 'Task', 'What', 'How long']);
    expect(table?.rows).toContainEqual([
      expect.stringMatching(/µs$/),
      'toucher',
      'holds mmap_sem to read',
      '12.5 ms',
    ]);
    expect(table?.rows.filter(([, , what]) => what === 'is woken by toucher')).toHaveLength(1);
  });
});

describe('a run of 100,000 events', () => {
  panelTest('has few nodes, and one query on its way', { width: 1200 }, async (panel) => {
    expect(many.events).toBeGreaterThan(100_000);
    const { end } = runOf('patched');
    const answers = new Answers(panel, many, end);
    let open = 0;
    let most = 0;
    panel.answer('query', async (query) => {
      if (query.name !== 'faultline/timeline') {
        return { kind: 'refused', id: query.id, reason: 'It is not asked here.' };
      }
      open += 1;
      most = Math.max(most, open);
      await new Promise((resolve) => setTimeout(resolve, 20));
      open -= 1;
      return { kind: 'answer', id: query.id, result: drawTimeline(many, query.arguments) };
    });
    await answers.stopAt(many.endNs);
    await panel.page.waitForSelector('[data-lane]');
    const place = await placeIn(panel, 0.3, 1);
    await panel.page.mouse.move(place.x, place.y);
    await panel.page.keyboard.down('Control');
    for (let turn = 0; turn < 10; turn++) await panel.page.mouse.wheel(0, -60);
    await panel.page.keyboard.up('Control');
    await panel.settle();
    expect(await panel.page.evaluate(() => document.querySelectorAll('svg *').length)).toBeLessThan(
      3000,
    );
    expect(most).toBe(1);
    await panel.screenshot('timeline-many');
  });
});

describe('the picture as a file', () => {
  /** What the host's command calls, made available to the page. */
  async function exporter(): Promise<string> {
    const { outputFiles } = await build({
      absWorkingDir: projectRoot,
      entryPoints: ['src/webview/exportPicture.ts'],
      bundle: true,
      write: false,
      format: 'iife',
      globalName: 'pictures',
    });
    return outputFiles[0]?.text ?? '';
  }

  panelTest('is an SVG that needs no style sheet', { theme: 'light' }, async (panel) => {
    await show(panel, 'unpatched', 12_540_000);
    const code = await exporter();
    const text = await panel.page.evaluate<string>(
      `${code}; pictures.exportSvg(document.querySelector('.tl-detail'), { title: 'A <run>', description: 'At a stop' })`,
    );
    expect(text).toMatch(/^<svg [^>]*xmlns="http:\/\/www.w3.org\/2000\/svg"/);
    expect(text).toContain('<title>A &lt;run&gt;</title><desc>At a stop</desc>');
    expect(text).not.toMatch(/var\(|class=|tabindex|NaN|undefined/);
    expect(text).toContain('fill="rgb(56, 138, 52)"');
  });

  panelTest('is a PNG that looks like the panel', { theme: 'light' }, async (panel) => {
    await show(panel, 'unpatched', 12_540_000);
    const code = await exporter();
    const { width, colors } = await panel.page.evaluate<{
      width: number;
      colors: string[];
    }>(`${code}; (async () => {
      const url = pictures.exportPng(document.querySelector('.tl-detail'));
      const bytes = Uint8Array.from(atob(url.split(',')[1]), (letter) => letter.charCodeAt(0));
      const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
      const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
      const context = canvas.getContext('2d');
      context.drawImage(bitmap, 0, 0);
      const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
      const colors = new Set();
      for (let at = 0; at < data.length; at += 4) colors.add([data[at], data[at + 1], data[at + 2]].join());
      return { width: bitmap.width, colors: [...colors] };
    })()`);
    const drawn = await panel.page.locator('.tl-detail').getAttribute('width');
    expect(width).toBe(2 * Number(drawn));
    // Running in the kernel, the hatching, the dots, the disk.
    for (const color of ['56,138,52', '191,136,3', '0,99,211', '101,45,144']) {
      expect(colors).toContain(color);
    }
  });
});
