/**
 * The ways in which one run can be made: whatever the way, every state is the same.
 *
 * A way says what is prepared differently and how the machine is driven. To have another promise of this
 * sort kept, add a line to `WAYS`.
 */
import { asAddress, asPc } from '../../src/base/brand.ts';
import { DATA_BASE } from '../../src/bytecode/program.ts';
import { History } from '../../src/debugger/history.ts';
import { SlicedRunner, type Work } from '../../src/debugger/operation.ts';
import { goToPosition } from '../../src/debugger/reverse.ts';
import type { Checkpoint } from '../../src/machine/checkpoint.ts';
import type { Machine } from '../../src/machine/machine.ts';
import type { Watchpoint } from '../../src/machine/watchpoint.ts';
import type { PrepareRunInput } from '../../src/scenario/prepareRun.ts';

/** Numbers from 0 up to `end`, the same ones in every test run. */
export type Dice = (end: number) => number;

/** A way to make a run. */
export interface WayToRun {
  readonly name: string;
  /** What is prepared differently, given the schedule text of the plain run. */
  readonly input?: (schedule: string) => Partial<PrepareRunInput>;
  /** Brings the machine to a position ahead. */
  readonly drive: (machine: Machine, dice: Dice) => (position: number) => void;
}

/** No bound that matters. */
const FAR = 1e9;

function straight(machine: Machine): (position: number) => void {
  return (untilPosition) => {
    machine.run({ budget: FAR, breakpoints: false, untilPosition });
  };
}

function isThere(machine: Machine, position: number, stop: { readonly kind: string }): boolean {
  const hasEnded = ['finished', 'fault', 'deadlock'].includes(stop.kind);
  return hasEnded || machine.position >= position;
}

function inSlices(machine: Machine, dice: Dice): (position: number) => void {
  return (untilPosition) => {
    for (;;) {
      const budget = dice(10) === 0 ? dice(3) : dice(3000);
      const stop = machine.run({ budget, breakpoints: false, untilPosition });
      if (isThere(machine, untilPosition, stop)) return;
    }
  };
}

function withBreakpoints(machine: Machine): (position: number) => void {
  const { statements } = machine.program;
  return (untilPosition) => {
    machine.setBreakpoints(statements.map(({ pc }) => pc));
    machine.setUserBreakpoints([]);
    for (;;) {
      const stop = machine.run({ budget: FAR, breakpoints: true, untilPosition });
      if (isThere(machine, untilPosition, stop)) break;
    }
    machine.setBreakpoints([]);
  };
}

/** Looks at all that can be looked at after every step for a while, then after every few. */
function underObservation(machine: Machine, dice: Dice): (position: number) => void {
  let looks = 0;
  return (untilPosition) => {
    for (;;) {
      const stop = machine.run({ budget: 1, breakpoints: true, untilPosition });
      looks += 1;
      if (looks % 64 === 0) observe(machine, dice);
      if (isThere(machine, untilPosition, stop)) return;
    }
  };
}

function observe(machine: Machine, dice: Dice): void {
  machine.choices();
  machine.schedule();
  machine.ghost.holds();
  machine.ghost.waits();
  machine.ghost.lockStats();
  machine.disk.queue();
  const { task } = machine.cpu(machine.currentCpu);
  machine.task(task);
  machine.frames(task);
  if (dice(50) === 0) machine.modelHash();
  const pc = asPc(machine.program.statements[dice(50)]?.pc ?? 0);
  machine.setBreakpoints(dice(2) === 0 ? [] : [pc]);
}

/** Steps of random tasks, over and into, and runs to where tasks sleep and wake. */
function bySteps(machine: Machine, dice: Dice): (position: number) => void {
  return (untilPosition) => {
    for (let count = 0; count < 40; count += 1) {
      const task = machine.cpu(machine.currentCpu).task;
      const minFp = dice(2) === 0 ? 0 : machine.task(task).fp;
      const stop = machine.run({
        budget: dice(4000),
        breakpoints: false,
        untilPosition,
        step: { task, minFp, intoUser: dice(2) === 0 },
        ...(dice(2) === 0 ? { stopWhenSleeps: task } : {}),
        ...(dice(2) === 0 ? { stopWhenWakes: task } : {}),
      });
      if (isThere(machine, untilPosition, stop)) return;
    }
    straight(machine)(untilPosition);
  };
}

