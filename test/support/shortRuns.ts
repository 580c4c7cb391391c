/**
 * Settings under which a long scenario is short, for tests that look at every state of a run or that run it on every
 * kernel. What it expects holds for its own length only.
 */
import type { ParameterSettings } from '../../src/scenario/loadScenario.ts';

const SHORT_RUNS: Readonly<Record<string, ParameterSettings>> = {
  'benchmark-2010': { durationNs: 200_000_000 },
};

/** The settings for a scenario; none for one that is short by itself. */
export function shortened(scenario: string): { readonly parameters: ParameterSettings } {
  return { parameters: SHORT_RUNS[scenario] ?? {} };
}
