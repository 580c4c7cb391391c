/**
 * Turns bytes back into AT&T text, as objdump writes it but with one space between the parts: what the
 * assembler can produce, so that assembling the text again gives the same bytes. Other bytes become
 * `.byte`.
 * Source: Intel SDM volume 2, opcode map; the encodings are those of `encoder.ts`.
 */
import { hex, type Address } from '../base/brand.ts';
import { InstructionBytes, registerText, suffixOf } from './instructionBytes.ts';
import {
  ALU_NAMES,
  BIT_TEST_NAMES,
  CONDITIONS,
  SHIFT_NAMES,
  STRING_OPERATIONS,
  UNARY_NAMES,
} from './mnemonic.ts';
import type { Width } from './register.ts';

/** One instruction of a listing. */
export interface DisassembledLine {
  readonly address: Address;
  readonly bytes: Uint8Array;
  /** AT&T syntax; jumps name their target's address. */
  readonly text: string;
}

/** Disassembles bytes that start at an address; every byte belongs to exactly one line. */
export function disassemble(bytes: Uint8Array, address: Address): DisassembledLine[] {
  const lines: DisassembledLine[] = [];
  for (let at = 0; at < bytes.length;) {
    const reader = new InstructionBytes(bytes, at, address);
    const text = decode(reader);
    const isComplete = text !== undefined && reader.at <= bytes.length;
    const end = isComplete ? reader.at : at + 1;
    lines.push({
      address: (address + at) as Address,
      bytes: bytes.slice(at, end),
      text: isComplete ? text : `.byte ${hex(bytes[at] ?? 0, 2)}`,
    });
    at = end;
  }
  return lines;
}

/** Instructions without operands, by their bytes; those with the prefix 66 are below. */
const PLAIN: Readonly<Record<number, string>> = {
  0x60: 'pusha',
  0x61: 'popa',
  0x90: 'nop',
  0x98: 'cwtl',
  0x99: 'cltd',
  0x9c: 'pushf',
  0x9d: 'popf',
  0x9e: 'sahf',
  0x9f: 'lahf',
  0xc3: 'ret',
  0xc9: 'leave',
  0xcc: 'int3',
  0xd7: 'xlat %ds:(%ebx)',
  0xf5: 'cmc',
  0xf8: 'clc',
  0xf9: 'stc',
  0xfc: 'cld',
  0xfd: 'std',
};
const PLAIN_16: Readonly<Record<number, string>> = {
  0x60: 'pushaw',
  0x61: 'popaw',
  0x90: 'xchg %ax,%ax',
  0x98: 'cbtw',
  0x99: 'cwtd',
  0x9c: 'pushfw',
  0x9d: 'popfw',
};

const FENCES: Readonly<Record<number, string>> = { 0xe8: 'lfence', 0xf0: 'mfence', 0xf8: 'sfence' };

/** The text, or `undefined` for what the assembler does not produce. */
function decode(reader: InstructionBytes): string | undefined {
  let opcode = reader.byte();
  if (opcode === 0x66) {
    reader.wide = 2;
    opcode = reader.byte();
  }
  if (opcode === 0xf0) {
    const text = decodeOpcode(reader, reader.byte());
    return text === undefined || !reader.isMemory() ? undefined : `lock ${text}`;
  }
  if (opcode === 0xf2 || opcode === 0xf3) return decodeRepeated(reader, opcode === 0xf2);
  return decodeOpcode(reader, opcode);
}

function decodeRepeated(reader: InstructionBytes, isWhileUnequal: boolean): string | undefined {
  const opcode = reader.byte();
  if (!isWhileUnequal && opcode === 0x90) return 'pause';
  if (!isWhileUnequal && opcode === 0xc3) return 'repz ret';
  const text = decodeString(reader, opcode);
  if (text === undefined) return undefined;
  const compares = (opcode & 0xf6) === 0xa6;
  if (isWhileUnequal && !compares) return undefined;
  return `${!compares ? 'rep' : isWhileUnequal ? 'repnz' : 'repz'} ${text}`;
}

function decodeOpcode(reader: InstructionBytes, opcode: number): string | undefined {
  if (opcode === 0x0f) return decodeTwoByte(reader, reader.byte());
  if (opcode < 0x40) return decodeAlu(reader, opcode);
  const plain = reader.wide === 2 ? PLAIN_16[opcode] : PLAIN[opcode];
  return (
    plain ??
    decodeGroups(reader, opcode) ??
    decodeSimple(reader, opcode) ??
    decodeString(reader, opcode)
  );
}

function decodeAlu(reader: InstructionBytes, opcode: number): string | undefined {
  const name = ALU_NAMES[opcode >> 3] ?? '';
  const width = reader.widthOf(opcode);
  switch (opcode & 7) {
    case 0:
    case 1:
      return `${name} ${pairFromRegister(reader, width)}`;
    case 2:
    case 3:
      return `${name} ${pairToRegister(reader, width)}`;
    case 4:
    case 5:
      return `${name} ${reader.immediate(width)},${registerText(0, width)}`;
    default:
      return undefined;
  }
}

