// How fast the panel shows a run of 100,000 events: the first paint and a step of scrubbing, in Chromium with the bundle
// that ships, beside a page that draws as many rectangles as the model has elements, by innerHTML, and moves a line in it.
//
//   node scripts/bench/panel.ts        a table; `npm run bench` runs it among the others
//
// First paint is the time from the script's start until the frame with the timeline is handed over, in a fresh page; a step
// is what the page's main thread works for a move of the pointer, script, layout and paint together, without the waiting for
// the next frame. Both are the least of some. The adapter's answer, a model of real events, is made before.
import { build } from 'esbuild';
import type { Browser, CDPSession, Page } from 'playwright-core';
import { countAttempts } from '../../src/kernel/attempt.ts';
import { loadBuiltInScenario } from '../../src/scenario/catalog.ts';
import { placeFiles } from '../../src/scenario/fileContent.ts';
import { loadKernelTree } from '../../src/scenario/kernelTree.ts';
import { prepareRun } from '../../src/scenario/prepareRun.ts';
import { nameTasks, runTraced } from '../../src/scenario/traceRun.ts';
import type { PanelState } from '../../src/view/panelState.ts';
import { drawTimeline } from '../../src/view/timeline/drawTimeline.ts';
import { RunRecord } from '../../src/view/timeline/runRecord.ts';
import type { TimelineModel } from '../../src/view/timelineModel.ts';
import { launchBrowser } from '../../test/support/browser.ts';
import { media } from '../../test/support/nodeMedia.ts';
import { webviewOptions } from '../webviewBundle.mjs';
import type { PromisedBenchmark } from './support/benchmark.ts';

const SCENARIO = 'benchmark-2010';
const EVENTS = 100_000;
const RUNS = 7;
const STEPS = 60;
const VIEW = { width: 1200, height: 900 };

/** What is drawn. */
interface Shown {
  readonly script: string;
  readonly style: string;
  readonly model: TimelineModel;
  readonly state: PanelState;
}

let shown: Promise<Shown> | undefined;

/** The model of a second of the published benchmark on the patched kernel. */
function recordModel(): { readonly model: TimelineModel; readonly state: PanelState } {
  const { scenario, programs } = loadBuiltInScenario(media, SCENARIO);
  const { tree } = loadKernelTree(media, 'patched');
  if (scenario === undefined || tree === undefined) throw new Error('The scenario is missing.');
  const parameters = { durationNs: 1_000_000_000 };
  const { run } = prepareRun({ scenario, programs, tree, parameters });
  if (run === undefined) throw new Error('The scenario does not compile.');
  countAttempts(run.machine, run.entries);
  const tasks = nameTasks(run).filter(({ isIdle }) => !isIdle);
  const record = new RunRecord({
    program: run.program,
    tasks: tasks.map(({ id, name, cpu }) => ({ task: id, id, name, cpu })),
    files: placeFiles(run.data.files ?? []),
  });
  runTraced(run, record, 'none');
  const clockNs = run.machine.nowNs();
  const model = drawTimeline(record.lanes(clockNs, true), { max: 1050 });
  if (model.events < EVENTS) throw new Error(`The run has ${String(model.events)} events.`);
  const numbers = { counters: [], faults: [], locks: [] };
  const lists = { locks: [], pages: [], quietPages: [], spaces: [] };
  const nothing = { ...lists, numbers, loosePages: 0, tasks: [], disk: [], cpus: [] };
  const place = { rev: 1, clockNs, position: 0, reason: 'pause', stoppedTaskId: undefined };
  const names = { scenario: SCENARIO, title: SCENARIO, kernel: 'patched' };
  return { model, state: { ...nothing, ...place, ...names, moment: undefined, end: undefined } };
}

async function prepare(): Promise<Shown> {
  const { outputFiles } = await build({
    ...webviewOptions,
    outfile: 'dist/webview.js',
    write: false,
  });
  const text = (ending: string): string =>
    outputFiles.find((file) => file.path.endsWith(ending))?.text ?? '';
  return { script: text('.js'), style: text('.css'), ...recordModel() };
}

async function withPage<T>(browser: Browser, use: (page: Page) => Promise<T>): Promise<T> {
  const page = await browser.newPage({ viewport: VIEW });
  try {
    const { style } = await (shown ??= prepare());
    await page.setContent(
      `<!DOCTYPE html><style>${style}</style><body><div id="root"></div></body>`,
    );
    return await use(page);
  } finally {
    await page.close();
  }
}

async function withBrowser<T>(use: (browser: Browser) => Promise<T>): Promise<T> {
  const browser = await launchBrowser();
  try {
    return await use(browser);
  } finally {
    await browser.close();
  }
}

