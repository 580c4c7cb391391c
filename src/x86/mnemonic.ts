/**
 * The instructions that a user program may use: one table from AT&T mnemonics to what they do.
 *
 * A mnemonic without a size suffix takes its width from its registers. What exists on a real CPU but
 * is absent here is refused with a reason by `refusedMnemonic.ts`.
 * Source: Intel SDM volume 2 (opcode map); GNU as manual, i386-Mnemonics.
 */
import type { Width } from './register.ts';

/** The sixteen conditions by their code in an instruction, preferred spelling first. */
export const CONDITIONS: readonly (readonly string[])[] = [
  ['o'],
  ['no'],
  ['b', 'c', 'nae'],
  ['ae', 'nb', 'nc'],
  ['e', 'z'],
  ['ne', 'nz'],
  ['be', 'na'],
  ['a', 'nbe'],
  ['s'],
  ['ns'],
  ['p', 'pe'],
  ['np', 'po'],
  ['l', 'nge'],
  ['ge', 'nl'],
  ['le', 'ng'],
  ['g', 'nle'],
];

/** The operations of opcodes 00-3f, by number. */
export const ALU_NAMES = ['add', 'or', 'adc', 'sbb', 'and', 'sub', 'xor', 'cmp'] as const;

/** The operations of opcodes d0-d3 and c0-c1, by number; the seventh is not supported. */
export const SHIFT_NAMES = ['rol', 'ror', 'rcl', 'rcr', 'shl', 'shr', undefined, 'sar'] as const;

/** The operations of opcodes f6 and f7 with one operand, by number. */
export const UNARY_NAMES = [
  undefined,
  undefined,
  'not',
  'neg',
  'mul',
  'imul',
  'div',
  'idiv',
] as const;

/** The operations of opcode 0f ba, by number less 4; also those of 0f a3, ab, b3 and bb. */
export const BIT_TEST_NAMES = ['bt', 'bts', 'btr', 'btc'] as const;

/** Instructions `register, place` of two opcode bytes, by the byte form of the second. */
export const FROM_REGISTER_OPCODES = { cmpxchg: 0xb0, xadd: 0xc0 } as const;

/** Name and opcode of the byte form of the string instructions, and whether they compare. */
export const STRING_OPERATIONS = [
  ['movs', 0xa4, false],
  ['cmps', 0xa6, true],
  ['stos', 0xaa, false],
  ['lods', 0xac, false],
  ['scas', 0xae, true],
] as const;

/** The name of a string instruction without its suffix. */
export type StringName = (typeof STRING_OPERATIONS)[number][0];

/** The bytes of the prefixes, which stand before a mnemonic. */
export const PREFIX_BYTES: ReadonlyMap<string, number> = new Map([
  ['lock', 0xf0],
  ['rep', 0xf3],
  ['repe', 0xf3],
  ['repz', 0xf3],
  ['repne', 0xf2],
  ['repnz', 0xf2],
]);

/** What a mnemonic stands for; `number` is the one in the opcode or the ModR/M byte. */
export type Operation =
  | {
      readonly kind: 'alu' | 'unary' | 'shift' | 'increment' | 'bitTest';
      readonly number: number;
    }
  | {
      readonly kind:
        | 'mov'
        | 'test'
        | 'lea'
        | 'imul'
        | 'xchg'
        | 'push'
        | 'pop'
        | 'call'
        | 'jmp'
        | 'ret'
        | 'int'
        | 'enter'
        | 'bswap'
        | 'nop'
        | 'xlat'
        | 'cmpxchg8b';
    }
  /** The opcode of the form from a byte; `from` is `undefined` when the source register tells. */
  | { readonly kind: 'extend'; readonly opcode: number; readonly from: 1 | 2 | undefined }
  | { readonly kind: 'jcc' | 'setcc'; readonly condition: number }
  /** A jump that exists in its short form only: `loop`, `jecxz`. */
  | { readonly kind: 'shortJump'; readonly opcode: number }
  /** A place, then a register of 16 or 32 bits; the second opcode byte. */
  | { readonly kind: 'toRegister'; readonly opcode: number }
  /** A register, then a place; the second opcode byte of the byte form. */
  | { readonly kind: 'fromRegister'; readonly opcode: number }
  | { readonly kind: 'doubleShift'; readonly opcode: number }
  | { readonly kind: 'plain'; readonly bytes: readonly number[] }
  | {
      readonly kind: 'string';
      readonly name: StringName;
      readonly opcode: number;
      readonly compares: boolean;
    };

/** An entry of the table. */
export interface Mnemonic {
  readonly operation: Operation;
  /** Fixed by the mnemonic; `undefined` when the registers tell. */
  readonly width: Width | undefined;
}

const WIDTH_OF_SUFFIX: Readonly<Record<string, Width>> = { b: 1, w: 2, l: 4 };

/** Instructions without operands, by their names. */
const PLAIN: Readonly<Record<string, readonly number[]>> = {
  int3: [0xcc],
  leave: [0xc9],
  leavel: [0xc9],
  cmc: [0xf5],
  clc: [0xf8],
  stc: [0xf9],
  cld: [0xfc],
  std: [0xfd],
  lahf: [0x9f],
  sahf: [0x9e],
  cltd: [0x99],
  cdq: [0x99],
  cwtl: [0x98],
  cwde: [0x98],
  cbtw: [0x66, 0x98],
  cbw: [0x66, 0x98],
  cwtd: [0x66, 0x99],
  cwd: [0x66, 0x99],
  pushf: [0x9c],
  pushfl: [0x9c],
  pushfw: [0x66, 0x9c],
  popf: [0x9d],
  popfl: [0x9d],
  popfw: [0x66, 0x9d],
  pusha: [0x60],
  pushal: [0x60],
  pushaw: [0x66, 0x60],
  popa: [0x61],
  popal: [0x61],
  popaw: [0x66, 0x61],
  pause: [0xf3, 0x90],
  ud2: [0x0f, 0x0b],
  lfence: [0x0f, 0xae, 0xe8],
  mfence: [0x0f, 0xae, 0xf0],
  sfence: [0x0f, 0xae, 0xf8],
};

