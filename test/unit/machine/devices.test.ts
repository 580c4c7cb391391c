// Disk, timers and the interrupts that they cause, on CPUs at rest and on busy ones.
import { describe, expect, it } from 'vitest';
import { asAddress, asCpuId, asTaskId } from '../../../src/base/brand.ts';
import type { Machine } from '../../../src/machine/machine.ts';
import { D, type FunctionBuilder, L, P, ProgramBuilder } from '../../support/programBuilder.ts';
import {
  addKernelTasks,
  bootMachine,
  cookieOf,
  FREE_BASE,
  RUN_ON,
  runKernelTasks,
  runToEnd,
  startAll,
  wordAt,
} from '../../support/testMachine.ts';

/** Physical address of a free frame for reads. */
const FRAME = FREE_BASE - 0xc0000000 + 0x10000;
const LIST = D(20);
const LOG = D(40);
const COUNT = D(39);

/** Appends the value of a slot to the log. Uses the locals 15 to 17. */
function log(f: FunctionBuilder, slot: number): void {
  f.set(L(15), COUNT).op('load32', L(16), L(15), 0).op('shli', L(17), L(16), 2);
  f.op('addi', L(17), L(17), LOG | 0).op('store32', slot, L(17), 0);
  f.op('addi', L(16), L(16), 1).op('store32', L(16), L(15), 0);
}

function readLog(machine: Machine): number[] {
  const count = wordAt(machine, COUNT) ?? 0;
  return Array.from({ length: count }, (_, index) => (wordAt(machine, LOG + 4 * index) ?? 0) | 0);
}

/** A disk interrupt handler that logs cookie and error of everything that is done, and wakes task 0. */
function addDiskHandler(builder: ProgramBuilder, wakes = true): ProgramBuilder {
  return builder.function('disk', (f) => {
    f.label('next').intrinsic(L(0), 'fl_disk_completed', D(30)).op('jumpIfZero', L(0), 'end');
    log(f, L(0));
    f.set(L(1), D(30)).op('load32', L(2), L(1), 0);
    log(f, L(2));
    f.op('jump', 'next').label('end');
    if (wakes) {
      f.poke(D(0), 0).intrinsic(L(0), 'fl_wake', cookieOf(0));
    }
    f.op('return');
  });
}

function submit(f: FunctionBuilder, sector: number, pages: number, cookie: number): void {
  for (let page = 0; page < pages; page += 1) f.poke(LIST + 4 * page, FRAME + 4096 * page);
  f.intrinsic(L(0), 'fl_disk_submit', sector, LIST, pages, cookie);
}

function sleep(f: FunctionBuilder): void {
  f.poke(D(0), 2).intrinsic(L(0), 'fl_park', D(0));
}

