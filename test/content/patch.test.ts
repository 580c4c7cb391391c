// The patch of the story against the facts about the mail of 1 October 2010: files, hunks, and what
// the added code branches on, calls and tests. The mail's text itself is not part of this project.
import { parsePatch, type StructuredPatch } from 'diff';
import { describe, expect, it } from 'vitest';
import { applyPatchToTree } from '../../src/scenario/applyPatch.ts';
import { kernelFiles, readMedia } from '../support/kernelMedia.ts';

const text = readMedia('patches/release-mmap-sem.patch');
const patches = parsePatch(text.slice(text.indexOf('--- ')));

function linesOf(patch: StructuredPatch, sign: '+' | '-'): string {
  return patch.hunks
    .flatMap(({ lines }) => lines.filter((line) => line.startsWith(sign)))
    .map((line) => line.slice(1))
    .join('\n');
}

/** C without comments and annotations, on one line. */
function codeOf(lines: string): string {
  return lines
    .replace(/\/\/@.*$/gm, '')
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/\s+/g, ' ')
    .trim();
}

function wordsOf(code: string, pattern: RegExp): string[] {
  return [...code.matchAll(pattern)].map(([, word]) => word ?? '');
}

function addedCode(path: string): string {
  const patch = patches.find(({ newFileName }) => newFileName === `b/${path}`);
  return patch === undefined ? '' : codeOf(linesOf(patch, '+'));
}

const CALLS = /\b(?!if\b|unlikely\b|return\b)([a-z_]\w*)\(/g;
const FLAGS = /\b((?:FAULT_FLAG|VM_FAULT|PERF_COUNT)_\w+)/g;
const BRANCHES = /\b(if|else|goto \w+|return|\w+:)(?= |;|$)/g;

describe('the patch of the story', () => {
  it('touches the four files of the mail in seven hunks', () => {
    expect(patches.map(({ newFileName, hunks }) => [newFileName, hunks.length])).toEqual([
      ['b/arch/x86/mm/fault.c', 3],
      ['b/include/linux/mm.h', 2],
      ['b/mm/filemap.c', 1],
      ['b/mm/memory.c', 1],
    ]);
  });

  it('adds to do_page_fault the flag, the label, and accounting and retry of the first attempt', () => {
    const code = addedCode('arch/x86/mm/fault.c');
    expect(wordsOf(code, BRANCHES)).toEqual(['retry:', 'if', 'if', 'else', 'if', 'goto retry']);
    expect(wordsOf(code, CALLS)).toEqual(['handle_mm_fault', 'perf_sw_event', 'perf_sw_event']);
    expect(wordsOf(code, FLAGS)).toEqual([
      'FAULT_FLAG_RELEASE',
      'FAULT_FLAG_WRITE',
      'VM_FAULT_MAJOR',
      'PERF_COUNT_SW_PAGE_FAULTS_MAJ',
      'PERF_COUNT_SW_PAGE_FAULTS_MIN',
      'VM_FAULT_RELEASED',
    ]);
    expect(code).toContain('unsigned int release_flag = FAULT_FLAG_RELEASE;');
    expect(code).toContain('release_flag | (write ? FAULT_FLAG_WRITE : 0)');
    expect(code).toContain('release_flag = 0; goto retry;');
  });

  it('adds one request flag and one result flag, with the values of the mail', () => {
    expect(addedCode('include/linux/mm.h')).toBe(
      '#define FAULT_FLAG_RELEASE 0x08 #define VM_FAULT_RELEASED 0x0400',
    );
  });

  it('adds to filemap_fault the trylock, the old wait, and the wait without mmap_sem', () => {
    const code = addedCode('mm/filemap.c');
    expect(wordsOf(code, BRANCHES)).toEqual(['if', 'if', 'else', 'return']);
    expect(wordsOf(code, CALLS)).toEqual([
      'trylock_page',
      '__lock_page',
      'up_read',
      'wait_on_page_locked',
      'page_cache_release',
    ]);
    expect(wordsOf(code, FLAGS)).toEqual(['FAULT_FLAG_RELEASE', 'VM_FAULT_RELEASED']);
    expect(code).toContain('up_read(&vma->vm_mm->mmap_sem); wait_on_page_locked(page);');
  });

  it('adds to __do_fault the one more result that brings no page', () => {
    const code = addedCode('mm/memory.c');
    expect(wordsOf(code, FLAGS)).toEqual([
      'VM_FAULT_ERROR',
      'VM_FAULT_NOPAGE',
      'VM_FAULT_RELEASED',
    ]);
  });

  it('removes what it replaces and nothing else', () => {
    const removed = patches.map((patch) => codeOf(linesOf(patch, '-')));
    expect(wordsOf(removed.join(' '), CALLS)).toEqual([
      'handle_mm_fault',
      'perf_sw_event',
      'perf_sw_event',
      'lock_page',
    ]);
  });

  it('can be taken back from the tree without fuzz, and then no trace of it is left in code', () => {
    const { files, diagnostics } = applyPatchToTree(
      kernelFiles(),
      { name: 'release-mmap-sem', text },
      'reverse',
    );
    expect(diagnostics).toEqual([]);
    const code = [...(files ?? [])].map(([, content]) => codeOf(content)).join('\n');
    expect(code).not.toMatch(/FAULT_FLAG_RELEASE|VM_FAULT_RELEASED|release_flag/);
  });
});
