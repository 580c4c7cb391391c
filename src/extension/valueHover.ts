/**
 * The value of what is pointed at and who wrote it last, in the hover of the language, beside the notes
 * and the glossary. In the source of the selected frame VS Code shows its own debug hover first, which says the same
 * in its words; this one comes with Alt, and by itself in all other sources of the call stack.
 */
import * as vscode from 'vscode';
import { expressionAt, registerAt } from '../view/expressionAt.ts';
import type { ValueOrigin } from '../view/protocol.ts';
import { PROGRAM_LANGUAGE } from './ids.ts';
import type { SessionTracker } from './sessionTracker.ts';

/** DAP's name of a document. */
function sourceName(uri: vscode.Uri): string {
  return uri.scheme === 'file' ? uri.fsPath : uri.toString();
}

function toMarkdown({ expression, value, writer }: ValueOrigin): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  text.appendCodeblock(`${expression} = ${value}`, 'c');
  if (writer !== undefined) text.appendText(writer);
  return text;
}

export class ValueHover implements vscode.HoverProvider {
  private readonly tracker: SessionTracker;

  constructor(tracker: SessionTracker) {
    this.tracker = tracker;
  }

  async provideHover(
    document: vscode.TextDocument,
    position: vscode.Position,
    token: vscode.CancellationToken,
  ): Promise<vscode.Hover | undefined> {
    const session = this.tracker.active;
    if (session === undefined || session !== vscode.debug.activeDebugSession) return undefined;
    const find = document.languageId === PROGRAM_LANGUAGE ? registerAt : expressionAt;
    const found = find(document.lineAt(position).text, position.character);
    if (found === undefined) return undefined;
    const item = vscode.debug.activeStackItem;
    const frame = item instanceof vscode.DebugStackFrame ? { frameId: item.frameId } : {};
    try {
      const origin = await this.tracker.request('faultline/valueOrigin', {
        expression: found.expression,
        uri: sourceName(document.uri),
        line1: position.line + 1,
        ...frame,
      });
      if (token.isCancellationRequested) return undefined;
      const range = new vscode.Range(position.line, found.start, position.line, found.end);
      return new vscode.Hover(toMarkdown(origin), range);
    } catch {
      // No value here, or the machine runs: the other hovers stand alone.
      return undefined;
    }
  }
}