describe('the disk', () => {
  it('reads pages to their frames, interrupts a CPU at rest, and costs its price', () => {
    const machine = runKernelTasks(
      1,
      [
        (f) => {
          submit(f, 0x1008, 2, 77);
          sleep(f);
        },
      ],
      {},
      addDiskHandler(new ProgramBuilder()),
    );
    const asleep = machine.run({ ...RUN_ON, stopWhenSleeps: asTaskId(1) });
    expect(asleep.kind).toBe('sleep');
    expect(machine.disk.queue()).toEqual([
      {
        id: 1,
        sector: 0x1008,
        pages: 2,
        cookie: 77,
        state: 'active',
        submittedNs: 1000,
        completesNs: 1000 + 1_000_000 + 20_000,
      },
    ]);
    expect(runToEnd(machine)).toMatchObject({ kind: 'finished' });
    expect(readLog(machine)).toEqual([77, 0]);
    expect(machine.readByte(asAddress(0xc0000000 + FRAME))).toBe(0x08);
    expect(machine.readByte(asAddress(0xc0000000 + FRAME + 8191))).toBe(0x10);
    // Completion, interrupt, switch back to the task.
    expect(machine.nowNs()).toBe(1_021_000 + 500 + 1000);
    expect(machine.disk.queue()).toEqual([]);
  });

  it('serves requests one after another, in order', () => {
    const machine = runKernelTasks(
      1,
      [
        (f) => {
          submit(f, 8, 1, 1);
          submit(f, 16, 1, 2);
          submit(f, 24, 1, 3);
          sleep(f);
          sleep(f);
          sleep(f);
        },
      ],
      {},
      addDiskHandler(new ProgramBuilder()),
    );
    machine.run({ ...RUN_ON, stopWhenSleeps: asTaskId(1) });
    expect(machine.disk.queue().map((item) => item.state)).toEqual(['active', 'queued', 'queued']);
    expect(machine.disk.queue()[1]?.completesNs).toBeUndefined();
    expect(runToEnd(machine)).toMatchObject({ kind: 'finished' });
    expect(readLog(machine)).toEqual([1, 0, 2, 0, 3, 0]);
    expect(machine.nowNs()).toBe(1000 + 3 * 1_010_000 + 1500);
  });

  it('gives the error of a page that fails, and tells the disk of earlier failures', () => {
    const asked: number[] = [];
    const machine = runKernelTasks(
      1,
      [
        (f) => {
          submit(f, 8, 1, 1);
          sleep(f);
          submit(f, 8, 1, 2);
          sleep(f);
        },
      ],
      {
        disk: {
          readPage: (_sector, _into, earlierFailures) => {
            asked.push(earlierFailures);
            return earlierFailures === 0 ? -5 : 0;
          },
        },
      },
      addDiskHandler(new ProgramBuilder()),
    );
    expect(runToEnd(machine)).toMatchObject({ kind: 'finished' });
    expect(readLog(machine)).toEqual([1, -5, 2, 0]);
    expect(asked).toEqual([0, 1]);
  });

  it('finishes what it reads although all tasks have exited', () => {
    const machine = runKernelTasks(
      1,
      [(f) => submit(f, 8, 1, 9)],
      {},
      addDiskHandler(new ProgramBuilder(), false),
    );
    expect(runToEnd(machine)).toEqual({ kind: 'finished', outcome: 'completed' });
    expect(readLog(machine)).toEqual([9, 0]);
  });

  it('loads pages at once while booting only', () => {
    const builder = new ProgramBuilder().function('boot', (f) => {
      f.intrinsic(L(0), 'fl_disk_load', 0x18, FRAME).op('return');
    });
    const machine = bootMachine(builder);
    expect(machine.readByte(asAddress(0xc0000000 + FRAME + 5))).toBe(0x18);
    const late = runKernelTasks(1, [(f) => f.intrinsic(L(0), 'fl_disk_load', 8, FRAME)]);
    expect(runToEnd(late)).toMatchObject({ fault: { kind: 'boot' } });
  });

  it('refuses frames that do not exist', () => {
    const machine = runKernelTasks(1, [
      (f) => {
        f.poke(LIST, 0x7ffff000).intrinsic(L(0), 'fl_disk_submit', 8, LIST, 1, 1);
        sleep(f);
      },
    ]);
    expect(runToEnd(machine)).toMatchObject({ kind: 'fault', fault: { kind: 'badArgument' } });
  });
});