/** Checkpoints on the way, going back to some of them, and hashes in between. */
function throughCheckpoints(machine: Machine, dice: Dice): (position: number) => void {
  const kept: Checkpoint[] = [machine.takeCheckpoint()];
  return (position) => {
    for (let count = 0; count < 12; count += 1) {
      const target = Math.min(position, machine.position + dice(6000));
      straight(machine)(target);
      kept.push(machine.takeCheckpoint());
      if (dice(3) === 0) machine.stateHash();
      const checkpoint = kept[dice(kept.length)];
      if (dice(2) === 0 && checkpoint !== undefined && checkpoint.position <= position) {
        machine.restore(checkpoint);
      }
    }
    if (machine.position > position && kept[0] !== undefined) machine.restore(kept[0]);
    straight(machine)(position);
  };
}

/** Some words of the kernel's data, watched for any access. */
function someWatchpoints({ program }: Machine, dice: Dice): Watchpoint[] {
  const words = (program.dataEnd - DATA_BASE) >> 2;
  return Array.from({ length: dice(60) }, () => ({
    place: { kind: 'memory', address: asAddress(DATA_BASE + 4 * dice(words)), bytes: 1 + dice(8) },
    access: 'readWrite',
  }));
}

/** With watchpoints that come and go, and checkpoints in between. */
function withWatchpoints(machine: Machine, dice: Dice): (position: number) => void {
  return (untilPosition) => {
    for (;;) {
      if (dice(40) === 0) machine.setWatchpoints(someWatchpoints(machine, dice));
      const kept = machine.takeCheckpoint(dice(2) === 0);
      const budget = 1 + dice(2000);
      const stop = machine.run({ budget, breakpoints: dice(5) > 0, untilPosition });
      if (dice(4) === 0) machine.restore(kept);
      machine.release(kept);
      if (isThere(machine, untilPosition, stop)) break;
    }
    machine.setWatchpoints([]);
  };
}

/** With the history of a debugger, going to and fro in it. */
function withHistory(machine: Machine, dice: Dice): (position: number) => void {
  const history = new History(machine);
  const runner = new SlicedRunner(machine, history);
  const context = { machine, program: machine.program, history, runner };
  const work = (generator: Work<unknown>): void => {
    do runner.grant(1 + dice(5000));
    while (generator.next().done !== true);
  };
  return (position) => {
    for (let count = 0; count < 5; count += 1) work(goToPosition(context, dice(position + 1)));
    work(goToPosition(context, position));
  };
}

/** Every way. The first one is what the others are compared with. */
export const WAYS: readonly [WayToRun, ...WayToRun[]] = [
  { name: 'straight on', drive: straight },
  { name: 'straight on once more', drive: straight },
  { name: 'with checks off', input: () => ({ checks: false }), drive: straight },
  { name: 'by the interpreter alone', input: () => ({ tier: 'interpreter' }), drive: straight },
  { name: 'by generated code at once', input: () => ({ hotArrivals: 8 }), drive: straight },
  { name: 'in slices', drive: inSlices },
  { name: 'with breakpoints everywhere', drive: withBreakpoints },
  { name: 'step by step under observation', drive: underObservation },
  { name: 'by steps of a debugger', drive: bySteps },
  { name: 'through checkpoints', drive: throughCheckpoints },
  { name: 'with history, to and fro', drive: withHistory },
  { name: 'with watchpoints', drive: withWatchpoints },
  {
    name: 'with watchpoints and generated code',
    input: () => ({ hotArrivals: 8 }),
    drive: withWatchpoints,
  },
  { name: 'from its own schedule', input: (schedule) => ({ schedule }), drive: straight },
  {
    name: 'from its own schedule with history',
    input: (schedule) => ({ schedule }),
    drive: withHistory,
  },
];
