/**
 * Scopes of a function: room in the frame for the variables of a block, and what the debugger is told
 * about them. A block without declarations makes no scope.
 */
import { sizeOf } from '../bytecode/ctype.ts';
import type { FunctionContext } from './functionContext.ts';
import type { FrameScope } from './objectCode.ts';
import type { VariableSymbol } from './ast.ts';

/** What `endScope` puts back. */
export interface OpenScope {
  readonly scope: FrameScope | undefined;
  readonly parent: number;
  readonly frameMark: number;
  readonly holdMark: number;
}

/** Reserves room for the automatic variables; each keeps it until `endScope`. */
export function startScope(
  context: FunctionContext,
  variables: readonly VariableSymbol[],
): OpenScope {
  const { frame, scopes } = context;
  const parent = context.scopeIndex;
  const frameMark = frame.mark();
  const holdMark = frame.holdMark();
  if (variables.length === 0) return { scope: undefined, parent, frameMark, holdMark };
  const scope: FrameScope = {
    start: context.builder.pc,
    end: context.builder.pc,
    parent,
    variables: [],
  };
  context.scopeIndex = scopes.length;
  scopes.push(scope);
  reserveVariables(context, variables);
  return { scope, parent, frameMark, holdMark };
}

/** Reserves the variables of a block in the frame; of static ones an object is made. */
export function reserveVariables(
  context: FunctionContext,
  variables: readonly VariableSymbol[],
): void {
  for (const symbol of variables) {
    if (context.checks.offsets.has(symbol)) continue;
    if (symbol.storage === 'automatic') {
      const words = Math.max(1, Math.ceil((sizeOf(symbol.type) ?? 4) / 4));
      context.offsets.set(symbol, 4 * context.frame.allocate(words));
    } else if (symbol.linkage !== 'external') {
      context.unit.objectOf(symbol, symbol.span);
    }
  }
}

/** Ends the scope: its variables' words may be used again. */
export function endScope(context: FunctionContext, open: OpenScope): void {
  context.builder.endStatement();
  if (open.scope !== undefined) open.scope.end = context.builder.pc;
  context.scopeIndex = open.parent;
  context.frame.endHold(open.holdMark);
  context.frame.release(open.frameMark);
}
