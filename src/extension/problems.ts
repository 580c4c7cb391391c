/**
 * Puts diagnostics into the Problems panel: all of them, each at its place.
 *
 * Those of a launch stay until the next launch or a check of their file says otherwise, those of a lab
 * folder until its next check.
 */
import * as vscode from 'vscode';
import type { DiagnosticItem } from '../view/protocol.ts';
import { DEBUG_TYPE } from './ids.ts';

/** The URI of what the adapter calls a file: a URI of ours, or a path of the workspace's system. */
export function sourceUri(name: string): vscode.Uri {
  return /^[a-z][a-z0-9+.-]+:/i.test(name) && !/^[a-z]:[\\/]/i.test(name)
    ? vscode.Uri.parse(name)
    : vscode.Uri.file(name);
}

function toDiagnostic(item: DiagnosticItem): vscode.Diagnostic {
  const diagnostic = new vscode.Diagnostic(
    new vscode.Range(item.line1 - 1, item.column1 - 1, item.endLine1 - 1, item.endColumn1 - 1),
    item.message,
    item.severity === 'error' ? vscode.DiagnosticSeverity.Error : vscode.DiagnosticSeverity.Warning,
  );
  diagnostic.code = item.code;
  diagnostic.source = DEBUG_TYPE;
  diagnostic.relatedInformation = item.notes.flatMap((note) =>
    note.uri === undefined
      ? []
      : [
          new vscode.DiagnosticRelatedInformation(
            new vscode.Location(
              sourceUri(note.uri),
              new vscode.Position(note.line1 - 1, note.column1 - 1),
            ),
            note.message,
          ),
        ],
  );
  return diagnostic;
}

/** Two reports of one mistake, such as of a check and of a launch. */
function isSame(one: DiagnosticItem, other: DiagnosticItem): boolean {
  return (
    one.code === other.code &&
    one.line1 === other.line1 &&
    one.column1 === other.column1 &&
    one.message === other.message
  );
}

export class Problems implements vscode.Disposable {
  private readonly collection = vscode.languages.createDiagnosticCollection(DEBUG_TYPE);
  /** What the last launch said, and what the last check of each lab folder said. */
  private launch: readonly DiagnosticItem[] = [];
  private readonly checks = new Map<string, readonly DiagnosticItem[]>();

  /** Replaces what the last launch said. */
  show(items: readonly DiagnosticItem[]): void {
    this.launch = items;
    this.update();
  }

  /**
   * Replaces what the last check of a lab folder said; `files` are those it looked at, of which
   * nothing that a launch said is true any longer.
   */
  showCheck(
    folder: vscode.Uri,
    items: readonly DiagnosticItem[],
    files: readonly vscode.Uri[],
  ): void {
    const checked = new Set(files.map(String));
    this.launch = this.launch.filter(
      ({ uri }) => uri === undefined || !checked.has(sourceUri(uri).toString()),
    );
    this.checks.set(folder.toString(), items);
    this.update();
  }

  /** The folder is no lab any more. */
  forget(folder: vscode.Uri): void {
    if (this.checks.delete(folder.toString())) this.update();
  }

  dispose(): void {
    this.collection.dispose();
  }

  private update(): void {
    const byFile = new Map<string, DiagnosticItem[]>();
    for (const item of [...[...this.checks.values()].flat(), ...this.launch]) {
      if (item.uri === undefined) continue;
      const name = sourceUri(item.uri).toString();
      const list = byFile.get(name) ?? [];
      if (!list.some((other) => isSame(item, other))) list.push(item);
      byFile.set(name, list);
    }
    const entries: [vscode.Uri, vscode.Diagnostic[] | undefined][] = [];
    this.collection.forEach((uri) => {
      if (!byFile.has(uri.toString())) entries.push([uri, undefined]);
    });
    for (const [name, items] of byFile) {
      entries.push([vscode.Uri.parse(name), items.map(toDiagnostic)]);
    }
    this.collection.set(entries);
  }
}
