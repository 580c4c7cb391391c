/**
 * Runs scenarios in tests: the shipped ones on the shipped kernels, or on a tree with edits.
 */
import { renderDiagnostic } from '../../src/base/diagnostic.ts';
import {
  loadBuiltInScenario,
  withPrograms,
  type ScenarioWithPrograms,
} from '../../src/scenario/catalog.ts';
import { checkExpectation, type Mismatch } from '../../src/scenario/expectation.ts';
import { loadKernelTree, type KernelTree } from '../../src/scenario/kernelTree.ts';
import {
  prepareRun,
  type PrepareRunInput,
  type PreparedRun,
} from '../../src/scenario/prepareRun.ts';
import { runToEnd, type RunResult } from '../../src/scenario/runScenario.ts';
import { summarizeRun, type RunSummary } from '../../src/scenario/runSummary.ts';
import { media } from './nodeMedia.ts';

const trees = new Map<string, KernelTree>();

/** A shipped kernel, compiled once for all tests of a file. */
export function shippedTree(kernel: string): KernelTree {
  const known = trees.get(kernel);
  if (known !== undefined) return known;
  const { tree, diagnostics } = loadKernelTree(media, kernel);
  if (tree === undefined) throw new Error(diagnostics.map(renderDiagnostic).join('\n'));
  trees.set(kernel, tree);
  return tree;
}

/**
 * One replacement of text in a file of the tree: the text must stand there exactly once, or, for a regular
 * expression with the flag `g`, at least once.
 */
export interface TreeEdit {
  readonly path: string;
  readonly from: string | RegExp;
  readonly to: string;
}

function hits(text: string, what: string | RegExp): boolean {
  if (typeof what === 'string') return text.split(what).length === 2;
  if (what.global) return text.search(what) >= 0;
  return [...text.matchAll(new RegExp(what, `${what.flags}g`))].length === 1;
}

/** A folder's tree: a shipped kernel with edits, each of which must hit. */
export function editedTree(kernel: string, edits: readonly TreeEdit[]): KernelTree {
  const files = new Map([...shippedTree(kernel).files].map(([path, file]) => [path, file.text]));
  for (const { path, from, to } of edits) {
    const before = files.get(path) ?? '';
    if (!hits(before, from)) {
      throw new Error(`${path} does not have this text once: ${String(from)}`);
    }
    files.set(path, before.replace(from, to));
  }
  const { tree } = loadKernelTree(media, { path: '/lab/kernel', files });
  if (tree === undefined) throw new Error('no tree');
  return tree;
}

/** A scenario of the test's own with its programs. */
export function scenarioOf(
  text: string,
  programs: Readonly<Record<string, string>>,
): ScenarioWithPrograms {
  return withPrograms({ path: 'own.jsonc', text }, (path) => {
    const program = programs[path];
    return program === undefined ? undefined : { path, text: program };
  });
}

/** Prepares a run that must be without complaints. */
export function prepare(
  source: string | ScenarioWithPrograms,
  tree: KernelTree | undefined,
  more: Partial<PrepareRunInput> = {},
): PreparedRun {
  if (tree === undefined) throw new Error('there is no such kernel');
  const loaded = typeof source === 'string' ? loadBuiltInScenario(media, source) : source;
  const { scenario, programs } = loaded;
  if (scenario === undefined) throw new Error(loaded.diagnostics.map(renderDiagnostic).join('\n'));
  const { run, diagnostics } = prepareRun({ scenario, programs, tree, ...more });
  if (run === undefined) throw new Error(diagnostics.map(renderDiagnostic).join('\n'));
  return run;
}

export interface FinishedRun {
  readonly run: PreparedRun;
  readonly result: RunResult;
  readonly summary: RunSummary;
  readonly mismatches: readonly Mismatch[];
}

/** Runs a prepared run to its end. */
export function finish(run: PreparedRun): FinishedRun {
  const result = runToEnd(run);
  if (result === undefined) throw new Error('the run was stopped');
  const summary = summarizeRun(run, result);
  return { run, result, summary, mismatches: checkExpectation(run, summary).mismatches };
}

/** Runs a prepared run to its end, of which only the summary counts. */
export function runAndSummarize(run: PreparedRun): RunSummary {
  return finish(run).summary;
}

/** A shipped scenario on another number of CPUs; its tasks are spread over those that there are. */
export function scenarioWithCpus(name: string, cpuCount: number): ScenarioWithPrograms {
  const text = (media.read(`scenarios/${name}.jsonc`) ?? '')
    .replace(/"cpus": *\d+/, `"cpus": ${String(cpuCount)}`)
    .replace(/"cpu": *(\d+)/g, (_, cpu) => `"cpu": ${String(Number(cpu) % cpuCount)}`);
  return withPrograms({ path: `scenarios/${name}.jsonc`, text }, (path) => {
    const program = media.read(`scenarios/${path}`);
    return program === undefined ? undefined : { path, text: program };
  });
}
