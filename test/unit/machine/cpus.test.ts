// Machines with one to eight CPUs: who runs, ties, idle tasks, interrupts, deadlocks, chance.
import { describe, expect, it } from 'vitest';
import { asCpuId, asPc } from '../../../src/base/brand.ts';
import { BugError } from '../../../src/base/errors.ts';
import type { Machine } from '../../../src/machine/machine.ts';
import type { MachineConfig } from '../../../src/machine/machineConfig.ts';
import { CHOICE_EVENT, parseSchedule } from '../../../src/machine/scheduleText.ts';
import { D, type FunctionBuilder, L, ProgramBuilder } from '../../support/programBuilder.ts';
import {
  addKernelTasks,
  bootMachine,
  cookieOf,
  RUN_ON,
  runKernelTasks,
  runToEnd,
  startAll,
  TEST_COSTS,
  wordAt,
} from '../../support/testMachine.ts';

const COUNTS = [1, 2, 3, 4, 5, 6, 7, 8];
const SUM = D(1);
const LOG = D(100);
const LOG_COUNT = D(99);
const COSTS = { ...TEST_COSTS, contextSwitchNs: 0 };

/** Adds 1 to SUM in atomic operations. */
function adds(count: number): (f: FunctionBuilder) => void {
  return (f) => {
    for (let index = 0; index < count; index += 1) {
      f.statement().intrinsic(L(0), 'fl_atomic_add', SUM, 1);
    }
  };
}

/** Appends the number of the running CPU to the log. */
function logCpu(f: FunctionBuilder): void {
  f.statement().intrinsic(L(0), 'fl_cpu').set(L(1), LOG_COUNT);
  f.visible().op('load32', L(2), L(1), 0).op('shli', L(3), L(2), 2);
  f.op('addi', L(3), L(3), LOG | 0).op('store32', L(0), L(3), 0);
  f.op('addi', L(2), L(2), 1).op('store32', L(2), L(1), 0);
}

function readLog(machine: Machine): number[] {
  const count = wordAt(machine, LOG_COUNT) ?? 0;
  return Array.from({ length: count }, (_, index) => wordAt(machine, LOG + 4 * index) ?? -1);
}

function machineOf(
  cpuCount: number,
  body: (f: FunctionBuilder, index: number) => void,
  overrides: Partial<MachineConfig> = {},
): Machine {
  const bodies = Array.from({ length: cpuCount }, (_, index) => (f: FunctionBuilder) => {
    body(f, index);
  });
  return runKernelTasks(cpuCount, bodies, { costs: COSTS, ...overrides });
}

