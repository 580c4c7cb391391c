/**
 * The runs of a sweep: every combination of the values that parameters shall take, on every kernel.
 */
import { hasErrors, type Diagnostic } from '../base/diagnostic.ts';
import { BugError, UserError } from '../base/errors.ts';
import type { KernelTree } from '../scenario/kernelTree.ts';
import { resolveScenario, type Scenario } from '../scenario/loadScenario.ts';
import type { ScenarioWithPrograms } from '../scenario/catalog.ts';
import { prepareRun, type PreparedRun, type PrepareRunResult } from '../scenario/prepareRun.ts';
import { runToEnd } from '../scenario/runScenario.ts';
import { perSecond, summarizeRun } from '../scenario/runSummary.ts';
import type { Outcome } from '../scenario/scenarioSchema.ts';

/** More runs than these are a mistake, or a night's work. */
export const MOST_RUNS = 256;

/** A parameter and the values that it takes. */
export interface SweepAxis {
  readonly name: string;
  readonly values: readonly number[];
}

/** How the tasks of one entry of the scenario fared in a run, copies together. */
export interface SweepTask {
  readonly name: string;
  readonly iterations: number;
  /** Iterations of all copies per second of virtual time. */
  readonly perSecond: number;
  readonly mmapSemWaitMaxNs: number;
}

/** What came out of one run. */
export interface SweepRun {
  readonly kernel: string;
  /** The values of the axes, in their order. */
  readonly values: readonly number[];
  readonly outcome: Outcome;
  readonly virtualNs: number;
  readonly tasks: readonly SweepTask[];
  /** The rules that were violated, and faults. */
  readonly violations: readonly string[];
}

/** What to run. */
export interface SweepInput {
  readonly loaded: ScenarioWithPrograms & { readonly scenario: Scenario };
  readonly trees: readonly KernelTree[];
  readonly axes: readonly SweepAxis[];
  readonly settings: Readonly<Record<string, string>>;
  readonly checks: boolean;
  /** The rules that the kernels must keep; all when left out. */
  readonly rules?: string;
}

/** A run that has been made, and what the texts that it was made of deserve to be told. */
export interface SweepStep {
  readonly run: SweepRun;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads `name=a,b,c`. Errors: `UserError` for another form. */
export function readAxis(text: string): SweepAxis {
  const [, name = '', list = ''] = /^([^=]+)=(.*)$/.exec(text) ?? [];
  const values = list.split(',').map((value) => value.trim());
  const numbers = values.map((value) =>
    /^-?(?:\d+|0x[0-9a-fA-F]+)$/.test(value) ? Number(value) : Number.NaN,
  );
  const isFine = name !== '' && numbers.every((value) => Number.isSafeInteger(value));
  if (isFine && new Set(numbers).size === numbers.length) return { name, values: numbers };
  throw new UserError(
    'bad-axis',
    `"${text}" does not say what to sweep over.`,
    'Write a parameter and different whole numbers for it, as in --over readers=1,2,4.',
  );
}

/** How many runs that makes. Errors: `UserError` for names or values that do not fit the scenario, or too many runs. */
export function checkSweep({ loaded, trees, axes, settings }: SweepInput): number {
  const names = axes.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index || name in settings);
  if (twice !== undefined) {
    throw new UserError(
      'axis-twice',
      `"${twice}" is given twice.`,
      'Name a parameter in one --over only, and not in --set as well.',
    );
  }
  const runs = axes.reduce((product, { values }) => product * values.length, trees.length);
  if (runs > MOST_RUNS) {
    throw new UserError(
      'too-many-runs',
      `That would be ${String(runs)} runs; a sweep makes at most ${String(MOST_RUNS)}.`,
      'Give fewer values, or sweep over less at a time.',
    );
  }
  for (const { name, values } of axes) {
    for (const value of values) resolveScenario(loaded.scenario, { ...settings, [name]: value });
  }
  return runs;
}

/** Makes the runs, one after the other. What is wrong with one of them ends the sweep with diagnostics. */
export function* sweep(input: SweepInput): Generator<SweepStep, readonly Diagnostic[]> {
  for (const values of combinations(input.axes)) {
    for (const tree of input.trees) {
      const { run, diagnostics } = prepareOne(input, tree, values);
      if (run === undefined || hasErrors(diagnostics)) return diagnostics;
      yield { run: runOne(run, values), diagnostics };
    }
  }
  return [];
}

function* combinations(axes: readonly SweepAxis[]): Generator<readonly number[]> {
  const [first, ...rest] = axes;
  if (first === undefined) {
    yield [];
    return;
  }
  for (const value of first.values) {
    for (const others of combinations(rest)) yield [value, ...others];
  }
}

function prepareOne(
  { loaded, axes, settings, checks, rules }: SweepInput,
  tree: KernelTree,
  values: readonly number[],
): PrepareRunResult {
  const { scenario, programs } = loaded;
  const swept = Object.fromEntries(axes.map(({ name }, index) => [name, values[index] ?? 0]));
  return prepareRun({
    scenario,
    programs,
    tree,
    checks,
    parameters: { ...settings, ...swept },
    ...(rules === undefined ? {} : { rules }),
  });
}

function runOne(run: PreparedRun, values: readonly number[]): SweepRun {
  const result = runToEnd(run);
  if (result === undefined) throw new BugError('A run that nobody stopped has no result.');
  const { kernel, outcome, virtualNs, tasks, violations } = summarizeRun(run, result);
  const entries = [...new Set(run.data.tasks.map(({ entry }) => entry))];
  return {
    kernel,
    values,
    outcome,
    virtualNs,
    tasks: entries.map((entry) => {
      const copies = tasks.filter((_, index) => run.data.tasks[index]?.entry === entry);
      const iterations = copies.reduce((sum, copy) => sum + copy.iterations, 0);
      return {
        name: copies[0]?.name ?? '',
        iterations,
        perSecond: perSecond(iterations, virtualNs),
        mmapSemWaitMaxNs: Math.max(...copies.map((copy) => copy.mmapSemWaitMaxNs)),
      };
    }),
    violations: violations.map(({ rule }) => rule),
  };
}
