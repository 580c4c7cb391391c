// Tasks: start, sleep, waking, lost wake-ups, exit, deadlock, and standing still on a word.
import { describe, expect, it } from 'vitest';
import { asCpuId, asPc, asTaskId } from '../../../src/base/brand.ts';
import { D, type FunctionBuilder, L, ProgramBuilder } from '../../support/programBuilder.ts';
import {
  addKernelTasks,
  bootMachine,
  cookieOf,
  RUN_ON,
  runKernelTasks,
  runToEnd,
  TEST_COSTS,
  wordAt,
} from '../../support/testMachine.ts';

const STATE = D(0);
const FLAG = D(1);

/** Sleeps by the rules: state first, then the condition, then parking. */
function sleepUntilFlag(f: FunctionBuilder): void {
  f.label('again').poke(STATE, 2).set(L(0), FLAG).visible().op('load32', L(1), L(0), 0);
  f.op('jumpIfNot', L(1), 'done').intrinsic(L(2), 'fl_park', STATE).op('jump', 'again');
  f.label('done').poke(D(5), 1);
}

/** Wakes by the rules: condition, state, wake-up. */
function wakeFirst(f: FunctionBuilder): void {
  f.intrinsic(L(0), 'fl_atomic_xchg', FLAG, 1).intrinsic(L(0), 'fl_atomic_xchg', STATE, 0);
  f.intrinsic(L(1), 'fl_wake', cookieOf(0)).set(L(2), D(6)).op('store32', L(1), L(2), 0);
}

function delay(steps: number): (f: FunctionBuilder) => void {
  return (f) => {
    for (let index = 0; index < steps; index += 1) f.statement().op('nop');
  };
}

describe('sleeping and waking', () => {
  it('wakes a parked task, which goes on behind the park', () => {
    const machine = runKernelTasks(2, [
      sleepUntilFlag,
      (f) => {
        delay(2000)(f);
        wakeFirst(f);
      },
    ]);
    expect(runToEnd(machine)).toEqual({ kind: 'finished', outcome: 'completed' });
    expect(wordAt(machine, D(5))).toBe(1);
    expect(wordAt(machine, D(6))).toBe(1);
  });

  it('does not park a task whose state was set to 0 in between', () => {
    const machine = runKernelTasks(1, [
      (f) => f.poke(STATE, 0).intrinsic(L(0), 'fl_park', STATE).poke(D(5), 9),
    ]);
    expect(runToEnd(machine)).toMatchObject({ kind: 'finished' });
    expect(wordAt(machine, D(5))).toBe(9);
  });

  it('loses the wake-up of a kernel that tests before it sets its state', () => {
    const machine = runKernelTasks(2, [
      (f) => {
        f.set(L(0), FLAG).visible().op('load32', L(1), L(0), 0).op('jumpIfNot', L(1), 'out');
        delay(3000)(f);
        f.set(L(6), STATE).set(L(7), 2).visible().op('store32', L(7), L(6), 0);
        f.intrinsic(L(2), 'fl_park', STATE).label('out');
      },
      (f) => {
        delay(500)(f);
        wakeFirst(f);
      },
    ]);
    const task = machine.taskOfScenario(0);
    expect(runToEnd(machine)).toEqual({ kind: 'deadlock', tasks: [task] });
    expect(wordAt(machine, D(6))).toBe(0);
    expect(runToEnd(machine)).toEqual({ kind: 'deadlock', tasks: [task] });
  });

  it('runs the tasks of a CPU in the order in which they became runnable', () => {
    const note = (value: number) => (f: FunctionBuilder) => {
      f.set(L(0), D(10)).op('load32', L(1), L(0), 0).op('muli', L(1), L(1), 10);
      f.op('addi', L(1), L(1), value).op('store32', L(1), L(0), 0);
    };
    const machine = runKernelTasks(1, [note(1), note(2), note(3)]);
    runToEnd(machine);
    expect(wordAt(machine, D(10))).toBe(123);
  });

  it('charges a context switch and moves the clock of a resting CPU to that of the waker', () => {
    const machine = runKernelTasks(2, [
      sleepUntilFlag,
      (f) => {
        delay(2000)(f);
        wakeFirst(f);
      },
    ]);
    runToEnd(machine);
    // The waker: 1000 for its own switch, 2000 statements; the sleeper: switched to once more.
    expect(machine.cpu(asCpuId(1)).clockNs).toBe(5000);
    expect(machine.cpu(asCpuId(0)).clockNs).toBe(6000);
  });

  it('stops when a task goes to sleep and when it is woken, if asked', () => {
    const machine = runKernelTasks(2, [
      sleepUntilFlag,
      (f) => {
        delay(2000)(f);
        wakeFirst(f);
      },
    ]);
    const task = machine.taskOfScenario(0) ?? asTaskId(0);
    expect(machine.run({ ...RUN_ON, stopWhenSleeps: task })).toEqual({ kind: 'sleep', task });
    expect(machine.task(task)).toMatchObject({ status: 'blocked', blockedSinceNs: 1000 });
    expect(machine.run({ ...RUN_ON, stopWhenWakes: task })).toEqual({ kind: 'wake', task });
    expect(machine.task(task).status).toBe('running');
    expect(runToEnd(machine)).toMatchObject({ kind: 'finished' });
  });

  it('keeps the exit status', () => {
    const machine = runKernelTasks(1, [(f) => f.intrinsic(L(0), 'fl_task_exit', 11)]);
    runToEnd(machine);
    expect(machine.task(machine.taskOfScenario(0) ?? asTaskId(0))).toMatchObject({
      status: 'exited',
      exitCode: 11,
    });
  });

  it('is a fault for what is no task', () => {
    const wrong = runKernelTasks(1, [(f) => f.intrinsic(L(0), 'fl_wake', 0x77)]);
    expect(runToEnd(wrong)).toMatchObject({ kind: 'fault', fault: { kind: 'badArgument' } });
  });
});

