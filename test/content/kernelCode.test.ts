/**
 * What the compiler makes of the kernel tree: no complaint, well-formed code, one copy of each
 * function of a header, small frames.
 */
import { describe, expect, it } from 'vitest';
import { renderDiagnostic } from '../../src/base/diagnostic.ts';
import type { SourceFile } from '../../src/base/span.ts';
import { verifyProgram } from '../../src/bytecode/verifier.ts';
import { compile } from '../../src/c/compile.ts';
import { kernelLanguage } from '../../src/kernel/kernelLanguage.ts';
import { kernelFiles } from '../support/kernelMedia.ts';

const INCLUDE_ROOTS = ['include/', 'arch/x86/include/'];

const files = new Map<string, SourceFile>(
  [...kernelFiles()].map(([path, text]) => [path, { path, text }]),
);

function compileTree(files: ReadonlyMap<string, SourceFile>) {
  return compile({
    units: [...files.values()].filter(({ path }) => path.endsWith('.c')),
    resolveInclude: (name, form, from) => {
      const beside = from.path.replace(/[^/]*$/, '') + name;
      const found = form === 'quote' ? files.get(beside) : undefined;
      return found ?? INCLUDE_ROOTS.map((root) => files.get(root + name)).find((file) => file);
    },
    language: kernelLanguage,
  });
}

const { program, diagnostics } = compileTree(files);

describe('the code of the kernel tree', () => {
  it('compiles without a complaint', () => {
    expect(diagnostics.map(renderDiagnostic)).toEqual([]);
  });

  it('may not ignore whether a lock was taken', () => {
    const path = 'arch/x86/mm/fault.c';
    const text = files.get(path)?.text ?? '';
    const edited = text.replace(
      'if (unlikely(!down_read_trylock(&mm->mmap_sem))) {',
      'down_read_trylock(&mm->mmap_sem);\n\tif (0) {',
    );
    const complaints = compileTree(new Map([...files, [path, { path, text: edited }]])).diagnostics;
    expect(complaints.map(({ code, severity, message }) => [code, severity, message])).toEqual([
      ['unused-result', 'warning', 'the result of `down_read_trylock` must not be ignored'],
    ]);
  });

  it('is well formed', () => {
    expect(program && verifyProgram(program)).toEqual([]);
  });

  it('has one copy of each function of a header, so that a breakpoint there is one place', () => {
    const places = program?.functions.map(
      ({ name, nameSpan }) => `${nameSpan.file.path}:${String(nameSpan.start)} ${name}`,
    );
    expect(places?.length).toBeGreaterThan(200);
    expect(new Set(places).size).toBe(places?.length);
  });

  it('keeps frames small: a kernel stack is 8 KiB', () => {
    const large = program?.functions.filter(({ frameSize }) => frameSize > 256);
    expect(large?.map(({ name, frameSize }) => `${name} ${String(frameSize)}`)).toEqual([]);
  });
});
