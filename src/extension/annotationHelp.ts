/**
 * Help for annotations in kernel trees and lab folders: hovers over them, over the statements and members that they are
 * about, and completion of their forms behind `//@`.
 */
import * as vscode from 'vscode';
import { formShape } from '../c/annotationForm.ts';
import { ANNOTATION_MEANINGS } from '../kernel/annotationWords.ts';
import { kernelLanguage } from '../kernel/kernelLanguage.ts';
import type { MediaFiles } from '../scenario/mediaFiles.ts';
import {
  describeAnnotations,
  listMemberNotes,
  type AnnotationForm,
  type MemberNote,
} from '../view/annotationHelp.ts';
import type { IsKernelDocument } from './glossaryHover.ts';

const HEADERS = 'kernel/include/';

const FORMS: readonly AnnotationForm[] = kernelLanguage.forms.map((form) => ({
  name: form.name,
  shape: formShape(form),
  meaning: ANNOTATION_MEANINGS[form.name] ?? '',
}));

function linesOf(document: vscode.TextDocument): readonly string[] {
  return document.getText().split(/\r?\n/);
}

export class AnnotationHelp implements vscode.HoverProvider, vscode.CompletionItemProvider {
  private readonly isKernelDocument: IsKernelDocument;
  private readonly shippedNotes: readonly MemberNote[];

  constructor(media: MediaFiles, isKernelDocument: IsKernelDocument) {
    this.isKernelDocument = isKernelDocument;
    this.shippedNotes = media
      .list(HEADERS)
      .flatMap((path) => listMemberNotes((media.read(path) ?? '').split('\n')));
  }

  provideHover(document: vscode.TextDocument, position: vscode.Position): vscode.Hover | undefined {
    if (!this.isKernelDocument(document)) return undefined;
    const lines = linesOf(document);
    const paragraphs = [
      ...this.notesOfMember(document, position, lines),
      ...describeAnnotations(lines, position.line, FORMS),
    ];
    if (paragraphs.length === 0) return undefined;
    return new vscode.Hover(new vscode.MarkdownString(paragraphs.join('\n\n')));
  }

  /** A member is meant behind `->` or `.`, and where its struct declares it. */
  private notesOfMember(
    document: vscode.TextDocument,
    position: vscode.Position,
    lines: readonly string[],
  ): readonly string[] {
    const range = document.getWordRangeAtPosition(position, /[A-Za-z_]\w*/);
    if (range === undefined) return [];
    const word = document.getText(range);
    const before = (lines[range.start.line] ?? '').slice(0, range.start.character);
    const own = listMemberNotes(lines);
    const notes = /(?:->|\.)$/.test(before) ? [...own, ...this.shippedNotes] : own;
    const found = notes.filter(({ member }) => member === word).map(({ text }) => text);
    return [...new Set(found)];
  }

  provideCompletionItems(
    document: vscode.TextDocument,
    position: vscode.Position,
  ): vscode.CompletionItem[] | undefined {
    const before = document.lineAt(position).text.slice(0, position.character);
    if (!this.isKernelDocument(document) || !/\/\/@\s*[a-z]*$/.test(before)) return undefined;
    return FORMS.map(({ name, shape, meaning }) => {
      const item = new vscode.CompletionItem(name, vscode.CompletionItemKind.Keyword);
      item.detail = shape;
      item.documentation = meaning;
      return item;
    });
  }
}
