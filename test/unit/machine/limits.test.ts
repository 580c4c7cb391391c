// The bounds of a run: each ends it, or refuses it, in a bounded number of steps and says which it was.
import { describe, expect, it } from 'vitest';
import { asPc } from '../../../src/base/brand.ts';
import { UserError } from '../../../src/base/errors.ts';
import type { Trigger } from '../../../src/machine/machineConfig.ts';
import { D, type FunctionBuilder, L, ProgramBuilder } from '../../support/programBuilder.ts';
import {
  addKernelTasks,
  bootMachine,
  bootToEnd,
  FREE_BASE,
  RUN_ON,
  runKernelTasks,
  runToEnd,
  stackOf,
  STACK_BYTES,
} from '../../support/testMachine.ts';

const STEPS = 200_000;

/** Repeats what the body does with a counter in local 4. */
function forever(
  name: string,
  body: (f: FunctionBuilder) => unknown,
): (f: FunctionBuilder) => void {
  return (f) => {
    f.set(L(4), 0).label(name);
    body(f);
    f.op('addi', L(4), L(4), 1).op('jump', name);
  };
}

/** The counter as the first argument of an intrinsic or annotation. */
function countAsArgument(f: FunctionBuilder, factor: number, base: number): void {
  f.op('muli', -32, L(4), factor).op('addi', -32, -32, base | 0);
}

describe('a run', () => {
  it.each<[string, string, (f: FunctionBuilder) => unknown]>([
    ['timers', 'More than 64 timers', (f) => f.intrinsic(L(0), 'fl_timer_arm', 1e9, 1)],
    [
      'disk requests',
      'More than 128 disk requests',
      (f) => f.poke(D(20), 0x280000).intrinsic(L(0), 'fl_disk_submit', 8, D(20), 1, 1),
    ],
    [
      'holds',
      'More than 256 locks are held',
      (f) => {
        countAsArgument(f, 4, D(100));
        f.set(-31, 1).set(-30, -1).set(-29, 0).annotate('acquire');
      },
    ],
    [
      'objects with references',
      'objects with references at once',
      (f) => {
        countAsArgument(f, 4, D(100));
        f.set(-31, -1).set(-30, 0).annotate('get');
      },
    ],
    [
      'owners of references',
      'owners of references at once',
      (f) => f.set(-32, D(100)).set(-31, 5).op('move', -30, L(4)).annotate('get'),
    ],
    [
      'text',
      'fl_write was given 2000000 bytes',
      (f) => f.intrinsic(L(0), 'fl_write', 1, D(0), 2_000_000),
    ],
  ])('that uses up its %s says so', (_, message, body) => {
    const machine = runKernelTasks(1, [forever('loop', body)], { limits: { steps: STEPS } });
    expect(runToEnd(machine)).toMatchObject({
      kind: 'fault',
      fault: { kind: 'limit', message: expect.stringContaining(message) as string },
    });
  });

  it('with too many tasks says so', () => {
    const builder = new ProgramBuilder().function('boot', (f) => {
      for (let index = 0; index < 65; index += 1) {
        f.intrinsic(L(0), 'fl_task_create', index, index, stackOf(index), STACK_BYTES, 0);
      }
    });
    expect(bootToEnd(builder).end).toMatchObject({
      fault: { kind: 'limit', message: 'More than 64 tasks.' },
    });
  });

  it('that recurses for ever ends at the end of its stack', () => {
    const builder = new ProgramBuilder();
    builder.function('again', (f) => f.call(L(0), 'again').op('return'));
    addKernelTasks(builder, 1, (f) => f.call(L(0), 'again'));
    const machine = bootMachine(builder, { triggers: startOne(), limits: { steps: STEPS } });
    expect(runToEnd(machine)).toMatchObject({
      fault: { kind: 'stackOverflow', message: expect.stringContaining('used up') as string },
    });
    expect(machine.position).toBeLessThan(200);
  });

  it.each<[string, (f: FunctionBuilder) => unknown]>([
    ['visible operations', (f) => f.visible().op('nop')],
    ['plain instructions', (f) => f.op('nop')],
    ['statements', (f) => f.statement().op('nop')],
    [
      'timers that are cancelled',
      (f) =>
        f
          .intrinsic(L(1), 'fl_timer_arm', 9, 1)
          .op('move', -32, L(1))
          .intrinsicAt(L(0), 'fl_timer_cancel', -32),
    ],
  ])('of endless %s ends at the limit of steps, exactly', (_, body) => {
    const machine = runKernelTasks(2, [forever('one', body), forever('two', body)], {
      limits: { steps: STEPS },
    });
    expect(runToEnd(machine)).toEqual({ kind: 'finished', outcome: 'limit' });
    expect(machine.position + machine.bootSteps).toBe(STEPS);
    expect(machine.run({ ...RUN_ON, budget: 5 })).toEqual({ kind: 'finished', outcome: 'limit' });
  });

  it('in which CPUs only pass the time on to each other ends at the limit', () => {
    const builder = new ProgramBuilder();
    // An interrupt that arms the next one while everybody sleeps: the run is alive without a task.
    builder.function('timer', (f) => f.intrinsic(L(0), 'fl_timer_arm', 0, 1).op('return'));
    addKernelTasks(builder, 1, (f) => {
      f.intrinsic(L(0), 'fl_timer_arm', 0, 1).poke(D(0), 2).intrinsic(L(0), 'fl_park', D(0));
    });
    const machine = bootMachine(builder, { triggers: startOne(), limits: { steps: STEPS } });
    expect(runToEnd(machine)).toEqual({ kind: 'finished', outcome: 'limit' });
  });

  it('can be left after any number of steps', () => {
    const machine = runKernelTasks(1, [forever('loop', (f) => f.op('nop'))]);
    for (const budget of [0, 1, 2, 1000]) {
      const before = machine.position;
      expect(machine.run({ budget, breakpoints: false })).toEqual({ kind: 'budget' });
      expect(machine.position - before).toBe(budget);
    }
  });
});

describe('a machine', () => {
  it.each([4097, 2 ** 29 + 4096, -4096])('cannot have %i bytes of memory', (ramBytes) => {
    const builder = addKernelTasks(new ProgramBuilder(), 1, (f) => f.op('nop'));
    expect(() => bootMachine(builder, { ramBytes })).toThrow(UserError);
  });

  it('that is too small for its program says so', () => {
    const builder = addKernelTasks(new ProgramBuilder(), 1, (f) => f.op('nop'));
    expect(() => bootMachine(builder, { ramBytes: 8192 })).toThrow(UserError);
  });

  it('cannot start more than 64 things', () => {
    const builder = addKernelTasks(new ProgramBuilder(), 1, (f) => f.op('nop'));
    const triggers = Array.from({ length: 65 }, (): Trigger => ({
      starts: 0,
      at: { kind: 'anchor', task: 0, pc: asPc(0), count: 1 },
    }));
    expect(() => bootMachine(builder, { triggers })).toThrow(/starts 65 tasks and events/);
  });

  it('has its stacks in memory that there is', () => {
    const builder = new ProgramBuilder().function('boot', (f) => {
      f.intrinsic(L(0), 'fl_task_create', 0, 1, FREE_BASE, 0x7fffffff, 0);
    });
    expect(bootToEnd(builder).end).toMatchObject({ fault: { kind: 'badArgument' } });
  });
});

function startOne(): readonly Trigger[] {
  return [{ starts: 0, at: { kind: 'time', ns: 0 } }];
}
