/**
 * Laws of runs, on the shipped kernel and scenario: what a debugger does to a machine (slices, breakpoints,
 * steps, checkpoints, going back) never shows in the states, the clocks or the schedule.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asTaskId } from '../../src/base/brand.ts';
import type { Checkpoint } from '../../src/machine/checkpoint.ts';
import type { Machine } from '../../src/machine/machine.ts';
import { prepare, shippedTree } from '../support/preparedRun.ts';

const SCENARIO = 'cold-fault-with-mmap';
const RUN_ON = { budget: 1e9, breakpoints: false } as const;

function machineOf(kernel: string, more: { seed?: number; schedule?: string } = {}): Machine {
  return prepare(SCENARIO, shippedTree(kernel), more).machine;
}

interface Outcome {
  readonly hash: string;
  readonly position: number;
  readonly nowNs: number;
  readonly schedule: string;
}

function finish(machine: Machine): Outcome {
  expect(machine.run(RUN_ON)).toEqual({ kind: 'finished', outcome: 'completed' });
  return {
    hash: machine.stateHash(),
    position: machine.position,
    nowNs: machine.nowNs(),
    schedule: machine.schedule(),
  };
}

/** Something a debugger may do, with numbers that say how. */
type Act =
  | { readonly kind: 'run'; readonly steps: number }
  | { readonly kind: 'checkpoint'; readonly isThrifty: boolean }
  | { readonly kind: 'hash' }
  | { readonly kind: 'restore'; readonly which: number }
  | { readonly kind: 'release'; readonly which: number }
  | { readonly kind: 'step'; readonly task: number; readonly anyFrame: boolean }
  | { readonly kind: 'breakpoints'; readonly spacing: number };

const someActs: fc.Arbitrary<Act[]> = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('run' as const), steps: fc.integer({ min: 0, max: 9000 }) }),
    fc.record({ kind: fc.constant('checkpoint' as const), isThrifty: fc.boolean() }),
    fc.record({ kind: fc.constant('hash' as const) }),
    fc.record({ kind: fc.constant('restore' as const), which: fc.nat() }),
    fc.record({ kind: fc.constant('release' as const), which: fc.nat() }),
    fc.record({
      kind: fc.constant('step' as const),
      task: fc.integer({ min: 2, max: 4 }),
      anyFrame: fc.boolean(),
    }),
    fc.record({
      kind: fc.constant('breakpoints' as const),
      spacing: fc.integer({ min: 1, max: 60 }),
    }),
  ),
  { minLength: 10, maxLength: 60 },
);

interface Kept {
  readonly checkpoint: Checkpoint;
  readonly hash: string;
}

function perform(machine: Machine, act: Act, kept: Kept[]): void {
  switch (act.kind) {
    case 'run':
      machine.run({ budget: act.steps, breakpoints: true });
      return;
    case 'checkpoint':
      kept.push({
        checkpoint: machine.takeCheckpoint(act.isThrifty),
        hash: machine.stateHash(),
      });
      return;
    case 'hash':
      machine.stateHash();
      machine.modelHash();
      return;
    case 'restore': {
      const item = kept[act.which % Math.max(1, kept.length)];
      if (item === undefined) return;
      machine.restore(item.checkpoint);
      expect(machine.stateHash()).toBe(item.hash);
      return;
    }
    case 'release': {
      const [item] = kept.splice(act.which % Math.max(1, kept.length), 1);
      if (item !== undefined) machine.release(item.checkpoint);
      return;
    }
    case 'step': {
      const task = asTaskId(act.task);
      const minFp = act.anyFrame ? 0 : machine.task(task).fp;
      machine.run({
        budget: 20_000,
        breakpoints: true,
        step: { task, minFp, intoUser: true },
        stopWhenSleeps: task,
      });
      return;
    }
    case 'breakpoints':
      machine.setBreakpoints(
        machine.program.statements
          .filter((_, index) => index % act.spacing === 0)
          .map((statement) => statement.pc),
      );
      return;
  }
}

describe.each(['patched', 'unpatched'])('a run of the %s kernel', (kernel) => {
  const reference = finish(machineOf(kernel));

  it('is the same whatever a debugger does in between', () => {
    fc.assert(
      fc.property(someActs, (acts) => {
        const machine = machineOf(kernel);
        const kept: Kept[] = [];
        for (const act of acts) perform(machine, act, kept);
        machine.setBreakpoints([]);
        const { position } = machine;
        expect(finish(machine)).toEqual(reference);
        // The states that are still kept are whole, each from any other.
        for (const { checkpoint, hash } of kept) {
          machine.restore(checkpoint);
          expect(machine.stateHash()).toBe(hash);
        }
        if (kept.length === 0) return;
        machine.run({ ...RUN_ON, untilPosition: position });
        expect(finish(machine)).toEqual(reference);
      }),
      { numRuns: 12 },
    );
  });

  it('meets the same state at every position, also after going back', () => {
    const machine = machineOf(kernel);
    const start = machine.takeCheckpoint();
    const hashes = new Map<number, string>();
    for (;;) {
      hashes.set(machine.position, machine.stateHash());
      if (machine.run({ budget: 997, breakpoints: false }).kind !== 'budget') break;
    }
    const positions = [...hashes.keys()];
    fc.assert(
      fc.property(fc.constantFrom(...positions), fc.constantFrom(...positions), (one, other) => {
        machine.restore(start);
        machine.run({ ...RUN_ON, untilPosition: Math.min(one, other) });
        machine.takeCheckpoint();
        machine.run({ ...RUN_ON, untilPosition: Math.max(one, other) });
        expect(machine.stateHash()).toBe(hashes.get(Math.max(one, other)));
      }),
      { numRuns: 20 },
    );
  });

  it.each([1, 2, 3])('under random schedule %i replays from its text', (seed) => {
    const random = machineOf(kernel, { seed });
    const outcome = finish(random);
    const again = finish(machineOf(kernel, { seed }));
    expect(again).toEqual(outcome);
    const replay = finish(machineOf(kernel, { schedule: outcome.schedule }));
    expect(replay.schedule).toBe(outcome.schedule);
    expect(replay.position).toBe(outcome.position);
    expect(replay.nowNs).toBe(outcome.nowNs);
    expect(finish(machineOf(kernel, { schedule: outcome.schedule }))).toEqual(replay);
  });
});
