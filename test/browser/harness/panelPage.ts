// The panel alone in a browser: its real bundle and document under its real content security policy, without VS Code.
//
// Tests post what the extension would, read what the panel posts back, press keys, take pictures and ask axe. Whatever
// the page complains of (errors, warnings, refused resources, violations of the policy) is a problem; `panelTest` fails
// a test that has any.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, BrowserContext, Page, Route } from 'playwright-core';
import { panelDocument } from '../../../src/extension/panelDocument.ts';
import type { PanelState } from '../../../src/view/panelState.ts';
import type {
  CustomRequests,
  PanelMessage,
  PanelQueryName,
  PanelRequest,
} from '../../../src/view/protocol.ts';
import type { DapClient } from '../../support/dapClient.ts';
import { panelBundle, type Bundle } from './bundle.ts';
import { installFakeHost, type FakeHost, type HostSettings } from './fakeHost.ts';
import { resultsFolder } from './places.ts';
import { readTables, type TableText } from './readTables.ts';
import { readTheme, type ThemeName } from './themes.ts';

/** How the page is opened. */
export interface PanelPageOptions {
  /** `dark` when left out. */
  readonly theme?: ThemeName;
  /** The size of the page in CSS pixels; 800 x 1000 when left out. */
  readonly width?: number;
  readonly height?: number;
  /** Picture pixels for each CSS pixel; 1 when left out. */
  readonly scale?: number;
  /** What the panel has kept before, for `getState`. */
  readonly state?: unknown;
  /** Whether the user has asked for less motion. */
  readonly reducedMotion?: boolean;
  /** A script in place of the panel's, to try the harness itself; it has to post `{ kind: 'ready' }`. */
  readonly script?: string;
}

/** A request of one kind. */
export type RequestOf<K extends PanelRequest['kind']> = Extract<PanelRequest, { kind: K }>;

/** What a request is answered with: nothing, a message, or several. */
export type PanelAnswer = PanelMessage | readonly PanelMessage[] | undefined;

type Answerer = (request: PanelRequest) => PanelAnswer | Promise<PanelAnswer>;

/** How long anything in the page is waited for, in milliseconds. */
const PATIENCE_MS = 15_000;
const ORIGIN = 'https://panel.test';

/** One panel in its own browser context. */
export class PanelPage {
  readonly page: Page;
  /** What the page complained of. */
  readonly problems: string[] = [];
  private readonly context: BrowserContext;
  private readonly answers = new Map<string, Answerer>();
  private readonly queries = new Map<PanelQueryName, (args: unknown) => unknown>();
  private readonly earlier: PanelRequest[] = [];

  private constructor(context: BrowserContext, page: Page) {
    this.context = context;
    this.page = page;
  }

