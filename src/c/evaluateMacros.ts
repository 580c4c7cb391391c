/**
 * Macros for expressions of the debugger: rebuilt from what a program keeps of them, and only those
 * that an expression can reach.
 */
import type { SourceFile } from '../base/span.ts';
import type { Program } from '../bytecode/program.ts';
import { DiagnosticSink } from './diagnosticSink.ts';
import { lexFile } from './lexedFile.ts';
import { readMacro, type Macro } from './macro.ts';
import type { Token } from './token.ts';

type MacroTables = Pick<Program, 'macros' | 'functionMacros'>;

function definitionOf(tables: MacroTables, name: string): string | undefined {
  const object = tables.macros.get(name);
  if (object !== undefined) return `${name} ${object.body}`;
  return tables.functionMacros?.get(name)?.definition;
}

/** The macros that the expansion of a text can meet, by name. */
export function macrosFor(tables: MacroTables, file: SourceFile): ReadonlyMap<string, Macro> {
  const found = new Map<string, Macro>();
  const sink = new DiagnosticSink();

  function addFrom(tokens: readonly Token[]): void {
    for (const token of tokens) {
      if (token.kind !== 'identifier' || found.has(token.text)) continue;
      const definition = definitionOf(tables, token.text);
      if (definition === undefined) continue;
      const text: SourceFile = { path: `<macro ${token.text}>`, text: definition };
      const span = { file: text, start: 0, end: definition.length };
      const macro = readMacro(lexFile(text).tokens.slice(0, -1), span, sink);
      if (macro === undefined) continue;
      found.set(token.text, macro);
      addFrom(macro.body);
    }
  }

  addFrom(lexFile(file).tokens);
  return found;
}
