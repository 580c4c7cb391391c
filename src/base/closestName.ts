/**
 * Did you mean …? The name that a person most likely wanted to write.
 *
 * Distance counts insertions, deletions, replacements and swaps of neighbors; letter case does not
 * count. Nothing is suggested that differs in more than a third, and nothing for a name that nobody
 * typed: the work stays small whatever the names are.
 */

const LONGEST_NAME = 64;
/** More names of nearly the same length than that are not looked at. */
const MOST_COMPARISONS = 3000;

/**
 * The candidate nearest to the name, or `undefined` when none is near enough. Ties go to the first.
 * Cost: the product of the lengths, for each candidate up to a limit.
 */
export function closestName(name: string, candidates: Iterable<string>): string | undefined {
  if (name.length > LONGEST_NAME) return undefined;
  let best: string | undefined;
  let comparisons = 0;
  let bestDistance = Math.max(1, Math.floor(Math.max(name.length, 3) / 3)) + 0.5;
  for (const candidate of candidates) {
    if (candidate === name || Math.abs(candidate.length - name.length) > bestDistance) continue;
    comparisons += 1;
    if (comparisons > MOST_COMPARISONS) break;
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** `; did you mean \`NAME\`?`, or nothing: the end of a message about an unknown name. */
export function didYouMean(name: string, candidates: Iterable<string>): string {
  const closest = closestName(name, candidates);
  return closest === undefined ? '' : `; did you mean \`${closest}\`?`;
}

function editDistance(from: string, to: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const isSame = from[row - 1] === to[column - 1];
      let distance = Math.min(
        (previous[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (previous[column - 1] ?? 0) + (isSame ? 0 : 1),
      );
      const isSwap = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      if (row > 1 && column > 1 && isSwap) {
        distance = Math.min(distance, (beforePrevious[column - 2] ?? 0) + 1);
      }
      current.push(distance);
    }
    beforePrevious = previous;
    previous = current;
  }
  return previous[to.length] ?? 0;
}
