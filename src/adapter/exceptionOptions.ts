/**
 * Which failures stop and which end the session at once, as `setExceptionBreakpoints` says in its
 * `exceptionOptions`.
 *
 * Failures are a tree: below `oops`, `violation` and `deadlock` stand what `exceptionInfo` calls them, such
 * as `nullPointer` or the name of a rule. The last option that matches a failure decides; where none does,
 * the filters do.
 */
import type { DebugStop } from '../debugger/debugStop.ts';
import { filterOfEnd } from '../debugger/stopFilters.ts';
import type { RawArguments } from './handler.ts';
import { optionalList, optionalObject, requireText } from './rawArguments.ts';

/** One level of a path: a failure matches by its name, or by not having it. */
interface PathPart {
  readonly names: readonly string[];
  readonly isNegated: boolean;
}

/** One option; an empty path stands for all failures. */
export interface ExceptionOption {
  readonly path: readonly PathPart[];
  readonly stops: boolean;
}

/** Reads an option. Errors: a silent `UserError` for a wrong form. */
export function readExceptionOption(raw: RawArguments): ExceptionOption {
  const path = optionalList(raw, 'path').map((item): PathPart => {
    const part = optionalObject({ path: item }, 'path');
    const names = optionalList(part, 'names').map((name) => requireText({ names: name }, 'names'));
    return { names, isNegated: part['negate'] === true };
  });
  return { path, stops: requireText(raw, 'breakMode') !== 'never' };
}

/** Whether the options want a run to stop at a failure; `undefined` where they say nothing about it. */
export function stopsAtFailure(
  options: readonly ExceptionOption[],
  final: NonNullable<DebugStop['final']>,
): boolean | undefined {
  const filter = filterOfEnd(final);
  if (filter === undefined) return undefined;
  const name = final.kind === 'fault' ? (final.fault.rule ?? final.fault.kind) : filter;
  const levels = [filter, name];
  const matching = options.findLast(({ path }) =>
    path.every(({ names, isNegated }, level) => names.includes(levels[level] ?? '') !== isNegated),
  );
  return matching?.stops;
}
