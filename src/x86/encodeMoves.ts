/**
 * Encodes moves: between registers and memory, extending ones, exchanges, the stack, and the string
 * instructions. Each function appends one instruction to the buffer, or reports why its operands do
 * not fit.
 * Source: Intel SDM volume 2, the instruction pages.
 */
import { asmMessages } from './asmMessages.ts';
import type { Operand } from './asmSyntax.ts';
import { type EncodingBuffer, isAbsolute, isAccumulator, isPlace } from './encodingBuffer.ts';
import type { Operation, StringName } from './mnemonic.ts';
import type { Width } from './register.ts';

/** `register, place` by the opcode, `memory, register` by the opcode + 2. */
export function encodeRegisterAndPlace(
  buffer: EncodingBuffer,
  opcode: number,
  from: Operand,
  to: Operand,
  width: Width,
): void {
  if (from.kind === 'register' && isPlace(to)) {
    buffer.startSized(opcode, width);
    buffer.modrm(from.register.number, to);
  } else if (from.kind === 'memory' && to.kind === 'register') {
    buffer.startSized(opcode + 2, width);
    buffer.modrm(to.register.number, from);
  } else buffer.badOperands('at most one address');
}

/** `mov`. */
export function encodeMov(buffer: EncodingBuffer): void {
  const [from, to] = buffer.operands;
  if (buffer.operands.length !== 2 || from === undefined || !isPlace(to)) {
    buffer.badOperands('a source, and a register or address');
    return;
  }
  const width = buffer.widthOf([from, to]);
  if (width === undefined) return;
  if (from.kind === 'immediate') {
    if (to.kind === 'register') {
      buffer.start(width, (width === 1 ? 0xb0 : 0xb8) + to.register.number);
    } else {
      buffer.startSized(0xc6, width);
      buffer.modrm(0, to);
    }
    buffer.field(from.value, width);
  } else if (isAbsolute(from) && isAccumulator(to)) {
    buffer.startSized(0xa0, width);
    buffer.absolute(from);
  } else if (isAbsolute(to) && isAccumulator(from)) {
    buffer.startSized(0xa2, width);
    buffer.absolute(to);
  } else encodeRegisterAndPlace(buffer, 0x88, from, to, width);
}

/** `lea`. */
export function encodeLea(buffer: EncodingBuffer): void {
  const [from, to] = buffer.operands;
  if (buffer.operands.length !== 2 || from?.kind !== 'memory' || to?.kind !== 'register') {
    buffer.badOperands('an address and a register');
    return;
  }
  const width = buffer.wideWidthOf([to]);
  if (width === undefined) return;
  buffer.start(width, 0x8d);
  buffer.modrm(to.register.number, from);
}

/** `movzbl` and its kin. */
export function encodeExtend(
  buffer: EncodingBuffer,
  { opcode, from }: Operation & { kind: 'extend' },
): void {
  const [source, to] = buffer.operands;
  if (buffer.operands.length !== 2 || to?.kind !== 'register' || !isPlace(source)) {
    buffer.badOperands('a register or address, and a register');
    return;
  }
  const { mnemonic } = buffer.statement;
  const fromWidth = from ?? (source.kind === 'register' ? source.register.width : undefined);
  if (fromWidth === undefined) {
    const sign = mnemonic.startsWith('movz') ? 'z' : 's';
    buffer.badOperands(
      `two registers; for an address write \`mov${sign}bl\`, \`mov${sign}wl\` or \`mov${sign}bw\``,
    );
    return;
  }
  buffer.checkWidth(source, fromWidth);
  const width = buffer.widthOf([to]);
  if (width === undefined) return;
  if (width <= fromWidth) {
    buffer.badOperands('a register that is wider than what is moved');
    return;
  }
  buffer.start(width, 0x0f, fromWidth === 1 ? opcode : opcode + 1);
  buffer.modrm(to.register.number, source);
}

/** `cmovcc`, `bsf`, `bsr`: a place, then a register. */
export function encodeToRegister(buffer: EncodingBuffer, opcode: number): void {
  const [from, to] = buffer.operands;
  if (buffer.operands.length !== 2 || to?.kind !== 'register' || !isPlace(from)) {
    buffer.badOperands('a register or address, and a register');
    return;
  }
  const width = buffer.wideWidthOf([from, to]);
  if (width === undefined) return;
  buffer.start(width, 0x0f, opcode);
  buffer.modrm(to.register.number, from);
}

/** `xchg`; the operands can stand in either order. */
export function encodeXchg(buffer: EncodingBuffer): void {
  const [from, to] = buffer.operands;
  const expected = 'two registers, or a register and an address';
  if (buffer.operands.length !== 2 || !isPlace(from) || !isPlace(to)) {
    buffer.badOperands(expected);
    return;
  }
  const width = buffer.widthOf([from, to]);
  if (width === undefined) return;
  const isOnAccumulator = isAccumulator(from) || isAccumulator(to);
  if (from.kind === 'register' && to.kind === 'register' && width !== 1 && isOnAccumulator) {
    buffer.start(width, 0x90 + (isAccumulator(from) ? to : from).register.number);
    return;
  }
  buffer.startSized(0x86, width);
  if (from.kind === 'register') buffer.modrm(from.register.number, to);
  else if (to.kind === 'register') buffer.modrm(to.register.number, from);
  else buffer.badOperands(expected);
}

