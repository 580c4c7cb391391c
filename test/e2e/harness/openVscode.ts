// Opens real VS Code on a folder with an extension: VS Code's server on a free port with fresh data, and a browser page.
//
// The extension comes from its development path or, as users get it, from its package, which was installed before
// (`installPackage`) and is copied. Every call makes its own server, data folders and browser, so journeys share nothing;
// `close` ends exactly these and removes the data. The server has no connection token and is only for tests.
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import {
  installVscodeServer,
  startVscodeServer,
  type VscodeServer,
} from '../../../scripts/vscodeServer.mjs';
import { launchBrowser } from '../../support/browser.ts';
import { copyInstalled } from './installedPackage.ts';
import { patience } from './waiting.ts';

/** Where the extension under test comes from. */
export type ExtensionSource =
  { kind: 'development'; path: string } | { kind: 'packaged' } | { kind: 'none' };

/** What to open. */
export interface OpenOptions {
  /** The folder that VS Code opens, absolute. */
  folder: string;
  extension: ExtensionSource;
  /** The color theme; the default is `Default Light Modern`. */
  theme?: ColorTheme;
  /** Further settings, as in settings.json. */
  settings?: Record<string, unknown>;
  /** A CommonJS module whose `run()` is executed in the extension host; its end is `testsEnded`. */
  testsPath?: string;
  /** Added to the environment of the server and so of the extension host. */
  env?: Record<string, string>;
  /** The size of the window; the default is 1600 x 1000. */
  viewport?: { width: number; height: number };
}

/** The themes in which pictures are made. */
export type ColorTheme =
  | 'Default Light Modern'
  | 'Default Dark Modern'
  | 'Default High Contrast'
  | 'Default High Contrast Light';

/** A running VS Code with its page. */
export interface OpenedVscode {
  readonly page: Page;
  /** The exit code of the suite of `testsPath`; never resolves without one. */
  readonly testsEnded: Promise<number>;
  /** Changes settings; the workbench takes them as soon as it notices that the file is another one. */
  changeSettings(settings: Record<string, unknown>): void;
  /** What the server and the page have printed so far. */
  log(): string;
  /** Copies VS Code's own logs (extension host, output channels) into a folder. */
  copyLogs(target: string): void;
  /** Ends the browser and the server and removes their data. */
  close(): Promise<void>;
}

/** Settings that keep VS Code quiet and the same on every machine. */
const quietSettings = {
  'chat.disableAIFeatures': true,
  'editor.minimap.enabled': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'git.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'window.restoreWindows': 'none',
  'workbench.enableExperiments': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
};

/** Starts VS Code and its page; the caller waits for the workbench and closes it in the end. */
export async function openVscode(options: OpenOptions): Promise<OpenedVscode> {
  const serverMain = installVscodeServer();
  const data = mkdtempSync(path.join(tmpdir(), 'faultline-e2e-'));
  const serverDataDir = path.join(data, 'server');
  const extensionsDir = path.join(data, 'extensions');
  const lines: string[] = [];
  const closers: (() => Promise<void>)[] = [];
  let starting: Promise<unknown>[] = [];
  const close = async (): Promise<void> => {
    await Promise.allSettled(starting);
    for (const closer of closers.reverse()) await closer();
    rmSync(data, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };

  try {
    let settings: Record<string, unknown> = {
      ...quietSettings,
      'workbench.colorTheme': options.theme ?? 'Default Light Modern',
      ...options.settings,
    };
    writeSettings(serverDataDir, settings);
    mkdirSync(extensionsDir, { recursive: true });
    if (options.extension.kind === 'packaged') {
      copyInstalled(extensionsDir);
    }
    const startedServer = startVscodeServer({
      serverMain,
      serverDataDir,
      extensionsDir,
      smokeTest: true,
      env: options.env ?? {},
      onOutput: (text) => lines.push(text.trimEnd()),
    }).then((started) => {
      closers.push(() => started.stop());
      return started;
    });
    const launchedBrowser = launchBrowser().then((launched) => {
      closers.push(() => launched.close());
      return launched;
    });
    starting = [startedServer, launchedBrowser];
    const [server, browser] = await Promise.all([startedServer, launchedBrowser]);

    const context = await browser.newContext({
      viewport: options.viewport ?? { width: 1600, height: 1000 },
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    context.setDefaultTimeout(patience);
    const page = await context.newPage();
    page.on('console', (message) => lines.push(`[page ${message.type()}] ${message.text()}`));
    page.on('pageerror', (error) => lines.push(`[page error] ${error.message}`));
    const testsEnded = new Promise<number>((resolve) => {
      void page.exposeFunction('codeAutomationExit', (code: number) => {
        resolve(code);
      });
    });
    await page.exposeFunction('codeAutomationLog', (type: string, args: unknown[]) => {
      lines.push(`[workbench ${type}] ${args.map(String).join(' ')}`);
    });
    await page.goto(addressOf(server, options));
    return {
      page,
      testsEnded,
      changeSettings: (changed) => {
        settings = { ...settings, ...changed };
        writeSettings(serverDataDir, settings);
      },
      log: () => lines.join('\n'),
      copyLogs: (target) => {
        const logs = path.join(serverDataDir, 'data', 'logs');
        if (existsSync(logs)) cpSync(logs, target, { recursive: true });
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Machine settings reach the workbench without any click, unlike the user settings kept in the browser. */
function writeSettings(serverDataDir: string, settings: Record<string, unknown>): void {
  const folder = path.join(serverDataDir, 'data', 'Machine');
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'settings.json'), `${JSON.stringify(settings, null, 2)}\n`);
}

/** The address of the workbench: the folder, and which extension and suite to load from a development path. */
function addressOf(server: VscodeServer, options: OpenOptions): string {
  const remote = (file: string): string => `vscode-remote://127.0.0.1:${server.port}${file}`;
  const payload: [string, string][] = [];
  if (options.extension.kind === 'development') {
    payload.push(['extensionDevelopmentPath', remote(options.extension.path)]);
  }
  if (options.testsPath !== undefined) {
    payload.push(['extensionTestsPath', remote(options.testsPath)]);
  }
  const query = new URLSearchParams({ folder: options.folder, payload: JSON.stringify(payload) });
  return `${server.origin}/?${query.toString()}`;
}