  /** Opens the page and waits until the panel has said that it is ready. */
  static async open(browser: Browser, options: PanelPageOptions = {}): Promise<PanelPage> {
    const { theme = 'dark', width = 800, height = 1000, scale = 1, state } = options;
    const context = await browser.newContext({
      viewport: { width, height },
      deviceScaleFactor: scale,
      colorScheme: theme === 'light' || theme === 'hcLight' ? 'light' : 'dark',
      reducedMotion: options.reducedMotion === true ? 'reduce' : 'no-preference',
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    context.setDefaultTimeout(PATIENCE_MS);
    const panel = new PanelPage(context, await context.newPage());
    const bundle = new Map(await panelBundle());
    if (options.script !== undefined) bundle.set('webview.js', Buffer.from(options.script));
    await panel.prepare(bundle, { theme: readTheme(theme), state });
    await panel.page.goto(`${ORIGIN}/`);
    await panel.waitForRequest('ready');
    await panel.settle();
    return panel;
  }

  /** Sends the panel messages as the extension would, and waits until they are drawn. */
  async post(...messages: readonly PanelMessage[]): Promise<void> {
    // What is undefined is lost on the way, as it is in VS Code.
    const plain = JSON.parse(JSON.stringify(messages)) as unknown[];
    await this.page.evaluate((list) => {
      for (const message of list) window.postMessage(message, '*');
    }, plain);
    await this.settle();
  }

  /** What the panel has posted since it was opened, in this order. */
  async requests(): Promise<PanelRequest[]> {
    return [...this.earlier, ...(await this.readRequests())];
  }

  /** What the panel has posted of one kind, in this order. */
  async requestsOf<K extends PanelRequest['kind']>(kind: K): Promise<RequestOf<K>[]> {
    const requests = await this.requests();
    return requests.filter((request): request is RequestOf<K> => request.kind === kind);
  }

  /** Forgets what the panel has posted so far. */
  async clearRequests(): Promise<void> {
    this.earlier.length = 0;
    await this.page.evaluate(() => {
      (globalThis as unknown as FakeHost).faultlineRequests.length = 0;
    });
  }

  /** Waits until the panel has posted a request of this kind, and gives the first one. */
  async waitForRequest<K extends PanelRequest['kind']>(kind: K): Promise<RequestOf<K>> {
    await this.page.waitForFunction(
      (wanted) =>
        (globalThis as unknown as FakeHost).faultlineRequests.some(
          (request) => (request as PanelRequest).kind === wanted,
        ),
      kind,
    );
    const [found] = await this.requestsOf(kind);
    if (found === undefined) throw new Error(`The panel has posted no ${kind}.`);
    return found;
  }

  /** From now on answers requests of a kind by itself. */
  answer<K extends PanelRequest['kind']>(
    kind: K,
    answer: (request: RequestOf<K>) => PanelAnswer | Promise<PanelAnswer>,
  ): void {
    this.answers.set(kind, answer as Answerer);
  }

  /** From now on answers the panel's queries of a name: with what is returned, or refuses with an error's words. */
  answerQuery<N extends PanelQueryName>(
    name: N,
    answer: (args: CustomRequests[N]['arguments']) => CustomRequests[N]['result'] | Error,
  ): void {
    this.queries.set(name, answer as (args: unknown) => unknown);
    this.answer('query', (query) => {
      const known = this.queries.get(query.name);
      // Parts of the panel that a test is not about ask too.
      const result = known?.(query.arguments) ?? new Error(`Nobody answers ${query.name}.`);
      return result instanceof Error
        ? { kind: 'refused', id: query.id, reason: result.message }
        : { kind: 'answer', id: query.id, result };
    });
  }

  /** From now on a live session answers all queries; states that it tells on the way are shown, as in VS Code. */
  answerFrom(client: DapClient): void {
    this.answer('query', async ({ id, name, arguments: args }) => {
      const before = client.events.length;
      const answer = await client.send(name, args);
      const told = client.events
        .slice(before)
        .filter(({ event }) => event === 'faultline/state')
        .map(({ body: state }) => ({ kind: 'state', state: state as PanelState }) as const);
      return [
        ...told,
        answer.success
          ? { kind: 'answer', id, result: answer.body as unknown }
          : { kind: 'refused', id, reason: answer.message ?? '' },
      ];
    });
  }

  /** Loads the page again as VS Code does with a moved or restored panel: only what `setState` kept remains. */
  async reload(): Promise<void> {
    this.earlier.push(...(await this.readRequests()));
    await this.page.reload();
    await this.waitForRequest('ready');
    await this.settle();
  }

  /** Changes the theme while the panel is open. */
  async showTheme(name: ThemeName): Promise<void> {
    const theme = readTheme(name);
    await this.page.evaluate(
      (told) => (globalThis as unknown as FakeHost).faultlineTheme(told),
      theme,
    );
    await this.settle();
  }

  /** Waits until what was asked for is drawn: two frames after what is queued. */
  async settle(): Promise<void> {
    await this.page.evaluate(
      () =>
        new Promise<void>((resolve) => {
          setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(() => resolve())));
        }),
    );
  }

