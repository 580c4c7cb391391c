/**
 * Warnings about what only a unit itself can use and does not: its static functions and variables.
 *
 * Headers are for many units, so what they define may stay unused; so may what is `inline` or `const`.
 */
import type { SourceFile } from '../../base/span.ts';
import type { ParseContext } from '../parseContext.ts';

/** Looks at the names of a unit, once all of it has been parsed; `file` is the unit's own. */
export function warnUnusedNames(context: ParseContext, file: SourceFile): void {
  for (const symbol of context.scopes.fileSymbols.values()) {
    if (symbol.span.file !== file || symbol.span.inMacro !== undefined) continue;
    if (symbol.kind === 'function') {
      const { definition, linkage, isInline, isUsed, name, span } = symbol;
      const isIdle = definition !== undefined && linkage === 'internal' && !isInline && !isUsed;
      if (isIdle) context.report('unused-function', span, name);
    } else if (symbol.kind === 'variable') {
      const { linkage, isUsed, name, span, type, definition } = symbol;
      const isIdle = definition !== 'none' && linkage === 'internal' && !isUsed;
      if (isIdle && type.isConst !== true) context.report('unused-variable', span, name);
    }
  }
}
