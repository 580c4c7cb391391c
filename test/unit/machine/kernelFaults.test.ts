// User memory from kernel mode: accesses through the page tables, their page faults, and going on in a fixup.
import { describe, expect, it } from 'vitest';
import { asCpuId, asTaskId } from '../../../src/base/brand.ts';
import { CODE_BASE } from '../../../src/bytecode/program.ts';
import type { Machine } from '../../../src/machine/machine.ts';
import { D, type FunctionBuilder, L, P, ProgramBuilder } from '../../support/programBuilder.ts';
import {
  bootToEnd,
  cookieOf,
  FREE_BASE,
  RUN_ON,
  runKernelTasks,
  runToEnd,
  STACK_BYTES,
  stackOf,
  wordAt,
} from '../../support/testMachine.ts';

const DIRECTORY = FREE_BASE + 0x20000;
const TABLE = DIRECTORY + 0x1000;
const PAGE = DIRECTORY + 0x2000;
const NEXT_PAGE = DIRECTORY + 0x3000;
const physical = (address: number): number => address - 0xc0000000;

/** User addresses: a page that is mapped, one that is read-only, one that is absent. */
const MAPPED = 0x00400000;
const READ_ONLY = 0x00401000;
const ABSENT = 0x00402000;
const ABSENT_ENTRY = TABLE + 8;
const KERNEL_PAGE = 0x00404000;

/** Where handlers note what they see. */
const NOTES = { cr2: D(1), code: D(2), ip: D(3), cs: D(4), flags: D(5), irqs: D(6), count: D(7) };
const RESULT = D(8);
const REPAIRED = physical(NEXT_PAGE) | 7;

type Body = (f: FunctionBuilder) => unknown;

/** The running task's page tables. */
const useTables: Body = (f) => {
  f.poke(DIRECTORY + (MAPPED >>> 22) * 4, physical(TABLE) | 7);
  f.poke(TABLE, physical(PAGE) | 7).poke(TABLE + 4, physical(PAGE) | 5);
  f.poke(TABLE + 16, physical(PAGE) | 3);
  f.intrinsic(L(0), 'fl_load_cr3', physical(DIRECTORY));
};

const keep =
  (slot: number, address = RESULT): Body =>
  (f) =>
    f.set(L(9), address).op('store32', slot, L(9), 0);

/** A handler that notes everything about the fault. */
const note: Body = (f) => {
  f.set(L(1), NOTES.cr2).intrinsic(L(0), 'fl_read_cr2').op('store32', L(0), L(1), 0);
  f.op('store32', P(1), L(1), 4);
  [48, 52, 56].forEach((offset, index) => {
    f.op('load32', L(2), P(0), offset).op('store32', L(2), L(1), 8 + 4 * index);
  });
  f.intrinsic(L(2), 'fl_irqs_enabled').op('store32', L(2), L(1), 20);
  f.op('load32', L(2), L(1), 24).op('addi', L(2), L(2), 1).op('store32', L(2), L(1), 24);
};

interface Setup {
  /** The only access; its address is that of the label `access`. */
  readonly access: Body;
  readonly handler?: Body;
  readonly before?: Body;
  readonly fixup?: Body;
  readonly timer?: Body;
  readonly others?: readonly Body[];
}

/** A task that calls a function which makes an access, and keeps its result. */
function faultMachine(setup: Setup): Machine {
  const builder = new ProgramBuilder();
  builder.function('fixup', setup.fixup ?? ((f) => f.set(L(0), -14).op('return32', L(0))));
  builder.function('access', setup.access);
  builder.function('pageFault', setup.handler ?? ((f) => (note(f), f.op('return'))));
  if (setup.timer !== undefined) builder.function('timer', setup.timer);
  const task: Body = (f) => {
    useTables(f);
    setup.before?.(f);
    f.call(L(3), 'access');
    keep(L(3))(f);
  };
  return runKernelTasks(1, [task, ...(setup.others ?? [])], {}, builder);
}

