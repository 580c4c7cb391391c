// The user as the scheduler: what can come next, and taking another option than the policy's.
import { describe, expect, it } from 'vitest';
import { EMPTY_COURSE } from '../../../src/machine/course.ts';
import { asAddress, asCpuId, asPc } from '../../../src/base/brand.ts';
import { UserError } from '../../../src/base/errors.ts';
import type { Choice } from '../../../src/machine/choices.ts';
import type { Machine } from '../../../src/machine/machine.ts';
import type { SchedulePolicy } from '../../../src/machine/machineConfig.ts';
import { CHOICE_EVENT, parseSchedule } from '../../../src/machine/scheduleText.ts';
import { D, type FunctionBuilder, L, ProgramBuilder } from '../../support/programBuilder.ts';
import {
  addKernelTasks,
  bootMachine,
  RUN_ON,
  runKernelTasks,
  runToEnd,
  startAll,
  wordAt,
} from '../../support/testMachine.ts';

const LOG = D(40);

/** Appends a digit to the decimal number at LOG, in one visible operation per digit. */
function writes(digit: number, count: number): (f: FunctionBuilder) => void {
  return (f) => {
    for (let index = 0; index < count; index += 1) {
      f.statement().set(L(6), LOG).visible().op('load32', L(7), L(6), 0);
      f.op('muli', L(7), L(7), 10).op('addi', L(7), L(7), digit).op('store32', L(7), L(6), 0);
    }
  };
}

/** A kernel whose timer interrupt writes 9. */
function timerThatWrites(): ProgramBuilder {
  return new ProgramBuilder().function('timer', (f) => {
    writes(9, 1)(f);
    f.op('return');
  });
}

const cpus = 3;

function boot(scheduler: SchedulePolicy = { kind: 'default' }): Machine {
  return runKernelTasks(cpus, [writes(1, 3), writes(2, 3), writes(3, 3)], { scheduler });
}

function replayOf(machine: Machine): Machine {
  return boot({ kind: 'replay', schedule: parseSchedule(machine.schedule()) });
}

/** Steps to the next place with options. */
function toNextChoice(machine: Machine): readonly Choice[] {
  for (;;) {
    const stop = machine.run({ budget: 1, breakpoints: false });
    const choices = machine.choices();
    if (choices.length > 0 || stop.kind !== 'budget') return choices;
  }
}

function numbersOf(choices: readonly Choice[]): readonly number[] {
  return choices.map(({ choice }) => choice);
}

describe('the options of a decision', () => {
  it('are the CPUs that can run with their tasks; the policy takes the smallest clock', () => {
    const machine = boot();
    const choices = toNextChoice(machine);
    expect(numbersOf(choices)).toEqual([0, 1, 2]);
    expect(
      choices.map(({ task }) => machine.task(task ?? machine.cpu(asCpuId(0)).task).index),
    ).toEqual([0, 1, 2]);
    expect(choices.filter(({ isTaken }) => isTaken)).toEqual(
      choices.filter(({ isDefault }) => isDefault),
    );
    expect(choices.find(({ isTaken }) => isTaken)?.cpu).toBe(machine.currentCpu);
  });

  it('are nothing where nothing is undecided, and looking changes nothing', () => {
    const machine = boot();
    let places = 0;
    for (;;) {
      const before = machine.stateHash();
      const choices = machine.choices();
      expect(machine.stateHash()).toBe(before);
      expect(choices.length === 1).toBe(false);
      if (choices.length > 0) places += 1;
      if (machine.run({ budget: 1, breakpoints: false }).kind !== 'budget') break;
    }
    expect(places).toBeGreaterThan(5);
    expect(machine.choices()).toEqual([]);
  });

  it('include the next event, with its kind and time', () => {
    const machine = runKernelTasks(1, [
      (f) => {
        f.intrinsic(L(0), 'fl_timer_arm', 50_000, 7);
        writes(1, 5)(f);
      },
    ]);
    machine.run({ ...RUN_ON, untilPosition: 20 });
    const choices = toNextChoice(machine);
    expect(choices).toMatchObject([
      { choice: 0, cpu: 0, isDefault: true, isTaken: true },
      { choice: CHOICE_EVENT, event: 'timer', isDefault: false, isTaken: false },
    ]);
    expect(choices[1]?.dueNs).toBeGreaterThan(50_000);
  });

  it('agree with what the machine decides, at every place and for every policy', () => {
    for (const scheduler of [
      { kind: 'default' },
      { kind: 'random', seed: 5 },
    ] satisfies SchedulePolicy[]) {
      const machine = boot(scheduler);
      for (let place = 0; place < 40; place += 1) {
        const choices = toNextChoice(machine);
        if (choices.length === 0) break;
        const taken = choices.find(({ isTaken }) => isTaken);
        if (taken !== undefined) expect(taken.cpu).toBe(machine.currentCpu);
        if (scheduler.kind === 'default' && taken !== undefined) expect(taken.isDefault).toBe(true);
        expect(choices.filter(({ isDefault }) => isDefault)).toHaveLength(1);
      }
    }
  });
});

