/**
 * The same schedule gives the same states and the same virtual time, whatever the way in which the run is
 * made: over scenarios, kernels, numbers of CPUs and seeds. `waysToRun.ts` lists the ways.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asCpuId } from '../../src/base/brand.ts';
import { USER_EBX } from '../../src/machine/userCpu.ts';
import type { PreparedRun, PrepareRunInput } from '../../src/scenario/prepareRun.ts';
import { prepare, scenarioWithCpus, shippedTree } from '../support/preparedRun.ts';
import { createDice } from '../support/seededRandom.ts';
import { WAYS, type Dice, type WayToRun } from '../support/waysToRun.ts';

const SCENARIOS = [
  'cold-fault',
  'cold-fault-with-mmap',
  'two-loaders',
  'munmap-in-the-wait',
  'shared-write',
  'disk-error',
];
const KERNELS = ['patched', 'unpatched'];

/** One run, whose states do not depend on the way in which it is made. */
interface Case {
  readonly scenario: string;
  readonly kernel: string;
  readonly cpuCount: number;
  /** 0: the default policy. */
  readonly seed: number;
  /** Whether a user does something on the way. */
  readonly isChanged: boolean;
}

/** One case for each number of CPUs, with all scenarios among them. */
const CASES: readonly Case[] = fc
  .sample(fc.record({ seed: fc.nat(1e9), isChanged: fc.boolean() }), { seed: 2010, numRuns: 8 })
  .map(({ seed, isChanged }, index) => ({
    scenario: SCENARIOS[(index + 1) % SCENARIOS.length] ?? '',
    kernel: KERNELS[(index >> 1) % 2] ?? '',
    cpuCount: index + 1,
    seed: index % 3 === 0 ? 0 : seed,
    isChanged,
  }));

/** What is compared. */
interface Journey {
  /** By the sampled positions. */
  readonly hashes: readonly string[];
  readonly times: readonly number[];
  readonly end: unknown;
  readonly endHash: string;
  readonly modelHash: string;
  readonly endPosition: number;
  /** Of every CPU. */
  readonly clocks: readonly number[];
  readonly schedule: string;
}

/** A case with what all ways need: how it is prepared, its schedule, where to look. */
interface PreparedCase {
  readonly which: Case;
  readonly input: Partial<PrepareRunInput>;
  readonly schedule: string;
  readonly positions: readonly number[];
}

function prepareCase({ scenario, kernel, cpuCount }: Case, more: object): PreparedRun {
  return prepare(scenarioWithCpus(scenario, cpuCount), shippedTree(kernel), more);
}

/** Makes the run once, with what the user does in it. */
function scoutOut(which: Case): PreparedCase {
  const dice = createDice(which.seed + which.cpuCount);
  const policy = which.seed === 0 ? {} : { seed: which.seed };
  const { machine, tasks } = prepareCase(which, policy);
  if (which.isChanged) {
    machine.run({ budget: 3000 + dice(3000), breakpoints: false });
    const task = tasks[0]?.id ?? machine.cpu(machine.currentCpu).task;
    machine.intervene({ kind: 'register', task, register: USER_EBX, value: dice(1000) });
    const other = machine.choices().find(({ isTaken }) => !isTaken);
    if (other !== undefined) machine.choose(other.choice);
    machine.intervene({ kind: 'signal', task, signal: 9 });
  }
  machine.run({ budget: 1e9, breakpoints: false });
  const schedule = machine.schedule();
  const input = which.isChanged ? { schedule } : policy;
  return { which, input, schedule, positions: samplesOf(machine.position, dice) };
}

function travel({ which, input, schedule, positions }: PreparedCase, way: WayToRun): Journey {
  const { machine } = prepareCase(which, { ...input, ...way.input?.(schedule) });
  const goTo = way.drive(machine, createDice(which.seed + 1));
  const hashes: string[] = [];
  const times: number[] = [];
  for (const position of positions) {
    goTo(position);
    expect(machine.position).toBe(position);
    hashes.push(machine.stateHash());
    times.push(machine.nowNs());
  }
  const end = machine.run({ budget: 1e9, breakpoints: false });
  return {
    hashes,
    times,
    end,
    endHash: machine.stateHash(),
    modelHash: machine.modelHash(),
    endPosition: machine.position,
    clocks: Array.from({ length: which.cpuCount }, (_, cpu) => machine.cpu(asCpuId(cpu)).clockNs),
    schedule: machine.schedule(),
  };
}

/** Places all over a run, in order, the first and the last state among them. */
function samplesOf(length: number, dice: Dice): readonly number[] {
  const inner = Array.from({ length: 5 }, () => dice(length));
  return [...new Set([0, 1, ...inner, length])].sort((one, other) => one - other);
}

describe.each(CASES)('the run %j', (which) => {
  const prepared = scoutOut(which);
  const [plain, ...others] = WAYS;
  const expected = travel(prepared, plain);

  it('ends as it was recorded', () => {
    expect(expected.schedule).toBe(prepared.schedule);
    expect(expected.endPosition).toBe(prepared.positions.at(-1));
    expect(expected.end).toMatchObject({ kind: 'finished' });
  });

  it.each(others)('is the same $name', (way) => {
    expect(travel(prepared, way)).toEqual(expected);
  });
});
