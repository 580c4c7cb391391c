// Checkpoints, hashes and schedules: the same run always gives the same states.
import { describe, expect, it } from 'vitest';
import { asPc, asTaskId } from '../../../src/base/brand.ts';
import { BugError, UserError } from '../../../src/base/errors.ts';
import type { Checkpoint } from '../../../src/machine/checkpoint.ts';
import type { Machine } from '../../../src/machine/machine.ts';
import type { SchedulePolicy } from '../../../src/machine/machineConfig.ts';
import { parseSchedule } from '../../../src/machine/scheduleText.ts';
import { D, type FunctionBuilder, L, ProgramBuilder } from '../../support/programBuilder.ts';
import {
  addKernelTasks,
  bootMachine,
  cookieOf,
  FREE_BASE,
  RUN_ON,
  runToEnd,
  startAll,
  TEST_COSTS,
  wordAt,
} from '../../support/testMachine.ts';

const FRAME = FREE_BASE - 0xc0000000 + 0x40000;

/**
 * Three tasks on two CPUs that race on a word (so that the schedule shows in memory), read the disk, sleep and
 * wake, with recursion deep enough to use more than a page of stack.
 */
function program(): ProgramBuilder {
  const builder = new ProgramBuilder();
  builder.function('disk', (f) => {
    f.intrinsic(L(0), 'fl_disk_completed', D(30)).poke(D(0), 0);
    f.intrinsic(L(0), 'fl_wake', cookieOf(0)).op('return');
  });
  builder.function('deep', (f) => {
    f.op('jumpIfZero', 2, 'bottom').op('addi', L(0), 2, -1).call(L(1), 'deep', L(0));
    f.label('bottom').intrinsic(L(2), 'fl_atomic_add', D(2), 1).op('return');
  });
  const race = (name: string, factor: number, rounds: number) => (f: FunctionBuilder) => {
    f.set(L(4), 0).set(L(5), rounds).set(L(6), D(1)).label(name).statement();
    f.visible().op('load32', L(7), L(6), 0).statement().op('muli', L(7), L(7), factor);
    f.op('addi', L(7), L(7), factor).visible().op('store32', L(7), L(6), 0);
    f.op('addi', L(4), L(4), 1).op('jumpLts', L(4), L(5), name);
  };
  addKernelTasks(
    builder,
    2,
    (f) => {
      race('a', 3, 10)(f);
      f.poke(D(20), FRAME).intrinsic(L(0), 'fl_disk_submit', 8, D(20), 1, 1);
      f.poke(D(0), 2).intrinsic(L(0), 'fl_park', D(0)).set(L(0), 8).call(L(1), 'deep', L(0));
      race('b', 3, 10)(f);
    },
    race('c', 5, 40),
    race('d', 7, 30),
  );
  return builder;
}

function boot(scheduler: SchedulePolicy = { kind: 'default' }): Machine {
  return bootMachine(program(), { cpuCount: 2, triggers: startAll(3), scheduler });
}

/** The hash at every position to the end. */
function hashes(machine: Machine): string[] {
  const all = [machine.stateHash()];
  while (machine.run({ budget: 1, breakpoints: false }).kind === 'budget') {
    all.push(machine.stateHash());
  }
  return all;
}

describe('a run', () => {
  it('gives the same states every time', () => {
    expect(hashes(boot())).toEqual(hashes(boot()));
  });

  it('gives the same hash whether hashed all along or only at the end', () => {
    const once = boot();
    runToEnd(once);
    expect(hashes(boot()).at(-1)).toBe(once.stateHash());
  });

  it('never has the same state hash twice', () => {
    const all = hashes(boot());
    expect(new Set(all).size).toBe(all.length);
  });
});

