/**
 * The setting `faultline.hexNumbers`: every session starts with it, and a change reaches the session that runs.
 *
 * The button of the Variables view changes the form for its session only and leaves the setting alone.
 */
import * as vscode from 'vscode';
import { SETTINGS } from './ids.ts';
import type { SessionTracker } from './sessionTracker.ts';

function wantsHex(): boolean {
  return vscode.workspace.getConfiguration().get(SETTINGS.hexNumbers) === true;
}

/** Follows the setting. `run` takes work and shows or logs what it throws. */
export function followNumberFormat(
  tracker: SessionTracker,
  run: (work: () => Promise<void>) => Promise<void>,
): vscode.Disposable {
  const send = (): void => {
    void run(async () => {
      await tracker.request('faultline/format', { hex: wantsHex() });
    });
  };
  return vscode.Disposable.from(
    tracker.onDidChange(({ kind }) => {
      if (kind === 'started' && wantsHex()) send();
    }),
    vscode.workspace.onDidChangeConfiguration((event) => {
      const isOurs = event.affectsConfiguration(SETTINGS.hexNumbers);
      if (isOurs && tracker.active !== undefined) send();
    }),
  );
}