const SHORT_JUMPS = {
  loopne: 0xe0,
  loopnz: 0xe0,
  loope: 0xe1,
  loopz: 0xe1,
  loop: 0xe2,
  jecxz: 0xe3,
} as const;

class MnemonicTable {
  readonly entries = new Map<string, Mnemonic>();

  fixed(name: string, operation: Operation, width?: Width): void {
    this.entries.set(name, { operation, width });
  }

  /** The name alone and with each of the suffixes. */
  sized(name: string, operation: Operation, suffixes = 'bwl'): void {
    this.fixed(name, operation);
    for (const suffix of suffixes) this.fixed(name + suffix, operation, WIDTH_OF_SUFFIX[suffix]);
  }
}

function addArithmetic(table: MnemonicTable): void {
  ALU_NAMES.forEach((name, number) => {
    table.sized(name, { kind: 'alu', number });
  });
  SHIFT_NAMES.forEach((name, number) => {
    if (name !== undefined) table.sized(name, { kind: 'shift', number });
  });
  table.sized('sal', { kind: 'shift', number: 4 });
  UNARY_NAMES.forEach((name, number) => {
    if (name !== undefined) table.sized(name, { kind: 'unary', number });
  });
  table.sized('inc', { kind: 'increment', number: 0 });
  table.sized('dec', { kind: 'increment', number: 1 });
  table.sized('test', { kind: 'test' });
  table.sized('imul', { kind: 'imul' });
  table.sized('shld', { kind: 'doubleShift', opcode: 0xa4 }, 'wl');
  table.sized('shrd', { kind: 'doubleShift', opcode: 0xac }, 'wl');
  BIT_TEST_NAMES.forEach((name, index) => {
    table.sized(name, { kind: 'bitTest', number: index + 4 }, 'wl');
  });
  table.sized('bsf', { kind: 'toRegister', opcode: 0xbc }, 'wl');
  table.sized('bsr', { kind: 'toRegister', opcode: 0xbd }, 'wl');
}

function addMoves(table: MnemonicTable): void {
  for (const kind of ['mov', 'xchg'] as const) table.sized(kind, { kind });
  for (const kind of ['lea', 'push', 'pop', 'nop'] as const) table.sized(kind, { kind }, 'wl');
  table.sized('bswap', { kind: 'bswap' }, 'l');
  for (const name of ['xlat', 'xlatb']) table.fixed(name, { kind: 'xlat' });
  for (const [sign, opcode] of [
    ['z', 0xb6],
    ['s', 0xbe],
  ] as const) {
    table.fixed(`mov${sign}bw`, { kind: 'extend', opcode, from: 1 }, 2);
    table.fixed(`mov${sign}bl`, { kind: 'extend', opcode, from: 1 }, 4);
    table.fixed(`mov${sign}wl`, { kind: 'extend', opcode, from: 2 }, 4);
    table.fixed(`mov${sign}x`, { kind: 'extend', opcode, from: undefined });
  }
  // `movsb` and `movsw` are string instructions; with a register they extend its sign.
  table.fixed('movzb', { kind: 'extend', opcode: 0xb6, from: 1 });
  table.fixed('movzw', { kind: 'extend', opcode: 0xb6, from: 2 });
  for (const [name, opcode] of Object.entries(FROM_REGISTER_OPCODES)) {
    table.sized(name, { kind: 'fromRegister', opcode });
  }
  table.fixed('cmpxchg8b', { kind: 'cmpxchg8b' });
  for (const [name, opcode, compares] of STRING_OPERATIONS) {
    table.sized(name, { kind: 'string', name, opcode, compares });
  }
}

function addControl(table: MnemonicTable): void {
  for (const kind of ['call', 'jmp', 'ret'] as const) table.sized(kind, { kind }, 'l');
  table.fixed('int', { kind: 'int' });
  table.fixed('enter', { kind: 'enter' });
  CONDITIONS.forEach((names, condition) => {
    for (const name of names) {
      table.fixed(`j${name}`, { kind: 'jcc', condition });
      table.fixed(`set${name}`, { kind: 'setcc', condition }, 1);
      table.sized(`cmov${name}`, { kind: 'toRegister', opcode: 0x40 + condition }, 'wl');
    }
  });
  for (const [name, opcode] of Object.entries(SHORT_JUMPS)) {
    table.fixed(name, { kind: 'shortJump', opcode });
  }
  for (const [name, bytes] of Object.entries(PLAIN)) table.fixed(name, { kind: 'plain', bytes });
}

function buildMnemonics(): ReadonlyMap<string, Mnemonic> {
  const table = new MnemonicTable();
  addArithmetic(table);
  addMoves(table);
  addControl(table);
  return table.entries;
}

/** Every supported mnemonic, with and without suffix. */
export const MNEMONICS: ReadonlyMap<string, Mnemonic> = buildMnemonics();
