/**
 * The report of a run that met a bound: it says which, and what to do about it.
 */
import { describe, expect, it } from 'vitest';
import { asCpuId, asPc, asTaskId } from '../../../src/base/brand.ts';
import { defined } from '../../../src/base/errors.ts';
import { explainLimit, formatRunReport } from '../../../src/cli/runReport.ts';
import { finish, prepare, shippedTree } from '../../support/preparedRun.ts';

describe('the report of a run', () => {
  const { run: prepared, summary } = finish(
    prepare('cold-fault', shippedTree('patched'), { stepLimit: 150_000 }),
  );
  const expectation = { isKnown: false, mismatches: [] };

  it('that was given up says after how many steps, and what a scenario can do', () => {
    const limit = explainLimit(summary, { kind: 'finished', outcome: 'limit' }, undefined);
    expect(summary.steps).toBeGreaterThan(1000);
    expect(limit).toContain(`had not ended after ${String(summary.steps)} steps`);
    expect(limit).toContain('`duration`');
    expect(formatRunReport(summary, expectation, limit, prepared)).toContain(
      `\n\n${defined(limit, 'text')}\n`,
    );
  });

  it('that completed speaks of no bound', () => {
    const completed = { ...summary, outcome: 'completed' } as const;
    const stop = { kind: 'finished', outcome: 'completed' } as const;
    expect(explainLimit(completed, stop, undefined)).toBeUndefined();
  });

  it('whose kernel did not boot says that', () => {
    const run = prepare('cold-fault', shippedTree('patched'), { stepLimit: 5_000 });
    const { result, summary: unbooted } = finish(run);
    expect(unbooted.outcome).toBe('limit');
    expect(explainLimit(unbooted, result.stop, run.machine.bootSteps)).toBe(
      'The kernel had not booted after 5000 steps and was given up.',
    );
  });

  it('that used up a table of the machine names it', () => {
    const fault = { kind: 'limit', message: 'More than 64 timers are armed.' } as const;
    const [task, cpu, pc] = [asTaskId(0), asCpuId(0), asPc(0)];
    const limit = explainLimit(summary, { kind: 'fault', fault, task, cpu, pc }, undefined);
    expect(limit).toBe('A bound was hit before the end: More than 64 timers are armed.');
  });

  it('ends with what the scenario has to say, and with how often its tasks went round', () => {
    const settings = { parameters: { durationNs: 100_000_000 } };
    const long = finish(prepare('benchmark-2010', shippedTree('patched'), settings));
    const { mismatches } = long;
    const report = formatRunReport(
      long.summary,
      { isKnown: false, mismatches },
      undefined,
      long.run,
    );
    expect(report).toMatch(/map-loop +running +0 +0 +1\d\d\d .* 1[45]\d\d\d\n/);
    expect(report).toContain(
      'expects nothing of a run with durationNs=100000000.\n\nPublished (2010)',
    );
    expect(report).toContain('Two figures are calibrated');
  });
});
