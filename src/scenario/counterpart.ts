/**
 * The place in one kernel that corresponds to a place in another, for reading the two side by side.
 *
 * Unlike `moveLine`, which is for breakpoints and answers only when it is sure, there is always an answer, and it says
 * how good it is: the line itself, else the nearest line before it in the same function, else the function, else the
 * start of the file. Lines count from 1.
 */
import { moveLine } from './moveLine.ts';

/** A place, and what it has to do with the one that was asked for. */
export interface Counterpart {
  readonly line1: number;
  /** `line`: the line itself; `near`: one shortly before it; `function`: its function; `none`: nothing. */
  readonly kind: 'line' | 'near' | 'function' | 'none';
}

const HEAD = /^[A-Za-z_][^;]*?\b([A-Za-z_]\w*)\s*\(/;

/** The function around a line: its name and the line of its head, from 0; lines between functions have none. */
function functionAround(
  lines: readonly string[],
  index: number,
): { readonly name: string; readonly head: number } | undefined {
  for (let at = index; at >= 0; at -= 1) {
    const line = lines[at] ?? '';
    if (at < index && line.startsWith('}')) return undefined;
    const name = line.trimEnd().endsWith(';') ? undefined : HEAD.exec(line)?.[1];
    if (name !== undefined) return { name, head: at };
  }
  return undefined;
}

/** The index, from 0, of the head of the function with a body that has a name. */
function headOf(lines: readonly string[], name: string): number | undefined {
  const found = lines.findIndex((line, index) => {
    if (HEAD.exec(line)?.[1] !== name) return false;
    // A declaration ends with a semicolon before a brace comes.
    for (let at = index; at < lines.length && at < index + 10; at += 1) {
      const text = lines[at] ?? '';
      if (text.startsWith('{') || text.trimEnd().endsWith('{')) return true;
      if (text.trimEnd().endsWith(';')) return false;
    }
    return false;
  });
  return found < 0 ? undefined : found;
}

/** Where a line of `fromText` is in `toText`. */
export function findCounterpart(fromText: string, toText: string, line1: number): Counterpart {
  const exact = moveLine(fromText, toText, line1);
  if (exact !== undefined) return { line1: exact, kind: 'line' };
  const from = fromText.split(/\r?\n/);
  const to = toText.split(/\r?\n/);
  const around = functionAround(from, Math.min(line1, from.length) - 1);
  if (around === undefined) return { line1: 1, kind: 'none' };
  for (let line = line1 - 1; line > around.head + 1; line -= 1) {
    // A brace alone stands in many places.
    if (!/\w/.test(from[line - 1] ?? '')) continue;
    const near = moveLine(fromText, toText, line);
    if (near === undefined) continue;
    if (functionAround(to, near - 1)?.name === around.name) return { line1: near, kind: 'near' };
  }
  const head = headOf(to, around.name);
  return head === undefined ? { line1: 1, kind: 'none' } : { line1: head + 1, kind: 'function' };
}