describe.each(COUNTS)('a machine with %i CPUs', (cpuCount) => {
  it('runs a task on each, all of them at once in virtual time', () => {
    const machine = machineOf(cpuCount, adds(10));
    expect(runToEnd(machine)).toEqual({ kind: 'finished', outcome: 'completed' });
    expect(wordAt(machine, SUM)).toBe(10 * cpuCount);
    expect(machine.nowNs()).toBe(20);
  });

  it('lets the CPU with the smallest clock go on, ties to the lowest number', () => {
    const machine = machineOf(cpuCount, (f) => {
      logCpu(f);
      logCpu(f);
    });
    runToEnd(machine);
    const all = COUNTS.slice(0, cpuCount).map((count) => count - 1);
    expect(readLog(machine)).toEqual([...all, ...all]);
  });

  it('has an idle task per CPU, which rests when there is nothing to do', () => {
    const machine = machineOf(cpuCount, adds(3));
    runToEnd(machine);
    const idle = COUNTS.slice(0, cpuCount).map((count) => machine.cpu(asCpuId(count - 1)));
    expect(idle.every(({ isIdle }) => isIdle)).toBe(true);
    expect(new Set(idle.map(({ task }) => task)).size).toBe(cpuCount);
    for (const { task, id } of idle)
      expect(machine.task(task)).toMatchObject({ isIdle: true, cpu: id });
  });

  it('lists its CPUs as the options of a decision', () => {
    const machine = machineOf(cpuCount, adds(3));
    const lists = new Set<string>();
    while (machine.run({ budget: 1, breakpoints: false }).kind === 'budget') {
      lists.add(
        machine
          .choices()
          .map(({ choice }) => String(choice))
          .join(),
      );
    }
    const all = COUNTS.slice(0, cpuCount).map((count) => count - 1);
    expect(lists.has(all.join())).toBe(cpuCount > 1);
    // The first CPUs end first.
    expect(lists.has(all.slice(-2).join())).toBe(cpuCount > 1);
    expect(lists.has('')).toBe(true);
  });

  it('puts more tasks than CPUs into the queues of their CPUs', () => {
    const bodies = Array.from({ length: 11 }, () => logCpu);
    const machine = runKernelTasks(cpuCount, bodies, { costs: COSTS });
    expect(runToEnd(machine)).toMatchObject({ outcome: 'completed' });
    const log = readLog(machine);
    for (let cpu = 0; cpu < cpuCount; cpu += 1) {
      const expected = bodies.filter((_, index) => index % cpuCount === cpu).length;
      expect(log.filter((item) => item === cpu)).toHaveLength(expected);
    }
  });

  it('gives the interrupts of devices to CPU 0, busy or at rest', () => {
    const last = cpuCount - 1;
    const builder = new ProgramBuilder();
    builder.function('timer', (f) => {
      logCpu(f);
      f.op('return');
    });
    const bodies = Array.from({ length: cpuCount }, (_, index) => (f: FunctionBuilder) => {
      if (index === last) f.intrinsic(L(0), 'fl_timer_arm', 100, 7);
      for (let count = 0; count < 200; count += 1) f.statement().visible().op('nop');
    });
    addKernelTasks(builder, cpuCount, ...bodies);
    // Only the last task is started, then all of them.
    for (const triggers of [startAll(cpuCount).slice(last), startAll(cpuCount)]) {
      const machine = bootMachine(builder, { cpuCount, triggers, costs: COSTS });
      expect(runToEnd(machine)).toMatchObject({ outcome: 'completed' });
      expect(readLog(machine)).toEqual([0]);
    }
  });

  it('is deadlocked when all tasks sleep and nothing is pending', () => {
    const machine = machineOf(cpuCount, (f, index) => {
      f.poke(D(10 + index), 2).intrinsic(L(0), 'fl_park', D(10 + index));
    });
    const tasks = Array.from({ length: cpuCount }, (_, index) => machine.taskOfScenario(index));
    expect(runToEnd(machine)).toEqual({ kind: 'deadlock', tasks });
  });

  it('is no deadlock while one of the CPUs can still wake the others', () => {
    const last = cpuCount - 1;
    const machine = machineOf(cpuCount, (f, index) => {
      if (index < last) {
        f.poke(D(10 + index), 2).intrinsic(L(0), 'fl_park', D(10 + index));
        return;
      }
      for (let count = 0; count < 300; count += 1) f.statement().op('nop');
      for (let other = 0; other < last; other += 1) {
        f.poke(D(10 + other), 0).intrinsic(L(0), 'fl_wake', cookieOf(other));
      }
    });
    expect(runToEnd(machine)).toEqual({ kind: 'finished', outcome: 'completed' });
  });

  it('finishes under chance, and replays from the printed schedule', () => {
    for (const seed of [1, 2, 2 ** 31, 2 ** 40]) {
      const random = machineOf(cpuCount, adds(10), { scheduler: { kind: 'random', seed } });
      expect(runToEnd(random)).toEqual({ kind: 'finished', outcome: 'completed' });
      const schedule = parseSchedule(random.schedule());
      expect(schedule.seed).toBe(seed);
      const replay = machineOf(cpuCount, adds(10), { scheduler: { kind: 'replay', schedule } });
      runToEnd(replay);
      expect(replay.stateHash()).toBe(random.stateHash());
      expect(replay.nowNs()).toBe(random.nowNs());
      expect(replay.schedule()).toBe(random.schedule());
    }
  });
});

