// What users do to a machine: at once, again in a replay, again after going back, and never elsewhere.
import { describe, expect, it } from 'vitest';
import { asAddress, asPc, asTaskId } from '../../../src/base/brand.ts';
import { UserError } from '../../../src/base/errors.ts';
import type { Intervention } from '../../../src/machine/intervention.ts';
import { Machine } from '../../../src/machine/machine.ts';
import type { MachineConfig, SchedulePolicy } from '../../../src/machine/machineConfig.ts';
import { parseSchedule } from '../../../src/machine/scheduleText.ts';
import { D, type FunctionBuilder, L, P, ProgramBuilder } from '../../support/programBuilder.ts';
import {
  addKernelTasks,
  bootMachine,
  cookieOf,
  createMachine,
  RUN_ON,
  runToEnd,
  startAll,
  TEST_COSTS,
  wordAt,
} from '../../support/testMachine.ts';

const SUM = D(1);
const STEP = D(2);

/** Two tasks that add the word at STEP to the word at SUM in rounds, each round a visible operation. */
function program(): ProgramBuilder {
  const builder = new ProgramBuilder();
  builder.function('send', (f) => {
    f.set(L(0), D(10)).op('store32', P(0), L(0), 0).op('store32', P(1), L(0), 4).op('return');
  });
  const rounds = (name: string) => (f: FunctionBuilder) => {
    f.statement().set(L(4), 0).set(L(5), 20).label(name).statement();
    f.set(L(6), STEP).op('load32', L(7), L(6), 0);
    f.set(L(6), SUM).visible().op('load32', L(8), L(6), 0).op('add', L(8), L(8), L(7));
    f.visible().op('store32', L(8), L(6), 0);
    f.statement().op('addi', L(4), L(4), 1).statement().op('jumpLts', L(4), L(5), name);
    f.label(`${name}End`).statement().op('nop');
  };
  addKernelTasks(builder, 2, rounds('first'), rounds('second'));
  return builder;
}

function boot(builder: ProgramBuilder, scheduler?: SchedulePolicy): Machine {
  const known = builder.build().functions.findIndex((item) => item.name === 'send');
  const { entries } = createMachine(builder).config;
  const overrides: Partial<MachineConfig> = {
    cpuCount: 2,
    triggers: startAll(2),
    entries: { ...entries, signal: known },
    ...(scheduler === undefined ? {} : { scheduler }),
  };
  return bootMachine(builder, overrides);
}

function replayOf(machine: Machine, builder: ProgramBuilder): Machine {
  return boot(builder, { kind: 'replay', schedule: parseSchedule(machine.schedule()) });
}

function bytesOf(value: number): Uint8Array {
  return Uint8Array.from([0, 8, 16, 24], (shift) => (value >>> shift) & 0xff);
}

const task0 = asTaskId(2);

function writeStep(value: number): Intervention {
  return { kind: 'kernel', address: asAddress(STEP), bytes: bytesOf(value) };
}

/** One of each kind that does not depend on user code, by the place where it is possible. */
function someInterventions(builder: ProgramBuilder): readonly Intervention[] {
  return [
    writeStep(100),
    { kind: 'physical', address: asAddress(SUM - 0xc0000000), bytes: bytesOf(5) },
    { kind: 'goto', task: task0, pc: asPc(builder.pcOf('firstEnd')) },
    { kind: 'register', task: task0, register: 3, value: 77 },
    { kind: 'signal', task: task0, signal: 9 },
  ];
}

/** A machine at a position, under an optional random schedule. */
function machineAt(builder: ProgramBuilder, position: number, seed?: number): Machine {
  const machine = boot(builder, seed === undefined ? undefined : { kind: 'random', seed });
  machine.run({ ...RUN_ON, untilPosition: position });
  return machine;
}

/** The state hash at every 13th position from the present one to the end. */
function hashesOf(machine: Machine): readonly string[] {
  const hashes = [machine.stateHash()];
  while (machine.run({ budget: 13, breakpoints: false }).kind === 'budget') {
    hashes.push(machine.stateHash());
  }
  hashes.push(machine.stateHash());
  return hashes;
}

function codeOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof UserError) return error.code;
    throw error;
  }
  return 'none';
}

