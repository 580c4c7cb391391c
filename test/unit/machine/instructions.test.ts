// Every computing instruction against what it means over the integers, on random and on edge operands, interpreted
// and in generated code.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asAddress } from '../../../src/base/brand.ts';
import { INSTRUCTIONS, type InstructionName } from '../../../src/bytecode/instruction.ts';
import { D, L, ProgramBuilder } from '../../support/programBuilder.ts';
import { bootToEnd as bootOnTier } from '../../support/testMachine.ts';

type Pair = readonly [bigint, bigint];

const u32 = (value: bigint): bigint => BigInt.asUintN(32, value);
const s32 = (value: bigint): bigint => BigInt.asIntN(32, value);
const u64 = (value: bigint): bigint => BigInt.asUintN(64, value);
const s64 = (value: bigint): bigint => BigInt.asIntN(64, value);
const bit = (value: boolean): bigint => (value ? 1n : 0n);

/** Meaning of instructions `a = b OP c`; operands are unsigned. */
const WORD_OPERATIONS: Partial<Record<InstructionName, (b: bigint, c: bigint) => bigint>> = {
  add: (b, c) => b + c,
  sub: (b, c) => b - c,
  mul: (b, c) => b * c,
  divs: (b, c) => s32(b) / s32(c),
  divu: (b, c) => b / c,
  rems: (b, c) => s32(b) % s32(c),
  remu: (b, c) => b % c,
  and: (b, c) => b & c,
  or: (b, c) => b | c,
  xor: (b, c) => b ^ c,
  shl: (b, c) => b << (c & 31n),
  shrs: (b, c) => s32(b) >> (c & 31n),
  shru: (b, c) => b >> (c & 31n),
  eq: (b, c) => bit(b === c),
  ne: (b, c) => bit(b !== c),
  lts: (b, c) => bit(s32(b) < s32(c)),
  ltu: (b, c) => bit(b < c),
  les: (b, c) => bit(s32(b) <= s32(c)),
  leu: (b, c) => bit(b <= c),
};

/** The same with a literal c. */
const LITERAL_OPERATIONS: Partial<Record<InstructionName, (b: bigint, c: bigint) => bigint>> = {
  addi: (b, c) => b + c,
  muli: (b, c) => b * c,
  andi: (b, c) => b & c,
  ori: (b, c) => b | c,
  xori: (b, c) => b ^ c,
  shli: (b, c) => b << (c & 31n),
  shrsi: (b, c) => s32(b) >> (c & 31n),
  shrui: (b, c) => b >> (c & 31n),
  eqi: (b, c) => bit(b === c),
  nei: (b, c) => bit(b !== c),
};

const WORD_UNARY: Partial<Record<InstructionName, (b: bigint) => bigint>> = {
  move: (b) => b,
  neg: (b) => -b,
  not: (b) => ~b,
  ext8s: (b) => BigInt.asIntN(8, b),
  ext8u: (b) => b & 0xffn,
  ext16s: (b) => BigInt.asIntN(16, b),
  ext16u: (b) => b & 0xffffn,
};

/** Word operand, 64-bit result. */
const WIDENING: Partial<Record<InstructionName, (b: bigint) => bigint>> = {
  extend64s: (b) => s32(b),
  extend64u: (b) => b,
};

const LONG_OPERATIONS: Partial<Record<InstructionName, (b: bigint, c: bigint) => bigint>> = {
  add64: (b, c) => b + c,
  sub64: (b, c) => b - c,
  mul64: (b, c) => b * c,
  divs64: (b, c) => s64(b) / s64(c),
  divu64: (b, c) => b / c,
  rems64: (b, c) => s64(b) % s64(c),
  remu64: (b, c) => b % c,
  and64: (b, c) => b & c,
  or64: (b, c) => b | c,
  xor64: (b, c) => b ^ c,
  shl64: (b, c) => b << (c & 63n),
  shrs64: (b, c) => s64(b) >> (c & 63n),
  shru64: (b, c) => b >> (c & 63n),
};

