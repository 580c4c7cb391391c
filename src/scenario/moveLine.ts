/**
 * Where a line of one kernel tree stands in another variant of the same file: what lets breakpoints
 * follow when a session restarts on the other kernel.
 *
 * A line that both variants have is found through the difference of the two texts. A line that only
 * one has follows its anchor: the `//@ anchor NAME` right above its statement, if the other variant
 * has an anchor of that name. Otherwise it has no counterpart. Lines count from 1.
 */
import { diffArrays } from 'diff';

const ANCHOR = /^\s*\/\/@\s*anchor\s+([\w-]+)/;

function isAnnotation(line: string): boolean {
  return /^\s*\/\/@/.test(line);
}

/** The anchor that names the statement at the index (from 0), if annotations above it do. */
function anchorAbove(lines: readonly string[], index: number): string | undefined {
  for (let at = index - 1; at >= 0; at -= 1) {
    const line = lines[at] ?? '';
    if (!isAnnotation(line)) return undefined;
    const name = ANCHOR.exec(line)?.[1];
    if (name !== undefined) return name;
  }
  return undefined;
}

/** The index (from 0) of the statement that an anchor names. */
function statementOfAnchor(lines: readonly string[], name: string): number | undefined {
  const anchor = lines.findIndex((line) => ANCHOR.exec(line)?.[1] === name);
  if (anchor < 0) return undefined;
  let at = anchor + 1;
  while (at < lines.length && isAnnotation(lines[at] ?? '')) at += 1;
  return at < lines.length ? at : undefined;
}

/** The line of `toText` that corresponds to a line of `fromText`, or `undefined`. */
export function moveLine(fromText: string, toText: string, line1: number): number | undefined {
  const from = fromText.split(/\r?\n/);
  const to = toText.split(/\r?\n/);
  const anchor = anchorAbove(from, line1 - 1);
  if (anchor !== undefined) {
    const statement = statementOfAnchor(to, anchor);
    if (statement !== undefined) return statement + 1;
  }
  let fromIndex = 0;
  let toIndex = 0;
  for (const part of diffArrays(from, to)) {
    const count = part.value.length;
    if (part.added) {
      toIndex += count;
      continue;
    }
    const isInside = line1 - 1 < fromIndex + count;
    if (isInside) return part.removed ? undefined : toIndex + (line1 - 1 - fromIndex) + 1;
    fromIndex += count;
    if (!part.removed) toIndex += count;
  }
  return undefined;
}
