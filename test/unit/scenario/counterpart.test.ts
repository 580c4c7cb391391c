// A place of one kernel in another: the line, one near it, its function, or nothing.
import { describe, expect, it } from 'vitest';
import { loadKernelTree } from '../../../src/scenario/kernelTree.ts';
import { findCounterpart } from '../../../src/scenario/counterpart.ts';
import { media } from '../../support/nodeMedia.ts';

function textOf(kernel: string, path: string): string {
  return loadKernelTree(media, kernel).tree?.files.get(path)?.text ?? '';
}

/** The kind of the counterpart of the first line with `part`, and the line that is found. */
function find(from: string, to: string, path: string, part: string): string {
  const fromText = textOf(from, path);
  const toText = textOf(to, path);
  const line1 = fromText.split('\n').findIndex((line) => line.includes(part)) + 1;
  expect(line1, part).toBeGreaterThan(0);
  const found = findCounterpart(fromText, toText, line1);
  return `${found.kind}: ${toText.split('\n')[found.line1 - 1]?.trim() ?? ''}`;
}

describe('a place in another kernel', () => {
  it('is the line itself where both have it, wherever it stands', () => {
    expect(find('patched', 'unpatched', 'mm/filemap.c', 'find_get_page(mapping, offset)')).toBe(
      'line: while ((page = find_get_page(mapping, offset)) != NULL) {',
    );
  });

  it('is a line before it in the same function where the line is only in one', () => {
    expect(find('patched', 'unpatched', 'mm/filemap.c', 'if (!trylock_page(page)) {')).toBe(
      'near: lock_page(page);',
    );
    const found = find('patched', 'unpatched', 'arch/x86/mm/fault.c', 'VM_FAULT_RELEASED');
    expect(found).toMatch(/^near: /);
  });

  const FROM = 'int one(void)\n{\n\tfirst();\n}\n\nint two(int a)\n{\n\tsecond();\n}\n';

  it('is its function where nothing else of it is left', () => {
    const to = 'int two(int b);\n\nlong two(long b,\n\t int c)\n{\n\tother();\n}\n';
    expect(findCounterpart(FROM, to, 8)).toEqual({ line1: 3, kind: 'function' });
  });

  it('is none where the function is missing, and between functions', () => {
    expect(findCounterpart(FROM, 'int three(void)\n{\n}\n', 8)).toEqual({ line1: 1, kind: 'none' });
    expect(findCounterpart('int x;\nint y;\n', 'int z;\n', 2)).toEqual({ line1: 1, kind: 'none' });
  });

  it('always lies inside the other file', () => {
    const [path, from, to] = ['arch/x86/mm/fault.c', 'patched', 'mainline'];
    const [fromText, toText] = [textOf(from, path), textOf(to, path)];
    const kinds = new Set<string>();
    fromText.split('\n').forEach((_, index) => {
      const { line1, kind } = findCounterpart(fromText, toText, index + 1);
      expect(line1).toBeGreaterThan(0);
      expect(line1).toBeLessThanOrEqual(toText.split('\n').length);
      kinds.add(kind);
    });
    expect(kinds.has('line') && kinds.has('near')).toBe(true);
  });
});
