/**
 * Applies a unified diff to the files of a kernel tree, without fuzz: every context line must be
 * there. A hunk may have moved (other lines above it were added or removed), but not changed.
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
  const index = patch.hunks.findIndex((_, last) => {
    const part = { ...patch, hunks: patch.hunks.slice(0, last + 1) };
    return tryHunks(text, part) === false;
  });
  return Math.max(0, index);
}

/** `a/mm/filemap.c` as a path in the tree; `undefined` for `/dev/null`. */
function pathInTree(name: string | undefined): string | undefined {
  const path = (name ?? '').replace(/\t.*$/, '');
  return path === '/dev/null' ? undefined : path.replace(/^[ab]\//, '');
}