const loadWord =
  (address: number, bytes = 4): Body =>
  (f) =>
    f.label('access').intrinsic(L(0), 'fl_user_load', address, bytes).op('return32', L(0));
const storeWord =
  (address: number, value: number, bytes = 4): Body =>
  (f) =>
    f.intrinsic(L(0), 'fl_user_store', address, value, bytes).set(L(0), 0).op('return32', L(0));

const repair: Body = (f) => {
  note(f);
  f.poke(ABSENT_ENTRY, REPAIRED).op('return');
};

/** Sends the code that faulted on to a function, by its trap frame. */
const goTo =
  (builder: () => number): Body =>
  (f) => {
    note(f);
    f.set(L(0), builder()).op('store32', L(0), P(0), 48).op('return');
  };

/** The address of `fixup`: the first function behind the stubs. */
const FIXUP = CODE_BASE + 4 * 16;
const toFixup = goTo(() => FIXUP);

/** The address of the intrinsic of `loadWord`: behind the stores of its two arguments. */
function accessAddress(machine: Machine): number {
  const access = machine.program.functions.find(({ name }) => name === 'access');
  return CODE_BASE + 4 * ((access?.entry ?? 0) + 8);
}

const task = asTaskId(1);

describe('an access of user memory from kernel mode', () => {
  it('goes through the page tables, be the page of the user or of the kernel', () => {
    const before: Body = (f) => f.poke(PAGE + 4, 0x8070605);
    for (const page of [MAPPED, READ_ONLY, KERNEL_PAGE]) {
      const machine = faultMachine({ access: loadWord(page + 4), before });
      expect(runToEnd(machine)).toMatchObject({ kind: 'finished' });
      expect(wordAt(machine, RESULT)).toBe(0x8070605);
    }
    const machine = faultMachine({ access: storeWord(MAPPED + 6, 0xaabbcc, 1), before });
    expect(runToEnd(machine)).toMatchObject({ kind: 'finished' });
    expect(wordAt(machine, PAGE + 4)).toBe(0x8cc0605);
    expect(wordAt(machine, TABLE)).toBe(physical(PAGE) | 0x67);
    expect(machine.tlb(asCpuId(0))).toEqual([
      { page: MAPPED, frame: physical(PAGE), isUser: true, isWritable: true, isDirty: true },
    ]);
  });

  it.each([
    [1, 0xf1],
    [2, 0xf2f1],
    [4, 0xf4f3f2f1],
  ])('takes %i bytes, also across two pages', (bytes, expected) => {
    const machine = faultMachine({
      before: (f) => f.poke(PAGE + 0xffc, 0x81828384).poke(ABSENT_ENTRY, 0),
      access: (f) => {
        f.intrinsic(L(0), 'fl_user_store', MAPPED + 0x1000 - 1, 0xf4f3f2f1, bytes);
        f.intrinsic(L(0), 'fl_user_load', MAPPED + 0x1000 - 1, bytes).op('return32', L(0));
      },
      // The page behind is read-only; the handler maps another one there.
      handler: (f) => f.poke(TABLE + 4, REPAIRED).op('return'),
    });
    expect(runToEnd(machine)).toMatchObject({ kind: 'finished' });
    expect(wordAt(machine, RESULT)).toBe(expected);
  });

  it('by a plain pointer is a machine fault that says how to do it', () => {
    const machine = faultMachine({
      access: (f) => f.set(L(0), MAPPED).op('load32', L(0), L(0), 0).op('return32', L(0)),
    });
    expect(runToEnd(machine)).toMatchObject({
      fault: {
        kind: 'wildPointer',
        message:
          'Wild pointer: read of 4 bytes at 0x00400000, where user memory lies: kernel code reaches it only with fl_user_load and fl_user_store.',
      },
    });
  });

  it('takes 1, 2 or 4 bytes only', () => {
    expect(runToEnd(faultMachine({ access: loadWord(MAPPED, 3) }))).toMatchObject({
      fault: { kind: 'badArgument' },
    });
  });
});

