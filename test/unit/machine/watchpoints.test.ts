/** Watchpoints: which accesses stop a run, where it stands then, and that the access is the plain one. */
import { describe, expect, it } from 'vitest';
import { asAddress, asPc, asTaskId } from '../../../src/base/brand.ts';
import type { InstructionName } from '../../../src/bytecode/instruction.ts';
import type { Machine } from '../../../src/machine/machine.ts';
import type { MachineConfig } from '../../../src/machine/machineConfig.ts';
import type { AccessStop } from '../../../src/machine/stop.ts';
import type { AccessKind, WatchedPlace } from '../../../src/machine/watchpoint.ts';
import { D, type FunctionBuilder, L, P, ProgramBuilder } from '../../support/programBuilder.ts';
import { runKernelTasks, runToEnd, wordAt } from '../../support/testMachine.ts';

/** The stops of a run at the accesses of one place. */
function accessesOf(
  machine: Machine,
  place: WatchedPlace,
  access: AccessKind,
): (AccessStop & { readonly position: number })[] {
  machine.setWatchpoints([{ place, access }]);
  const stops: (AccessStop & { readonly position: number })[] = [];
  for (;;) {
    const stop = machine.run({ budget: 1e6, breakpoints: true });
    if (stop.kind !== 'access') {
      expect(stop).toMatchObject({ kind: 'finished', outcome: 'completed' });
      return stops;
    }
    stops.push({ ...stop, position: machine.position });
  }
}

/** What happened, in short: `r`, `w`, both; and the bytes if they changed. */
function short(stops: readonly AccessStop[]): string[] {
  return stops.flatMap(({ accesses }) =>
    accesses.map(({ isRead, isWrite, before, after }) => {
      const use = `${isRead ? 'r' : ''}${isWrite ? 'w' : ''}`;
      return before.join() === after.join() ? use : `${use} ${before.join('.')}>${after.join('.')}`;
    }),
  );
}

function word(index: number, bytes = 4): WatchedPlace {
  return { kind: 'memory', address: asAddress(D(index)), bytes };
}

function taskOf(body: (f: FunctionBuilder) => void, more: Partial<MachineConfig> = {}): Machine {
  return runKernelTasks(1, [body], more);
}

const LOADS: readonly InstructionName[] = [
  'load8s',
  'load8u',
  'load16s',
  'load16u',
  'load32',
  'load64',
];
const STORES: readonly InstructionName[] = ['store8', 'store16', 'store32', 'store64'];

/** All loads of D(0), whose values go to D(4) and on; then all stores from there to D(1). */
function everyAccess(f: FunctionBuilder): void {
  f.poke(D(0), 0x8899aabb).poke(D(1), 0x01020384).set(L(1), D(0)).set(L(2), D(4)).set(L(3), D(1));
  LOADS.forEach((name, index) => {
    f.set(L(9), 0)
      .op(name, L(9), L(1), 0)
      .op('store64', L(9), L(2), 8 * index);
  });
  STORES.forEach((name, index) => f.op('load64', L(9), L(2), 8 * index).op(name, L(9), L(3), 0));
}