describe('a checkpoint', () => {
  it('restores exactly the state that was kept, from any later and any earlier state', () => {
    const machine = boot();
    const kept = [{ checkpoint: machine.takeCheckpoint(), hash: machine.stateHash() }];
    while (machine.run({ budget: 37, breakpoints: false }).kind === 'budget') {
      kept.push({ checkpoint: machine.takeCheckpoint(), hash: machine.stateHash() });
    }
    const order = kept.map((_, index) => (index * 7 + 3) % kept.length);
    for (const index of order) {
      const item = kept[index];
      if (item === undefined) continue;
      machine.restore(item.checkpoint);
      expect(machine.stateHash()).toBe(item.hash);
      expect(machine.position).toBe(item.checkpoint.position);
    }
  });

  it('is a place from which the run goes on as it did', () => {
    const reference = boot();
    const all = hashes(reference);
    const machine = boot();
    machine.run({ ...RUN_ON, untilPosition: 100 });
    const checkpoint = machine.takeCheckpoint();
    expect(hashes(machine)).toEqual(all.slice(100));
    machine.restore(checkpoint);
    machine.run({ ...RUN_ON, untilPosition: 150 });
    machine.takeCheckpoint();
    expect(hashes(machine)).toEqual(all.slice(150));
    machine.restore(checkpoint);
    expect(hashes(machine)).toEqual(all.slice(100));
  });

  it('forgets the end of the run', () => {
    const machine = boot();
    const checkpoint = machine.takeCheckpoint();
    const end = runToEnd(machine);
    const atEnd = machine.takeCheckpoint();
    machine.restore(checkpoint);
    expect(machine.run({ budget: 5, breakpoints: false })).toEqual({ kind: 'budget' });
    machine.restore(atEnd);
    expect(runToEnd(machine)).toEqual(end);
  });

  it('shares the pages that did not change', () => {
    const machine = boot();
    const first = machine.takeCheckpoint();
    machine.run({ budget: 20, breakpoints: false });
    const bytes = machine.checkpointBytes;
    const second = machine.takeCheckpoint();
    expect(second.copiedPages).toBeLessThan(first.copiedPages);
    expect(second.copiedPages).toBeLessThan(12);
    expect(machine.checkpointBytes - bytes).toBeLessThan(16 * 4096);
  });

  it('gives back what no other one shares when it is released, in any order', () => {
    const machine = boot();
    const start = machine.takeCheckpoint();
    const startHash = machine.stateHash();
    machine.run({ budget: 37, breakpoints: false });
    // Releasing the base keeps it until the next one.
    machine.release(machine.takeCheckpoint());
    machine.restore(start);
    const empty = machine.checkpointBytes;
    for (const factor of [1, 3, 7]) {
      let count = 0;
      const kept: { checkpoint: Checkpoint; hash: string }[] = [];
      while (machine.run({ budget: 37, breakpoints: false }).kind === 'budget') {
        count += 1;
        const checkpoint = machine.takeCheckpoint(factor === 3 ? true : count % factor === 1);
        kept.push({ checkpoint, hash: machine.stateHash() });
      }
      expect(machine.checkpointBytes).toBeGreaterThan(empty + kept.length * 512);
      machine.restore(start);
      let most = machine.checkpointBytes;
      const order = kept.map((_, index) => index);
      order.sort((one, other) => ((one * factor) % 31) - ((other * factor) % 31));
      order.forEach((index, done) => {
        const item = kept[index];
        if (item === undefined) return;
        machine.release(item.checkpoint);
        expect(machine.checkpointBytes).toBeLessThan(most);
        most = machine.checkpointBytes;
        // All others are whole.
        const left = order.slice(done + 1);
        const other = kept[left[(done * 5) % left.length] ?? -1];
        if (other === undefined) return;
        machine.restore(other.checkpoint);
        expect(machine.stateHash()).toBe(other.hash);
        machine.restore(start);
      });
      expect(machine.checkpointBytes).toBe(empty);
      expect(machine.stateHash()).toBe(startHash);
    }
  });

  it('is the same state when it is thrifty, in a fraction of the memory', () => {
    const sizes = [false, true].map((isThrifty) => {
      const machine = boot();
      machine.takeCheckpoint();
      const bytes = machine.checkpointBytes;
      const kept: { checkpoint: Checkpoint; hash: string }[] = [];
      while (machine.run({ budget: 23, breakpoints: false }).kind === 'budget') {
        kept.push({ checkpoint: machine.takeCheckpoint(isThrifty), hash: machine.stateHash() });
      }
      const size = (machine.checkpointBytes - bytes) / kept.length;
      kept.sort((one, other) => one.hash.localeCompare(other.hash));
      for (const { checkpoint, hash } of kept) {
        machine.restore(checkpoint);
        expect(machine.stateHash()).toBe(hash);
      }
      return size;
    });
    expect(sizes[1]).toBeLessThan((sizes[0] ?? 0) / 3);
  });

  it('uses the memory of released ones again', () => {
    const machine = boot();
    const kept: Checkpoint[] = [];
    let most = 0;
    while (machine.run({ budget: 20, breakpoints: false }).kind === 'budget') {
      kept.push(machine.takeCheckpoint());
      if (kept.length <= 8) most = machine.checkpointBytes;
      if (kept.length > 4) machine.release(kept[kept.length - 5] as Checkpoint);
      expect(machine.checkpointBytes).toBeLessThanOrEqual(most + 16 * 4096);
    }
    expect(kept.length).toBeGreaterThan(20);
  });

  it('takes over what a released one had, and nothing that others have too', () => {
    const machine = boot();
    const kept: { checkpoint: Checkpoint; hash: string }[] = [];
    const isWhole = (): boolean =>
      kept.every(({ checkpoint, hash }) => {
        machine.restore(checkpoint);
        return machine.stateHash() === hash;
      });
    for (const [isFirstThrifty, isSecondThrifty] of [
      [false, false],
      [true, false],
      [false, true],
      [true, true],
    ] as const) {
      for (let round = 0; round < 6; round += 1) {
        machine.run({ budget: 9, breakpoints: false });
        machine.release(machine.takeCheckpoint(isFirstThrifty));
        machine.run({ budget: 9, breakpoints: false });
        const checkpoint = machine.takeCheckpoint(isSecondThrifty);
        kept.push({ checkpoint, hash: machine.stateHash() });
      }
      const last = kept.at(-1);
      expect(isWhole()).toBe(true);
      if (last !== undefined) machine.restore(last.checkpoint);
    }
  });

  it('is not used after its release, nor by another machine', () => {
    const machine = boot();
    const checkpoint = machine.takeCheckpoint();
    expect(() => {
      boot().restore(checkpoint);
    }).toThrow(BugError);
    machine.release(checkpoint);
    expect(() => {
      machine.restore(checkpoint);
    }).toThrow(BugError);
    expect(() => {
      machine.release(checkpoint);
    }).toThrow(BugError);
  });

  it('can be one of several futures', () => {
    // Under two schedules the same start leads to two lines of states, kept side by side.
    const one = boot({ kind: 'random', seed: 5 });
    const start = one.takeCheckpoint();
    const lines = [60, 61].map((budget) => {
      one.restore(start);
      one.run({ budget, breakpoints: false });
      const middle = one.takeCheckpoint();
      one.run({ budget: 300, breakpoints: false });
      return { middle, end: one.takeCheckpoint(), hash: one.stateHash() };
    });
    for (const { middle, end, hash } of [...lines, ...lines.toReversed()]) {
      one.restore(end);
      expect(one.stateHash()).toBe(hash);
      one.restore(middle);
      one.run({ budget: 300, breakpoints: false });
      expect(one.stateHash()).toBe(hash);
    }
  });

  it('does not see writes to frames that were made after it', () => {
    // A call's frame, grown and used across checkpoints, is restored word for word.
    const machine = boot();
    const states: { hash: string; position: number }[] = [];
    const checkpoints = [];
    while (machine.run({ budget: 3, breakpoints: false }).kind === 'budget') {
      checkpoints.push(machine.takeCheckpoint());
      states.push({ hash: machine.stateHash(), position: machine.position });
    }
    for (let index = checkpoints.length - 1; index >= 0; index -= 1) {
      const checkpoint = checkpoints[index];
      if (checkpoint === undefined) continue;
      machine.restore(checkpoint);
      expect(machine.stateHash()).toBe(states[index]?.hash);
    }
  });
});