const LONG_UNARY: Partial<Record<InstructionName, (b: bigint) => bigint>> = {
  move64: (b) => b,
  neg64: (b) => -b,
  not64: (b) => ~b,
};

const LONG_COMPARISONS: Partial<Record<InstructionName, (b: bigint, c: bigint) => bigint>> = {
  eq64: (b, c) => bit(b === c),
  ne64: (b, c) => bit(b !== c),
  lts64: (b, c) => bit(s64(b) < s64(c)),
  ltu64: (b, c) => bit(b < c),
  les64: (b, c) => bit(s64(b) <= s64(c)),
  leu64: (b, c) => bit(b <= c),
};

const EDGES = [
  0n,
  1n,
  2n,
  7n,
  31n,
  32n,
  63n,
  0x7fffffffn,
  0x80000000n,
  0xffffffffn,
  0x100000000n,
  0x1fffffffffffffn,
  0x20000000000000n,
  0x7fffffffffffffffn,
  0x8000000000000000n,
  0xffffffff00000000n,
  0xffffffffffffffffn,
];

/** Pairs of 64-bit numbers, edges among them, the second one never 0 in its low word. */
const somePairs: fc.Arbitrary<Pair[]> = fc.array(
  fc.tuple(
    fc.oneof(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), fc.constantFrom(...EDGES)),
    fc
      .oneof(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), fc.constantFrom(...EDGES))
      .map((value) => (u32(value) === 0n ? value + 3n : value)),
  ),
  { minLength: 60, maxLength: 60 },
);

/** Boots the program on both tiers, which must agree; gives the machine with generated code. */
function bootToEnd(builder: ProgramBuilder): ReturnType<typeof bootOnTier> {
  const interpreted = bootOnTier(builder, { tier: 'interpreter' });
  const generated = bootOnTier(builder, { hotArrivals: 0 });
  expect(generated.end).toEqual(interpreted.end);
  expect(generated.machine.stateHash()).toBe(interpreted.machine.stateHash());
  expect(generated.machine.generatedSteps).toBeGreaterThan(0);
  return generated;
}

/** Runs the instruction on all pairs in one program; results are the 64-bit values of the slot pair a. */
function compute(name: InstructionName, pairs: readonly Pair[], literal: boolean): bigint[] {
  const builder = new ProgramBuilder();
  const view = new DataView(builder.data.buffer);
  pairs.forEach(([b, c], index) => {
    view.setBigUint64(index * 16, b, true);
    view.setBigUint64(index * 16 + 8, c, true);
  });
  builder.function('boot', (f) => {
    // L(5), L(4): b; L(3), L(2): c; L(1), L(0): result (a pair is low word first).
    pairs.forEach(([, c], index) => {
      f.set(L(6), D(index * 4))
        .op('load64', L(5), L(6), 0)
        .op('load64', L(3), L(6), 8);
      f.set(L(1), 0).set(L(0), 0);
      f.op(name, L(1), L(5), literal ? Number(s32(c)) : L(3));
      f.op('store64', L(1), L(6), 0);
    });
    f.intrinsic(L(0), 'fl_exit', 0);
  });
  const { machine, end } = bootToEnd(builder);
  expect(end).toMatchObject({ kind: 'finished', exitStatus: 0 });
  return pairs.map((_, index) => {
    const low = BigInt(machine.readWord(asAddress(D(index * 4))) ?? 0);
    const high = BigInt(machine.readWord(asAddress(D(index * 4 + 1))) ?? 0);
    return (high << 32n) | low;
  });
}

interface Group {
  readonly operations: Partial<Record<InstructionName, (b: bigint, c: bigint) => bigint>>;
  readonly operand: (value: bigint) => bigint;
  readonly result: (value: bigint) => bigint;
  readonly literal: boolean;
}