describe('a machine', () => {
  it('with no or nine CPUs is a bug of its maker', () => {
    expect(() => machineOf(1, adds(1), { cpuCount: 0 })).toThrow(BugError);
    expect(() => machineOf(1, adds(1), { cpuCount: 9 })).toThrow(BugError);
  });

  it('lets one sleeping CPU among busy ones be woken at the time of the waker', () => {
    const machine = machineOf(8, (f, index) => {
      if (index === 3) f.poke(D(10), 2).intrinsic(L(0), 'fl_park', D(10));
      for (let count = 0; count < 40 * index; count += 1) f.statement().op('nop');
      if (index === 7) f.poke(D(10), 0).intrinsic(L(0), 'fl_wake', cookieOf(3));
    });
    runToEnd(machine);
    expect(machine.cpu(asCpuId(3)).clockNs).toBe(machine.cpu(asCpuId(7)).clockNs + 2 * 40 * 3);
  });

  it('does not mix up what its CPUs keep for themselves', () => {
    const builder = new ProgramBuilder();
    addKernelTasks(
      builder,
      8,
      ...COUNTS.map((count) => (f: FunctionBuilder) => {
        f.intrinsic(L(0), 'fl_irq_disable');
        if (count % 2 === 0) f.intrinsic(L(1), 'fl_irq_restore', 1);
        f.label(`rest${String(count)}`)
          .statement()
          .visible()
          .op('nop');
      }),
    );
    const machine = bootMachine(builder, { cpuCount: 8, triggers: startAll(8), costs: COSTS });
    machine.setBreakpoints([asPc(builder.pcOf('rest8'))]);
    machine.run({ ...RUN_ON, breakpoints: true });
    const flags = COUNTS.map((count) => machine.cpu(asCpuId(count - 1)).irqsEnabled);
    expect(flags.slice(0, 7)).toEqual([false, true, false, true, false, true, false]);
  });
});

describe('the random policy', () => {
  /** How often each choice was taken while all eight CPUs can run. */
  function frequencies(seed: number, cpuCount: number): number[] {
    const machine = machineOf(
      cpuCount,
      (f) => {
        for (let index = 0; index < 400; index += 1) f.visible().op('nop');
      },
      { scheduler: { kind: 'random', seed } },
    );
    const counts = Array.from({ length: cpuCount }, () => 0);
    for (let step = 0; step < 100 * cpuCount; step += 1) {
      machine.run({ budget: 1, breakpoints: false });
      const taken = machine.choices().find(({ isTaken }) => isTaken);
      if (taken !== undefined) counts[taken.choice] = (counts[taken.choice] ?? 0) + 1;
    }
    return counts;
  }

  it('takes all options about equally often', () => {
    for (const cpuCount of [2, 3, 8]) {
      const sums = Array.from({ length: cpuCount }, () => 0);
      for (let seed = 1; seed <= 8; seed += 1) {
        frequencies(seed, cpuCount).forEach((count, cpu) => {
          sums[cpu] = (sums[cpu] ?? 0) + count;
        });
      }
      const expected = sums.reduce((sum, count) => sum + count, 0) / cpuCount;
      // Chi squared with cpuCount - 1 degrees of freedom stays under 30 but once in 10,000 times.
      const chiSquared = sums.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
      expect(expected).toBeGreaterThan(500);
      expect(chiSquared).toBeLessThan(30);
    }
  });

  it('differs from seed to seed and from point to point', () => {
    const orders = Array.from({ length: 20 }, (_, seed) => {
      const machine = machineOf(
        4,
        (f) => {
          for (let index = 0; index < 4; index += 1) logCpu(f);
        },
        { scheduler: { kind: 'random', seed } },
      );
      runToEnd(machine);
      return readLog(machine).join('');
    });
    expect(new Set(orders).size).toBe(20);
  });

  it('never lets an event happen before its time', () => {
    for (let seed = 1; seed < 10; seed += 1) {
      const builder = new ProgramBuilder();
      builder.function('timer', (f) => f.label('due').statement().op('nop').op('return'));
      addKernelTasks(
        builder,
        2,
        (f) => {
          f.intrinsic(L(0), 'fl_timer_arm', 500, 7);
          adds(10)(f);
        },
        adds(400),
      );
      const machine = bootMachine(builder, {
        cpuCount: 2,
        costs: COSTS,
        triggers: startAll(2),
        scheduler: { kind: 'random', seed },
      });
      machine.setBreakpoints([asPc(builder.pcOf('due'))]);
      expect(machine.run({ ...RUN_ON, breakpoints: true }).kind).toBe('breakpoint');
      expect(machine.cpu(asCpuId(0)).clockNs).toBeGreaterThanOrEqual(500);
      const { departures } = parseSchedule(machine.schedule());
      expect(departures.some(({ choice }) => choice === CHOICE_EVENT)).toBe(false);
    }
  });
});