describe('how far a task has executed', () => {
  it('is the position behind its last instruction, at every position and after going back', () => {
    const machine = boot();
    const start = machine.takeCheckpoint();
    const tasks = Array.from({ length: machine.taskCount }, (_, task) => asTaskId(task));
    const ran = tasks.map(() => 0);
    const kept: { checkpoint: Checkpoint; ran: number[] }[] = [];
    for (;;) {
      // No instruction here leads to itself, so one was executed if the task stands somewhere else.
      const { task } = machine.cpu(machine.currentCpu);
      const { pc } = machine.task(task);
      if (machine.run({ budget: 1, breakpoints: false }).kind !== 'budget') break;
      if (pc !== undefined && machine.task(task).pc !== pc) ran[task] = machine.position;
      for (const other of tasks) {
        const isNow = machine.ranUntil(other) === machine.position;
        if (!isNow) expect(machine.ranUntil(other)).toBe(ran[other]);
        if (ran[other] === machine.position) expect(isNow).toBe(true);
      }
      if (machine.position % 41 === 0) {
        kept.push({
          checkpoint: machine.takeCheckpoint(),
          ran: tasks.map((id) => machine.ranUntil(id)),
        });
      }
    }
    expect(kept.length).toBeGreaterThan(10);
    for (const item of kept.toReversed()) {
      machine.restore(item.checkpoint);
      expect(tasks.map((id) => machine.ranUntil(id))).toEqual(item.ran);
      machine.restore(start);
      machine.run({ ...RUN_ON, untilPosition: item.checkpoint.position });
      expect(tasks.map((id) => machine.ranUntil(id))).toEqual(item.ran);
    }
  });
});

