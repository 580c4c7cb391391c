// The patches of media/patches in step with the tree, and the tool that brings them back in step: what
// it carries over, and what it refuses by the hunk.
import { describe, expect, it } from 'vitest';
import {
  carryOver,
  changesOf,
  kernelsOf,
  rebaseKernels,
  type ReadMedia,
} from '../../scripts/kernelPatches.mjs';
import { patchCatalog } from '../../src/scenario/patchCatalog.ts';
import { kernelFiles } from '../support/kernelMedia.ts';
import { media } from '../support/nodeMedia.ts';

describe('the patches that ship', () => {
  const catalog = patchCatalog(media);

  it('are exactly what `npm run patches` writes', () => {
    const { texts, problems } = rebaseKernels({
      catalog,
      tree: kernelFiles(),
      read: (path) => media.read(path),
      history: () => [],
    });
    expect(problems).toEqual([]);
    for (const [path, text] of texts) expect(text, path).toBe(media.read(path));
  });

  it('belong to kernels of the catalog, each to one', () => {
    const paths = kernelsOf(catalog).flatMap(({ path }) => path ?? []);
    const files = media.list('patches/').filter((path) => path.endsWith('.patch'));
    expect(paths.sort()).toEqual(files);
  });

  it('say what they do above their first file', () => {
    for (const path of media.list('patches/').filter((name) => name.endsWith('.patch'))) {
      const [preamble = ''] = (media.read(path) ?? '').split(/^--- /m);
      expect(preamble.trim().split('\n').length, path).toBeGreaterThan(2);
    }
  });
});

const LINES = Array.from({ length: 60 }, (_, index) => `line ${String(index + 1)}`);

function textOf(edit: (lines: string[]) => void): string {
  const lines = [...LINES];
  edit(lines);
  return `${lines.join('\n')}\n`;
}

const TREE = textOf(() => undefined);
const CATALOG = {
  kernels: [
    { name: 'patched' },
    { name: 'unpatched', from: 'patched', patch: 'one', isTakenBack: true },
    { name: 'other', from: 'patched', patch: 'two' },
    { name: 'later', from: 'other', patch: 'three' },
  ],
  labs: [],
};

/** What a small tree and its patches look like: `one` is in the tree, `two` and `three` come on top. */
const PATCHES: Readonly<Record<string, string>> = {
  'patches/one.patch': `One.

--- a/a.c
+++ b/a.c
@@ -3,7 +3,7 @@
 line 3
 line 4
 line 5
-line six
+line 6
 line 7
 line 8
 line 9
`,
  'patches/two.patch': `Two.

--- a/a.c
+++ b/a.c
@@ -28,7 +28,8 @@
 line 28
 line 29
 line 30
-line 31
+line 31 of two
+another line of two
 line 32
 line 33
 line 34
`,
  'patches/three.patch': `Three.

--- a/a.c
+++ b/a.c
@@ -29,7 +29,6 @@
 line 29
 line 30
 line 31 of two
-another line of two
 line 32
 line 33
 line 34
@@ -48,6 +47,7 @@
 line 49
 line 50
 line 51
+line of three
 line 52
 line 53
 line 54
`,
};

const readOld: ReadMedia = (path) => (path === 'kernel/a.c' ? TREE : PATCHES[path]);

function rebase(text: string, isHistoryKnown = true) {
  return rebaseKernels({
    catalog: CATALOG,
    tree: new Map([['a.c', text]]),
    read: (path) => PATCHES[path],
    history: () => (isHistoryKnown ? [{ read: readOld }] : []),
  });
}