describe('a choice', () => {
  it('lets that CPU go on at once and is a departure of the schedule', () => {
    const machine = boot();
    toNextChoice(machine);
    const { position } = machine;
    const clocks = [0, 1, 2].map((cpu) => machine.cpu(asCpuId(cpu)).clockNs);
    machine.choose(2);
    expect(machine.currentCpu).toBe(2);
    expect(machine.position).toBe(position);
    expect([0, 1, 2].map((cpu) => machine.cpu(asCpuId(cpu)).clockNs)).toEqual(clocks);
    expect(machine.choices().find(({ isTaken }) => isTaken)?.choice).toBe(2);
    expect(parseSchedule(machine.schedule()).departures).toHaveLength(1);
    expect(parseSchedule(machine.schedule()).interventions).toEqual([]);
  });

  it.each([
    [[0, 1, 2, 0, 1, 2, 0, 1, 2], 123_123_123],
    [[0, 0, 0, 1, 1, 1, 2, 2, 2], 111_222_333],
    [[2, 1, 0, 2, 1, 0, 2, 1, 0], 321_321_321],
    [[2, 2, 2, 0, 1, 0, 1, 0, 1], 333_121_212],
  ])('after the other makes any order: %s', (order, expected) => {
    const machine = boot();
    for (const cpu of order) {
      let choices = machine.choices();
      while (!numbersOf(choices).includes(cpu)) {
        const stop = machine.run({ budget: 1, breakpoints: false });
        if (stop.kind !== 'budget') break;
        choices = machine.choices();
      }
      if (choices.length > 0) machine.choose(cpu);
      machine.run({ budget: 4, breakpoints: false });
    }
    runToEnd(machine);
    expect(wordAt(machine, LOG)).toBe(expected);
    const replay = replayOf(machine);
    runToEnd(replay);
    expect(wordAt(replay, LOG)).toBe(expected);
    expect(replay.stateHash()).toBe(machine.stateHash());
    expect(replay.schedule()).toBe(machine.schedule());
    expect(replay.nowNs()).toBe(machine.nowNs());
  });

  it('of what the policy takes anyway is no departure', () => {
    const machine = boot();
    const byDefault = toNextChoice(machine).find(({ isDefault }) => isDefault);
    machine.choose(byDefault?.choice ?? -1);
    runToEnd(machine);
    expect(parseSchedule(machine.schedule()).departures).toEqual([]);
  });

  it('can be changed again, and back', () => {
    const machine = boot();
    toNextChoice(machine);
    const [before, schedule] = [machine.stateHash(), machine.schedule()];
    machine.choose(2);
    machine.choose(1);
    expect(machine.currentCpu).toBe(1);
    expect(parseSchedule(machine.schedule()).departures).toHaveLength(1);
    machine.choose(0);
    expect([machine.stateHash(), machine.schedule()]).toEqual([before, schedule]);
  });

  it('of an event lets it happen before its time', () => {
    const arm = (early: boolean): number => {
      const machine = runKernelTasks(
        1,
        [
          (f) => {
            f.intrinsic(L(0), 'fl_timer_arm', 50_000, 7);
            writes(1, 5)(f);
          },
        ],
        {},
        timerThatWrites(),
      );
      machine.run({ ...RUN_ON, untilPosition: 20 });
      toNextChoice(machine);
      if (early) machine.choose(CHOICE_EVENT);
      runToEnd(machine);
      return wordAt(machine, LOG) ?? 0;
    };
    expect(arm(false)).toBe(11_111);
    expect(String(arm(true))).toMatch(/^1*91+$/);
  });

  it('where a CPU has just lost what it ran is a step', () => {
    const machine = boot();
    const second = machine.taskOfScenario(1);
    // The first task ends: its CPU needs something else.
    for (;;) {
      const stop = machine.run({ budget: 1, breakpoints: false });
      if (stop.kind !== 'budget') break;
      const choices = machine.choices();
      if (choices.length < 2 || choices.some(({ isTaken }) => isTaken)) continue;
      const { position } = machine;
      const other = choices.find(({ isDefault }) => !isDefault);
      machine.choose(other?.choice ?? -1);
      expect(machine.position).toBe(position + 1);
      expect(machine.currentCpu).toBe(other?.cpu);
      runToEnd(machine);
      const replay = replayOf(machine);
      runToEnd(replay);
      expect(replay.stateHash()).toBe(machine.stateHash());
      expect(machine.task(second ?? machine.cpu(asCpuId(0)).task).status).toBe('exited');
      return;
    }
    expect.unreachable();
  });

  it('is met again after going back before it, until another course is taken', () => {
    const machine = boot({ kind: 'random', seed: 3 });
    const start = machine.takeCheckpoint();
    machine.run({ ...RUN_ON, untilPosition: 30 });
    const choices = toNextChoice(machine);
    const { position } = machine;
    machine.choose(choices.find(({ isTaken }) => !isTaken)?.choice ?? -1);
    const chosen = machine.stateHash();
    runToEnd(machine);
    const [end, schedule] = [machine.stateHash(), machine.schedule()];
    machine.restore(start);
    machine.run({ ...RUN_ON, untilPosition: position });
    expect(machine.stateHash()).toBe(chosen);
    runToEnd(machine);
    expect([machine.stateHash(), machine.schedule()]).toEqual([end, schedule]);
    machine.places.returnTo(machine.places.startingAt(start, EMPTY_COURSE));
    runToEnd(machine);
    const plain = boot({ kind: 'random', seed: 3 });
    runToEnd(plain);
    expect(machine.stateHash()).toBe(plain.stateHash());
  });

  it('after an intervention at the same place replays in that order', () => {
    const machine = boot();
    machine.run({ ...RUN_ON, untilPosition: 20 });
    toNextChoice(machine);
    machine.choose(1);
    machine.intervene({
      kind: 'kernel',
      address: asAddress(LOG),
      bytes: Uint8Array.of(4, 0, 0, 0),
    });
    machine.choose(2);
    runToEnd(machine);
    const replay = replayOf(machine);
    runToEnd(replay);
    expect(replay.stateHash()).toBe(machine.stateHash());
    expect(replay.schedule()).toBe(machine.schedule());
  });

  it('that does not exist is refused and changes nothing', () => {
    const machine = boot();
    toNextChoice(machine);
    const before = machine.stateHash();
    for (const choice of [3, 7, CHOICE_EVENT, -1, 0.5]) {
      expect(() => machine.choose(choice)).toThrow(UserError);
    }
    expect(machine.stateHash()).toBe(before);
    runToEnd(machine);
    expect(() => machine.choose(0)).toThrow(/run has ended/);
  });

  it('sees a CPU that stands still on a word as soon as somebody has written it', () => {
    const machine = runKernelTasks(2, [
      (f) => f.intrinsic(L(0), 'fl_cpu_wait', D(1), 0).poke(D(5), 1),
      (f) => {
        for (let index = 0; index < 50; index += 1) f.statement().visible().op('nop');
        f.intrinsic(L(0), 'fl_atomic_xchg', D(1), 1).statement().visible().op('nop');
        f.label('after').visible().op('nop');
      },
    ]);
    machine.run({ ...RUN_ON, untilPosition: 60 });
    expect(machine.cpu(asCpuId(0)).isStalled).toBe(true);
    expect(machine.choices()).toEqual([]);
    const choices = toNextChoice(machine);
    expect(numbersOf(choices)).toEqual([0, 1]);
  });
});

