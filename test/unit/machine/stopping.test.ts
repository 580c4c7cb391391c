// Breakpoints, steps and bounds: where runs stop, and that stopping changes nothing.
import { describe, expect, it } from 'vitest';
import { asPc, asTaskId, type TaskId } from '../../../src/base/brand.ts';
import type { Machine } from '../../../src/machine/machine.ts';
import type { Stop } from '../../../src/machine/stop.ts';
import { D, type FunctionBuilder, L, ProgramBuilder } from '../../support/programBuilder.ts';
import {
  addKernelTasks,
  bootMachine,
  RUN_ON,
  runToEnd,
  startAll,
} from '../../support/testMachine.ts';

/** Two tasks on two CPUs that add to a shared word in rounds; task 0 calls a function in each round. */
function program(): ProgramBuilder {
  const builder = new ProgramBuilder();
  builder.function('helper', (f) => {
    f.label('inHelper').statement().op('nop').label('helperEnd').statement().op('return');
  });
  const rounds = (name: string, withCall: boolean) => (f: FunctionBuilder) => {
    f.statement().set(L(4), 0).set(L(5), 20).label(name).statement();
    if (withCall) f.label('call').call(L(0), 'helper').label('afterCall').statement();
    f.intrinsic(L(0), 'fl_atomic_add', D(1), 1);
    f.statement().op('addi', L(4), L(4), 1).statement().op('jumpLts', L(4), L(5), name);
  };
  addKernelTasks(builder, 2, rounds('first', true), rounds('second', false));
  return builder;
}

function boot(builder: ProgramBuilder): Machine {
  return bootMachine(builder, { cpuCount: 2, triggers: startAll(2) });
}

function taskOf(machine: Machine, index: number): TaskId {
  return machine.taskOfScenario(index) ?? asTaskId(-1);
}

describe('breakpoints', () => {
  it('stop before the instruction, once for each arrival', () => {
    const builder = program();
    const machine = boot(builder);
    const pc = asPc(builder.pcOf('inHelper'));
    machine.setBreakpoints([pc]);
    const stops: Stop[] = [];
    for (;;) {
      const stop = machine.run({ ...RUN_ON, breakpoints: true });
      if (stop.kind !== 'breakpoint') break;
      stops.push(stop);
      expect(machine.task(stop.task).pc).toBe(pc);
    }
    expect(stops).toHaveLength(20);
    expect(stops[0]).toEqual({ kind: 'breakpoint', cpu: 0, task: taskOf(machine, 0), pc });
  });

  it('stop also when the run before ended there for another reason', () => {
    const builder = program();
    const machine = boot(builder);
    machine.setBreakpoints([asPc(builder.pcOf('inHelper'))]);
    machine.run({ ...RUN_ON, breakpoints: true });
    const { position } = machine;
    const again = boot(builder);
    again.setBreakpoints([asPc(builder.pcOf('inHelper'))]);
    expect(again.run({ ...RUN_ON, untilPosition: position }).kind).toBe('position');
    expect(again.run({ ...RUN_ON, breakpoints: true }).kind).toBe('breakpoint');
    expect(again.position).toBe(position);
  });

  it('do not stop where the request says that the user stands there', () => {
    const builder = program();
    const machine = boot(builder);
    machine.setBreakpoints([asPc(builder.pcOf('inHelper'))]);
    machine.run({ ...RUN_ON, breakpoints: true });
    const { position } = machine;
    const checkpoint = machine.takeCheckpoint();
    machine.restore(checkpoint);
    machine.run({ ...RUN_ON, breakpoints: true, isResumed: true });
    expect(machine.position).toBeGreaterThan(position);
  });

  it('change neither the states nor the schedule nor the clocks', () => {
    const builder = program();
    const plain = boot(builder);
    runToEnd(plain);
    const stopped = boot(builder);
    stopped.setBreakpoints([asPc(builder.pcOf('inHelper')), asPc(builder.pcOf('second'))]);
    while (stopped.run({ ...RUN_ON, breakpoints: true }).kind === 'breakpoint');
    expect(stopped.stateHash()).toBe(plain.stateHash());
    expect(stopped.schedule()).toBe(plain.schedule());
    expect(stopped.nowNs()).toBe(plain.nowNs());
    expect(stopped.position).toBe(plain.position);
  });

  it('can be taken back', () => {
    const builder = program();
    const machine = boot(builder);
    machine.setBreakpoints([asPc(builder.pcOf('inHelper'))]);
    machine.setBreakpoints([]);
    expect(machine.run({ ...RUN_ON, breakpoints: true }).kind).toBe('finished');
  });
});

