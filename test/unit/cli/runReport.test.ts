/**
 * The report of a run that met a bound: it says which, and what to do about it.
 */
import { describe, expect, it } from 'vitest';
import { defined } from '../../../src/base/errors.ts';
import { explainLimit, formatRunReport } from '../../../src/cli/runReport.ts';
import { finish, prepare, shippedTree } from '../../support/preparedRun.ts';

describe('the report of a run', () => {
  const { summary } = finish(prepare('cold-fault', shippedTree('patched'), { stepLimit: 5_000 }));
  const expectation = { isKnown: false, mismatches: [] };

  it('that was given up says after how many steps, and what a scenario can do', () => {
    const limit = explainLimit(summary, { kind: 'finished', outcome: 'limit' });
    expect(limit).toContain(`had not ended after ${String(summary.steps)} steps`);
    expect(limit).toContain('`duration`');
    expect(formatRunReport(summary, expectation, limit)).toContain(
      `\n\n${defined(limit, 'text')}\n`,
    );
  });

  it('that completed speaks of no bound', () => {
    const completed = { ...summary, outcome: 'completed' } as const;
    expect(explainLimit(completed, { kind: 'finished', outcome: 'completed' })).toBeUndefined();
  });
});