/** `bswap`. */
export function encodeBswap(buffer: EncodingBuffer): void {
  const [operand] = buffer.operands;
  if (buffer.operands.length !== 1 || operand?.kind !== 'register') {
    buffer.badOperands('a 32-bit register');
    return;
  }
  buffer.checkWidth(operand, 4);
  buffer.start(4, 0x0f, 0xc8 + operand.register.number);
}

/** `push` and `pop`. */
export function encodePushPop(buffer: EncodingBuffer, kind: 'push' | 'pop'): void {
  const [operand] = buffer.operands;
  const isPush = kind === 'push';
  if (
    buffer.operands.length !== 1 ||
    operand === undefined ||
    operand.kind === 'indirect' ||
    (!isPush && operand.kind === 'immediate')
  ) {
    buffer.badOperands(isPush ? 'a number, a register or an address' : 'a register or an address');
    return;
  }
  const width = operand.kind === 'register' ? buffer.wideWidthOf([operand]) : (buffer.width ?? 4);
  if (width === undefined) return;
  if (operand.kind === 'immediate') {
    const isShort = buffer.fitsByte(operand.value, width);
    buffer.start(width, isShort ? 0x6a : 0x68);
    if (isShort) buffer.shortField(operand.value);
    else buffer.field(operand.value, width);
  } else if (operand.kind === 'register') {
    buffer.start(width, (isPush ? 0x50 : 0x58) + operand.register.number);
  } else {
    buffer.start(width, isPush ? 0xff : 0x8f);
    buffer.modrm(isPush ? 6 : 0, operand);
  }
}

/** What a string instruction works on, in the order in which it may be written. */
const STRING_PLACES: Readonly<Record<StringName, readonly ('esi' | 'edi' | 'accumulator')[]>> = {
  movs: ['esi', 'edi'],
  cmps: ['edi', 'esi'],
  stos: ['accumulator', 'edi'],
  lods: ['esi', 'accumulator'],
  scas: ['edi', 'accumulator'],
};

/** A string instruction; its operands may be written or not, the accumulator also left out alone. */
export function encodeString(
  buffer: EncodingBuffer,
  operation: Operation & { kind: 'string' },
): void {
  const { operands } = buffer;
  const isMoveToRegister = operation.name === 'movs' && operands[1]?.kind === 'register';
  if (isMoveToRegister && buffer.width !== undefined && buffer.width !== 4) {
    encodeSignExtend(buffer, buffer.width);
    return;
  }
  const all = STRING_PLACES[operation.name];
  const places = operands.length === 1 ? all.filter((place) => place !== 'accumulator') : all;
  const fits =
    operands.length === 0 ||
    (operands.length === places.length &&
      places.every((place, index) => isStringPlace(operands[index], place)));
  if (!fits) {
    const text = { esi: '`(%esi)`', edi: '`%es:(%edi)`', accumulator: 'the accumulator' };
    buffer.badOperands(`none, or ${all.map((place) => text[place]).join(' and ')}`);
    return;
  }
  const width = buffer.widthOf(operands);
  if (width !== undefined) buffer.startSized(operation.opcode, width);
}

/** `movsb` and `movsw` with a register as target: they extend the sign. */
function encodeSignExtend(buffer: EncodingBuffer, from: 1 | 2): void {
  const [source, to] = buffer.operands;
  if (to?.kind !== 'register' || !isPlace(source)) return;
  buffer.checkWidth(source, from);
  if (to.register.width <= from) {
    buffer.fail(asmMessages.wrongWidth(to.span, to.register.name, buffer.statement.mnemonic));
    return;
  }
  buffer.start(to.register.width, 0x0f, from === 1 ? 0xbe : 0xbf);
  buffer.modrm(to.register.number, source);
}

function isStringPlace(
  operand: Operand | undefined,
  place: 'esi' | 'edi' | 'accumulator',
): boolean {
  if (operand === undefined) return false;
  if (place === 'accumulator') return isAccumulator(operand);
  return (
    operand.kind === 'memory' &&
    operand.base?.name === place &&
    operand.index === undefined &&
    operand.displacement === undefined &&
    (operand.segment === undefined || operand.segment === (place === 'esi' ? 'ds' : 'es'))
  );
}

/** `xlat`, with or without its table written. */
export function encodeXlat(buffer: EncodingBuffer): void {
  const [operand] = buffer.operands;
  const isFine =
    operand === undefined ||
    (buffer.operands.length === 1 &&
      operand.kind === 'memory' &&
      operand.base?.name === 'ebx' &&
      operand.index === undefined &&
      operand.displacement === undefined);
  if (isFine) buffer.start(undefined, 0xd7);
  else buffer.badOperands('none, or `(%ebx)`');
}
