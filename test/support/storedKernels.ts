/**
 * Stored objects of kernels for tests, and comparing what comes of them with compiling everything.
 */
import { isDeepStrictEqual } from 'node:util';
import { renderDiagnostic } from '../../src/base/diagnostic.ts';
import { finishSteps } from '../../src/base/steps.ts';
import type { Program } from '../../src/bytecode/program.ts';
import { compile } from '../../src/c/compile.ts';
import { compileChanged } from '../../src/c/compileChanged.ts';
import { createObjects } from '../../src/c/createObjects.ts';
import type { StoredObjects } from '../../src/c/objectFormat.ts';
import { compileInputOf } from '../../src/scenario/compileKernel.ts';
import { loadKernelTree, type KernelTree } from '../../src/scenario/kernelTree.ts';
import { media } from './nodeMedia.ts';

/** A tree of texts by path. */
export function treeOf(files: ReadonlyMap<string, string>, path = ''): KernelTree {
  const { tree } = loadKernelTree(media, { path, files });
  if (tree === undefined) throw new Error('no kernel tree');
  return tree;
}

/** The texts of a kernel that ships. */
export function textsOf(kernel: string): Map<string, string> {
  const { tree } = loadKernelTree(media, kernel);
  if (tree === undefined) throw new Error(`no kernel ${kernel}`);
  return new Map([...tree.files].map(([path, { text }]) => [path, text]));
}

/** The objects of a tree, having been a text in between. */
export function objectsOf(tree: KernelTree): StoredObjects {
  const objects = createObjects(compileInputOf(tree));
  if (objects === undefined) throw new Error(`${tree.name} cannot be stored`);
  return JSON.parse(JSON.stringify(objects)) as StoredObjects;
}

/** Everything of a program, values of macros included, in a form that can be compared. */
function contentsOf(program: Program): unknown {
  const macros = [...program.macros.values()].map(({ name, body, span, value }) => {
    return { name, body, span, value };
  });
  return { ...program, macros };
}

/** What compiling with objects and without gives: the same, or where they differ first. */
export function compareWays(tree: KernelTree, objects: StoredObjects): string {
  const input = compileInputOf(tree);
  const whole = compile(input);
  const changed = compile({ ...input, objects });
  const said = [whole, changed].map(({ diagnostics }) => diagnostics.map(renderDiagnostic));
  if (!isDeepStrictEqual(said[0], said[1])) return `diagnostics: ${JSON.stringify(said)}`;
  if (whole.program === undefined || changed.program === undefined) {
    return whole.program === changed.program ? 'same' : 'only one has a program';
  }
  const [one, other] = [contentsOf(whole.program), contentsOf(changed.program)];
  return firstDifference(one, other) ?? 'same';
}

/** Whether objects were enough, with the units that differ: nothing was compiled as a whole. */
export function isReused(tree: KernelTree, objects: StoredObjects): boolean {
  return finishSteps(compileChanged(compileInputOf(tree), objects)) !== undefined;
}

/**
 * The first place where two values differ in content. Source files have to be the same objects, because
 * consumers know them by identity.
 */
export function firstDifference(
  one: unknown,
  other: unknown,
  place = 'result',
  seen = new Map<object, object>(),
): string | undefined {
  if (Object.is(one, other)) return undefined;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) {
    return `${place}: ${String(one)} and ${String(other)}`;
  }
  if (seen.get(one) === other) return undefined;
  if (one instanceof Map && other instanceof Map) {
    return firstDifference([...one], [...other], place, seen);
  }
  if ('text' in one && 'path' in one) return `${place}: not the same file`;
  seen.set(one, other);
  const [left, right] = [one, other].map((value) => value as Record<string, unknown>);
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  for (const key of keys) {
    const difference = firstDifference(left?.[key], right?.[key], `${place}.${key}`, seen);
    if (difference !== undefined) return difference;
  }
  return undefined;
}
