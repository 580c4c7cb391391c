// The lines a patch adds, and where an edited text has them.
import { describe, expect, it } from 'vitest';
import { findPatchedLines, locatePatchedLines } from '../../../src/scenario/patchedLines.ts';

const PATCH = `--- a/mm/x.c
+++ b/mm/x.c
@@ -2,4 +2,6 @@
 two
-three
+three, changed
+and more
 four
+five
 six
`;

describe('findPatchedLines', () => {
  it('gives each run of added lines with its line in the patched file', () => {
    const runs = findPatchedLines(PATCH);
    expect(runs.map(({ path, line1, lines }) => ({ path, line1, lines }))).toEqual([
      { path: 'mm/x.c', line1: 3, lines: ['three, changed', 'and more'] },
      { path: 'mm/x.c', line1: 6, lines: ['five'] },
    ]);
    expect(runs[0]?.hunk).toContain('@@ -2,4 +2,6 @@');
  });
});

describe('locatePatchedLines', () => {
  it('finds a run that an edit has moved, and says when an edit removed it', () => {
    const [run] = findPatchedLines(PATCH);
    if (run === undefined) throw new Error('the patch has a run');
    const patched = 'one\ntwo\nthree, changed\nand more\nfour\nfive\nsix\n';
    expect(locatePatchedLines(run, patched)).toBe(3);
    expect(locatePatchedLines(run, `zero\n${patched}`)).toBe(4);
    expect(locatePatchedLines(run, 'one\ntwo\nfour\n')).toBeUndefined();
  });
});