describe('npm run patches', () => {
  it('leaves patches alone that apply', () => {
    const { texts, problems, trees } = rebase(TREE);
    expect(problems).toEqual([]);
    expect(texts.get('patches/one.patch')).toBe(PATCHES['patches/one.patch']);
    expect(texts.get('patches/three.patch')).toContain('-another line of two\n');
    expect(trees.get('later')?.get('a.c')).toContain('line 30\nline 31 of two\nline 32\n');
    expect(trees.get('unpatched')?.get('a.c')).toContain('line 5\nline six\nline 7\n');
  });

  it('carries a patch over an edit of its context, and the one on top of it', () => {
    const edited = textOf((lines) => {
      lines.splice(28, 1, 'line 29 is new', 'and longer');
      lines.splice(0, 0, 'a first line');
    });
    const { texts, problems, trees } = rebase(edited);
    expect(problems).toEqual([]);
    const later = trees.get('later')?.get('a.c') ?? '';
    expect(later).toContain('line 29 is new\nand longer\nline 30\nline 31 of two\nline 32\n');
    expect(later).toContain('line 51\nline of three\nline 52\n');
    expect(texts.get('patches/two.patch')).toMatch(/^Two\.\n\n--- a\/a\.c\n/);
    expect(texts.get('patches/two.patch')).toContain(' and longer\n line 30\n-line 31\n');
  });

  it('allows two other lines of context where no older state is known', () => {
    const edited = textOf((lines) => {
      lines[27] = 'another line 28';
    });
    expect(rebase(edited, false).problems).toEqual([]);
  });

  it('names the hunk whose own line was edited, once for what is made from it', () => {
    const edited = textOf((lines) => {
      lines[30] = 'line 31 of somebody else';
    });
    const { problems, texts } = rebase(edited);
    expect(problems).toEqual([{ path: 'patches/two.patch', file: 'a.c', hunk: 1, total: 1 }]);
    expect([...texts.keys()]).toEqual(['patches/one.patch']);
  });

  it('names the second hunk when the first one applies', () => {
    const edited = textOf((lines) => {
      lines.splice(48, 6, 'six lines', 'became', 'these');
    });
    expect(rebase(edited, false).problems).toEqual([
      { path: 'patches/three.patch', file: 'a.c', hunk: 2, total: 2 },
    ]);
  });
});

describe('carryOver', () => {
  it.each([
    ['at the start', 'a\nb\nc\n', 'x\na\nb\nc\n', 'a\nb\nnew\nc\n', 'x\na\nb\nnew\nc\n'],
    ['at the end', 'a\nb\nc\n', 'a\nb\nc\nx\n', 'new\na\nb\nc\n', 'new\na\nb\nc\nx\n'],
    ['a deletion', 'a\nb\nc\nd\n', 'a\nd\n', 'a\nb\nc\nd\ne\n', 'a\nd\ne\n'],
    ['nothing', 'a\nb\n', 'a\nb\n', 'z\n', 'z\n'],
  ])('makes a change %s', (_, base, changed, now, expected) => {
    expect(carryOver(base, changed, now)).toBe(expected);
  });

  it('refuses a change between whose lines something new stands', () => {
    expect(carryOver('a\nb\nc\nd\n', 'a\nX\nd\n', 'a\nb\nnew\nc\nd\n')).toBeUndefined();
    expect(carryOver('a\nb\n', 'a\nX\nb\n', 'a\nY\nb\n')).toBeUndefined();
  });
});

describe('an edited copy of a kernel', () => {
  const kernel = new Map([
    ['a.c', 'a\n'],
    ['b.h', 'b\n'],
  ]);

  it('gives the files that differ, before and after', () => {
    expect(changesOf(kernel, new Map(kernel))).toEqual({ changes: [], problems: [] });
    expect(changesOf(kernel, new Map(kernel).set('b.h', 'c\n'))).toEqual({
      changes: [{ file: 'b.h', before: 'b\n', after: 'c\n' }],
      problems: [],
    });
  });

  it('is refused when it has a file more or one less, each by its name', () => {
    const edited = new Map([
      ['a.c', 'a\n'],
      ['new.c', ''],
    ]);
    expect(changesOf(kernel, edited).problems).toEqual([
      'new.c is new; a patch here cannot create a file',
      'b.h is missing; a patch here cannot delete a file',
    ]);
  });
});