/** Starts the panel and answers its queries in the page; the milliseconds until the timeline is drawn. */
async function openPanel(page: Page): Promise<number> {
  const { script, model, state } = await (shown ??= prepare());
  return page.evaluate(
    async ({ script, model, state }) => {
      const post = (data: unknown): void => {
        window.postMessage(data, '*');
      };
      Object.assign(globalThis, {
        acquireVsCodeApi: () => ({
          postMessage: ({ kind, id }: { kind: string; id?: number }) => {
            if (kind === 'ready') post({ kind: 'state', state });
            if (kind === 'query') post({ kind: 'answer', id, result: model });
          },
        }),
      });
      const begin = performance.now();
      const element = document.createElement('script');
      element.textContent = script;
      document.body.append(element);
      while (document.querySelector('[data-lane]') === null) {
        await new Promise((resolve) => setTimeout(resolve));
      }
      await new Promise<void>((resolve) => {
        requestAnimationFrame(() => setTimeout(resolve));
      });
      return performance.now() - begin;
    },
    { script, model, state },
  );
}

/** Draws a rectangle for each element of the model; the milliseconds until they are drawn. */
async function openRectangles(page: Page): Promise<number> {
  const { model } = await (shown ??= prepare());
  const elements = model.lanes.reduce(
    (sum, { stretches, holds, marks }) => sum + stretches.length + holds.length + marks.length,
    model.wakes.length,
  );
  return page.evaluate(
    async ({ elements, width }) => {
      const begin = performance.now();
      const rows = Array.from({ length: elements }, (_, index) => {
        const x = (index * 37) % width;
        return `<rect x="${String(x)}" y="${String(40 + (index % 5) * 50)}" width="3" height="15" fill="green"/>`;
      });
      document.body.innerHTML = `<svg width="${String(width)}" height="300">${rows.join('')}<path id="line" d="M0 0V300" stroke="black"/></svg>`;
      await new Promise<void>((resolve) => {
        requestAnimationFrame(() => setTimeout(resolve));
      });
      return performance.now() - begin;
    },
    { elements, width: VIEW.width },
  );
}

async function leastPaint(open: (page: Page) => Promise<number>): Promise<number> {
  return withBrowser(async (browser) => {
    let least = Infinity;
    for (let run = 0; run < RUNS; run++) least = Math.min(least, await withPage(browser, open));
    return least;
  });
}

/** How long the main thread has worked, in milliseconds. */
async function workOf(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  return 1000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? NaN);
}

async function perStep(page: Page, step: (index: number) => Promise<void>): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  let least = Infinity;
  for (let run = 0; run < RUNS; run++) {
    const before = await workOf(session);
    for (let index = 0; index < STEPS; index++) await step(index);
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
    least = Math.min(least, ((await workOf(session)) - before) / STEPS);
  }
  return least;
}

const scrubPanel = (): Promise<number> =>
  withBrowser((browser) =>
    withPage(browser, async (page) => {
      await openPanel(page);
      const box = await page.locator('.tl-axis-ground').boundingBox();
      if (box === null) throw new Error('The timeline is not drawn.');
      const y = box.y + 80;
      await page.mouse.move(box.x + 10, y);
      await page.mouse.down();
      return perStep(page, (index) =>
        page.mouse.move(box.x + 20 + ((index * 31) % (box.width - 40)), y),
      );
    }),
  );

const moveLine = (): Promise<number> =>
  withBrowser((browser) =>
    withPage(browser, async (page) => {
      await openRectangles(page);
      await page.evaluate(() => {
        const line = document.querySelector('#line');
        window.addEventListener('pointermove', ({ clientX }) => {
          line?.setAttribute('d', `M${String(clientX)} 0V300`);
        });
      });
      return perStep(page, (index) => page.mouse.move(20 + ((index * 31) % 1100), 120));
    }),
  );

/** All benchmarks of the panel. */
export const benchmarks: readonly PromisedBenchmark[] = [
  {
    name: 'panel: first paint of 100,000 events, beside as many rectangles by innerHTML',
    unit: 'ms',
    ours: () => leastPaint(openPanel),
    peer: () => leastPaint(openRectangles),
  },
  {
    name: 'panel: a step of scrubbing in them, beside moving a line over the rectangles',
    unit: 'ms',
    ours: scrubPanel,
    peer: moveLine,
  },
];

if (import.meta.main) {
  for (const { name, ours, peer, unit } of benchmarks) {
    const [one, other] = [await ours(), await peer()];
    const ratio = (one / other).toFixed(2);
    console.log(
      `${name.padEnd(82)} ${one.toFixed(2)} ${unit}  peer ${other.toFixed(2)} ${unit}  x${ratio}`,
    );
  }
}
