/**
 * What editors show while a session stands: values at the ends of lines, where the other tasks are, and where values
 * come from. All of it lives with the session and follows what is selected in the call stack.
 */
import * as vscode from 'vscode';
import { listTaskMarks } from '../view/taskMarks.ts';
import { PROGRAM_LANGUAGE } from './ids.ts';
import { InlineValues } from './inlineValues.ts';
import type { SessionTracker } from './sessionTracker.ts';
import { TaskMarks } from './taskMarks.ts';
import { ValueHover } from './valueHover.ts';

const LANGUAGES = ['c', 'cpp', PROGRAM_LANGUAGE];

export class EditorAids implements vscode.Disposable {
  private readonly tracker: SessionTracker;
  private readonly marks = new TaskMarks();
  private readonly subscription: vscode.Disposable;
  private ofSession: vscode.Disposable | undefined;

  constructor(tracker: SessionTracker) {
    this.tracker = tracker;
    this.subscription = tracker.onDidChange((change) => {
      switch (change.kind) {
        case 'started':
          this.begin();
          return;
        case 'state':
        case 'selected':
          this.markTasks();
          return;
        case 'running':
          this.marks.show([]);
          return;
        case 'ended':
          this.end();
          return;
        case 'diagnostics':
        case 'lastMoment':
      }
    });
  }

  dispose(): void {
    this.end();
    this.subscription.dispose();
    this.marks.dispose();
  }

  /** Only for a session: for a document with a provider VS Code asks nobody else, other debuggers included. */
  private begin(): void {
    this.ofSession?.dispose();
    const { registerHoverProvider, registerInlineValuesProvider } = vscode.languages;
    this.ofSession = vscode.Disposable.from(
      registerInlineValuesProvider(LANGUAGES, new InlineValues(this.tracker)),
      registerHoverProvider(LANGUAGES, new ValueHover(this.tracker)),
    );
  }

  private end(): void {
    this.ofSession?.dispose();
    this.ofSession = undefined;
    this.marks.show([]);
  }

  private markTasks(): void {
    const { lastState, selectedTaskId } = this.tracker;
    if (lastState !== undefined) this.marks.show(listTaskMarks(lastState, selectedTaskId));
  }
}
