/**
 * Applies a unified diff to the files of a kernel tree, without fuzz: every context line must be
 * there. A hunk may have moved (other lines above it were added or removed), but not changed.
 * What no kernel needs is refused before the library sees it, which searches far for its places.
 */
import { applyPatch, parsePatch, reversePatch, type StructuredPatch } from 'diff';
import type { Diagnostic } from '../base/diagnostic.ts';
import { scenarioMessages } from './scenarioMessages.ts';

/** What applying a patch gave. */
export interface ApplyPatchResult {
  /** All files of the tree after the patch; absent when a hunk does not apply. */
  readonly files: ReadonlyMap<string, string> | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** A patch: its name for messages, and its text. */
export interface PatchText {
  readonly name: string;
  readonly text: string;
}

/** Applies a patch forwards or backwards. Errors: a diagnostic that names the file and the hunk. */
export function applyPatchToTree(
  files: ReadonlyMap<string, string>,
  patch: PatchText,
  direction: 'forward' | 'reverse',
): ApplyPatchResult {
  const excess = findExcess(patch.text);
  if (excess !== undefined) {
    return { files: undefined, diagnostics: [scenarioMessages.patchSyntax(patch.name, excess)] };
  }
  let parsed: StructuredPatch[];
  try {
    parsed = parsePatch(patch.text);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { files: undefined, diagnostics: [scenarioMessages.patchSyntax(patch.name, message)] };
  }
  if (parsed.every((item) => item.hunks.length === 0)) {
    return {
      files: undefined,
      diagnostics: [scenarioMessages.patchSyntax(patch.name, 'it has no hunks')],
    };
  }
  const result = new Map(files);
  const diagnostics: Diagnostic[] = [];
  for (const item of direction === 'reverse' ? reversePatch(parsed) : parsed) {
    const oldPath = pathInTree(item.oldFileName);
    const newPath = pathInTree(item.newFileName);
    const path = oldPath ?? newPath ?? '';
    const before = oldPath === undefined ? '' : result.get(oldPath);
    if (before === undefined) {
      diagnostics.push(scenarioMessages.patchFile(patch.name, path, [...result.keys()]));
      continue;
    }
    const comparisons = before.split('\n').length * countLines(item);
    if (comparisons > COMPARISON_LIMIT) {
      const excess = `its hunks for ${path} have ${String(countLines(item))} lines, too many for a file of this size; split it`;
      diagnostics.push(scenarioMessages.patchSyntax(patch.name, excess));
      continue;
    }
    const after = tryHunks(before, item);
    if (after === false) {
      const hunk = findFailingHunk(before, item);
      const line1 = item.hunks[hunk]?.oldStart ?? 0;
      const isThere = tryHunks(before, reversePatch(item)) !== false;
      diagnostics.push(
        scenarioMessages.patchHunk(patch.name, path, hunk + 1, item.hunks.length, line1, isThere),
      );
      continue;
    }
    if (oldPath !== undefined) result.delete(oldPath);
    if (newPath !== undefined) result.set(newPath, after);
  }
  return { files: diagnostics.length > 0 ? undefined : result, diagnostics };
}

/** The text with all hunks applied, or false. */
function tryHunks(text: string, patch: StructuredPatch): string | false {
  return applyPatch(text, patch, { fuzzFactor: 0, autoConvertLineEndings: false });
}

/** The index of the first hunk without which the hunks before it still apply. */
function findFailingHunk(text: string, patch: StructuredPatch): number {
  let applying = 0;
  let failing = patch.hunks.length;
  while (failing - applying > 1) {
    const middle = (applying + failing) >>> 1;
    if (tryHunks(text, { ...patch, hunks: patch.hunks.slice(0, middle) }) === false) {
      failing = middle;
    } else applying = middle;
  }
  return Math.max(0, failing - 1);
}

/** All lines of all hunks of one file. */
function countLines({ hunks }: StructuredPatch): number {
  return hunks.reduce((sum, { lines }) => sum + lines.length, 0);
}

/** Every line of a hunk may be compared with every line of the file. */
const COMPARISON_LIMIT = 20_000_000;
const TEXT_LIMIT = 1_000_000;
const HUNK_LIMIT = 2000;
const LINE_LIMIT = 1_000_000;
const HUNK_HEADER = /^@@ -(\d{1,15})(?:,(\d{1,15}))? \+(\d{1,15})(?:,(\d{1,15}))? @@/;

/** Why the text is too large or has lines that cannot be; `undefined` for an ordinary patch. */
function findExcess(text: string): string | undefined {
  if (text.length > TEXT_LIMIT) return `it has more than ${String(TEXT_LIMIT)} characters`;
  let hunks = 0;
  for (const [index, line] of text.split('\n').entries()) {
    if (!line.startsWith('@@')) continue;
    hunks += 1;
    if (hunks > HUNK_LIMIT) return `it has more than ${String(HUNK_LIMIT)} hunks`;
    const [, ...numbers] = HUNK_HEADER.exec(line) ?? [];
    const isBad = numbers.some((number) => Number(number) > LINE_LIMIT) || numbers.length === 0;
    if (isBad)
      return `line ${String(index + 1)} is no header of a hunk such as \`@@ -1,3 +1,4 @@\``;
  }
  return undefined;
}

/** `a/mm/filemap.c` as a path in the tree; `undefined` for `/dev/null`. */
function pathInTree(name: string | undefined): string | undefined {
  const path = (name ?? '').replace(/\t.*$/, '');
  return path === '/dev/null' ? undefined : path.replace(/^[ab]\//, '');
}