  /** Everything that axe finds, of any impact, one text for each rule. */
  async violations(): Promise<string[]> {
    const { violations } = await new AxeBuilder({ page: this.page }).setLegacyMode().analyze();
    return violations.map(({ id, impact, nodes }) => {
      const places = nodes.map(({ html, failureSummary }) => `${html} ${failureSummary ?? ''}`);
      return `${id} (${impact ?? 'no impact'}): ${places.join('; ')}`;
    });
  }

  /** All tables of the page as texts, also those that only screen readers see. */
  async tables(): Promise<TableText[]> {
    return this.page.evaluate(readTables);
  }

  /** What has the focus, after pressing Tab from the start of the page until it comes around: accessible names. */
  async tabStops(limit = 200): Promise<string[]> {
    const stops: string[] = [];
    await this.page.evaluate(() => {
      if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    });
    while (stops.length < limit) {
      await this.page.keyboard.press('Tab');
      const stop = await this.page.evaluate(() => {
        const element = document.activeElement;
        if (element === null || element === document.body) return undefined;
        return element.getAttribute('aria-label') ?? element.textContent.trim();
      });
      if (stop === undefined) return stops;
      stops.push(stop);
    }
    return stops;
  }

  /** Takes a picture of the whole page as `test-results/browser/screenshots/NAME.png`; its path. */
  async screenshot(name: string): Promise<string> {
    const folder = path.join(resultsFolder, 'screenshots');
    mkdirSync(folder, { recursive: true });
    const file = path.join(folder, `${name}.png`);
    await this.page.screenshot({ path: file, fullPage: true, animations: 'disabled' });
    return file;
  }

  /** Ends the page. */
  async close(): Promise<void> {
    await this.context.close();
  }

  private async readRequests(): Promise<PanelRequest[]> {
    return this.page.evaluate(
      () => (globalThis as unknown as FakeHost).faultlineRequests as PanelRequest[],
    );
  }

  private async prepare(bundle: Bundle, settings: HostSettings): Promise<void> {
    const { page } = this;
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) this.problems.push(message.text());
    });
    page.on('pageerror', (error) => this.problems.push(error.message));
    page.on('requestfailed', (request) => this.problems.push(`not loaded: ${request.url()}`));
    await page.exposeFunction('faultlineProblem', (text: string) => {
      this.problems.push(text);
    });
    await page.exposeFunction('faultlineAnswer', (request: PanelRequest) => this.reply(request));
    await page.addInitScript(installFakeHost, settings);
    await page.route('**/*', (route) => serve(route, bundle));
  }

  private async reply(request: PanelRequest): Promise<readonly unknown[]> {
    const answer = this.answers.get(request.kind);
    if (answer === undefined) return [];
    try {
      const messages = await answer(request);
      const list = messages === undefined ? [] : [messages].flat();
      return JSON.parse(JSON.stringify(list)) as unknown[];
    } catch (error) {
      this.problems.push(`the test's answer to ${request.kind} failed: ${String(error)}`);
      return [];
    }
  }
}

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  js: 'text/javascript',
  css: 'text/css',
  ttf: 'font/ttf',
};

/** The document at the root, beside it the files of the bundle, and nothing else. */
async function serve(route: Route, bundle: Bundle): Promise<void> {
  const { origin, pathname } = new URL(route.request().url());
  if (origin === ORIGIN && pathname === '/') {
    const body = panelDocument({
      script: `${ORIGIN}/webview.js`,
      style: `${ORIGIN}/webview.css`,
      cspSource: ORIGIN,
      nonce: 'wordoftests',
    });
    return route.fulfill({ contentType: 'text/html', body });
  }
  const contents = origin === ORIGIN ? bundle.get(pathname.slice(1)) : undefined;
  if (contents === undefined) return route.abort();
  const ending = /[^.]*$/.exec(pathname)?.[0] ?? '';
  return route.fulfill({
    contentType: CONTENT_TYPES[ending] ?? 'application/octet-stream',
    body: Buffer.from(contents),
  });
}
