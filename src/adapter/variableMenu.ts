/**
 * Which entries of a client's menus make sense for a variable, as words: a client that knows them hides the others.
 *
 * `place`: it has a place in memory. `lock`: it is a lock. `picture`: the panel draws it. `task`: it is a task.
 * They are asked for with every list of variables, so only structs that the panel draws are looked up; a plain member
 * takes over what the struct around it is.
 */
import type { DebugTarget } from '../debugger/debugTarget.ts';
import { DRAWN, DRAWN_WHOLE, isLock, pictureOf, recordTag } from '../debugger/pictures.ts';
import type { TypedValue } from '../debugger/typedValue.ts';
import type { ValueContext } from '../debugger/valueText.ts';

/** The words of a variable. */
export type MenuWords = (item: TypedValue) => string;

/** Gives the words for the rows below `parent`, or for rows that have none. */
export function menuWordsFor(
  target: DebugTarget,
  memory: ValueContext['memory'],
  parent: TypedValue | undefined,
): MenuWords {
  const parentTag = parent && recordTag(parent);
  const inherited =
    parent !== undefined && parentTag !== undefined && DRAWN_WHOLE.has(parentTag)
      ? pictureOf(target, memory, parent)
      : undefined;
  return (item) => {
    const tag = recordTag(item);
    const isDrawn = tag !== undefined && DRAWN.has(tag);
    const isPlain = item.type.kind !== 'pointer' && item.type.kind !== 'record';
    const picture = isDrawn ? pictureOf(target, memory, item) : isPlain ? inherited : undefined;
    return [
      ...(item.address === undefined ? [] : ['place']),
      ...(isLock(tag) ? ['lock'] : []),
      ...(picture === undefined ? [] : ['picture']),
      ...(picture?.kind === 'task' ? ['task'] : []),
    ].join(' ');
  };
}
