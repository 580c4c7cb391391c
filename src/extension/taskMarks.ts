/**
 * Marks behind the lines where tasks stand other than the selected one, in all visible editors, and in
 * the overview ruler; at every stop anew, gone when the machine runs for long or the session is over.
 */
import * as vscode from 'vscode';
import type { TaskMark } from '../view/taskMarks.ts';
import { sourceUri } from './problems.ts';

export class TaskMarks implements vscode.Disposable {
  private readonly decoration = vscode.window.createTextEditorDecorationType({
    after: {
      color: new vscode.ThemeColor('editorInlayHint.foreground'),
      backgroundColor: new vscode.ThemeColor('editorInlayHint.background'),
      margin: '0 0 0 2em',
    },
    // No icon in the gutter: VS Code sets no breakpoint by a click on a line with a foreign icon.
    overviewRulerColor: new vscode.ThemeColor('editorOverviewRuler.infoForeground'),
    overviewRulerLane: vscode.OverviewRulerLane.Center,
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
  });
  private readonly subscription: vscode.Disposable;
  private readonly byUri = new Map<string, TaskMark[]>();

  constructor() {
    this.subscription = vscode.window.onDidChangeVisibleTextEditors((editors) => {
      for (const editor of editors) this.mark(editor);
    });
  }

  /** Shows these marks and no others. */
  show(marks: readonly TaskMark[]): void {
    this.byUri.clear();
    for (const mark of marks) {
      const key = sourceUri(mark.uri).toString();
      const known = this.byUri.get(key) ?? [];
      known.push(mark);
      this.byUri.set(key, known);
    }
    for (const editor of vscode.window.visibleTextEditors) this.mark(editor);
  }

  dispose(): void {
    this.subscription.dispose();
    this.decoration.dispose();
  }

  private mark(editor: vscode.TextEditor): void {
    const { document } = editor;
    const marks = this.byUri.get(document.uri.toString()) ?? [];
    const options = marks
      .filter(({ line1 }) => line1 <= document.lineCount)
      .map(({ line1, text, details }): vscode.DecorationOptions => {
        const { end } = document.lineAt(line1 - 1).range;
        const hoverMessage = new vscode.MarkdownString();
        hoverMessage.appendText(details.join('\n'));
        return {
          range: new vscode.Range(end, end),
          hoverMessage,
          renderOptions: { after: { contentText: text } },
        };
      });
    editor.setDecorations(this.decoration, options);
  }
}