describe('an interrupt on a busy CPU', () => {
  /** Loops over visible statements until the log has that many entries. */
  const busyUntil = (f: FunctionBuilder, entries: number): void => {
    f.set(L(1), COUNT).set(L(3), entries);
    f.label('busy').statement().visible().op('load32', L(2), L(1), 0);
    f.statement().op('jumpLts', L(2), L(3), 'busy');
  };
  const busy = (f: FunctionBuilder): void => {
    submit(f, 8, 1, 5);
    busyUntil(f, 1);
  };

  it('is delivered at a scheduling point, as a frame on top, and returns there', () => {
    const builder = addDiskHandler(new ProgramBuilder(), false);
    const machine = runKernelTasks(1, [busy], {}, builder);
    const task = machine.taskOfScenario(0) ?? asTaskId(0);
    const info = machine.program.functions[builder.indexOf('disk')];
    machine.setBreakpoints([info?.entry ?? (0 as never)]);
    expect(machine.run({ budget: 1e7, breakpoints: true })).toMatchObject({
      kind: 'breakpoint',
      task,
    });
    expect(machine.frames(task).map((frame) => frame.kind)).toEqual(['interrupt', 'trap']);
    expect(machine.cpu(asCpuId(0))).toMatchObject({ isInInterrupt: true, irqsEnabled: false });
    expect(machine.task(task).isInInterrupt).toBe(true);
    const at = machine.frames(task)[1];
    expect(at?.pc).toBe(builder.pcOf('busy'));
    expect(machine.run({ budget: 1e7, breakpoints: false })).toMatchObject({ kind: 'finished' });
    expect(readLog(machine)).toEqual([5, 0]);
  });

  it('waits while interrupts are disabled', () => {
    const machine = runKernelTasks(
      1,
      [
        (f) => {
          submit(f, 8, 1, 5);
          f.intrinsic(L(3), 'fl_irq_disable').set(L(4), 0).set(L(5), 600_000);
          f.label('busy').statement().op('addi', L(4), L(4), 1);
          f.visible().op('jumpLts', L(4), L(5), 'busy');
          f.set(L(1), COUNT).op('load32', L(2), L(1), 0).op('addi', L(2), L(2), 100);
          f.intrinsic(L(6), 'fl_irqs_enabled').op('add', L(2), L(2), L(6)).set(L(7), D(4));
          f.op('store32', L(2), L(7), 0).set(L(8), 1).op('move', -32, L(3));
          f.intrinsicAt(L(6), 'fl_irq_restore', -32).visible().op('nop');
          f.intrinsic(L(6), 'fl_irqs_enabled').set(L(7), D(5)).op('store32', L(6), L(7), 0);
        },
      ],
      {},
      addDiskHandler(new ProgramBuilder(), false),
    );
    expect(machine.run({ budget: 1e7, breakpoints: false })).toMatchObject({ kind: 'finished' });
    expect(wordAt(machine, D(4))).toBe(100);
    expect(wordAt(machine, D(5))).toBe(1);
    expect(readLog(machine)).toEqual([5, 0]);
  });

  it('leaves a CPU that stands still waiting for the same word', () => {
    const builder = addDiskHandler(new ProgramBuilder(), false);
    const machine = runKernelTasks(
      2,
      [
        (f) => {
          submit(f, 8, 1, 5);
          f.intrinsic(L(3), 'fl_cpu_wait', D(2), 0).poke(D(3), 1);
        },
        (f) => {
          f.set(L(4), 0).set(L(5), 700_000);
          f.label('busy')
            .statement()
            .op('addi', L(4), L(4), 1)
            .visible()
            .op('jumpLts', L(4), L(5), 'busy');
          f.intrinsic(L(6), 'fl_atomic_add', D(2), 1);
        },
      ],
      {},
      builder,
    );
    expect(machine.run({ budget: 1e7, breakpoints: false })).toMatchObject({ kind: 'finished' });
    expect(readLog(machine)).toEqual([5, 0]);
    expect(wordAt(machine, D(3))).toBe(1);
  });

  it('may be interrupted itself, once it allows it', () => {
    const builder = addDiskHandler(new ProgramBuilder(), false);
    builder.function('timer', (f) => {
      f.set(L(0), 100);
      log(f, L(0));
      f.intrinsic(L(0), 'fl_irq_enable').set(L(4), 0).set(L(5), 1_200_000);
      f.label('wait').statement().op('addi', L(4), L(4), 1);
      f.set(L(1), COUNT).op('load32', L(2), L(1), 0).op('addi', L(2), L(2), -1);
      f.op('jumpIfNot', L(2), 'over').visible().op('jumpLts', L(4), L(5), 'wait').label('over');
      f.set(L(0), 101);
      log(f, L(0));
      f.op('return');
    });
    const machine = runKernelTasks(
      1,
      [
        (f) => {
          submit(f, 8, 1, 5);
          f.intrinsic(L(0), 'fl_timer_arm', 999_900, 1);
          busyUntil(f, 4);
        },
      ],
      {},
      builder,
    );
    const info = machine.program.functions[builder.indexOf('disk')];
    machine.setBreakpoints(info === undefined ? [] : [info.entry]);
    expect(machine.run({ budget: 1e7, breakpoints: true })).toMatchObject({ kind: 'breakpoint' });
    const task = machine.taskOfScenario(0) ?? asTaskId(0);
    expect(machine.frames(task).map((frame) => frame.kind)).toEqual([
      'interrupt',
      'interrupt',
      'trap',
    ]);
    expect(machine.run({ budget: 1e7, breakpoints: false })).toMatchObject({ kind: 'finished' });
    expect(readLog(machine)).toEqual([100, 5, 0, 101]);
  });

  it('may not sleep', () => {
    const builder = new ProgramBuilder().function('disk', (f) => sleep(f));
    const machine = runKernelTasks(1, [busy], {}, builder);
    expect(machine.run({ budget: 1e7, breakpoints: false })).toMatchObject({
      kind: 'fault',
      fault: { kind: 'sleepInAtomic' },
    });
  });
});