describe('steps', () => {
  /** Runs task 0 to the call in its first round. */
  function atCall(): { machine: Machine; builder: ProgramBuilder; task: TaskId } {
    const builder = program();
    const machine = boot(builder);
    const task = taskOf(machine, 0);
    machine.setBreakpoints([asPc(builder.pcOf('call'))]);
    machine.run({ ...RUN_ON, breakpoints: true });
    machine.setBreakpoints([]);
    return { machine, builder, task };
  }

  it('into a call end at the first statement of the function', () => {
    const { machine, builder, task } = atCall();
    const stop = machine.run({ ...RUN_ON, step: { task, minFp: 0, intoUser: false } });
    expect(stop).toMatchObject({ kind: 'statement', task, pc: builder.pcOf('inHelper') });
  });

  it('over a call end behind it, while other CPUs run', () => {
    const { machine, builder, task } = atCall();
    const { fp } = machine.task(task);
    const stop = machine.run({ ...RUN_ON, step: { task, minFp: fp, intoUser: false } });
    expect(stop).toMatchObject({ kind: 'statement', task, pc: builder.pcOf('afterCall') });
  });

  it('out of a function end in the caller', () => {
    const { machine, builder, task } = atCall();
    machine.run({ ...RUN_ON, step: { task, minFp: 0, intoUser: false } });
    const { fp } = machine.task(task);
    const stop = machine.run({ ...RUN_ON, step: { task, minFp: fp + 4, intoUser: false } });
    expect(stop).toMatchObject({ kind: 'statement', task, pc: builder.pcOf('afterCall') });
  });

  it('do not end in interrupts that arrive on the way, also when made in slices', () => {
    const builder = new ProgramBuilder();
    builder.function('timer', (f) => f.statement().op('nop').statement().op('return'));
    addKernelTasks(builder, 1, (f) => {
      f.statement().intrinsic(L(0), 'fl_timer_arm', 1, 1).label('slow').statement().op('nop');
      f.visible().op('nop').label('after').statement().op('nop');
    });
    const task = asTaskId(1);
    const machine = bootMachine(builder, { triggers: startAll(1) });
    machine.setBreakpoints([asPc(builder.pcOf('slow'))]);
    machine.run({ ...RUN_ON, breakpoints: true });
    const step = { task, minFp: 0, intoUser: false, interruptDepth: 0 };
    let stop: Stop = { kind: 'budget' };
    let wasInInterrupt = false;
    while (stop.kind === 'budget') {
      stop = machine.run({ budget: 1, breakpoints: true, step });
      wasInInterrupt ||= machine.task(task).isInInterrupt;
    }
    expect(wasInInterrupt).toBe(true);
    expect(stop).toMatchObject({ kind: 'statement', pc: builder.pcOf('after') });
  });

  it('of one task never end in another', () => {
    const { machine, task } = atCall();
    for (let step = 0; step < 50; step += 1) {
      const stop = machine.run({ ...RUN_ON, step: { task, minFp: 0, intoUser: false } });
      if (stop.kind === 'statement') expect(stop.task).toBe(task);
    }
  });
});

describe('bounds', () => {
  it('of budget and position are exact', () => {
    const machine = boot(program());
    expect(machine.run({ budget: 17, breakpoints: false })).toEqual({ kind: 'budget' });
    expect(machine.position).toBe(17);
    expect(machine.run({ ...RUN_ON, untilPosition: 40 })).toEqual({ kind: 'position' });
    expect(machine.position).toBe(40);
    expect(machine.run({ ...RUN_ON, untilPosition: 40 })).toEqual({ kind: 'position' });
  });

  it('cut a run into slices without changing anything', () => {
    const builder = program();
    const whole = boot(builder);
    runToEnd(whole);
    const sliced = boot(builder);
    while (sliced.run({ budget: 1, breakpoints: false }).kind === 'budget');
    expect(sliced.position).toBe(whole.position);
    expect(sliced.stateHash()).toBe(whole.stateHash());
  });
});
