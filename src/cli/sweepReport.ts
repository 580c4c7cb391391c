/**
 * The results of a sweep as a table and as JSON.
 */
import { formatDuration } from '../base/duration.ts';
import type { Scenario } from '../scenario/loadScenario.ts';
import { isCostName } from '../scenario/presets.ts';
import type { SweepAxis, SweepRun } from './sweepRuns.ts';
import { formatRate, formatTable } from './textTable.ts';

/** A sweep that has been made. */
export interface SweepResult {
  readonly scenario: Scenario;
  readonly axes: readonly SweepAxis[];
  readonly runs: readonly SweepRun[];
}

/** What is compared of the tasks of a sweep. */
export type SweepMeasure = 'rate' | 'wait';

/** Iterations where tasks count them, otherwise waits for `mmap_sem`. */
export function measureOf({ runs }: Pick<SweepResult, 'runs'>): SweepMeasure {
  return runs.some(({ tasks }) => tasks.some(({ iterations }) => iterations > 0)) ? 'rate' : 'wait';
}

/** The tasks that are worth a column or a panel: those with a figure other than 0, in the order of the scenario. */
export function tasksOf({ runs }: SweepResult, measure: SweepMeasure): readonly string[] {
  const names = new Set(runs.flatMap(({ tasks }) => tasks.map(({ name }) => name)));
  return [...names].filter((name) => runs.some((run) => figureOf(run, name, measure) > 0));
}

/** The figure of a task in a run: iterations per second, or nanoseconds. */
export function figureOf(run: SweepRun, task: string, measure: SweepMeasure): number {
  const found = run.tasks.find(({ name }) => name === task);
  if (found === undefined) return 0;
  return measure === 'rate' ? found.perSecond : found.mmapSemWaitMaxNs;
}

/** Whether the values of a parameter are nanoseconds. */
export function isInNanoseconds(name: string): boolean {
  return isCostName(name) || /Ns$/.test(name);
}

function longestWait({ tasks }: SweepRun): string {
  return formatDuration(Math.max(0, ...tasks.map((task) => task.mmapSemWaitMaxNs)));
}

/** The table, with a newline at its end. */
export function formatSweep(result: SweepResult): string {
  const { scenario, axes, runs } = result;
  const measure = measureOf(result);
  const tasks = tasksOf(result, measure);
  const unit = measure === 'rate' ? '/s' : ' waits';
  const heading = [
    ...axes.map(({ name }) => name),
    'kernel',
    ...tasks.map((task) => `${task}${unit}`),
    ...(measure === 'rate' ? ['longest wait'] : []),
    'outcome',
  ];
  const rows = runs.map((run) => [
    ...run.values.map((value, index) =>
      isInNanoseconds(axes[index]?.name ?? '') ? formatDuration(value) : String(value),
    ),
    run.kernel,
    ...tasks.map((task) => {
      const figure = figureOf(run, task, measure);
      return measure === 'rate' ? formatRate(figure) : formatDuration(figure);
    }),
    ...(measure === 'rate' ? [longestWait(run)] : []),
    run.violations.length > 0 ? `${run.outcome}: ${run.violations.join(', ')}` : run.outcome,
  ]);
  const notes = scenario.data.notes ?? [];
  return `${[scenario.data.title, '', ...formatTable([heading, ...rows]), ...(notes.length === 0 ? [] : ['', ...notes])].join('\n')}\n`;
}

/** The JSON form, with a newline at its end. The names of the keys are a contract with scripts of users. */
export function sweepToJson({ scenario, axes, runs }: SweepResult): string {
  const result = {
    scenario: scenario.name,
    over: Object.fromEntries(axes.map(({ name, values }) => [name, values])),
    runs: runs.map(({ values, ...run }) => ({
      settings: Object.fromEntries(axes.map(({ name }, index) => [name, values[index]])),
      ...run,
    })),
    notes: scenario.data.notes ?? [],
  };
  return `${JSON.stringify(result, undefined, 2)}\n`;
}