describe('a task that goes on in a frame from before a checkpoint', () => {
  it('has what it writes there in the next checkpoint', () => {
    const builder = new ProgramBuilder();
    addKernelTasks(
      builder,
      1,
      (f) => {
        f.poke(D(0), 2).intrinsic(L(0), 'fl_park', D(0)).set(L(9), 1).label('once').op('nop');
        f.set(L(9), 2).op('nop').op('nop');
      },
      (f) => {
        f.poke(D(0), 0).intrinsic(L(0), 'fl_wake', cookieOf(0)).label('woken').op('nop');
      },
    );
    const machine = bootMachine(builder, { triggers: startAll(2) });
    machine.setBreakpoints([asPc(builder.pcOf('woken')), asPc(builder.pcOf('once'))]);
    machine.run({ ...RUN_ON, breakpoints: true });
    machine.takeCheckpoint();
    machine.stateHash();
    machine.run({ ...RUN_ON, breakpoints: true });
    expect(machine.task(asTaskId(1)).pc).toBe(builder.pcOf('once'));
    const fresh = bootMachine(builder, { triggers: startAll(2) });
    fresh.run({ ...RUN_ON, untilPosition: machine.position });
    expect(machine.stateHash()).toBe(fresh.stateHash());
    const checkpoint = machine.takeCheckpoint();
    runToEnd(machine);
    machine.restore(checkpoint);
    expect(machine.stateHash()).toBe(fresh.stateHash());
  });
});

describe('modelHash', () => {
  it('does not see clocks, statistics and dead stack', () => {
    const endOf = (statementNs: number, junk: number): Machine => {
      const builder = new ProgramBuilder();
      builder.function('leaf', (f) => f.set(L(0), junk).op('return'));
      addKernelTasks(builder, 1, (f) => {
        f.annotate('acquire', D(9), 1, -1, 0).statement().call(L(1), 'leaf').statement().op('nop');
        f.annotate('drop', D(9), -1, 0);
      });
      const costs = { ...TEST_COSTS, statementNs };
      const machine = bootMachine(builder, { triggers: startAll(1), costs });
      runToEnd(machine);
      return machine;
    };
    const one = endOf(2, 1);
    for (const other of [endOf(20, 1), endOf(2, 7)]) {
      expect(other.stateHash()).not.toBe(one.stateHash());
      expect(other.modelHash()).toBe(one.modelHash());
    }
  });

  it('does not see how many locks have statistics and how many heap objects are known', () => {
    const endOf = (lock: number, object: number): Machine => {
      const builder = new ProgramBuilder();
      builder.function('leaf', (f) => {
        f.intrinsic(L(0), 'fl_object_allocated', D(40), 4);
        f.intrinsic(L(0), 'fl_object_allocated', object, 4);
        for (const address of [D(9), lock]) {
          f.annotate('acquire', address, 1, -1, 0).annotate('drop', address, -1, 0);
        }
        f.op('return');
      });
      addKernelTasks(builder, 1, (f) => f.call(L(1), 'leaf'));
      const machine = bootMachine(builder, { triggers: startAll(1) });
      runToEnd(machine);
      return machine;
    };
    const one = endOf(D(9), D(40));
    for (const other of [endOf(D(8), D(40)), endOf(D(9), D(42))]) {
      expect(other.stateHash()).not.toBe(one.stateHash());
      expect(other.modelHash()).toBe(one.modelHash());
    }
  });

  it('sees memory', () => {
    const one = boot();
    runToEnd(one);
    const other = boot({ kind: 'random', seed: 3 });
    runToEnd(other);
    expect(wordAt(one, D(1))).not.toBe(wordAt(other, D(1)));
    expect(one.modelHash()).not.toBe(other.modelHash());
  });
});