/** Opcodes whose ModR/M byte chooses the operation, or that have one at all. */
function decodeGroups(reader: InstructionBytes, opcode: number): string | undefined {
  const width = reader.widthOf(opcode);
  const { wide } = reader;
  switch (opcode) {
    case 0x69:
    case 0x6b: {
      reader.modrm(wide);
      const value = opcode === 0x69 ? reader.immediate(wide) : reader.shortImmediate(wide);
      return `imul ${value},${reader.place},${reader.middleRegister(wide)}`;
    }
    case 0x80:
    case 0x81:
    case 0x83: {
      reader.modrm(width);
      const value = opcode === 0x83 ? reader.shortImmediate(width) : reader.immediate(width);
      return `${reader.sized(ALU_NAMES[reader.middle()] ?? '', width)} ${value},${reader.place}`;
    }
    case 0x84:
    case 0x85:
      return `test ${pairFromRegister(reader, width)}`;
    case 0x86:
    case 0x87:
      return `xchg ${pairFromRegister(reader, width)}`;
    case 0x88:
    case 0x89:
      return `mov ${pairFromRegister(reader, width)}`;
    case 0x8a:
    case 0x8b:
      return `mov ${pairToRegister(reader, width)}`;
    case 0x8d:
      return `lea ${pairToRegister(reader, wide)}`;
    case 0x8f:
      reader.modrm(wide);
      return reader.middle() === 0 ? stackText(reader, 'pop') : undefined;
    case 0xc0:
    case 0xc1:
    case 0xd0:
    case 0xd1:
    case 0xd2:
    case 0xd3: {
      reader.modrm(width);
      const name = SHIFT_NAMES[reader.middle()];
      if (name === undefined) return undefined;
      const count = opcode < 0xd0 ? `${reader.immediate(1)},` : opcode < 0xd2 ? '' : '%cl,';
      return `${reader.sized(name, width)} ${count}${reader.place}`;
    }
    case 0xc6:
    case 0xc7:
      reader.modrm(width);
      return reader.middle() === 0
        ? `${reader.sized('mov', width)} ${reader.immediate(width)},${reader.place}`
        : undefined;
    case 0xf6:
    case 0xf7: {
      reader.modrm(width);
      const name = reader.middle() === 0 ? 'test' : UNARY_NAMES[reader.middle()];
      const value = reader.middle() === 0 ? `${reader.immediate(width)},` : '';
      return name === undefined
        ? undefined
        : `${reader.sized(name, width)} ${value}${reader.place}`;
    }
    case 0xfe:
    case 0xff:
      return decodeGroup5(reader, opcode, width);
    default:
      return undefined;
  }
}

function decodeGroup5(reader: InstructionBytes, opcode: number, width: Width): string | undefined {
  reader.modrm(width);
  const operation = reader.middle();
  if (opcode === 0xfe && operation > 1) return undefined;
  switch (operation) {
    case 0:
    case 1:
      return `${reader.sized(operation === 0 ? 'inc' : 'dec', width)} ${reader.place}`;
    case 2:
      return `call *${reader.place}`;
    case 4:
      return `jmp *${reader.place}`;
    case 6:
      return stackText(reader, 'push');
    default:
      return undefined;
  }
}

/** `push` and `pop` of a place work on 32 bits unless they say otherwise. */
function stackText(reader: InstructionBytes, name: string): string {
  return `${name}${reader.wide === 2 && reader.isMemory() ? 'w' : ''} ${reader.place}`;
}

/** Opcodes without a ModR/M byte. */
function decodeSimple(reader: InstructionBytes, opcode: number): string | undefined {
  const { wide } = reader;
  const low = registerText(opcode & 7, wide);
  switch (opcode >> 3) {
    case 8:
      return `inc ${low}`;
    case 9:
      return `dec ${low}`;
    case 10:
      return `push ${low}`;
    case 11:
      return `pop ${low}`;
    case 14:
    case 15:
      return `j${CONDITIONS[opcode & 15]?.[0] ?? ''} ${reader.target(1)}`;
    case 18:
      return `xchg ${registerText(0, wide)},${low}`;
    case 22:
      return `mov ${reader.immediate(1)},${registerText(opcode & 7, 1)}`;
    case 23:
      return `mov ${reader.immediate(wide)},${low}`;
    default:
      break;
  }
  const width = reader.widthOf(opcode);
  const accumulator = registerText(0, width);
  switch (opcode) {
    case 0x68:
      return `push${wide === 2 ? 'w' : ''} ${reader.immediate(wide)}`;
    case 0x6a:
      return `push${wide === 2 ? 'w' : ''} ${reader.shortImmediate(wide)}`;
    case 0xa0:
    case 0xa1:
      return `mov ${hex(reader.number(4))},${accumulator}`;
    case 0xa2:
    case 0xa3:
      return `mov ${accumulator},${hex(reader.number(4))}`;
    case 0xa8:
    case 0xa9:
      return `test ${reader.immediate(width)},${accumulator}`;
    case 0xc2:
      return `ret ${reader.immediate(2)}`;
    case 0xc8:
      return `enter ${reader.immediate(2)},${reader.immediate(1)}`;
    case 0xcd:
      return `int ${reader.immediate(1)}`;
    case 0xe0:
      return `loopne ${reader.target(1)}`;
    case 0xe1:
      return `loope ${reader.target(1)}`;
    case 0xe2:
      return `loop ${reader.target(1)}`;
    case 0xe3:
      return `jecxz ${reader.target(1)}`;
    case 0xe8:
      return `call ${reader.target(4)}`;
    case 0xe9:
      return `jmp ${reader.target(4)}`;
    case 0xeb:
      return `jmp ${reader.target(1)}`;
    default:
      return undefined;
  }
}

