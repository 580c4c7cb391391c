// The intrinsics that are not tested with what they are for (blocking, devices, user mode).
import { describe, expect, it } from 'vitest';
import { INTRINSICS, type IntrinsicName } from '../../../src/bytecode/intrinsic.ts';
import { FLAG_VISIBLE, OP, OPCODE_MASK } from '../../../src/bytecode/instruction.ts';
import { D, L, ProgramBuilder } from '../../support/programBuilder.ts';
import { bootToEnd, runKernelTasks, runToEnd, wordAt } from '../../support/testMachine.ts';

interface Case {
  readonly name: IntrinsicName;
  readonly args: readonly number[];
  /** The word D(0) before and after, and the result. */
  readonly before: number;
  readonly after: number;
  readonly result: number;
}

const cases: readonly Case[] = [
  { name: 'fl_atomic_add', args: [D(0), 5], before: 7, after: 12, result: 7 },
  {
    name: 'fl_atomic_add',
    args: [D(0), -1],
    before: 0x80000000,
    after: 0x7fffffff,
    result: 0x80000000,
  },
  { name: 'fl_atomic_cmpxchg', args: [D(0), 7, 9], before: 7, after: 9, result: 7 },
  { name: 'fl_atomic_cmpxchg', args: [D(0), 8, 9], before: 7, after: 7, result: 7 },
  { name: 'fl_atomic_xchg', args: [D(0), 3], before: 7, after: 3, result: 7 },
  { name: 'fl_test_and_set_bit', args: [3, D(0)], before: 0, after: 8, result: 0 },
  { name: 'fl_test_and_set_bit', args: [3, D(0)], before: 8, after: 8, result: 1 },
  { name: 'fl_test_and_set_bit', args: [63, D(-1)], before: 0, after: 0x80000000, result: 0 },
  {
    name: 'fl_test_and_clear_bit',
    args: [31, D(0)],
    before: 0xffffffff,
    after: 0x7fffffff,
    result: 1,
  },
  { name: 'fl_test_and_clear_bit', args: [0, D(0)], before: 6, after: 6, result: 0 },
  { name: 'fl_set_bit', args: [32, D(-1)], before: 4, after: 5, result: 0 },
  { name: 'fl_clear_bit', args: [2, D(0)], before: 7, after: 3, result: 1 },
];

describe('atomic intrinsics', () => {
  it.each(cases)('$name $args of $before', ({ name, args, before, after, result }) => {
    const builder = new ProgramBuilder().function('boot', (f) => {
      f.poke(D(0), before)
        .intrinsic(L(0), name, ...args)
        .set(L(1), D(1));
      f.op('store32', L(0), L(1), 0).intrinsic(L(0), 'fl_exit', 0);
    });
    const { machine } = bootToEnd(builder);
    expect(wordAt(machine, D(0))).toBe(after);
    if (name !== 'fl_set_bit' && name !== 'fl_clear_bit') {
      expect(wordAt(machine, D(1))).toBe(result);
    }
  });

  it('are faults outside of memory', () => {
    for (const name of ['fl_atomic_add', 'fl_atomic_cmpxchg', 'fl_cpu_wait'] as const) {
      const builder = new ProgramBuilder().function('boot', (f) =>
        f.intrinsic(L(0), name, 4, 0, 0),
      );
      expect(bootToEnd(builder).end).toMatchObject({ fault: { kind: 'nullPointer', address: 4 } });
    }
  });

  it('work on words of any alignment', () => {
    const builder = new ProgramBuilder().function('boot', (f) => {
      f.intrinsic(L(0), 'fl_atomic_add', D(0) + 2, 0x01020304).intrinsic(L(0), 'fl_exit', 0);
    });
    const { machine } = bootToEnd(builder);
    expect([wordAt(machine, D(0)), wordAt(machine, D(1))]).toEqual([0x03040000, 0x0102]);
  });
});

describe('memory intrinsics', () => {
  it('copy and fill as C says, and return their first argument', () => {
    const builder = new ProgramBuilder();
    builder.data.set([1, 2, 3, 4, 5, 6, 7, 8]);
    builder.function('boot', (f) => {
      f.intrinsic(L(0), 'fl_memcpy', D(0) + 1, D(0), 7)
        .set(L(1), D(4))
        .op('store32', L(0), L(1), 0);
      f.intrinsic(L(0), 'fl_memset', D(2), 0x1ab, 3).intrinsic(L(0), 'fl_memcpy', 0, 0, 0);
      f.intrinsic(L(0), 'fl_exit', 0);
    });
    const { machine, end } = bootToEnd(builder);
    expect(end).toMatchObject({ exitStatus: 0 });
    expect([0, 1, 2, 4].map((word) => wordAt(machine, D(word)))).toEqual([
      0x03020101,
      0x07060504,
      0x00ababab,
      D(0) + 1,
    ]);
  });

  it('tell the size of memory and where it is free', () => {
    const builder = new ProgramBuilder().function('boot', (f) => {
      f.intrinsic(L(0), 'fl_ram_bytes').set(L(1), D(0)).op('store32', L(0), L(1), 0);
      f.intrinsic(L(0), 'fl_kernel_end').op('store32', L(0), L(1), 4).intrinsic(L(0), 'fl_exit', 0);
    });
    const { machine } = bootToEnd(builder);
    expect(wordAt(machine, D(0))).toBe(4 * 1024 * 1024);
    // Program data of 64 KiB at 1 MiB, the boot table in a page, the boot stack of 64 KiB.
    expect(wordAt(machine, D(1))).toBe(0xc0100000 + 0x10000 + 0x1000 + 0x10000);
  });
});

describe('intrinsics about the CPU', () => {
  it('name CPU and task', () => {
    const store =
      (word: number) => (f: Parameters<Parameters<ProgramBuilder['function']>[1]>[0]) => {
        f.intrinsic(L(0), 'fl_cpu').intrinsic(L(1), 'fl_current').set(L(2), D(word));
        f.op('store32', L(0), L(2), 0).op('store32', L(1), L(2), 4);
      };
    const machine = runKernelTasks(2, [store(0), store(2), store(4)]);
    runToEnd(machine);
    expect([0, 1, 2, 3, 4, 5].map((word) => wordAt(machine, D(word)))).toEqual([
      0, 0x1000, 1, 0x1001, 0, 0x1002,
    ]);
  });
});

describe('the table', () => {
  it('knows visible operations: the test assembler flags them as the compiler does', () => {
    const builder = new ProgramBuilder();
    builder.function('boot', (f) => {
      for (const { name } of INTRINSICS) f.intrinsicAt(L(0), name, L(9));
    });
    const { code } = builder.build();
    const flags = Array.from(code)
      .filter((word, index) => index % 4 === 0 && (word & OPCODE_MASK) === OP.intrinsic)
      .map((word) => (word & FLAG_VISIBLE) !== 0);
    expect(flags).toEqual(INTRINSICS.map(({ isVisible }) => isVisible));
  });
});