describe('a page fault of kernel code', () => {
  it('enters the same handler as one of user code, and makes the access again', () => {
    const machine = faultMachine({
      access: loadWord(ABSENT + 8),
      before: (f) => f.poke(NEXT_PAGE + 8, 0x1234).intrinsic(L(0), 'fl_irq_enable'),
      handler: repair,
    });
    expect(runToEnd(machine)).toMatchObject({ kind: 'finished' });
    expect(wordAt(machine, RESULT)).toBe(0x1234);
    expect(wordAt(machine, NOTES.cr2)).toBe(ABSENT + 8);
    expect(wordAt(machine, NOTES.code)).toBe(0);
    expect(wordAt(machine, NOTES.ip)).toBe(accessAddress(machine));
    expect((wordAt(machine, NOTES.cs) ?? 0) & 3).toBe(0);
    expect((wordAt(machine, NOTES.flags) ?? 0) & 0x200).toBe(0x200);
    expect(wordAt(machine, NOTES.irqs)).toBe(0);
    expect(wordAt(machine, NOTES.count)).toBe(1);
  });

  it.each([
    [loadWord(ABSENT), 0],
    [storeWord(ABSENT, 1), 2],
    [storeWord(READ_ONLY, 1), 3],
    [loadWord(0xf0000000), 0],
    [loadWord(0), 0],
  ] as const)('has an error code without the user bit (case %#)', (access, code) => {
    const machine = faultMachine({ access, handler: toFixup });
    expect(runToEnd(machine)).toMatchObject({ kind: 'finished' });
    expect(wordAt(machine, NOTES.code)).toBe(code);
    expect(wordAt(machine, RESULT)).toBe(0xfffffff2);
  });

  it('leaves the interrupt flag as it was', () => {
    for (const name of ['fl_irq_enable', 'fl_irq_disable'] as const) {
      const machine = faultMachine({
        access: (f) => {
          loadWord(ABSENT)(f);
        },
        before: (f) => f.intrinsic(L(0), name),
        handler: (f) => {
          note(f);
          f.intrinsic(L(0), name === 'fl_irq_enable' ? 'fl_irq_disable' : 'fl_irq_enable');
          f.set(L(0), FIXUP).op('store32', L(0), P(0), 48).op('return');
        },
        fixup: (f) => f.intrinsic(L(0), 'fl_irqs_enabled').op('return32', L(0)),
      });
      expect(runToEnd(machine)).toMatchObject({ kind: 'finished' });
      expect(wordAt(machine, RESULT)).toBe(name === 'fl_irq_enable' ? 1 : 0);
      expect((wordAt(machine, NOTES.flags) ?? 0) & 0x200).toBe(
        name === 'fl_irq_enable' ? 0x200 : 0,
      );
    }
  });

  it('writes nothing when the second page of the access fails', () => {
    const machine = faultMachine({
      before: (f) => f.poke(PAGE + 0xffc, 0x11111111),
      access: storeWord(MAPPED + 0xffe, -1),
      handler: toFixup,
    });
    expect(runToEnd(machine)).toMatchObject({ kind: 'finished' });
    expect(wordAt(machine, NOTES.cr2)).toBe(READ_ONLY);
    expect(wordAt(machine, NOTES.code)).toBe(3);
    expect(wordAt(machine, PAGE + 0xffc)).toBe(0x11111111);
  });

  it('may sleep in the handler, while other tasks run', () => {
    const machine = faultMachine({
      access: loadWord(ABSENT),
      before: (f) => f.poke(D(20), 2).poke(NEXT_PAGE, 77),
      handler: (f) => {
        f.intrinsic(L(0), 'fl_irq_enable').intrinsic(L(0), 'fl_park', D(20)).op('return');
      },
      others: [
        (f) => {
          f.poke(ABSENT_ENTRY, REPAIRED).poke(D(20), 0);
          f.intrinsic(L(0), 'fl_wake', cookieOf(0));
          keep(L(0), D(21))(f);
        },
      ],
    });
    expect(runToEnd(machine)).toMatchObject({ kind: 'finished', outcome: 'completed' });
    expect(wordAt(machine, D(21))).toBe(1);
    expect(wordAt(machine, RESULT)).toBe(77);
  });

  it('may strike in the handler of another one', () => {
    const machine = faultMachine({
      access: loadWord(ABSENT),
      before: (f) => f.poke(NEXT_PAGE, 5),
      handler: (f) => {
        note(f);
        f.intrinsic(L(0), 'fl_read_cr2').op('jumpEqi', L(0), ABSENT, 'outer');
        f.poke(TABLE + 12, REPAIRED).op('return');
        f.label('outer').intrinsic(L(0), 'fl_user_load', ABSENT + 0x1000, 4);
        f.poke(ABSENT_ENTRY, REPAIRED).op('return');
      },
    });
    expect(runToEnd(machine)).toMatchObject({ kind: 'finished' });
    expect(wordAt(machine, NOTES.count)).toBe(2);
    expect(wordAt(machine, RESULT)).toBe(5);
  });

  it('may strike in an interrupt handler', () => {
    const machine = faultMachine({
      access: (f) => {
        f.intrinsic(L(0), 'fl_timer_arm', 10, 1);
        // Each round is a statement, so that time goes on.
        f.label('wait').set(L(1), RESULT).op('load32', L(1), L(1), 0);
        f.statement().visible().op('jumpIfZero', L(1), 'wait').set(L(0), 3).op('return32', L(0));
      },
      before: (f) => f.intrinsic(L(0), 'fl_irq_enable').poke(NEXT_PAGE, 21).poke(RESULT, 0),
      handler: repair,
      timer: (f) => {
        f.intrinsic(L(0), 'fl_user_load', ABSENT, 4);
        keep(L(0), D(20))(f);
        f.poke(RESULT, 1).op('return');
      },
    });
    expect(runToEnd(machine)).toMatchObject({ kind: 'finished' });
    expect(wordAt(machine, D(20))).toBe(21);
    expect(wordAt(machine, RESULT)).toBe(3);
  });

  it('is a row of the frames, inside of the trap that it struck in', () => {
    const machine = faultMachine({ access: loadWord(ABSENT), handler: repair });
    const handler = machine.program.functions.find(({ name }) => name === 'pageFault');
    machine.setBreakpoints(handler === undefined ? [] : [handler.entry]);
    expect(machine.run({ ...RUN_ON, breakpoints: true })).toMatchObject({ kind: 'breakpoint' });
    const frames = machine.frames(task);
    expect(
      frames.map(({ kind, functionIndex, trap }) => [
        machine.program.functions[functionIndex]?.name,
        kind,
        trap,
      ]),
    ).toEqual([
      ['pageFault', 'fault', { kind: 'pageFault', code: 0, address: ABSENT }],
      ['access', 'normal', undefined],
      ['exit', 'trap', undefined],
    ]);
    expect(machine.task(task)).toMatchObject({ isInInterrupt: false, mode: 'kernel' });
    machine.setBreakpoints([]);
    expect(runToEnd(machine)).toMatchObject({ kind: 'finished' });
    expect(machine.task(task).trap).toBeUndefined();
  });

  it('leaves no trace in a machine that goes back to a checkpoint inside of it', () => {
    const machine = faultMachine({ access: loadWord(ABSENT), handler: repair });
    const handler = machine.program.functions.find(({ name }) => name === 'pageFault');
    machine.setBreakpoints(handler === undefined ? [] : [handler.entry]);
    machine.run({ ...RUN_ON, breakpoints: true });
    machine.setBreakpoints([]);
    const checkpoint = machine.takeCheckpoint();
    const inside = machine.stateHash();
    runToEnd(machine);
    const end = machine.stateHash();
    machine.restore(checkpoint);
    expect(machine.stateHash()).toBe(inside);
    runToEnd(machine);
    expect(machine.stateHash()).toBe(end);
  });
});

