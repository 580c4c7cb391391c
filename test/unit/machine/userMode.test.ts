// User code: the page walk, traps and system calls, with a user CPU of three instructions.
import { describe, expect, it } from 'vitest';
import { asAddress, asTaskId } from '../../../src/base/brand.ts';
import type { Machine } from '../../../src/machine/machine.ts';
import { USER_EAX, USER_EIP } from '../../../src/machine/userCpu.ts';
import { D, type FunctionBuilder, L, P, ProgramBuilder } from '../../support/programBuilder.ts';
import {
  bootMachine,
  cookieOf,
  FREE_BASE,
  RUN_ON,
  runToEnd,
  STACK_BYTES,
  stackOf,
  startAll,
  wordAt,
} from '../../support/testMachine.ts';

const DIRECTORY = FREE_BASE + 0x10000;
const TABLE = DIRECTORY + 0x1000;
const CODE_PAGE = DIRECTORY + 0x2000;
const DATA_PAGE = DIRECTORY + 0x3000;
const physical = (address: number): number => address - 0xc0000000;

const CODE = 0x00400000;
const DATA = 0x00402000;
/** Words of the trap frame. */
const FRAME = stackOf(0) + STACK_BYTES - 68;
const FRAME_ORIGINAL_EAX = FRAME + 11 * 4;
const FRAME_EIP = FRAME + 12 * 4;
const FRAME_CS = FRAME + 13 * 4;

const PRESENT = 1;
const WRITE = 2;
const USER = 4;

interface Setup {
  readonly code: readonly number[];
  /** Entry of the data page; present, writable and user when left out. */
  readonly dataEntry?: number;
  readonly upper?: number;
  readonly pageFault?: (f: FunctionBuilder) => void;
  readonly systemCall?: (f: FunctionBuilder) => void;
  readonly exit?: (f: FunctionBuilder) => unknown;
  readonly timer?: (f: FunctionBuilder) => unknown;
  readonly invalid?: (f: FunctionBuilder) => void;
}

const load = (address: number): number[] => [1, ...bytesOf(address)];
const store = (address: number): number[] => [2, ...bytesOf(address)];
const CALL = 3;

function bytesOf(value: number): number[] {
  return [0, 8, 16, 24].map((shift) => (value >>> shift) & 0xff);
}

/** One task whose code page holds the toy instructions. */
function userMachine(setup: Setup): Machine {
  const builder = new ProgramBuilder();
  const bytes = [...setup.code, CALL, 0, 0, 0, 0];
  builder.function('boot', (f) => {
    f.poke(
      DIRECTORY + (CODE >>> 22) * 4,
      physical(TABLE) | (setup.upper ?? PRESENT | WRITE | USER),
    );
    f.poke(TABLE, physical(CODE_PAGE) | PRESENT | USER);
    f.poke(TABLE + 8, setup.dataEntry ?? physical(DATA_PAGE) | PRESENT | WRITE | USER);
    for (let at = 0; at + 4 <= bytes.length; at += 4) {
      const [a = 0, b = 0, c = 0, d = 0] = bytes.slice(at, at + 4);
      f.poke(CODE_PAGE + at, a | (b << 8) | (c << 16) | (d << 24));
    }
    f.poke(DATA_PAGE, 0x55443322).poke(FRAME_EIP, CODE);
    f.intrinsic(
      L(0),
      'fl_task_create',
      0,
      cookieOf(0),
      stackOf(0),
      STACK_BYTES,
      physical(DIRECTORY),
    );
    f.op('return');
  });
  const unexpected = (f: FunctionBuilder): unknown => f.intrinsic(L(0), 'fl_bug', D(0));
  builder.function('pageFault', setup.pageFault ?? unexpected);
  builder.function('systemCall', setup.systemCall ?? ((f) => f.intrinsic(L(0), 'fl_task_exit', 0)));
  if (setup.exit !== undefined) builder.function('exit', setup.exit);
  if (setup.timer !== undefined) builder.function('timer', setup.timer);
  if (setup.invalid !== undefined) builder.function('invalid', setup.invalid);
  return bootMachine(builder, { triggers: startAll(1) });
}

/** A page fault handler that stores CR2, the error code and the frame's address, and exits. */
function recordFault(f: FunctionBuilder): void {
  f.intrinsic(L(0), 'fl_read_cr2').set(L(1), D(1)).op('store32', L(0), L(1), 0);
  f.op('store32', P(1), L(1), 4).op('store32', P(0), L(1), 8);
  f.intrinsic(L(2), 'fl_irqs_enabled').op('store32', L(2), L(1), 12);
  f.intrinsic(L(0), 'fl_task_exit', 0);
}

