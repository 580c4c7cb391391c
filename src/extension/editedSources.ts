/**
 * Says so when a file that the session runs is saved with another text: the session goes on with the text
 * that it was launched with, and a restart takes the new one. Told once for each file and launch.
 */
import * as vscode from 'vscode';
import { sha256 } from '../base/sha256.ts';
import { toUri } from './adapterHost.ts';
import type { SessionTracker } from './sessionTracker.ts';

/** What the adapter tells of a source. */
interface ToldSource {
  readonly path?: string;
  readonly checksums?: readonly { readonly algorithm: string; readonly checksum: string }[];
}

export class EditedSources implements vscode.Disposable {
  readonly #tracker: SessionTracker;
  readonly #subscriptions: vscode.Disposable[];
  /** The checksums that were told of already. */
  readonly #told = new Set<string>();

  /** `inBackground` runs work and logs what it throws. */
  constructor(tracker: SessionTracker, inBackground: (work: () => Promise<void>) => Promise<void>) {
    this.#tracker = tracker;
    this.#subscriptions = [
      vscode.workspace.onDidSaveTextDocument((document) => {
        void inBackground(() => this.#saved(document));
      }),
      tracker.onDidChange(({ kind }) => {
        if (kind === 'started') this.#told.clear();
      }),
    ];
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  async #saved(document: vscode.TextDocument): Promise<void> {
    const session = this.#tracker.active;
    if (session === undefined) return;
    const { sources } = (await session.customRequest('loadedSources')) as {
      readonly sources: readonly ToldSource[];
    };
    const name = document.uri.toString();
    const source = sources.find(({ path }) => path !== undefined && names(path, document.uri));
    const compiled = source?.checksums?.find(({ algorithm }) => algorithm === 'SHA256')?.checksum;
    if (compiled === undefined || compiled === sha256(document.getText())) return;
    const key = `${name} ${compiled}`;
    if (this.#told.has(key)) return;
    this.#told.add(key);
    const restart = vscode.l10n.t('Restart');
    const chosen = await vscode.window.showInformationMessage(
      vscode.l10n.t(
        '{0} has been edited. This session goes on with the text that it was launched with; its lines may lie elsewhere now.',
        vscode.workspace.asRelativePath(document.uri),
      ),
      restart,
    );
    if (chosen === restart && this.#tracker.active === session) {
      await vscode.commands.executeCommand('workbench.action.debug.restart');
    }
  }
}

/** The scheme by which a remote window names what is `file` for its extensions. */
const REMOTE_SCHEME = 'vscode-remote';

/** Whether what VS Code has made of a source's path on its way here means a document. */
function names(path: string, document: vscode.Uri): boolean {
  const { scheme, path: place } = toUri(path);
  return place === document.path && (scheme === document.scheme || scheme === REMOTE_SCHEME);
}
