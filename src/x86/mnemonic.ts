/**
 * The instructions that a user program may use: one table from AT&T mnemonics to what they do.
 *
 * A mnemonic without a size suffix takes its width from its registers. Privileged instructions and
 * instructions that i386 programs of the scenarios have no use for are absent; some of them are
 * listed as refused, with the reason.
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

/** The operations of opcodes d0-d3 and c0-c1, by number; two of them are not supported. */
export const SHIFT_NAMES = [
  'rol',
  'ror',
  undefined,
  undefined,
  'shl',
  'shr',
  undefined,
  'sar',
] as const;

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

/** What a mnemonic stands for; `number` is the one in the opcode or the ModR/M byte. */
export type Operation =
  | { readonly kind: 'alu' | 'unary' | 'shift' | 'increment'; readonly number: number }
  | {
      readonly kind:
        'mov' | 'test' | 'lea' | 'imul' | 'xchg' | 'push' | 'pop' | 'call' | 'jmp' | 'ret' | 'int';
    }
  | { readonly kind: 'extend'; readonly opcode: number; readonly from: 1 | 2 }
  | { readonly kind: 'jcc' | 'setcc'; readonly condition: number }
  /** A jump that exists in its short form only: `loop`, `jecxz`. */
  | { readonly kind: 'shortJump'; readonly opcode: number }
  | { readonly kind: 'plain'; readonly bytes: readonly number[] }
  | { readonly kind: 'string'; readonly opcode: number; readonly compares: boolean };

export interface Mnemonic {
  readonly operation: Operation;
  /** Fixed by the mnemonic; `undefined` when the registers tell. */
  readonly width: Width | undefined;
}

function buildMnemonics(): Map<string, Mnemonic> {
  const table = new Map<string, Mnemonic>();
  const fixed = (name: string, operation: Operation, width?: Width): void => {
    table.set(name, { operation, width });
  };
  const sized = (name: string, operation: Operation, suffixes = 'bwl'): void => {
    fixed(name, operation);
    for (const suffix of suffixes) fixed(name + suffix, operation, WIDTH_OF_SUFFIX[suffix]);
  };
  ALU_NAMES.forEach((name, number) => {
    sized(name, { kind: 'alu', number });
  });
  SHIFT_NAMES.forEach((name, number) => {
    if (name !== undefined) sized(name, { kind: 'shift', number });
  });
  sized('sal', { kind: 'shift', number: 4 });
  UNARY_NAMES.forEach((name, number) => {
    if (name !== undefined) sized(name, { kind: 'unary', number });
  });
  sized('inc', { kind: 'increment', number: 0 });
  sized('dec', { kind: 'increment', number: 1 });
  for (const kind of ['mov', 'test', 'xchg'] as const) sized(kind, { kind });
  sized('imul', { kind: 'imul' });
  for (const kind of ['lea', 'push', 'pop'] as const) sized(kind, { kind }, 'wl');
  for (const kind of ['call', 'jmp', 'ret'] as const) sized(kind, { kind }, 'l');
  fixed('int', { kind: 'int' });
  for (const [sign, opcode] of [
    ['z', 0xb6],
    ['s', 0xbe],
  ] as const) {
    fixed(`mov${sign}bw`, { kind: 'extend', opcode, from: 1 }, 2);
    fixed(`mov${sign}bl`, { kind: 'extend', opcode, from: 1 }, 4);
    fixed(`mov${sign}wl`, { kind: 'extend', opcode: opcode + 1, from: 2 }, 4);
  }
  CONDITIONS.forEach((names, condition) => {
    for (const name of names) {
      fixed(`j${name}`, { kind: 'jcc', condition });
      fixed(`set${name}`, { kind: 'setcc', condition }, 1);
    }
  });
  const shortJumps = {
    loopne: 0xe0,
    loopnz: 0xe0,
    loope: 0xe1,
    loopz: 0xe1,
    loop: 0xe2,
    jecxz: 0xe3,
  };
  for (const [name, opcode] of Object.entries(shortJumps))
    fixed(name, { kind: 'shortJump', opcode });
  const plain = {
    nop: [0x90],
    int3: [0xcc],
    leave: [0xc9],
    cmc: [0xf5],
    clc: [0xf8],
    stc: [0xf9],
    cld: [0xfc],
    std: [0xfd],
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
    popf: [0x9d],
    popfl: [0x9d],
  };
  for (const [name, bytes] of Object.entries(plain)) fixed(name, { kind: 'plain', bytes });
  for (const [name, opcode, compares] of STRING_OPERATIONS) {
    for (const suffix of 'bwl')
      fixed(name + suffix, { kind: 'string', opcode, compares }, WIDTH_OF_SUFFIX[suffix]);
  }
  return table;
}

const WIDTH_OF_SUFFIX: Readonly<Record<string, Width>> = { b: 1, w: 2, l: 4 };

/** Name, opcode of the byte form, and whether it sets flags so that `repe` and `repne` make sense. */
export const STRING_OPERATIONS = [
  ['movs', 0xa4, false],
  ['cmps', 0xa6, true],
  ['stos', 0xaa, false],
  ['lods', 0xac, false],
  ['scas', 0xae, true],
] as const;

/** Every supported mnemonic, with and without suffix. */
export const MNEMONICS: ReadonlyMap<string, Mnemonic> = buildMnemonics();

const PRIVILEGED = 'only the kernel may execute it';

/** Instructions that exist but are refused, with the reason. */
export const REFUSED_MNEMONICS: ReadonlyMap<string, string> = new Map([
  ...[
    'hlt',
    'cli',
    'sti',
    'iret',
    'iretl',
    'in',
    'inb',
    'inl',
    'out',
    'outb',
    'outl',
    'lgdt',
    'lidt',
    'invlpg',
    'invd',
    'wbinvd',
  ].map((name) => [name, PRIVILEGED] as const),
  ['sysenter', 'system calls are made by `int $0x80`'],
  ['syscall', 'system calls are made by `int $0x80`'],
  ['lock', 'an instruction of a user program is always executed whole'],
]);
