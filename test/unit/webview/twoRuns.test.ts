// What the comparison of two runs works out by itself: lengths of bars, options and their groups.
import { describe, expect, it } from 'vitest';
import type { RunOption } from '../../../src/view/twoRunsModel.ts';
import { barLengths } from '../../../src/webview/twoRuns/barLengths.ts';
import {
  choiceKey,
  dependsOnSession,
  findOption,
  groupOptions,
  USUAL_RUNS,
} from '../../../src/webview/twoRuns/runChoices.ts';

const OPTIONS: readonly RunOption[] = [
  { choice: { kernel: 'patched' }, label: 'patched', title: '', group: 'kernels' },
  { choice: { kernel: 'lost-wakeup' }, label: 'lost-wakeup', title: '', group: 'labs' },
  { choice: { session: true }, label: 'this run', title: '', group: 'session' },
];

describe('the bars of a difference', () => {
  it('are true to scale, the longer one full', () => {
    expect(barLengths({ oneNs: 1000, otherNs: 250 })).toEqual({ one: 1, other: 0.25 });
    expect(barLengths({ oneNs: 1, otherNs: 4 })).toEqual({ one: 0.25, other: 1 });
  });

  it('can be seen unless there is nothing to see', () => {
    expect(barLengths({ oneNs: 12_500_000, otherNs: 29_000 }).other).toBe(0.003);
    expect(barLengths({ oneNs: 12_500_000, otherNs: 0 }).other).toBe(0);
    expect(barLengths({ oneNs: 0, otherNs: 0 })).toEqual({ one: 0, other: 0 });
  });
});

describe('the choice of runs', () => {
  it('finds each option by its key again', () => {
    for (const option of OPTIONS) {
      expect(findOption(OPTIONS, choiceKey(option.choice))).toBe(option);
    }
    expect(findOption(OPTIONS, choiceKey({ without: 'lastChange' }))).toBeUndefined();
  });

  it('comes in groups, the empty ones left out', () => {
    expect(groupOptions(OPTIONS).map(({ name, options }) => [name, options.length])).toEqual([
      ['Kernels', 1],
      ['This session', 1],
      ['Labs', 1],
    ]);
    expect(groupOptions([])).toEqual([]);
  });

  it('knows what changes with the session', () => {
    expect(dependsOnSession(USUAL_RUNS)).toBe(false);
    expect(dependsOnSession({ ...USUAL_RUNS, one: { session: true } })).toBe(true);
    expect(dependsOnSession({ ...USUAL_RUNS, other: { without: 'lastChange' } })).toBe(true);
  });
});