describe('an intervention', () => {
  it('writes kernel memory, which the run then sees', () => {
    const builder = program();
    const machine = machineAt(builder, 40);
    machine.intervene(writeStep(1));
    expect(wordAt(machine, STEP)).toBe(1);
    expect(runToEnd(machine)).toEqual({ kind: 'finished', outcome: 'completed' });
    const all = machineAt(builder, 0);
    all.intervene(writeStep(1));
    runToEnd(all);
    expect(wordAt(machine, SUM)).toBeGreaterThan(10);
    expect(wordAt(machine, SUM)).toBeLessThan(wordAt(all, SUM) ?? 0);
  });

  it('writes physical memory', () => {
    const machine = machineAt(program(), 40);
    machine.intervene({
      kind: 'physical',
      address: asAddress(STEP - 0xc0000000 + 1),
      bytes: Uint8Array.of(2),
    });
    expect(wordAt(machine, STEP)).toBe(0x200);
  });

  it('keeps its own copy of the bytes', () => {
    const machine = machineAt(program(), 40);
    const bytes = bytesOf(3);
    machine.intervene({ kind: 'kernel', address: asAddress(STEP), bytes });
    bytes.fill(0xff);
    expect(machine.interventions).toMatchObject([{ position: 40, intervention: writeStep(3) }]);
  });

  it('lets a task go on at another statement of its function', () => {
    const builder = program();
    const machine = machineAt(builder, 60);
    machine.intervene({ kind: 'goto', task: task0, pc: asPc(builder.pcOf('firstEnd')) });
    expect(machine.task(task0).pc).toBe(builder.pcOf('firstEnd'));
    expect(runToEnd(machine)).toMatchObject({ kind: 'finished', outcome: 'completed' });
    const whole = machineAt(builder, 60);
    runToEnd(whole);
    expect(machine.position).toBeLessThan(whole.position);
  });

  it('sends a signal by an interrupt with its number and the task’s cookie', () => {
    const machine = machineAt(program(), 60);
    machine.intervene({ kind: 'signal', task: asTaskId(3), signal: 15 });
    expect(wordAt(machine, D(10))).toBe(0);
    const before = machine.nowNs();
    expect(runToEnd(machine)).toMatchObject({ kind: 'finished' });
    expect([wordAt(machine, D(10)), wordAt(machine, D(11))]).toEqual([15, cookieOf(1)]);
    expect(machine.nowNs()).toBeGreaterThan(before + TEST_COSTS.interruptNs);
  });

  it('takes no time and makes no step', () => {
    const builder = program();
    for (const intervention of someInterventions(builder)) {
      const machine = machineAt(builder, 60);
      const before = machine.nowNs();
      machine.intervene(intervention);
      expect(machine.position).toBe(60);
      if (intervention.kind !== 'signal') expect(machine.nowNs()).toBe(before);
    }
  });

  it('leaves and enters cost regions as a jump in C does', () => {
    const builder = new ProgramBuilder();
    builder.cost('walk');
    addKernelTasks(builder, 1, (f) => {
      f.statement().op('nop').op('costBegin', builder.cost('walk'));
      f.label('inside').statement().op('nop').statement().op('nop').op('costEnd');
      f.label('outside').statement().op('nop').statement().op('nop');
    });
    const end = (jumps: boolean): number => {
      const machine = bootMachine(builder, { triggers: startAll(1) });
      machine.setBreakpoints([asPc(builder.pcOf('inside'))]);
      machine.run({ ...RUN_ON, breakpoints: true });
      const pc = asPc(builder.pcOf('outside'));
      if (jumps) machine.intervene({ kind: 'goto', task: asTaskId(1), pc });
      runToEnd(machine);
      return machine.nowNs();
    };
    expect(end(true)).toBe(end(false));
    expect(end(true)).toBe(1000 + 2 + 100 + 4);
  });
});

describe('a schedule with interventions', () => {
  const builder = program();
  const places = [0, 37, 60, 61];

  it.each([undefined, 1, 2])('replays to the same states (seed %s)', (seed) => {
    for (const intervention of someInterventions(builder)) {
      for (const place of places) {
        const machine = machineAt(builder, place, seed);
        try {
          machine.intervene(intervention);
        } catch (error) {
          // No kernel function is executed yet.
          expect(error).toMatchObject({ code: 'bad-intervention' });
          expect(place).toBeLessThan(2);
          continue;
        }
        const expected = hashesOf(machine);
        const replay = replayOf(machine, builder);
        replay.run({ ...RUN_ON, untilPosition: place });
        expect(hashesOf(replay)).toEqual(expected);
        expect(replay.schedule()).toBe(machine.schedule());
        expect(replay.nowNs()).toBe(machine.nowNs());
      }
    }
  });

  it('keeps the order of several at one position and of several positions', () => {
    const machine = machineAt(builder, 40);
    machine.intervene(writeStep(1));
    machine.intervene(writeStep(2));
    machine.run({ ...RUN_ON, untilPosition: 50 });
    machine.intervene(writeStep(3));
    machine.intervene({ kind: 'goto', task: task0, pc: asPc(builder.pcOf('firstEnd')) });
    const expected = hashesOf(machine);
    const replay = replayOf(machine, builder);
    expect(replay.run({ ...RUN_ON, untilPosition: 50 })).toEqual({ kind: 'position' });
    expect(wordAt(replay, STEP)).toBe(3);
    expect(replay.interventions).toHaveLength(4);
    expect(hashesOf(replay)).toEqual(expected);
  });

  it('lists only what has been done up to the present place', () => {
    const machine = machineAt(builder, 40);
    const checkpoint = machine.takeCheckpoint();
    const before = machine.schedule();
    machine.run({ ...RUN_ON, untilPosition: 50 });
    machine.intervene(writeStep(1));
    expect(machine.schedule()).toMatch(/^faultline-schedule 2 .* interventions=50@\d+:kernel:0x/);
    machine.restore(checkpoint);
    expect(machine.schedule()).toBe(before);
  });
});

