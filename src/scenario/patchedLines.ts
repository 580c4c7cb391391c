/**
 * The lines that a patch adds or changes, with the hunk each belongs to: what the editor marks.
 *
 * A pure function of the patch's text. Line numbers count from 1 and are those of the patched file.
 */
import { parsePatch } from 'diff';

/** One run of added lines of a hunk. */
export interface PatchedLines {
  /** Path inside the kernel tree, such as `mm/filemap.c`. */
  readonly path: string;
  /** First line in the patched file. */
  readonly line1: number;
  /** The added lines, without line ends. */
  readonly lines: readonly string[];
  /** The whole hunk as a unified diff, header included. */
  readonly hunk: string;
}

/** `a/mm/filemap.c` or `b/mm/filemap.c` without its first part. */
function pathInTree(name: string | undefined): string {
  return (name ?? '').replace(/^[ab]\//, '').replace(/\t.*$/, '');
}

/** The runs of added lines of a unified diff, in its order. */
export function findPatchedLines(patchText: string): readonly PatchedLines[] {
  const runs: PatchedLines[] = [];
  for (const file of parsePatch(patchText)) {
    const path = pathInTree(file.newFileName);
    for (const hunk of file.hunks) {
      const header = `@@ -${String(hunk.oldStart)},${String(hunk.oldLines)} +${String(hunk.newStart)},${String(hunk.newLines)} @@`;
      const text = [header, ...hunk.lines].join('\n');
      let line1 = hunk.newStart;
      let added: string[] = [];
      const flush = (): void => {
        if (added.length > 0) {
          runs.push({ path, line1: line1 - added.length, lines: added, hunk: text });
        }
        added = [];
      };
      for (const line of hunk.lines) {
        if (line.startsWith('+')) {
          added.push(line.slice(1));
          line1 += 1;
          continue;
        }
        flush();
        if (line.startsWith(' ')) line1 += 1;
      }
      flush();
    }
  }
  return runs;
}

/**
 * Where a run stands in a text that may have been edited: at its line if it is still there, else
 * where its lines are found, else nowhere.
 */
export function locatePatchedLines(run: PatchedLines, text: string): number | undefined {
  const lines = text.split(/\r?\n/);
  const matchesAt = (index: number): boolean =>
    run.lines.every((line, offset) => lines[index + offset] === line);
  if (matchesAt(run.line1 - 1)) return run.line1;
  const found = lines.findIndex((_, index) => matchesAt(index));
  return found < 0 ? undefined : found + 1;
}