const GROUPS: readonly Group[] = [
  { operations: WORD_OPERATIONS, operand: u32, result: u32, literal: false },
  { operations: LITERAL_OPERATIONS, operand: u32, result: u32, literal: true },
  { operations: WORD_UNARY, operand: u32, result: u32, literal: false },
  { operations: WIDENING, operand: u32, result: u64, literal: false },
  { operations: LONG_OPERATIONS, operand: u64, result: u64, literal: false },
  { operations: LONG_UNARY, operand: u64, result: u64, literal: false },
  { operations: LONG_COMPARISONS, operand: u64, result: u32, literal: false },
];

describe('computing instructions', () => {
  for (const { operations, operand, result, literal } of GROUPS) {
    it.each(Object.keys(operations) as InstructionName[])('%s means what it says', (name) => {
      const meaning = operations[name];
      if (meaning === undefined) throw new Error(name);
      fc.assert(
        fc.property(somePairs, (pairs) => {
          const expected = pairs.map(([b, c]) => result(meaning(operand(b), operand(c))));
          expect(compute(name, pairs, literal)).toEqual(expected);
        }),
        { numRuns: 4 },
      );
    });
  }

  it('covers every instruction that only computes', () => {
    const tested = GROUPS.flatMap((group) => Object.keys(group.operations));
    const computing = INSTRUCTIONS.filter(
      ({ a, b }) => (a === 'write' || a === 'write64') && (b === 'read' || b === 'read64'),
    ).map(({ name }) => name);
    const others = computing.filter((name) => !tested.includes(name) && !/^load|^call/.test(name));
    expect(others).toEqual([]);
  });
});

describe('pairs that overlap', () => {
  it('are read before they are written', () => {
    const builder = new ProgramBuilder().function('boot', (f) => {
      f.set(L(3), 1).set(L(2), 2).set(L(1), 3);
      f.op('move64', L(2), L(3));
      f.set(L(6), D(0)).op('store64', L(2), L(6), 0);
      f.set(L(3), 5).set(L(2), 6).op('neg64', L(3), L(3)).op('store64', L(3), L(6), 8);
      f.intrinsic(L(0), 'fl_exit', 0);
    });
    const { machine } = bootToEnd(builder);
    const words = [0, 1, 2, 3].map((index) => machine.readWord(asAddress(D(index))));
    expect(words).toEqual([1, 2, 0xfffffffb, 0xfffffff9]);
  });
});