describe('going back', () => {
  const builder = program();

  it('before an intervention and forward again meets it again', () => {
    const machine = machineAt(builder, 30);
    const early = machine.takeCheckpoint();
    machine.run({ ...RUN_ON, untilPosition: 45 });
    const here = machine.takeCheckpoint();
    machine.intervene(writeStep(7));
    const expected = hashesOf(machine);
    const schedule = machine.schedule();
    machine.restore(early);
    expect(wordAt(machine, STEP)).toBe(0);
    machine.run({ ...RUN_ON, untilPosition: 45 });
    expect(hashesOf(machine)).toEqual(expected);
    expect(machine.schedule()).toBe(schedule);
    // A state that was kept at the very place comes back as what that position names now.
    machine.restore(here);
    expect(hashesOf(machine)).toEqual(expected);
  });

  it('and doing something else drops what came later', () => {
    const machine = machineAt(builder, 30);
    const early = machine.takeCheckpoint();
    machine.run({ ...RUN_ON, untilPosition: 45 });
    machine.intervene(writeStep(7));
    runToEnd(machine);
    machine.restore(early);
    machine.intervene({ kind: 'kernel', address: asAddress(D(5)), bytes: bytesOf(1) });
    expect(runToEnd(machine)).toMatchObject({ kind: 'finished' });
    expect(wordAt(machine, STEP)).toBe(0);
    expect(machine.interventions.map(({ position }) => position)).toEqual([30]);
    expect(hashesOf(replayOf(machine, builder)).at(-1)).toBe(machine.stateHash());
  });

  it('in a replay and doing something else drops the rest of the schedule', () => {
    const random = machineAt(builder, 1e6, 4);
    const replay = replayOf(random, builder);
    replay.run({ ...RUN_ON, untilPosition: 50 });
    replay.intervene(writeStep(1));
    const departures = (): number => parseSchedule(replay.schedule()).departures.length;
    const before = departures();
    expect(before).toBeGreaterThan(0);
    runToEnd(replay);
    expect(departures()).toBe(before);
  });

  it('to a state of a course that was left follows that course’s past', () => {
    const machine = machineAt(builder, 30);
    const early = machine.takeCheckpoint();
    machine.run({ ...RUN_ON, untilPosition: 45 });
    machine.intervene(writeStep(7));
    machine.run({ ...RUN_ON, untilPosition: 60 });
    const left = machine.takeCheckpoint();
    const schedule = machine.schedule();
    machine.restore(early);
    machine.run({ ...RUN_ON, untilPosition: 35 });
    machine.intervene(writeStep(9));
    machine.restore(left);
    expect(machine.schedule()).toBe(schedule);
    expect(hashesOf(replayOf(machine, builder)).at(-1)).toBe(hashesOf(machine).at(-1));
  });

  it('to a state that was never reached on the present course is safe', () => {
    const machine = machineAt(builder, 60);
    const unchanged = machine.takeCheckpoint();
    const expected = hashesOf(machine);
    const again = machineAt(builder, 0);
    const start = again.takeCheckpoint();
    again.run({ ...RUN_ON, untilPosition: 60 });
    const later = again.takeCheckpoint();
    again.restore(start);
    again.run({ ...RUN_ON, untilPosition: 45 });
    again.intervene(writeStep(7));
    again.restore(later);
    expect(again.interventions).toEqual([]);
    expect(hashesOf(again)).toEqual(expected);
    machine.restore(unchanged);
    expect(hashesOf(machine)).toEqual(expected);
  });
});

