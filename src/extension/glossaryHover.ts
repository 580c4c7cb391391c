/**
 * Hovers for the words of page faults: about twenty-five terms, from one file, shown over the
 * identifiers that belong to them in kernel trees and lab folders.
 */
import * as vscode from 'vscode';

/** An entry of `media/glossary.json`. */
export interface GlossaryEntry {
  readonly term: string;
  /** Identifiers of the kernel tree over which it is shown. */
  readonly words: readonly string[];
  readonly text: string;
}

/** Which documents get our hovers: read-only trees, and C files inside a lab folder. */
export type IsKernelDocument = (document: vscode.TextDocument) => boolean;

export class GlossaryHover implements vscode.HoverProvider {
  private readonly entries = new Map<string, GlossaryEntry[]>();
  private readonly isKernelDocument: IsKernelDocument;

  constructor(entries: readonly GlossaryEntry[], isKernelDocument: IsKernelDocument) {
    this.isKernelDocument = isKernelDocument;
    for (const entry of entries) {
      for (const word of entry.words) {
        this.entries.set(word, [...(this.entries.get(word) ?? []), entry]);
      }
    }
  }

  provideHover(document: vscode.TextDocument, position: vscode.Position): vscode.Hover | undefined {
    if (!this.isKernelDocument(document)) return undefined;
    const range = document.getWordRangeAtPosition(position, /[A-Za-z_]\w*/);
    if (range === undefined) return undefined;
    const entries = this.entries.get(document.getText(range));
    if (entries === undefined) return undefined;
    return new vscode.Hover(
      entries.map((entry) => new vscode.MarkdownString(`**${entry.term}**: ${entry.text}`)),
      range,
    );
  }
}