describe('timers', () => {
  const withTimers = (body: (f: FunctionBuilder) => void): Machine => {
    const builder = new ProgramBuilder().function('timer', (f) => {
      log(f, P(0));
      f.op('return');
    });
    addKernelTasks(builder, 1, body);
    return bootMachine(builder, { triggers: startAll(1) });
  };
  const spin = (f: FunctionBuilder, statements: number): void => {
    f.set(L(4), 0).set(L(5), statements).label('spin').statement().op('addi', L(4), L(4), 1);
    f.visible().op('jumpLts', L(4), L(5), 'spin');
  };

  it('fire in the order of their times, with their cookies', () => {
    const machine = withTimers((f) => {
      f.intrinsic(L(0), 'fl_timer_arm', 2000, 21).intrinsic(L(0), 'fl_timer_arm', 1000, 11);
      f.intrinsic(L(0), 'fl_timer_arm', 1000, 12);
      spin(f, 5000);
    });
    expect(runToEnd(machine)).toMatchObject({ kind: 'finished' });
    expect(readLog(machine)).toEqual([11, 12, 21]);
    expect(machine.nowNs()).toBe(1000 + 10_000 + 3 * 500);
  });

  it('can be cancelled until they fire', () => {
    const machine = withTimers((f) => {
      f.intrinsic(L(8), 'fl_timer_arm', 1000, 1).intrinsic(L(9), 'fl_timer_arm', 2000, 2);
      f.op('move', -32, L(9)).intrinsicAt(L(10), 'fl_timer_cancel', -32);
      log(f, L(10));
      spin(f, 5000);
      f.op('move', -32, L(8)).intrinsicAt(L(10), 'fl_timer_cancel', -32);
      log(f, L(10));
    });
    expect(runToEnd(machine)).toMatchObject({ kind: 'finished' });
    expect(readLog(machine)).toEqual([1, 1, 0]);
  });

  it('do not keep a run alive', () => {
    const machine = withTimers((f) => f.intrinsic(L(0), 'fl_timer_arm', 1_000_000, 1));
    expect(runToEnd(machine)).toEqual({ kind: 'finished', outcome: 'completed' });
    expect(machine.nowNs()).toBe(1000);
  });

  it('tell the time in microseconds', () => {
    const machine = withTimers((f) => {
      spin(f, 3000);
      f.intrinsic(L(0), 'fl_clock_us');
      log(f, L(0));
    });
    runToEnd(machine);
    expect(readLog(machine)).toEqual([7]);
  });
});

describe('a kick', () => {
  /** Task 0 kicks task 1, which runs on the other CPU, and logs the answer. */
  const kick = (builder: ProgramBuilder): Machine => {
    const machine = runKernelTasks(
      2,
      [
        (f) => {
          f.intrinsic(L(3), 'fl_kick', cookieOf(1));
          log(f, L(3));
        },
        (f) => {
          f.set(L(4), 0).set(L(5), 2000).label('spin').statement().op('addi', L(4), L(4), 1);
          f.visible().op('jumpLts', L(4), L(5), 'spin');
        },
      ],
      {},
      builder,
    );
    expect(runToEnd(machine)).toMatchObject({ kind: 'finished' });
    return machine;
  };

  it('interrupts the CPU that runs the task', () => {
    const builder = new ProgramBuilder().function('kick', (f) => {
      f.intrinsic(L(0), 'fl_cpu').set(L(1), D(8)).op('addi', L(0), L(0), 100);
      f.op('store32', L(0), L(1), 0).op('return');
    });
    const machine = kick(builder);
    expect(readLog(machine)).toEqual([1]);
    expect(wordAt(machine, D(8))).toBe(101);
  });

  it('is refused where the kernel has no handler for it', () => {
    expect(readLog(kick(new ProgramBuilder()))).toEqual([0]);
  });
});
