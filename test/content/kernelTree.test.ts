// The C of the kernel tree: licence lines, contracts of functions, intrinsics, costs, anchors.
import { describe, expect, it } from 'vitest';
import { INTRINSICS } from '../../src/bytecode/intrinsic.ts';
import { NAMED_COSTS } from '../../src/scenario/presets.ts';
import { listScenarios, loadBuiltInScenario } from '../../src/scenario/catalog.ts';
import { differingPaths, loadKernelTree } from '../../src/scenario/kernelTree.ts';
import { listAllKernels } from '../../src/scenario/patchCatalog.ts';
import { kernelFiles } from '../support/kernelMedia.ts';
import { media } from '../support/nodeMedia.ts';

const files = kernelFiles();
const sources = [...files].filter(([path]) => path.endsWith('.c'));

/** `path:line` of every match. */
function placesOf(pattern: RegExp, among: Iterable<[string, string]> = files): string[] {
  const places: string[] = [];
  for (const [path, text] of among) {
    text.split('\n').forEach((line, index) => {
      if (pattern.test(line)) places.push(`${path}:${String(index + 1)}`);
    });
  }
  return places;
}

/** Function definitions: the line of the name, and the comment and annotations right above. */
function definitionsOf(text: string): { name: string; lead: string }[] {
  const found: { name: string; lead: string }[] = [];
  const lines = text.split('\n');
  lines.forEach((line, index) => {
    if (line !== '{') return;
    let start = index - 1;
    while (start > 0 && /^[\t )]/.test(lines[start] ?? '')) start -= 1;
    const name = /(\w+)\(/.exec(lines[start] ?? '')?.[1];
    if (name === undefined) return;
    let top = start - 1;
    while (top >= 0 && /^(?:\/\/@| \*|\/\*)/.test(lines[top] ?? '')) top -= 1;
    found.push({ name, lead: lines.slice(top + 1, start).join('\n') });
  });
  return found;
}