describe('an intervention', () => {
  it('that lets another CPU run makes the decision of its place again', () => {
    const machine = runKernelTasks(2, [
      (f) => f.intrinsic(L(0), 'fl_cpu_wait', D(1), 0).poke(D(5), 1),
      (f) => {
        for (let index = 0; index < 50; index += 1) f.statement().visible().op('nop');
      },
    ]);
    machine.run({ ...RUN_ON, untilPosition: 40 });
    expect(machine.cpu(asCpuId(0)).isStalled).toBe(true);
    expect(machine.currentCpu).toBe(1);
    const bytes = Uint8Array.of(1, 0, 0, 0);
    machine.intervene({ kind: 'kernel', address: asAddress(D(1)), bytes });
    // Both stand at the same time now, and the lower number goes first.
    expect(machine.currentCpu).toBe(0);
    expect(machine.position).toBe(40);
  });
});

describe('a place before a visible operation behind an interrupt', () => {
  it('has no options: the interrupt cannot be taken back', () => {
    const builder = new ProgramBuilder();
    builder.function('timer', (f) => f.label('handler').visible().op('nop').op('return'));
    addKernelTasks(
      builder,
      2,
      (f) => f.intrinsic(L(0), 'fl_timer_arm', 3000, 7),
      (f) => {
        for (let index = 0; index < 3000; index += 1) f.statement().visible().op('nop');
      },
    );
    const machine = bootMachine(builder, { cpuCount: 2, triggers: startAll(2) });
    machine.setBreakpoints([asPc(builder.pcOf('handler'))]);
    expect(machine.run({ ...RUN_ON, breakpoints: true }).kind).toBe('breakpoint');
    expect(machine.cpu(asCpuId(0)).isInInterrupt).toBe(true);
    expect(machine.choices()).toEqual([]);
  });
});
