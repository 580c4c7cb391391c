/**
 * Values at the ends of the lines that the selected frame has executed. The adapter says which; VS Code
 * asks only for the source of the selected frame, once for each part of it that is on screen.
 */
import * as vscode from 'vscode';
import type { CustomRequests } from '../view/protocol.ts';
import type { SessionTracker } from './sessionTracker.ts';

type Answer = CustomRequests['faultline/inlineValues']['result'];

export class InlineValues implements vscode.InlineValuesProvider {
  private readonly tracker: SessionTracker;
  /** The question that has not been answered yet. */
  private pending: { readonly frameId: number; readonly answer: Promise<Answer> } | undefined;

  constructor(tracker: SessionTracker) {
    this.tracker = tracker;
  }

  async provideInlineValues(
    _document: vscode.TextDocument,
    viewPort: vscode.Range,
    { frameId }: vscode.InlineValueContext,
  ): Promise<vscode.InlineValue[]> {
    if (vscode.debug.activeDebugSession !== this.tracker.active) return [];
    const { values } = await this.ask(frameId);
    return values
      .filter(({ line1 }) => viewPort.start.line < line1 && line1 <= viewPort.end.line + 1)
      .map(({ line1, column1, endColumn1, text }) => {
        const range = new vscode.Range(line1 - 1, column1 - 1, line1 - 1, endColumn1 - 1);
        return new vscode.InlineValueText(range, text);
      });
  }

  private async ask(frameId: number): Promise<Answer> {
    if (this.pending?.frameId === frameId) return await this.pending.answer;
    const answer = this.tracker.request('faultline/inlineValues', { frameId }).catch(
      // The run has moved on, or the session is over: the next stop asks again.
      (): Answer => ({ values: [] }),
    );
    const pending = { frameId, answer };
    this.pending = pending;
    const result = await answer;
    if (this.pending === pending) this.pending = undefined;
    return result;
  }
}