describe('the kernel tree', () => {
  it('has a licence line and a header comment in every file', () => {
    for (const [path, text] of files) {
      expect(text, path).toMatch(/^\/\* SPDX-License-Identifier: GPL-2\.0-only \*\/\n\/\*/);
    }
  });

  it('gives every function a contract that names its context', () => {
    const without = [...files].flatMap(([path, text]) =>
      definitionsOf(text)
        .filter(({ lead }) => !lead.includes('Context:'))
        .map(({ name }) => `${path}: ${name}`),
    );
    expect(without).toEqual([]);
  });

  it('has no function longer than its contract allows a reader to follow, but the two of the patch', () => {
    const long = sources.flatMap(([path, text]) =>
      [...text.matchAll(/^[^\s/#*].*?(\w+)\([^;]*?\n\{\n([\s\S]*?)\n\}$/gm)]
        .filter(([, , body]) => (body ?? '').split('\n').length > 90)
        .map(([, name]) => `${path}: ${name ?? ''}`),
    );
    expect(long.sort()).toEqual([
      'arch/x86/mm/fault.c: do_page_fault',
      'mm/filemap.c: filemap_fault',
      'mm/memory.c: __do_fault',
    ]);
  });

  it('leaves nothing to do', () => {
    expect(placesOf(/\b(?:TODO|FIXME|XXX)\b/)).toEqual([]);
  });

  it('includes no system header', () => {
    const roots = ['include/', 'arch/x86/include/'];
    const unknown = [...files].flatMap(([path, text]) =>
      [...text.matchAll(/^#include <(.+)>/gm)]
        .filter(([, name]) => !roots.some((root) => files.has(root + (name ?? ''))))
        .map(([line]) => `${path}: ${line}`),
    );
    expect(unknown).toEqual([]);
    expect(placesOf(/^#include "/)).toEqual([]);
  });
});

describe('every kernel that ships', () => {
  const changed = listAllKernels(media).flatMap((kernel) =>
    differingPaths(media, 'patched', kernel).map((path) => {
      const text = loadKernelTree(media, kernel).tree?.files.get(path)?.text ?? '';
      return [kernel, path, text] as const;
    }),
  );

  it('gives every function a contract that names its context', () => {
    const without = changed.flatMap(([kernel, path, text]) =>
      definitionsOf(text)
        .filter(({ lead }) => !lead.includes('Context:'))
        .map(({ name }) => `${kernel}: ${path}: ${name}`),
    );
    expect(changed.length).toBeGreaterThan(20);
    expect(without).toEqual([]);
  });

  it('names each anchor once, and has all that scenarios wait for', () => {
    const scenarios = listScenarios(media).flatMap(
      (name) => loadBuiltInScenario(media, name).scenario?.data ?? [],
    );
    for (const kernel of listAllKernels(media)) {
      const { tree } = loadKernelTree(media, kernel);
      const anchors = [...(tree?.files.values() ?? [])].flatMap(({ text }) =>
        [...text.matchAll(/^\s*\/\/@ anchor (\w+)/gm)].map(([, anchor]) => anchor ?? ''),
      );
      expect(anchors.length, kernel).toBe(new Set(anchors).size);
      const wanted = scenarios.flatMap(({ tasks, events = [] }) => [
        ...tasks.flatMap(({ start }) => start ?? []),
        ...events
          .filter(({ only }) => only?.some((name) => tree?.expectedLike.includes(name)) ?? true)
          .map(({ at }) => at),
      ]);
      const names = wanted.flatMap((start) => ('when' in start ? start.when.anchor : []));
      expect(names.length).toBeGreaterThan(5);
      expect(
        names.filter((name) => !anchors.includes(name)),
        kernel,
      ).toEqual([]);
    }
  });
});

describe('machine.h', () => {
  const header = files.get('include/faultline/machine.h') ?? '';

  it('declares exactly the intrinsics of the machine, with as many parameters', () => {
    const declared = [...header.matchAll(/^\w[\w ]*?\*?\b(fl_\w+)\(([^)]*)\);/gm)].map(
      ([, name, parameters]) =>
        `${name ?? ''}/${String(parameters === 'void' ? 0 : (parameters ?? '').split(',').length)}`,
    );
    const known = INTRINSICS.map(({ name, arity }) => `${name}/${String(arity)}`);
    expect(declared.sort()).toEqual(known.sort());
  });
});

describe('the annotations of the kernel tree', () => {
  it('name only costs that a preset prices', () => {
    const known = new Set(NAMED_COSTS.map(({ name }) => name));
    const used = [...files.values()].flatMap((text) =>
      [...text.matchAll(/\/\/@ cost (\w+)/g)].map(([, name]) => name ?? ''),
    );
    expect(used.filter((name) => !known.has(name))).toEqual([]);
  });

  it('name each anchor once, and never in a header', () => {
    const names = sources.flatMap(([, text]) =>
      [...text.matchAll(/\/\/@ anchor (\w+)/g)].map(([, name]) => name ?? ''),
    );
    expect(new Set(names).size).toBe(names.length);
    const headers = [...files].filter(([path]) => path.endsWith('.h'));
    expect(placesOf(/\/\/@ anchor/, headers)).toEqual([]);
  });

  it('move ownership only inside primitives, where it really changes', () => {
    const places = placesOf(/\/\/@ (?:acquire|drop|get|put|wait|resume)\b/);
    const folders = new Set(places.map((place) => place.replace(/:\d+$/, '')));
    expect([...folders].sort()).toEqual([
      'arch/x86/include/asm/rwsem.h',
      'fs/bio.c',
      'include/linux/mm.h',
      'include/linux/pagemap.h',
      'kernel/wait.c',
      'lib/rwsem.c',
      'mm/filemap.c',
      'mm/page_alloc.c',
    ]);
  });
});