describe('schedules', () => {
  it('of default runs have no departures', () => {
    const machine = boot();
    runToEnd(machine);
    expect(parseSchedule(machine.schedule()).departures).toEqual([]);
  });

  it('of random runs depend on the seed alone', () => {
    const results = [1, 1, 2, 3, 4].map((seed) => {
      const machine = boot({ kind: 'random', seed });
      runToEnd(machine);
      return machine.schedule();
    });
    expect(results[0]).toBe(results[1]);
    expect(new Set(results).size).toBe(4);
  });

  it.each([1, 2, 3, 4, 5])(
    'of random run %i replay to the same state at every position',
    (seed) => {
      const random = boot({ kind: 'random', seed });
      const all = hashes(random);
      const replay = (): Machine =>
        boot({ kind: 'replay', schedule: parseSchedule(random.schedule()) });
      const again = replay();
      // The generator's state is not part of a replay, so only what it decided is compared.
      const memory = (machine: Machine): (number | undefined)[] =>
        [0, 1, 2].map((word) => wordAt(machine, D(word)));
      const fresh = boot({ kind: 'random', seed });
      for (let position = 1; position < all.length; position += 1) {
        again.run({ budget: 1, breakpoints: false });
        fresh.run({ budget: 1, breakpoints: false });
        expect(memory(again)).toEqual(memory(fresh));
        expect(again.nowNs()).toBe(fresh.nowNs());
      }
      expect(runToEnd(again)).toEqual(runToEnd(fresh));
      expect(again.schedule()).toBe(random.schedule());
      expect(hashes(replay())).toEqual(hashes(replay()));
    },
  );

  it('forget the departures behind a restored checkpoint', () => {
    const machine = boot({ kind: 'random', seed: 9 });
    machine.run({ budget: 200, breakpoints: false });
    const checkpoint = machine.takeCheckpoint();
    const before = machine.schedule();
    runToEnd(machine);
    const whole = machine.schedule();
    expect(whole).not.toBe(before);
    machine.restore(checkpoint);
    expect(machine.schedule()).toBe(before);
    runToEnd(machine);
    expect(machine.schedule()).toBe(whole);
  });

  it('are whole again in a restored checkpoint of a later state', () => {
    const machine = boot({ kind: 'random', seed: 9 });
    const start = machine.takeCheckpoint();
    machine.run({ budget: 200, breakpoints: false });
    const middle = machine.takeCheckpoint();
    const before = machine.schedule();
    runToEnd(machine);
    const end = machine.takeCheckpoint();
    const whole = machine.schedule();
    machine.restore(start);
    machine.restore(end);
    expect(machine.schedule()).toBe(whole);
    machine.restore(start);
    machine.run({ budget: 100, breakpoints: false });
    machine.restore(middle);
    expect(machine.schedule()).toBe(before);
    machine.restore(end);
    expect(machine.schedule()).toBe(whole);
  });

  it('of another program or scenario are refused by name', () => {
    const machine = boot();
    const text = machine.schedule();
    const other = parseSchedule(text.replace('program=0123', 'program=9999'));
    expect(() => boot({ kind: 'replay', schedule: other })).toThrow(/another kernel/);
    const third = parseSchedule(text.replace('scenario=fedc', 'scenario=9999'));
    expect(() => boot({ kind: 'replay', schedule: third })).toThrow(/another scenario/);
    expect(() => boot({ kind: 'replay', schedule: third })).toThrow(UserError);
  });

  it('that do not fit are refused', () => {
    const schedule = { ...parseSchedule(boot().schedule()), departures: [{ point: 0, choice: 7 }] };
    expect(() => runToEnd(boot({ kind: 'replay', schedule }))).toThrow(/choice 7 at point 0/);
  });

  it('let an event happen early', () => {
    const late = boot();
    runToEnd(late);
    // Find a point at which the disk is busy by trying them in turn.
    const { programHash, scenarioHash } = parseSchedule(late.schedule());
    const times = Array.from({ length: 400 }, (_, point) => {
      const schedule = {
        programHash,
        scenarioHash,
        seed: 0,
        departures: [{ point, choice: 8 }],
        interventions: [],
      };
      const machine = boot({ kind: 'replay', schedule });
      try {
        runToEnd(machine);
      } catch {
        return Infinity;
      }
      return machine.nowNs();
    });
    expect(Math.min(...times)).toBeLessThan(late.nowNs());
  });
});