describe('an intervention is refused, and changes nothing,', () => {
  const builder = program();

  it.each<[string, Intervention]>([
    ['outside of memory', { kind: 'kernel', address: asAddress(0xc0400000), bytes: bytesOf(1) }],
    ['at the end of memory', { kind: 'kernel', address: asAddress(0xc03ffffd), bytes: bytesOf(1) }],
    ['at a user address', { kind: 'kernel', address: asAddress(0x1000), bytes: bytesOf(1) }],
    ['behind RAM', { kind: 'physical', address: asAddress(0x400000), bytes: bytesOf(1) }],
    ['without bytes', { kind: 'kernel', address: asAddress(STEP), bytes: new Uint8Array() }],
    ['with many', { kind: 'kernel', address: asAddress(STEP), bytes: new Uint8Array(4097) }],
    ['unmapped', { kind: 'user', task: task0, address: asAddress(0x1000), bytes: bytesOf(1) }],
    ['no register', { kind: 'register', task: task0, register: 10, value: 1 }],
    ['no task', { kind: 'register', task: asTaskId(9), register: 0, value: 1 }],
    ['an idle task', { kind: 'register', task: asTaskId(0), register: 0, value: 1 }],
    ['no statement', { kind: 'goto', task: task0, pc: asPc(builder.pcOf('first') + 4) }],
    ['odd', { kind: 'goto', task: task0, pc: asPc(builder.pcOf('first') + 1) }],
    ['no code', { kind: 'goto', task: task0, pc: asPc(1e9) }],
    ['negative', { kind: 'goto', task: task0, pc: asPc(-4) }],
    ['at rest', { kind: 'goto', task: asTaskId(0), pc: asPc(builder.pcOf('first')) }],
    ['signal 0', { kind: 'signal', task: task0, signal: 0 }],
    ['signal 65', { kind: 'signal', task: task0, signal: 65 }],
  ])('%s', (_, intervention) => {
    const machine = machineAt(builder, 60);
    const before = [machine.stateHash(), machine.schedule()];
    expect(codeOf(() => machine.intervene(intervention))).toBe('bad-intervention');
    expect([machine.stateHash(), machine.schedule()]).toEqual(before);
  });

  it('into another function', () => {
    const own = new ProgramBuilder();
    own.function('other', (f) => f.label('there').statement().op('return'));
    addKernelTasks(own, 1, (f) => {
      for (let index = 0; index < 50; index += 1) f.statement().op('nop');
    });
    const machine = bootMachine(own, { triggers: startAll(1) });
    machine.run({ ...RUN_ON, untilPosition: 20 });
    const pc = asPc(own.pcOf('there'));
    expect(() => machine.intervene({ kind: 'goto', task: asTaskId(1), pc })).toThrow(
      /not the start of a statement of exit\(\)/,
    );
    expect(() => machine.intervene({ kind: 'signal', task: asTaskId(1), signal: 9 })).toThrow(
      /no function that sends a signal/,
    );
  });

  it('when the run has ended', () => {
    const machine = machineAt(builder, 60);
    runToEnd(machine);
    expect(codeOf(() => machine.intervene(writeStep(1)))).toBe('run-ended');
    expect(machine.interventions).toEqual([]);
  });

  it('after 4096 of them', () => {
    const machine = machineAt(builder, 60);
    for (let index = 0; index < 4096; index += 1) machine.intervene(writeStep(index));
    expect(() => machine.intervene(writeStep(1))).toThrow(/at most 4096/);
    expect(machine.interventions).toHaveLength(4096);
    runToEnd(machine);
    const replay = replayOf(machine, builder);
    runToEnd(replay);
    expect(replay.stateHash()).toBe(machine.stateHash());
  });
});

describe('a schedule whose interventions do not fit', () => {
  const builder = program();
  const text = (interventions: string): string => {
    const plain = machineAt(builder, 0).schedule().replace('schedule 1', 'schedule 2');
    return `${plain} interventions=${interventions}`;
  };
  const run = (interventions: string): unknown => {
    const schedule = parseSchedule(text(interventions));
    return runToEnd(boot(builder, { kind: 'replay', schedule }));
  };

  it.each([
    ['60@3:kernel:0xc0400000:00', /position 60 .* no memory at the kernel addresses 0xc0400000/],
    ['60@3:physical:0xffffffff:00', /no memory at the physical addresses 0xffffffff/],
    ['60@0:signal:2:9', /made at point 0, and this is point \d+/],
    ['0@0:user:2:0x1000:00', /position 0 .* No page is mapped at the user address 0x00001000/],
    ['0@0:register:9:eax:0x1', /no task 9/],
    ['0@0:goto:2:16', /not the start of a statement|executes no kernel function/],
  ])('%s is refused', (interventions, message) => {
    expect(codeOf(() => run(interventions))).toBe('schedule-does-not-fit');
    expect(() => run(interventions)).toThrow(message);
  });

  it('is refused again by every attempt to go on', () => {
    const schedule = parseSchedule(text('60@0:signal:2:9'));
    const machine = boot(builder, { kind: 'replay', schedule });
    expect(codeOf(() => runToEnd(machine))).toBe('schedule-does-not-fit');
    expect(codeOf(() => runToEnd(machine))).toBe('schedule-does-not-fit');
    expect(machine.position).toBe(60);
  });

  it('has no effect behind the end of the run', () => {
    expect(run('900000@3:signal:2:9')).toEqual({ kind: 'finished', outcome: 'completed' });
  });
});