function decodeTwoByte(reader: InstructionBytes, opcode: number): string | undefined {
  const { wide } = reader;
  const condition = CONDITIONS[opcode & 15]?.[0] ?? '';
  if (opcode >> 4 === 4) return `cmov${condition} ${pairToRegister(reader, wide)}`;
  if (opcode >> 4 === 8) return `j${condition} ${reader.target(4)}`;
  if (opcode >> 4 === 9) {
    reader.modrm(1);
    return `set${condition} ${reader.place}`;
  }
  if (opcode >= 0xc8 && opcode <= 0xcf) return `bswap ${registerText(opcode & 7, 4)}`;
  const width = reader.widthOf(opcode);
  switch (opcode) {
    case 0x0b:
      return 'ud2';
    case 0x1f:
      reader.modrm(wide);
      return reader.middle() === 0 ? `${reader.sized('nop', wide)} ${reader.place}` : undefined;
    case 0xa3:
    case 0xab:
    case 0xb3:
    case 0xbb:
      return `${BIT_TEST_NAMES[(opcode >> 3) & 3] ?? ''} ${pairFromRegister(reader, wide)}`;
    case 0xba: {
      reader.modrm(wide);
      const name = BIT_TEST_NAMES[reader.middle() - 4];
      return name === undefined
        ? undefined
        : `${reader.sized(name, wide)} ${reader.immediate(1)},${reader.place}`;
    }
    case 0xa4:
    case 0xa5:
    case 0xac:
    case 0xad: {
      reader.modrm(wide);
      const count = (opcode & 1) === 0 ? reader.immediate(1) : '%cl';
      const name = opcode < 0xa8 ? 'shld' : 'shrd';
      return `${name} ${count},${reader.middleRegister(wide)},${reader.place}`;
    }
    case 0xae:
      return FENCES[reader.byte()];
    case 0xaf:
      return `imul ${pairToRegister(reader, wide)}`;
    case 0xb0:
    case 0xb1:
      return `cmpxchg ${pairFromRegister(reader, width)}`;
    case 0xc0:
    case 0xc1:
      return `xadd ${pairFromRegister(reader, width)}`;
    case 0xb6:
    case 0xb7:
    case 0xbe:
    case 0xbf: {
      const from: Width = (opcode & 1) === 0 ? 1 : 2;
      reader.modrm(from);
      const name = `mov${opcode < 0xbe ? 'z' : 's'}${suffixOf(from)}${suffixOf(wide)}`;
      return `${name} ${reader.place},${reader.middleRegister(wide)}`;
    }
    case 0xbc:
    case 0xbd:
      return `${opcode === 0xbc ? 'bsf' : 'bsr'} ${pairToRegister(reader, wide)}`;
    case 0xc7:
      reader.modrm(4);
      return reader.middle() === 1 && reader.isMemory() ? `cmpxchg8b ${reader.place}` : undefined;
    default:
      return undefined;
  }
}

const FROM_TEXT = '%ds:(%esi)';
const TO_TEXT = '%es:(%edi)';

function decodeString(reader: InstructionBytes, opcode: number): string | undefined {
  const name = STRING_OPERATIONS.find(([, code]) => code === (opcode & 0xfe))?.[0];
  const width = reader.widthOf(opcode);
  const accumulator = registerText(0, width);
  switch (name) {
    case 'movs':
      return `movs${suffixOf(width)} ${FROM_TEXT},${TO_TEXT}`;
    case 'cmps':
      return `cmps${suffixOf(width)} ${TO_TEXT},${FROM_TEXT}`;
    case 'stos':
      return `stos ${accumulator},${TO_TEXT}`;
    case 'lods':
      return `lods ${FROM_TEXT},${accumulator}`;
    case 'scas':
      return `scas ${TO_TEXT},${accumulator}`;
    case undefined:
      return undefined;
  }
}

function pairFromRegister(reader: InstructionBytes, width: Width): string {
  reader.modrm(width);
  return `${reader.middleRegister(width)},${reader.place}`;
}

function pairToRegister(reader: InstructionBytes, width: Width): string {
  reader.modrm(width);
  return `${reader.place},${reader.middleRegister(width)}`;
}
