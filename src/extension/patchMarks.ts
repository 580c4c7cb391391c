/**
 * Marks the lines that the patch adds or changes, beside the gutter and with a hover that shows the hunk,
 * in every kernel tree that has them: the read-only ones and the copies in lab folders.
 */
import * as vscode from 'vscode';
import { locatePatchedLines, type PatchedLines } from '../scenario/patchedLines.ts';

/** The path inside its kernel tree of a document, or `undefined` when it belongs to none. */
export type TreePathOf = (uri: vscode.Uri) => string | undefined;

export class PatchMarks implements vscode.Disposable {
  private readonly decoration: vscode.TextEditorDecorationType;
  private readonly runs: readonly PatchedLines[];
  private readonly treePathOf: TreePathOf;
  private readonly subscriptions: { dispose(): unknown }[] = [];

  constructor(runs: readonly PatchedLines[], treePathOf: TreePathOf) {
    this.runs = runs;
    this.treePathOf = treePathOf;
    this.decoration = vscode.window.createTextEditorDecorationType({
      // A bar at the edge of the gutter, not an icon in it: VS Code sets no breakpoint by a click on a
      // line with a foreign icon, and these are the lines where breakpoints are wanted most.
      isWholeLine: true,
      borderStyle: 'none none none solid',
      borderWidth: '4px',
      borderColor: new vscode.ThemeColor('editorGutter.addedBackground'),
      overviewRulerColor: new vscode.ThemeColor('editorOverviewRuler.addedForeground'),
      overviewRulerLane: vscode.OverviewRulerLane.Left,
    });
    this.subscriptions.push(
      this.decoration,
      vscode.window.onDidChangeVisibleTextEditors((editors) => {
        for (const editor of editors) this.mark(editor);
      }),
      vscode.workspace.onDidChangeTextDocument((event) => {
        for (const editor of vscode.window.visibleTextEditors) {
          if (editor.document === event.document) this.mark(editor);
        }
      }),
    );
    for (const editor of vscode.window.visibleTextEditors) this.mark(editor);
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private mark(editor: vscode.TextEditor): void {
    const path = this.treePathOf(editor.document.uri);
    if (path === undefined) return;
    const text = editor.document.getText();
    const options: vscode.DecorationOptions[] = [];
    for (const run of this.runs) {
      if (run.path !== path) continue;
      const line1 = locatePatchedLines(run, text);
      if (line1 === undefined) continue;
      const hover = new vscode.MarkdownString();
      hover.appendMarkdown(vscode.l10n.t('The patch adds this:'));
      hover.appendCodeblock(run.hunk, 'diff');
      const last = line1 + run.lines.length - 1;
      options.push({
        range: new vscode.Range(line1 - 1, 0, last - 1, Number.MAX_SAFE_INTEGER),
        hoverMessage: hover,
      });
    }
    editor.setDecorations(this.decoration, options);
  }
}
