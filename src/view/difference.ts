/**
 * Structural differences of plain JSON values: what has to be sent so that a copy of one value becomes another.
 *
 * Objects are compared by their keys, lists by their places; everything else is one value. A property that is
 * `undefined` counts as absent, as it does on its way as JSON. Nothing is changed in place: what is equal is shared
 * with the value before, so a reader can tell what has not changed by identity.
 */

/**
 * How to make one value from another:
 * `['=', value]` puts another value there,
 * `['{', { key: difference }, removedKeys]` changes an object,
 * `['[', length, { index: difference }]` changes a list, which is cut or grows at its end.
 */
export type Difference =
  | readonly ['=', unknown]
  | readonly ['{', Readonly<Record<string, Difference>>, readonly string[]]
  | readonly ['[', number, Readonly<Record<string, Difference>>];

/** What leads from one value to another; `undefined` where they are equal. Cost: the size of both. */
export function differenceOf(before: unknown, after: unknown): Difference | undefined {
  if (Object.is(before, after)) return undefined;
  if (Array.isArray(before) && Array.isArray(after)) return differenceOfLists(before, after);
  if (isObject(before) && isObject(after)) return differenceOfObjects(before, after);
  return ['=', after];
}

/** The value that the difference leads to. Errors: none; one that does not fit gives a value all the same. */
export function applyDifference(before: unknown, difference: Difference | undefined): unknown {
  if (difference === undefined) return before;
  const [kind] = difference;
  if (kind === '=') return difference[1];
  if (kind === '[') {
    const [, length, changes] = difference;
    const items: readonly unknown[] = Array.isArray(before) ? before : [];
    return Array.from({ length }, (_, index) =>
      applyDifference(items[index], ownChange(changes, String(index))),
    );
  }
  const [, changes, removed] = difference;
  const entries = isObject(before) ? Object.entries(before) : [];
  const gone = new Set(removed);
  const kept = entries
    .filter(([key]) => !gone.has(key))
    .map(([key, value]): [string, unknown] => [
      key,
      applyDifference(value, ownChange(changes, key)),
    ]);
  const known = new Set(entries.map(([key]) => key));
  const added = Object.entries(changes)
    .filter(([key]) => !known.has(key))
    .map(([key, change]): [string, unknown] => [key, applyDifference(undefined, change)]);
  return Object.fromEntries([...kept, ...added]);
}

/** Whether something that came as a message has the form of a difference. */
export function isDifference(value: unknown): value is Difference {
  if (!Array.isArray(value)) return false;
  const [kind, first, second] = value as readonly unknown[];
  const areDifferences = (changes: unknown): boolean =>
    isObject(changes) && Object.values(changes).every(isDifference);
  switch (kind) {
    case '=':
      return value.length === 2;
    case '{':
      return areDifferences(first) && Array.isArray(second);
    case '[':
      return typeof first === 'number' && Number.isSafeInteger(first) && areDifferences(second);
    default:
      return false;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function ownChange(
  changes: Readonly<Record<string, Difference>>,
  key: string,
): Difference | undefined {
  return Object.hasOwn(changes, key) ? changes[key] : undefined;
}

function differenceOfLists(
  before: readonly unknown[],
  after: readonly unknown[],
): Difference | undefined {
  const changes = after.flatMap((item, index): [string, Difference][] => {
    const change =
      index < before.length ? differenceOf(before[index], item) : (['=', item] as const);
    return change === undefined ? [] : [[String(index), change]];
  });
  if (changes.length === 0 && before.length === after.length) return undefined;
  return ['[', after.length, Object.fromEntries(changes)];
}

function differenceOfObjects(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): Difference | undefined {
  const has = (value: Readonly<Record<string, unknown>>, key: string): boolean =>
    Object.hasOwn(value, key) && value[key] !== undefined;
  const removed = Object.keys(before).filter((key) => has(before, key) && !has(after, key));
  const changes = Object.keys(after).flatMap((key): [string, Difference][] => {
    if (!has(after, key)) return [];
    const change = has(before, key)
      ? differenceOf(before[key], after[key])
      : (['=', after[key]] as const);
    return change === undefined ? [] : [[key, change]];
  });
  if (changes.length === 0 && removed.length === 0) return undefined;
  return ['{', Object.fromEntries(changes), removed];
}
