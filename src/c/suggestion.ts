/**
 * "did you mean …?": the known name that is nearest to an unknown one.
 *
 * The distance counts insertions, deletions, replacements and swaps of neighbors. A name counts as
 * near when at most a third of the longer one differs.
 */

/** Names longer than this are not compared; the work is the product of the lengths. */
const LENGTH_LIMIT = 64;

function editDistance(left: string, right: string, limit: number): number {
  let before: number[] = [];
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row];
    let best = row;
    for (let column = 1; column <= right.length; column += 1) {
      const isSame = left[row - 1] === right[column - 1];
      let cost = Math.min(
        (previous[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (previous[column - 1] ?? 0) + (isSame ? 0 : 1),
      );
      const isSwap = left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      if (row > 1 && column > 1 && isSwap) cost = Math.min(cost, (before[column - 2] ?? 0) + 1);
      current.push(cost);
      best = Math.min(best, cost);
    }
    if (best > limit) return limit + 1;
    before = previous;
    previous = current;
  }
  return previous[right.length] ?? limit + 1;
}

/** The nearest of the candidates, if any is near; the first of several equally near ones. */
export function findNearest(name: string, candidates: Iterable<string>): string | undefined {
  if (name.length > LENGTH_LIMIT) return undefined;
  let found: string | undefined;
  let limit = Math.floor((name.length + 1) / 3);
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - name.length) > limit || candidate === name) continue;
    const distance = editDistance(name, candidate, limit);
    if (distance > limit) continue;
    found = candidate;
    limit = distance - 1;
    if (limit < 0) break;
  }
  return found;
}