describe('the fixup', () => {
  it('takes over the frame of the access and returns to its caller', () => {
    const machine = faultMachine({
      access: loadWord(ABSENT),
      handler: toFixup,
      fixup: (f) => f.label('fixed').set(L(0), 42).op('return32', L(0)),
    });
    const fixup = machine.program.functions.find(({ name }) => name === 'fixup');
    machine.setBreakpoints(fixup === undefined ? [] : [fixup.entry]);
    expect(machine.run({ ...RUN_ON, breakpoints: true })).toMatchObject({ kind: 'breakpoint' });
    const names = machine
      .frames(task)
      .map(({ functionIndex }) => machine.program.functions[functionIndex]?.name);
    expect(names).toEqual(['fixup', 'exit']);
    machine.setBreakpoints([]);
    expect(runToEnd(machine)).toMatchObject({ kind: 'finished' });
    expect(wordAt(machine, RESULT)).toBe(42);
    expect(wordAt(machine, NOTES.count)).toBe(1);
  });

  it.each([
    ['the middle of another function', () => FIXUP + 16],
    ['no instruction', () => FIXUP + 4],
    ['a stub', () => CODE_BASE + 16],
    ['data', () => D(0)],
    ['nothing', () => 0],
  ])('cannot be %s', (_, where) => {
    const machine = faultMachine({ access: loadWord(ABSENT), handler: goTo(where) });
    expect(runToEnd(machine)).toMatchObject({ fault: { kind: 'wildCall' } });
  });

  it('is looked for by the function of an address', () => {
    const builder = new ProgramBuilder();
    builder.function('first', (f) => f.op('nop').op('return'));
    const start = builder.addressOf('first');
    builder.function('boot', (f) => {
      for (const [index, address] of [
        start,
        start + 16,
        start + 31,
        start - 1,
        0,
        D(0),
      ].entries()) {
        f.intrinsic(L(0), 'fl_function_at', address);
        keep(L(0), D(10 + index))(f);
      }
      f.intrinsic(L(0), 'fl_exit', 0);
    });
    const { machine } = bootToEnd(builder);
    const found = [0, 1, 2, 3, 4, 5].map((index) => wordAt(machine, D(10 + index)));
    expect(found).toEqual([start, start, start, 0, 0, 0]);
  });
});

