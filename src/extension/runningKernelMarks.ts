/**
 * Tells in tabs and lists which kernel a read-only file belongs to while a session runs, so that a line of one kernel is
 * not taken for a line of another: files of other kernels are faint, and the hover says so. There is no letter beside
 * the name, since VS Code shows its lock there.
 */
import * as vscode from 'vscode';
import { kernelOf } from './kernelFileSystem.ts';
import type { SessionTracker } from './sessionTracker.ts';

export class RunningKernelMarks implements vscode.FileDecorationProvider, vscode.Disposable {
  readonly #tracker: SessionTracker;
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly #subscriptions: vscode.Disposable[];

  readonly onDidChangeFileDecorations = this.#changed.event;

  constructor(tracker: SessionTracker) {
    this.#tracker = tracker;
    this.#subscriptions = [
      this.#changed,
      vscode.window.registerFileDecorationProvider(this),
      tracker.onDidChange(({ kind }) => {
        if (kind === 'started' || kind === 'ended') this.#changed.fire(undefined);
      }),
    ];
  }

  provideFileDecoration(uri: vscode.Uri): vscode.FileDecoration | undefined {
    const kernel = kernelOf(uri);
    const running = this.#tracker.runningKernel;
    if (kernel === undefined || running === undefined) return undefined;
    if (kernel === running) {
      return new vscode.FileDecoration(
        undefined,
        vscode.l10n.t('{0}: the kernel that runs', kernel),
      );
    }
    return new vscode.FileDecoration(
      undefined,
      vscode.l10n.t('{0}: not the kernel that runs, which is {1}', kernel, running),
      new vscode.ThemeColor('disabledForeground'),
    );
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }
}
