/**
 * Recording a run: that it changes nothing, and that it tells everything once.
 */
import { describe, expect, it } from 'vitest';
import { UsageTally } from '../../../src/kernel/taskUsage.ts';
import { TRACE } from '../../../src/machine/trace.ts';
import { runToEnd } from '../../../src/scenario/runScenario.ts';
import { anchorPcs } from '../../../src/debugger/moments.ts';
import { prepare, shippedTree } from '../../support/preparedRun.ts';
import { record } from '../../support/recordedRun.ts';

const HEADLINE = 'cold-fault-with-mmap';

describe('recording a run', () => {
  it.each([
    ['unpatched', {}],
    ['patched', {}],
    ['patched', { tier: 'interpreter' }],
    ['patched', { hotArrivals: 0 }],
    ['patched', { seed: 5 }],
  ] as const)('changes neither states nor clocks nor decisions: %s %o', (kernel, more) => {
    const plain = prepare(HEADLINE, shippedTree(kernel), more);
    runToEnd(plain);
    for (const functions of ['none', 'withoutPlumbing', 'all'] as const) {
      const traced = prepare(HEADLINE, shippedTree(kernel), more);
      record(traced, functions);
      expect(traced.machine.stateHash()).toBe(plain.machine.stateHash());
      expect(traced.machine.schedule()).toBe(plain.machine.schedule());
      expect(traced.machine.nowNs()).toBe(plain.machine.nowNs());
    }
  });

  it('tells the same whoever executes', () => {
    const [one, other] = [{ tier: 'interpreter' }, { hotArrivals: 0 }].map((more) => {
      const { buffer } = record(
        prepare(HEADLINE, shippedTree('patched'), more as object),
        'all',
      ).trace;
      return Array.from({ length: buffer.length }, (_, index) => buffer.at(index));
    });
    expect(other).toEqual(one);
  });

  it('tells what happens at a breakpoint once, also when the run stops there', () => {
    const run = prepare(HEADLINE, shippedTree('patched'));
    const { machine, program } = run;
    const told: number[] = [];
    const [pc] = anchorPcs(program, 'fault_entry');
    if (pc === undefined) throw new Error('no anchor');
    machine.setTrace({ note: ({ kind, a }) => kind === TRACE.anchor && told.push(a) }, [
      { pc, kind: TRACE.anchor, index: 7 },
    ]);
    machine.setBreakpoints([pc]);
    const stops: string[] = [];
    for (;;) {
      const stop = machine.run({ budget: 1e7, breakpoints: true });
      if (stop.kind !== 'breakpoint') break;
      stops.push(stop.kind);
    }
    expect(told).toEqual(stops.map(() => 7));
    expect(told.length).toBe(2);
  });

  it('keeps the beginning when there is more than it may keep', () => {
    const whole = record(prepare(HEADLINE, shippedTree('patched'))).trace.buffer;
    const cut = record(prepare(HEADLINE, shippedTree('patched')), 'withoutPlumbing', 100).trace
      .buffer;
    expect(cut.length).toBe(100);
    expect(cut.lostCount).toBe(whole.length - 100);
    expect(cut.lostFromNs).toBe(whole.at(100).ns);
    expect(cut.at(99)).toEqual(whole.at(99));
  });

  it('adds up user and kernel time to what the CPU was busy', () => {
    const run = prepare(HEADLINE, shippedTree('patched'));
    const usage = new UsageTally();
    run.machine.setTrace(usage);
    runToEnd(run);
    const [toucher] = run.tasks;
    const { userNs, kernelNs, voluntarySwitches } = usage.usageOf(toucher?.id ?? -1);
    // Three user instructions of 1 ns that end; it sleeps once and exits.
    expect(userNs).toBeLessThan(10);
    expect(kernelNs).toBeGreaterThan(20_000);
    expect(kernelNs).toBeLessThan(100_000);
    expect(voluntarySwitches).toBe(2);
  });
});