describe('a broken stack', () => {
  it('is a machine fault when the handler has overwritten the record', () => {
    const machine = faultMachine({
      access: loadWord(ABSENT),
      // The record lies below the trap frame and three words of the trap before.
      handler: (f) =>
        f
          .set(L(0), 0)
          .op('store32', L(0), P(0), -4 * 9)
          .op('return'),
    });
    expect(runToEnd(machine)).toMatchObject({ fault: { kind: 'stackCorrupt' } });
  });

  it('is a machine fault when there is no room for the fault', () => {
    const builder = new ProgramBuilder();
    builder.function('deep', (f) => {
      f.op('addi', L(0), P(0), -1).op('jumpIfZero', L(0), 'bottom');
      f.call(L(1), 'deep', L(0)).op('return');
      f.label('bottom').intrinsic(L(1), 'fl_user_load', ABSENT, 4).op('return');
    });
    builder.function('pageFault', (f) => f.op('return'));
    const depth = Math.floor(STACK_BYTES / 140) - 2;
    const machine = runKernelTasks(
      1,
      [(f) => (useTables(f), f.set(L(0), depth).call(L(1), 'deep', L(0)))],
      {},
      builder,
    );
    expect(runToEnd(machine)).toMatchObject({ fault: { kind: 'stackOverflow' } });
    expect(machine.task(task).fp).toBeGreaterThan(stackOf(0));
  });
});