describe('ends of runs', () => {
  it('completes when the duration is reached, with tasks running', () => {
    const machine = runKernelTasks(
      1,
      [(f) => f.label('loop').statement().visible().op('jump', 'loop')],
      { durationNs: 50_000 },
    );
    expect(runToEnd(machine)).toEqual({ kind: 'finished', outcome: 'completed' });
    expect(machine.nowNs()).toBe(50_000);
    expect(machine.task(asTaskId(1)).status).toBe('running');
  });

  it('ends with the status of fl_exit', () => {
    const machine = runKernelTasks(1, [(f) => f.intrinsic(L(0), 'fl_exit', 5)]);
    expect(runToEnd(machine)).toEqual({ kind: 'finished', outcome: 'completed', exitStatus: 5 });
  });

  it('ends at the limit of steps', () => {
    const machine = runKernelTasks(1, [(f) => f.label('loop').op('jump', 'loop')], {
      limits: { steps: 5000 },
    });
    expect(runToEnd(machine)).toEqual({ kind: 'finished', outcome: 'limit' });
    expect(machine.position + machine.bootSteps).toBe(5000);
  });

  it('completes when a task that nothing starts is left', () => {
    const machine = runKernelTasks(1, [(f) => f.op('nop'), (f) => f.op('nop')], {
      triggers: [{ starts: 0, at: { kind: 'time', ns: 0 } }],
    });
    expect(runToEnd(machine)).toEqual({ kind: 'finished', outcome: 'completed' });
    expect(machine.task(machine.taskOfScenario(1) ?? asTaskId(0)).status).toBe('new');
  });
});

describe('fl_cpu_wait', () => {
  it('holds a CPU until the word differs, then moves its clock to the writer’s', () => {
    const machine = runKernelTasks(2, [
      (f) => f.intrinsic(L(0), 'fl_cpu_wait', FLAG, 0).poke(D(5), 1),
      (f) => {
        delay(100)(f);
        f.intrinsic(L(0), 'fl_atomic_xchg', FLAG, 1).statement().op('nop');
      },
    ]);
    machine.run({ ...RUN_ON, budget: 60 });
    expect(machine.cpu(asCpuId(0)).isStalled).toBe(true);
    expect(runToEnd(machine)).toMatchObject({ kind: 'finished' });
    expect(wordAt(machine, D(5))).toBe(1);
    expect(machine.cpu(asCpuId(0)).clockNs).toBeGreaterThanOrEqual(1200);
  });

  it('is a deadlock when nobody is left to write', () => {
    const machine = runKernelTasks(1, [(f) => f.intrinsic(L(0), 'fl_cpu_wait', FLAG, 0)]);
    expect(runToEnd(machine)).toMatchObject({ kind: 'deadlock' });
  });
});

describe('starts', () => {
  it('happen when a task comes to an anchor for the given time', () => {
    const builder = new ProgramBuilder();
    const bodies = [
      (f: FunctionBuilder): void => {
        f.set(L(5), 0).label('loop').op('addi', L(5), L(5), 1).set(L(0), D(3));
        f.op('store32', L(5), L(0), 0).set(L(1), 5).visible().op('jumpLts', L(5), L(1), 'loop');
      },
      (f: FunctionBuilder): void => {
        f.set(L(0), D(3)).op('load32', L(1), L(0), 0).set(L(2), D(4)).op('store32', L(1), L(2), 0);
      },
    ];
    addKernelTasks(builder, 2, ...bodies);
    const again = bootMachine(builder, {
      cpuCount: 2,
      costs: { ...TEST_COSTS, contextSwitchNs: 0 },
      triggers: [
        { starts: 0, at: { kind: 'time', ns: 700 } },
        { starts: 1, at: { kind: 'anchor', task: 0, pc: asPc(builder.pcOf('loop')), count: 3 } },
      ],
    });
    expect(runToEnd(again)).toMatchObject({ kind: 'finished' });
    expect(again.cpu(asCpuId(0)).clockNs).toBe(700);
    expect(again.cpu(asCpuId(1)).clockNs).toBe(700);
    // Task 1 saw a value from the third round on.
    expect(wordAt(again, D(4))).toBeGreaterThanOrEqual(3);
  });
});
