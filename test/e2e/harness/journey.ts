// A journey: one test in its own fresh VS Code, which leaves a picture and all logs when it fails.
//
// `journey(name, options, steps)` is a vitest test. On failure `test-results/e2e/<name>/` holds `failure.png`, what the
// server and the page printed (`vscode.log`), the debug adapter's messages (`dap.log`) and VS Code's own logs.
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { it } from 'vitest';
import { openVscode, type OpenedVscode, type OpenOptions } from './openVscode.ts';
import { resultsFolder } from './places.ts';
import { Workbench } from './workbench.ts';

/** What the steps of a journey get. */
export interface Journey {
  workbench: Workbench;
  vscode: OpenedVscode;
  /** The folder that is open, absolute. */
  folder: string;
}

/** How a journey starts: `folder` is made by a function, in a scratch place that is removed afterwards. */
export type JourneyOptions = Omit<OpenOptions, 'folder'> & {
  makeFolder: (folder: string) => void | Promise<void>;
};

/** Declares a test that opens VS Code, waits for the workbench, takes the steps and closes everything. */
export function journey(
  name: string,
  options: JourneyOptions,
  steps: (journey: Journey) => Promise<void>,
): void {
  it(name, async () => {
    const scratch = mkdtempSync(path.join(tmpdir(), 'faultline-journey-'));
    const folder = path.join(scratch, 'folder');
    const dapLog = path.join(scratch, 'dap.log');
    let vscode: OpenedVscode | undefined;
    try {
      await options.makeFolder(folder);
      const env = { FAULTLINE_DAP_LOG: dapLog, ...options.env };
      vscode = await openVscode({ ...options, folder, env });
      const workbench = new Workbench(vscode);
      await workbench.waitUntilReady();
      if (options.extension.kind === 'packaged') {
        // Until VS Code knows what the extension contributes, F5 is dropped without a word.
        await workbench.waitForCommand('Faultline: Step Through the Page Fault');
      }
      await steps({ workbench, vscode, folder });
    } catch (error) {
      if (vscode !== undefined) await keepTraces(name, vscode, dapLog);
      throw error;
    } finally {
      await vscode?.close();
      rmSync(scratch, { recursive: true, force: true });
    }
  });
}

/** Keeps what helps to understand a failure. */
async function keepTraces(name: string, vscode: OpenedVscode, dapLog: string): Promise<void> {
  const target = path.join(resultsFolder, name.replace(/[^A-Za-z0-9]+/g, '-').slice(0, 80));
  mkdirSync(target, { recursive: true });
  await vscode.page.screenshot({ path: path.join(target, 'failure.png') }).catch(String);
  writeFileSync(path.join(target, 'vscode.log'), vscode.log());
  if (existsSync(dapLog)) copyFileSync(dapLog, path.join(target, 'dap.log'));
  vscode.copyLogs(path.join(target, 'logs'));
  console.error(`Picture and logs of the failure: ${target}`);
}
