/**
 * Puts the diagnostics of a launch into the Problems panel: all of them, each at its place.
 *
 * They stay until the next launch says otherwise.
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

export class Problems implements vscode.Disposable {
  private readonly collection = vscode.languages.createDiagnosticCollection(DEBUG_TYPE);

  /** Replaces what the last launch said. */
  show(items: readonly DiagnosticItem[]): void {
    this.collection.clear();
    const byFile = new Map<string, vscode.Diagnostic[]>();
    for (const item of items) {
      if (item.uri === undefined) continue;
      const list = byFile.get(item.uri) ?? [];
      list.push(toDiagnostic(item));
      byFile.set(item.uri, list);
    }
    for (const [name, diagnostics] of byFile) this.collection.set(sourceUri(name), diagnostics);
  }

  dispose(): void {
    this.collection.dispose();
  }
}
