/**
 * Derives the recorded tokens of test/fixtures/preprocessor again with `gcc -E`, and compares every
 * unit of the kernel after preprocessing. With FAULTLINE_RECORD=1 the record is written instead.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { DiagnosticSink } from '../../src/c/diagnosticSink.ts';
import { predefinedMacros } from '../../src/c/predefinedMacros.ts';
import { preprocess } from '../../src/c/preprocessor.ts';
import { createNodeMedia } from '../../src/cli/nodeMedia.ts';
import { kernelLanguage } from '../../src/kernel/kernelLanguage.ts';
import { loadKernelTree, resolveIncludeIn, unitsOf } from '../../src/scenario/kernelTree.ts';
import {
  macroFixturePath,
  macroRecordPath,
  splitCases,
  tokensOfText,
} from '../support/macroFixture.ts';

const mediaFolder = path.join(import.meta.dirname, '../../media');
const scratch = mkdtempSync(path.join(tmpdir(), 'faultline-gcc-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** Our predefined macros, so that gcc takes the same branches. */
const definitions = path.join(scratch, 'predefined.h');
writeFileSync(
  definitions,
  predefinedMacros()
    .filter((macro) => macro.dynamic === undefined)
    .map((macro) => `#undef ${macro.name}\n#define ${macro.name} ${macro.bodyText}\n`)
    .join(''),
);

function preprocessWithGcc(file: string, folder: string, options: readonly string[]): string[] {
  const flags = ['-E', '-P', '-w', '-undef', '-m32', '-std=gnu99', '-nostdinc', ...options];
  const values = [...flags, '-include', definitions, file];
  return tokensOfText(execFileSync('gcc', values, { cwd: folder, encoding: 'utf8' }));
}

describe('macros', () => {
  it('expand as the record says under gcc -E', () => {
    const text = splitCases(preprocessWithGcc(macroFixturePath, scratch, []));
    if (process.env['FAULTLINE_RECORD'] === '1') writeFileSync(macroRecordPath, text);
    expect(readFileSync(macroRecordPath, 'utf8')).toBe(text);
  });
});

describe('the kernel', () => {
  const { tree } = loadKernelTree(createNodeMedia(mediaFolder), 'patched');
  const files = tree === undefined ? [] : unitsOf(tree);
  it.each(files.map((file) => file.path))('%s is what gcc -E makes of it', (name) => {
    const file = files.find((candidate) => candidate.path === name);
    if (tree === undefined || file === undefined) throw new Error(`no unit ${name}`);
    const unit = preprocess(
      file,
      {
        language: kernelLanguage,
        resolveInclude: (target, form, from) => resolveIncludeIn(tree, target, form, from),
      },
      new DiagnosticSink(),
    );
    const ours = unit.tokens.filter(({ kind }) => kind !== 'annotation' && kind !== 'end');
    const roots = ['-Iinclude', '-Iarch/x86/include'];
    const theirs = preprocessWithGcc(name, path.join(mediaFolder, 'kernel'), roots);
    expect(ours.map((token) => token.text)).toEqual(theirs);
  });
});
