/**
 * Kernel trees: patches applied without fuzz, shipped variants, folders of users, includes.
 */
import { describe, expect, it } from 'vitest';
import { applyPatchToTree } from '../../../src/scenario/applyPatch.ts';
import { loadKernelTree, resolveIncludeIn, unitsOf } from '../../../src/scenario/kernelTree.ts';
import { listAllKernels, listKernels } from '../../../src/scenario/patchCatalog.ts';
import { media } from '../../support/nodeMedia.ts';

const LINES = Array.from({ length: 40 }, (_, index) => `line ${String(index + 1)}`);
const FILES = new Map([
  ['mm/a.c', `${LINES.join('\n')}\n`],
  ['include/faultline/machine.h', '#define B 1\n'],
]);

const PATCH = `--- a/mm/a.c
+++ b/mm/a.c
@@ -2,5 +2,6 @@
 line 2
 line 3
-line 4
+line four
+and more
 line 5
 line 6
@@ -30,4 +31,3 @@
 line 30
-line 31
 line 32
 line 33
`;

describe('applyPatchToTree', () => {
  it('applies all hunks forwards and takes them back', () => {
    const patched = applyPatchToTree(FILES, { name: 'x.patch', text: PATCH }, 'forward').files;
    expect(patched?.get('mm/a.c')).toContain('line 3\nline four\nand more\nline 5');
    expect(patched?.get('mm/a.c')).not.toContain('line 31\n');
    expect(patched?.get('include/faultline/machine.h')).toBe('#define B 1\n');
    const back = applyPatchToTree(
      patched ?? new Map(),
      { name: 'x.patch', text: PATCH },
      'reverse',
    ).files;
    expect(back?.get('mm/a.c')).toBe(FILES.get('mm/a.c'));
  });

  it('finds hunks that have moved', () => {
    const moved = new Map([['mm/a.c', `new first line\n${FILES.get('mm/a.c') ?? ''}`]]);
    const { files } = applyPatchToTree(moved, { name: 'x.patch', text: PATCH }, 'forward');
    expect(files?.get('mm/a.c')).toContain('line four');
  });

  it('names the hunk whose context has changed', () => {
    const changed = new Map([
      ['mm/a.c', (FILES.get('mm/a.c') ?? '').replace('line 32', 'line 32 changed')],
    ]);
    const { files, diagnostics } = applyPatchToTree(
      changed,
      { name: 'x.patch', text: PATCH },
      'forward',
    );
    expect(files).toBeUndefined();
    expect(diagnostics.map((item) => item.message)).toEqual([
      'x.patch: hunk 2 of 2 for mm/a.c (line 30) does not apply',
    ]);
  });

  it('says when the tree has the change already', () => {
    const once = applyPatchToTree(FILES, { name: 'x.patch', text: PATCH }, 'forward').files;
    const twice = applyPatchToTree(once ?? FILES, { name: 'x.patch', text: PATCH }, 'forward');
    expect(twice.diagnostics[0]?.notes[0]?.message).toBe('the tree has this change already');
  });

  it('names a file that the tree does not have', () => {
    const { diagnostics } = applyPatchToTree(
      FILES,
      { name: 'x.patch', text: PATCH.replaceAll('mm/a.c', 'mm/ab.c') },
      'forward',
    );
    expect(diagnostics[0]?.message).toBe(
      'x.patch: the tree has no file `mm/ab.c`; did you mean `mm/a.c`?',
    );
  });

  it('creates and deletes files', () => {
    const text =
      '--- /dev/null\n+++ b/mm/new.c\n@@ -0,0 +1,1 @@\n+int x;\n--- a/include/faultline/machine.h\n+++ /dev/null\n@@ -1,1 +0,0 @@\n-#define B 1\n';
    const { files } = applyPatchToTree(FILES, { name: 'x.patch', text }, 'forward');
    expect(files?.get('mm/new.c')).toBe('int x;\n');
    expect(files?.has('include/faultline/machine.h')).toBe(false);
  });

  it('refuses a text that is no patch', () => {
    expect(
      applyPatchToTree(FILES, { name: 'x.patch', text: 'hello' }, 'forward').diagnostics[0]?.code,
    ).toBe('patch-syntax');
  });
});

describe('loadKernelTree', () => {
  it('knows the kernels that ship', () => {
    expect(listKernels(media).slice(0, 2)).toEqual(['patched', 'unpatched']);
  });

  it('loads every kernel that ships, the patches without fuzz', () => {
    for (const name of listAllKernels(media)) {
      const { tree, diagnostics } = loadKernelTree(media, name);
      expect(diagnostics).toEqual([]);
      expect(tree?.name).toBe(name);
      expect(tree?.files.get('mm/filemap.c')?.path).toBe('mm/filemap.c');
    }
    const unpatched = loadKernelTree(media, 'unpatched').tree;
    expect(unpatched?.files.get('arch/x86/mm/fault.c')?.text).not.toContain('release_flag');
    expect(loadKernelTree(media, 'patched').tree?.files.get('arch/x86/mm/fault.c')?.text).toContain(
      'release_flag',
    );
  });

  it('refuses an unknown kernel with a suggestion', () => {
    expect(() => loadKernelTree(media, 'unpached')).toThrow(
      'There is no kernel "unpached"; did you mean "unpatched"?',
    );
  });

  it('takes a folder of the user as it is, under its real path', () => {
    const { tree } = loadKernelTree(media, { path: '/lab/kernel', files: FILES });
    expect(tree?.name).toBe('/lab/kernel');
    expect(tree?.base).toBeUndefined();
    expect(tree?.files.get('mm/a.c')?.path).toBe('/lab/kernel/mm/a.c');
    expect(tree === undefined ? [] : unitsOf(tree).map((file) => file.path)).toEqual([
      '/lab/kernel/mm/a.c',
    ]);
  });

  it('says when a folder holds no kernel', () => {
    const { diagnostics } = loadKernelTree(media, {
      path: '/lab',
      files: new Map([['src/hello.c', '']]),
    });
    expect(diagnostics[0]?.message).toBe(
      '`/lab` is no kernel tree: it has no `include/faultline/machine.h`',
    );
  });

  it('puts patches of the user on top', () => {
    const { tree } = loadKernelTree(media, { path: '/lab/kernel', files: FILES }, [
      { name: 'my.patch', text: PATCH },
    ]);
    expect(tree?.name).toBe('/lab/kernel+my.patch');
    expect(tree?.isPatchedByUser).toBe(true);
  });
});

describe('resolveIncludeIn', () => {
  const files = new Map([
    ['mm/a.c', ''],
    ['mm/internal.h', ''],
    ['include/linux/mm.h', ''],
    ['include/faultline/machine.h', ''],
    ['arch/x86/include/asm/page.h', ''],
  ]);
  const { tree } = loadKernelTree(media, { path: 'k', files });
  const find = (path: string, form: 'angle' | 'quote'): string | undefined => {
    const from = tree?.files.get('mm/a.c');
    return tree === undefined || from === undefined
      ? undefined
      : resolveIncludeIn(tree, path, form, from)?.path;
  };

  it('looks in the include roots, and for quotes first beside the file', () => {
    expect(find('linux/mm.h', 'angle')).toBe('k/include/linux/mm.h');
    expect(find('asm/page.h', 'angle')).toBe('k/arch/x86/include/asm/page.h');
    expect(find('internal.h', 'quote')).toBe('k/mm/internal.h');
    expect(find('../mm/internal.h', 'quote')).toBe('k/mm/internal.h');
    expect(find('internal.h', 'angle')).toBeUndefined();
  });
});