describe('memory instructions', () => {
  it('load with sign or zeros, at any alignment', () => {
    const builder = new ProgramBuilder();
    builder.data.set([0x01, 0xf2, 0x83, 0xf4, 0x05, 0xf6, 0x87, 0xf8, 0x99]);
    const loads = ['load8s', 'load8u', 'load16s', 'load16u', 'load32'] as const;
    builder.function('boot', (f) => {
      f.set(L(0), D(0)).set(L(1), D(100));
      loads.forEach((name, index) =>
        f.op(name, L(2), L(0), 1).op('store32', L(2), L(1), 4 * index),
      );
      f.op('load64', L(3), L(0), 1).op('store64', L(3), L(1), 20);
      f.intrinsic(L(0), 'fl_exit', 0);
    });
    const { machine } = bootToEnd(builder);
    const words = [0, 1, 2, 3, 4, 5, 6].map((index) => machine.readWord(asAddress(D(100 + index))));
    expect(words).toEqual([
      0xfffffff2, 0xf2, 0xffff83f2, 0x83f2, 0x05f483f2, 0x05f483f2, 0x99f887f6,
    ]);
  });

  it('store at any alignment and touch nothing else', () => {
    const builder = new ProgramBuilder();
    builder.data.fill(0xee, 0, 32);
    builder.function('boot', (f) => {
      f.set(L(0), D(0)).set(L(1), 0x44332211).set(L(2), 0x11111111);
      f.op('store8', L(1), L(0), 1).op('store16', L(1), L(0), 3).op('store32', L(1), L(0), 7);
      f.op('store64', L(2), L(0), 13);
      f.intrinsic(L(0), 'fl_exit', 0);
    });
    const { machine } = bootToEnd(builder);
    const bytes = Array.from({ length: 22 }, (_, index) =>
      machine.readByte(asAddress(D(0) + index))?.toString(16),
    );
    expect(bytes.join(' ')).toBe(
      'ee 11 ee 11 22 ee ee 11 22 33 44 ee ee 11 11 11 11 11 22 33 44 ee',
    );
  });

  it('copy, also where the places overlap, and clear', () => {
    const builder = new ProgramBuilder();
    builder.data.set([1, 2, 3, 4, 5, 6, 7, 8]);
    builder.function('boot', (f) => {
      f.set(L(0), D(0)).op('addi', L(1), L(0), 2).op('copy', L(1), L(0), 6).op('zero', L(0), 0, 3);
      f.intrinsic(L(0), 'fl_exit', 0);
    });
    const { machine } = bootToEnd(builder);
    const bytes = Array.from({ length: 8 }, (_, index) =>
      machine.readByte(asAddress(D(0) + index)),
    );
    expect(bytes).toEqual([0, 0, 0, 2, 3, 4, 5, 6]);
  });

  it('frameAddress names the frame: what is stored through it is the local', () => {
    const builder = new ProgramBuilder().function('boot', (f) => {
      f.op('frameAddress', L(0), -8).set(L(2), 77).op('store32', L(2), L(0), 0);
      f.intrinsicAt(L(3), 'fl_exit', L(1));
    });
    expect(bootToEnd(builder).end).toMatchObject({ exitStatus: 77 });
  });
});

describe('jumps', () => {
  const cases: readonly (readonly [InstructionName, number, number, boolean])[] = [
    ['jumpEq', 3, 3, true],
    ['jumpEq', 3, 4, false],
    ['jumpNe', 3, 4, true],
    ['jumpNe', 3, 3, false],
    ['jumpLts', -1, 0, true],
    ['jumpLts', 0, -1, false],
    ['jumpLtu', 0, -1, true],
    ['jumpLtu', -1, 0, false],
    ['jumpLes', 5, 5, true],
    ['jumpLes', 6, 5, false],
    ['jumpLeu', 5, 5, true],
    ['jumpLeu', -1, 5, false],
  ];
  it.each(cases)('%s of %i and %i: %s', (name, a, b, taken) => {
    const builder = new ProgramBuilder().function('boot', (f) => {
      f.set(L(0), a).set(L(1), b).op(name, L(0), L(1), 'yes').intrinsic(L(2), 'fl_exit', 0);
      f.label('yes').intrinsic(L(2), 'fl_exit', 1);
    });
    expect(bootToEnd(builder).end).toMatchObject({ exitStatus: taken ? 1 : 0 });
  });

  it('jumpIfZero, jumpIfNot, jumpEqi and jump lead where they say', () => {
    const builder = new ProgramBuilder().function('boot', (f) => {
      f.set(L(0), 0).set(L(1), 9).op('jumpIfZero', L(0), 'one').intrinsic(L(2), 'fl_exit', 1);
      f.label('one').op('jumpIfZero', L(1), 'bad').op('jumpIfNot', L(1), 'two');
      f.label('bad').intrinsic(L(2), 'fl_exit', 2);
      f.label('two').op('jumpIfNot', L(0), 'bad').op('jumpEqi', L(1), 8, 'bad');
      f.op('jumpEqi', L(1), 9, 'three').op('jump', 'bad');
      f.label('three').op('nop').op('jump', 'four').op('jump', 'bad');
      f.label('four').intrinsic(L(2), 'fl_exit', 0);
    });
    expect(bootToEnd(builder).end).toMatchObject({ exitStatus: 0 });
  });
});