describe('a watchpoint on memory', () => {
  it.each([true, false])('lets every width through as it is, checks %s', (checks) => {
    const plain = taskOf(everyAccess, { checks });
    runToEnd(plain);
    const machine = taskOf(everyAccess, { checks });
    const stops = accessesOf(machine, word(0), 'readWrite');
    expect(short(stops)).toEqual(['w 0.0.0.0>187.170.153.136', 'r', 'r', 'r', 'r', 'r', 'r']);
    const again = taskOf(everyAccess, { checks });
    const written = short(accessesOf(again, word(1), 'readWrite'));
    expect(written).toEqual([
      'w 0.0.0.0>132.3.2.1',
      'r',
      'w 132.3.2.1>187.3.2.1',
      'w 187.3.2.1>187.0.2.1',
      'w 187.0.2.1>187.170.255.255',
      'w 187.170.255.255>187.170.0.0',
    ]);
    for (const run of [machine, again]) expect(run.stateHash()).toBe(plain.stateHash());
  });

  it('stops behind the instruction, tells which it was and steps on from there', () => {
    const machine = taskOf((f) => f.poke(D(0), 1).poke(D(0), 1).poke(D(0), 2));
    const stops = accessesOf(machine, word(0), 'write');
    expect(short(stops)).toEqual(['w 0.0.0.0>1.0.0.0', 'w 1.0.0.0>2.0.0.0']);
    expect(stops[0]).toMatchObject({ task: asTaskId(1), by: 'task' });
    expect(stops.map(({ pc = asPc(0) }) => pc)).not.toContain(0);
  });

  it('is about its bytes only', () => {
    const body = (f: FunctionBuilder): unknown => f.poke(D(0), 0x01020304).poke(D(0), 0x01ff0304);
    const place = (offset: number): WatchedPlace => ({
      kind: 'memory',
      address: asAddress(D(0) + offset),
      bytes: 1,
    });
    expect(short(accessesOf(taskOf(body), place(2), 'write'))).toEqual(['w 0>2', 'w 2>255']);
    expect(short(accessesOf(taskOf(body), place(3), 'write'))).toEqual(['w 0>1']);
    expect(accessesOf(taskOf(body), word(1), 'readWrite')).toEqual([]);
  });

  it('tells reads, writes and both', () => {
    const body = (f: FunctionBuilder): unknown =>
      f
        .poke(D(0), 5)
        .set(L(1), D(0))
        .op('load32', L(2), L(1), 0)
        .intrinsic(L(3), 'fl_atomic_add', D(0), 1)
        .intrinsic(L(3), 'fl_atomic_cmpxchg', D(0), 77, 1)
        .intrinsic(L(3), 'fl_memcpy', D(8), D(0), 4)
        .intrinsic(L(3), 'fl_memset', D(0), 6, 2);
    const [five, six] = ['5.0.0.0', '6.0.0.0'];
    expect(short(accessesOf(taskOf(body), word(0), 'readWrite'))).toEqual([
      `w 0.0.0.0>${five}`,
      'r',
      `rw ${five}>${six}`,
      'rw',
      'r',
      `w ${six}>6.6.0.0`,
    ]);
    expect(short(accessesOf(taskOf(body), word(0), 'read'))).toEqual([
      'r',
      `rw ${five}>${six}`,
      'rw',
      'r',
    ]);
    expect(short(accessesOf(taskOf(body), word(8), 'write'))).toEqual([`w 0.0.0.0>${six}`]);
  });

  it('never stops where there is no memory, nor in runs without breakpoints', () => {
    const machine = taskOf((f) => f.poke(D(0), 1));
    machine.setWatchpoints([
      { place: word(0), access: 'write' },
      { place: { kind: 'memory', address: asAddress(0xfffffff0), bytes: 4 }, access: 'write' },
      {
        place: { kind: 'user', task: asTaskId(1), address: asAddress(64), bytes: 4 },
        access: 'read',
      },
    ]);
    expect(machine.run({ budget: 1e6, breakpoints: false })).toMatchObject({ kind: 'finished' });
  });
});

describe('a watchpoint on a local', () => {
  /** A function that doubles its parameter, and a task that calls it into its local 5. */
  function caller(): Machine {
    const builder = new ProgramBuilder();
    builder.function('twice', (f) => f.op('add', L(0), P(0), P(0)).op('return32', L(0)));
    return runKernelTasks(
      1,
      [
        (f) =>
          f
            .set(L(5), 21)
            .set(L(6), 1)
            .call(L(5), 'twice', L(5))
            .op('move', L(7), L(5))
            .op('addi', L(5), L(5), 0)
            .set(L(1), D(0))
            .op('store32', L(5), L(1), 0),
      ],
      {},
      builder,
    );
  }

  function localOf(machine: Machine, slot: number): WatchedPlace {
    const info = machine.program.functions.find(({ name }) => name === 'exit');
    if (info === undefined) throw new Error('exit');
    const task = machine.taskOfScenario(0) ?? asTaskId(1);
    return {
      kind: 'local',
      task,
      functionIndex: info.index,
      slot,
      words: 1,
      startPc: info.entry,
      endPc: info.end,
    };
  }

  it('tells writes, the result of a call too', () => {
    const machine = caller();
    const stops = accessesOf(machine, localOf(machine, L(5)), 'write');
    expect(short(stops)).toEqual(['w 0.0.0.0>21.0.0.0', 'w 21.0.0.0>42.0.0.0']);
    expect(wordAt(machine, D(0))).toBe(42);
  });

  it('tells reads and writes of the same value', () => {
    const machine = caller();
    const uses = short(accessesOf(machine, localOf(machine, L(5)), 'readWrite'));
    expect(uses).toEqual(['w 0.0.0.0>21.0.0.0', 'r', 'w 21.0.0.0>42.0.0.0', 'r', 'rw', 'r']);
  });
});
