/**
 * Compiles a kernel tree and finds in it what the host needs: entry points and struct readers.
 */
import { hasErrors, type Diagnostic } from '../base/diagnostic.ts';
import { finishSteps, type Steps } from '../base/steps.ts';
import type { Program } from '../bytecode/program.ts';
import { compileInSteps } from '../c/compile.ts';
import type { CompileInput } from '../c/compileInput.ts';
import { resolveEntryPoints } from '../kernel/entryPoints.ts';
import { kernelLanguage } from '../kernel/kernelLanguage.ts';
import { createKernelReaders, type KernelReaders } from '../kernel/kernelReaders.ts';
import type { EntryPoints } from '../machine/machineConfig.ts';
import { listIncludesOf, resolveIncludeIn, unitsOf, type KernelTree } from './kernelTree.ts';

/** A kernel that can run. */
export interface CompiledKernel {
  readonly program: Program;
  readonly entries: EntryPoints;
  readonly readers: KernelReaders;
}

/** What compiling a tree gave. */
export interface CompileKernelResult {
  /** Absent when there were errors. */
  readonly kernel: CompiledKernel | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** Results by tree: a tree never changes. */
const results = new WeakMap<KernelTree, CompileKernelResult>();

/** Compiles a tree; the same tree is compiled once. Errors: diagnostics of C, then of what the host misses. */
export function compileKernel(tree: KernelTree): CompileKernelResult {
  return finishSteps(compileKernelInSteps(tree));
}

/** The same in steps of a few milliseconds. */
export function* compileKernelInSteps(tree: KernelTree): Steps<CompileKernelResult> {
  const known = results.get(tree);
  if (known !== undefined) return known;
  const result = yield* compileTree(tree);
  results.set(tree, result);
  return result;
}

/** How a tree is put before the compiler. */
export function compileInputOf(tree: KernelTree): CompileInput {
  return {
    units: unitsOf(tree),
    resolveInclude: (path, form, from) => resolveIncludeIn(tree, path, form, from),
    listIncludes: () => listIncludesOf(tree),
    language: kernelLanguage,
  };
}

function* compileTree(tree: KernelTree): Steps<CompileKernelResult> {
  const objects = tree.objects?.find(tree.files);
  const { program, diagnostics } = yield* compileInSteps({ ...compileInputOf(tree), objects });
  if (program === undefined || hasErrors(diagnostics)) return { kernel: undefined, diagnostics };
  const entryPoints = resolveEntryPoints(program);
  const kernelReaders = createKernelReaders(program);
  const all = [...diagnostics, ...entryPoints.diagnostics, ...kernelReaders.diagnostics];
  const { entries } = entryPoints;
  const { readers } = kernelReaders;
  if (entries === undefined || readers === undefined)
    return { kernel: undefined, diagnostics: all };
  return { kernel: { program, entries, readers }, diagnostics: all };
}
