/**
 * Which runs the comparison shows: plain functions over the options that the run told.
 */
import type { RunChoice, RunOption } from '../../view/twoRunsModel.ts';

/** Two runs, the one that is drawn above first. */
export interface ChosenRuns {
  readonly one: RunChoice;
  readonly other: RunChoice;
}

/** What is compared when nobody has chosen. */
export const USUAL_RUNS: ChosenRuns = {
  one: { kernel: 'unpatched' },
  other: { kernel: 'patched' },
};

/** What the comparison offers before the run has told more. */
export const USUAL_OPTIONS: readonly RunOption[] = [
  { choice: USUAL_RUNS.one, label: 'unpatched', title: '', group: 'kernels' },
  { choice: USUAL_RUNS.other, label: 'patched', title: '', group: 'kernels' },
];

/** A choice as the value of an `option`. */
export function choiceKey(choice: RunChoice): string {
  if ('kernel' in choice) return `kernel ${choice.kernel}`;
  return 'session' in choice ? 'session' : 'without';
}

/** The option with a key; `undefined` when there is none. */
export function findOption(options: readonly RunOption[], key: string): RunOption | undefined {
  return options.find(({ choice }) => choiceKey(choice) === key);
}

/** Whether the run of the session is among them, so that they change when it goes on. */
export function dependsOnSession({ one, other }: ChosenRuns): boolean {
  return !('kernel' in one) || !('kernel' in other);
}

const GROUPS: readonly (readonly [RunOption['group'], string])[] = [
  ['kernels', 'Kernels'],
  ['session', 'This session'],
  ['labs', 'Labs'],
];

/** The options by what they are, empty groups left out. */
export function groupOptions(
  options: readonly RunOption[],
): readonly { readonly name: string; readonly options: readonly RunOption[] }[] {
  return GROUPS.map(([group, name]) => ({
    name,
    options: options.filter((option) => option.group === group),
  })).filter((group) => group.options.length > 0);
}

/** The two kernels of a report, the one without the patch first. */
export function reportedRuns(kernel: string, other: string): ChosenRuns {
  const isBefore = kernel === 'unpatched';
  return isBefore
    ? { one: { kernel }, other: { kernel: other } }
    : { one: { kernel: other }, other: { kernel } };
}
