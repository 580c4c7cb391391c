/**
 * Memory of the machine as read-only documents: the bytes of a variable with the names of its fields, read again at
 * every stop, with a mark at what has changed since the stop before.
 *
 * A document stays with its place in memory, wherever the run goes; it ends with its session and then keeps what it
 * showed last. `faultline-memory:/LABEL?NUMBER`; the number tells documents of one label apart.
 */
import * as vscode from 'vscode';
import { CHANGED_MARK, markChanges } from '../view/memoryText.ts';
import type { CustomRequests, MemoryView } from '../view/protocol.ts';
import { MEMORY_SCHEME } from './ids.ts';
import type { SessionTracker } from './sessionTracker.ts';

type MemoryArguments = CustomRequests['faultline/memory']['arguments'];

interface Piece {
  readonly uri: vscode.Uri;
  /** What was asked for, in the user's words. */
  readonly label: string;
  /** How to ask again; `undefined` where it cannot be asked again. */
  again: MemoryArguments | undefined;
  view: MemoryView;
  /** The lines of the stop before. */
  before: readonly string[] | undefined;
  /** What went wrong at the last stop. */
  problem: string | undefined;
}

function nextArguments({ pinned, mark }: MemoryView): MemoryArguments | undefined {
  if (pinned === undefined) return undefined;
  return { expression: pinned, ...(mark === undefined ? {} : { mark }) };
}

function textOf({ label, view, before, problem }: Piece): string {
  const lines = markChanges(before, view.lines);
  const isMarked = lines.some((line) => line.charAt(1) === CHANGED_MARK);
  return [
    label,
    view.title,
    view.when,
    ...(problem === undefined ? [] : [problem]),
    ...(isMarked
      ? [vscode.l10n.t('{0} marks what has changed since the stop before.', CHANGED_MARK)]
      : []),
    '',
    ...lines,
    '',
  ].join('\n');
}

export class MemoryDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #tracker: SessionTracker;
  readonly #pieces = new Map<string, Piece>();
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly #subscriptions: vscode.Disposable[];
  #count = 0;

  readonly onDidChange = this.#changed.event;

  constructor(tracker: SessionTracker) {
    this.#tracker = tracker;
    this.#subscriptions = [
      this.#changed,
      vscode.workspace.registerTextDocumentContentProvider(MEMORY_SCHEME, this),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => {
        this.#pieces.delete(uri.toString());
      }),
      tracker.onDidChange(({ kind }) => {
        if (kind === 'state') void this.#readAgain();
        else if (kind === 'ended') this.#end();
      }),
    ];
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  /** Opens the memory of an expression. Errors: as for the request. */
  async show(args: MemoryArguments): Promise<void> {
    const view = await this.#tracker.request('faultline/memory', args);
    const label = args.expression;
    this.#count += 1;
    const uri = vscode.Uri.from({
      scheme: MEMORY_SCHEME,
      // A slash would end the name of the tab.
      path: `/${label.replaceAll('/', '∕')}`,
      query: String(this.#count),
    });
    this.#pieces.set(uri.toString(), {
      uri,
      label,
      again: nextArguments(view),
      view,
      before: undefined,
      problem: undefined,
    });
    await this.#open(await vscode.workspace.openTextDocument(uri));
  }

  /**
   * Under the source, where lines have room, and where the panel beside it stays. The source stays the active editor: that
   * is where VS Code opens the place of the next stop.
   */
  async #open(document: vscode.TextDocument): Promise<void> {
    const open = vscode.window.visibleTextEditors.find(
      (editor) => editor.document.uri.scheme === MEMORY_SCHEME,
    );
    if (open?.viewColumn !== undefined) {
      const options = { viewColumn: open.viewColumn, preserveFocus: true, preview: false };
      await vscode.window.showTextDocument(document, options);
      return;
    }
    await vscode.commands.executeCommand('workbench.action.focusFirstEditorGroup');
    await vscode.commands.executeCommand('workbench.action.newGroupBelow');
    await vscode.window.showTextDocument(document, { preview: false });
    await vscode.commands.executeCommand('workbench.action.focusFirstEditorGroup');
    // The source has less room now: the place of the stop stays in sight.
    const source = vscode.window.activeTextEditor;
    source?.revealRange(source.selection, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    const piece = this.#pieces.get(uri.toString());
    // A tab that came back with the window.
    if (piece === undefined)
      return vscode.l10n.t('The session that this memory belonged to is over.');
    return textOf(piece);
  }

  async #readAgain(): Promise<void> {
    for (const piece of this.#pieces.values()) {
      if (piece.again === undefined) continue;
      try {
        const view = await this.#tracker.request('faultline/memory', piece.again);
        piece.before = piece.view.lines;
        piece.view = view;
        piece.problem = undefined;
      } catch (error) {
        // The run goes on already, or the place means nothing here: what was shown stays, and says so.
        piece.problem = error instanceof Error ? error.message : String(error);
      }
      this.#changed.fire(piece.uri);
    }
  }

  #end(): void {
    for (const piece of this.#pieces.values()) {
      piece.again = undefined;
      piece.problem = vscode.l10n.t('The session has ended; this is what it showed last.');
      this.#changed.fire(piece.uri);
    }
  }
}