const task = asTaskId(1);

describe('user code', () => {
  it('runs through the page tables and marks accessed and dirty', () => {
    const machine = userMachine({ code: [...load(DATA + 1), ...store(DATA + 3)] });
    expect(runToEnd(machine)).toMatchObject({ kind: 'finished' });
    expect(wordAt(machine, DATA_PAGE)).toBe(0x33443322);
    expect(wordAt(machine, TABLE + 8)).toBe(physical(DATA_PAGE) | 0x67);
    expect(wordAt(machine, TABLE)).toBe(physical(CODE_PAGE) | 0x25);
    expect(wordAt(machine, DIRECTORY + 4)).toBe(physical(TABLE) | 0x27);
    expect(machine.readUserByte(task, asAddress(DATA + 1))).toBe(0x33);
    expect(machine.readUserByte(task, asAddress(DATA + 0x1000))).toBeUndefined();
  });

  it('costs its price per instruction and trap', () => {
    const machine = userMachine({ code: [...load(DATA), ...load(DATA)] });
    runToEnd(machine);
    expect(machine.nowNs()).toBe(1000 + 2 + 100);
  });

  const faults: readonly (readonly [string, Setup, number, number])[] = [
    ['a read of a page that is not present', { code: load(DATA + 5), dataEntry: 0 }, DATA + 5, 4],
    ['a write to a page that is not present', { code: store(DATA), dataEntry: 0 }, DATA, 6],
    ['a read without a page table', { code: load(0x10000000) }, 0x10000000, 4],
    [
      'a write to a read-only page',
      { code: store(DATA), dataEntry: physical(DATA_PAGE) | PRESENT | USER },
      DATA,
      7,
    ],
    [
      'a read of a page of the kernel',
      { code: load(DATA), dataEntry: physical(DATA_PAGE) | PRESENT | WRITE },
      DATA,
      5,
    ],
    ['a read of kernel memory', { code: load(0xc0000000) }, 0xc0000000, 5],
    ['a write behind kernel memory', { code: store(0xfffff000) }, 0xfffff000, 6],
    ['a fetch', { code: [], upper: 0 }, CODE, 4],
    [
      'a write through a read-only directory entry',
      { code: store(DATA), upper: PRESENT | USER },
      DATA,
      7,
    ],
  ];
  it.each(faults)('traps with CR2 and error code: %s', (_, setup, address, errorCode) => {
    const machine = userMachine({ ...setup, pageFault: recordFault });
    expect(runToEnd(machine)).toMatchObject({ kind: 'finished' });
    expect(wordAt(machine, D(1))).toBe(address);
    expect(wordAt(machine, D(2))).toBe(errorCode);
    expect(wordAt(machine, D(3))).toBe(FRAME);
    expect(wordAt(machine, D(4))).toBe(0);
    expect(wordAt(machine, FRAME_EIP)).toBe(CODE);
    expect(wordAt(machine, FRAME_ORIGINAL_EAX)).toBe(0xffffffff);
    expect((wordAt(machine, FRAME_CS) ?? 0) & 3).toBe(3);
    expect(machine.task(task).trap).toEqual({ kind: 'pageFault', code: errorCode, address });
  });

  it('runs the instruction again after a fault that the kernel has repaired', () => {
    const machine = userMachine({
      code: load(DATA),
      dataEntry: 0,
      pageFault: (f) => {
        f.poke(TABLE + 8, physical(DATA_PAGE) | PRESENT | USER).op('return');
      },
      systemCall: (f) => {
        f.op('load32', L(0), P(0), 24).op('move', -32, L(0)).intrinsicAt(L(1), 'fl_task_exit', -32);
      },
    });
    expect(runToEnd(machine)).toMatchObject({ kind: 'finished' });
    expect(machine.task(task).exitCode).toBe(0x22);
    expect(machine.nowNs()).toBe(1000 + 700 + 1 + 100);
  });

  it('shows the registers that the trap saved, and writes of the kernel to them', () => {
    const machine = userMachine({
      code: [...load(DATA), CALL],
      systemCall: (f) => {
        f.op('load32', L(0), P(0), 24).op('addi', L(0), L(0), 1).op('store32', L(0), P(0), 24);
        f.label('here').op('nop').op('return');
      },
    });
    const stop = machine.run({ ...RUN_ON, untilPosition: 2 });
    expect(stop.kind).toBe('position');
    expect(machine.task(task)).toMatchObject({ mode: 'user', trapDepth: 0 });
    const inCall = machine.run({ ...RUN_ON, untilPosition: 7 });
    expect(inCall.kind).toBe('position');
    expect(machine.task(task)).toMatchObject({ mode: 'kernel', trapDepth: 1 });
    expect(machine.task(task).userRegisters[USER_EAX]).toBe(0x23);
    expect(machine.task(task).userRegisters[USER_EIP]).toBe(CODE + 6);
    expect(wordAt(machine, FRAME_ORIGINAL_EAX)).toBe(0x22);
    expect(machine.frames(task).map((frame) => frame.kind)).toEqual(['trap']);
  });

  it('calls the exit hook once before every return to user mode', () => {
    const machine = userMachine({
      code: [...load(DATA), CALL],
      systemCall: (f) => {
        f.set(L(0), D(6))
          .op('load32', L(1), L(0), 0)
          .set(L(2), 2)
          .op('jumpLts', L(1), L(2), 'back');
        f.intrinsic(L(0), 'fl_task_exit', 0).label('back').op('return');
      },
      exit: (f) => {
        f.set(L(0), D(6)).op('load32', L(1), L(0), 0).op('addi', L(1), L(1), 1);
        f.op('store32', L(1), L(0), 0).op('return');
      },
    });
    expect(runToEnd(machine)).toMatchObject({ kind: 'finished' });
    // Start, return from the first call; the second call exits.
    expect(wordAt(machine, D(6))).toBe(2);
  });

  it('enters the handler of invalid opcodes, or ends the run without one', () => {
    const machine = userMachine({
      code: [9],
      invalid: (f) => {
        f.set(L(0), D(6)).op('store32', P(1), L(0), 0).intrinsic(L(1), 'fl_task_exit', 4);
      },
    });
    expect(runToEnd(machine)).toMatchObject({ kind: 'finished' });
    expect(wordAt(machine, D(6))).toBe(6);
    expect(runToEnd(userMachine({ code: [9] }))).toMatchObject({
      fault: { kind: 'userException' },
    });
  });

  it('is interrupted between instructions, and goes on as if nothing had happened', () => {
    const count = (f: FunctionBuilder, word: number): unknown =>
      f
        .set(L(0), D(word))
        .op('load32', L(1), L(0), 0)
        .op('addi', L(1), L(1), 1)
        .op('store32', L(1), L(0), 0)
        .op('return');
    const loads = Array.from({ length: 40 }, () => load(DATA)).flat();
    const machine = userMachine({
      code: [CALL, ...loads, ...store(DATA + 1), CALL],
      systemCall: (f) => {
        f.set(L(0), D(6)).op('load32', L(1), L(0), 0).op('jumpIfNot', L(1), 'second');
        f.poke(D(6), 1).intrinsic(L(2), 'fl_timer_arm', 20, 1).op('return');
        f.label('second').intrinsic(L(0), 'fl_task_exit', 0);
      },
      timer: (f) => count(f, 7),
      exit: (f) => count(f, 8),
    });
    const entry = machine.program.functions.find((info) => info.name === 'timer')?.entry;
    machine.setBreakpoints(entry === undefined ? [] : [entry]);
    expect(machine.run({ ...RUN_ON, breakpoints: true })).toMatchObject({
      kind: 'breakpoint',
      task,
    });
    expect(machine.task(task)).toMatchObject({ isInInterrupt: true, trap: { kind: 'interrupt' } });
    expect(machine.frames(task).map((frame) => frame.kind)).toEqual(['interrupt']);
    expect(runToEnd(machine)).toMatchObject({ kind: 'finished' });
    expect(wordAt(machine, D(7))).toBe(1);
    // At the start, behind the first call, behind the interrupt.
    expect(wordAt(machine, D(8))).toBe(3);
    expect(wordAt(machine, DATA_PAGE)).toBe(0x55442222);
    expect(machine.nowNs()).toBe(1000 + 100 + 41 + 500 + 100);
  });

  it('is a machine fault when page tables lead out of memory', () => {
    const machine = userMachine({ code: load(DATA), dataEntry: 0x7ffff000 | PRESENT | USER });
    expect(runToEnd(machine)).toMatchObject({ fault: { kind: 'pageTable', address: DATA } });
  });

  it('stops at user breakpoints and at steps into user code', () => {
    const machine = userMachine({ code: [...load(DATA), ...load(DATA + 1), CALL] });
    machine.setUserBreakpoints([{ taskId: task, address: asAddress(CODE + 5) }]);
    expect(machine.run({ ...RUN_ON, breakpoints: true })).toMatchObject({
      kind: 'breakpoint',
      task,
      userAddress: CODE + 5,
    });
    const step = { task, minFp: 0xffffffff, intoUser: true };
    expect(machine.run({ ...RUN_ON, breakpoints: true, step })).toMatchObject({
      kind: 'statement',
      userAddress: CODE + 10,
    });
  });
});
