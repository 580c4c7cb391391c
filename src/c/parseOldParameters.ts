/**
 * Definitions of functions in the old form, whose parameters get their types between the list of
 * their names and the body: `int f(a, b) char *a; int b; { … }`.
 *
 * A caller knows nothing of the types: it promotes its arguments, and the function converts them.
 * Source: C99 6.9.1.
 */
import type { CType } from '../bytecode/ctype.ts';
import type { ParseContext } from './parseContext.ts';
import {
  adjustParameter,
  parseDeclarator,
  type Declarator,
  type Parameter,
} from './parseDeclarator.ts';
import { parseSpecifiers } from './parseSpecifier.ts';
import type { Token } from './token.ts';
import { tokenPlace } from './tokenCursor.ts';
import { isTypeStart } from './typeStart.ts';

/** { declaration }: the declarator with the types that they give to its parameters */
export function parseOldParameters(context: ParseContext, declarator: Declarator): Declarator {
  const { oldNames } = declarator;
  if (oldNames === undefined) return declarator;
  const types = new Map<string, CType>();
  const names = new Set(oldNames.map(({ text }) => text));
  const { cursor } = context;
  while (!cursor.isPanicking && canDeclare(context)) {
    const specifiers = parseSpecifiers(context);
    if (specifiers.storage !== undefined && specifiers.storage !== 'register') {
      context.report('storage-not-allowed', specifiers.start, specifiers.storage);
    }
    do {
      const { name, type } = parseDeclarator(context, specifiers.type, 'named', true);
      if (name !== undefined) declareOld(context, names, types, name, adjustParameter(type));
    } while (cursor.accept(','));
    context.expectSemicolon();
  }
  const parameters = oldNames.flatMap((name): Parameter[] => {
    const type = types.get(name.text);
    const span = tokenPlace(name);
    if (type !== undefined) return [{ name, type, span }];
    context.report('old-style-parameters', span);
    return [];
  });
  return { ...declarator, parameters };
}

function canDeclare(context: ParseContext): boolean {
  return isTypeStart(context, context.token) || /^(?:register|static)$/.test(context.token.text);
}

function declareOld(
  context: ParseContext,
  names: ReadonlySet<string>,
  types: Map<string, CType>,
  name: Token,
  type: CType,
): void {
  if (!names.has(name.text)) context.report('not-a-parameter', tokenPlace(name), name.text);
  else if (types.has(name.text)) context.report('redefined', tokenPlace(name), name.text);
  else types.set(name.text, type);
}
