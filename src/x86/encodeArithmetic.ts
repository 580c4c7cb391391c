/**
 * Encodes arithmetic: the two-operand operations, increments, multiplication, shifts, bit tests.
 * Each function appends one instruction to the buffer, or reports why its operands do not fit.
 * Source: Intel SDM volume 2, the instruction pages.
 */
import { type EncodingBuffer, isAccumulator, isPlace } from './encodingBuffer.ts';
import { encodeRegisterAndPlace } from './encodeMoves.ts';

/** `add`, `or`, … `cmp`. */
export function encodeAlu(buffer: EncodingBuffer, number: number): void {
  const [from, to] = buffer.operands;
  if (buffer.operands.length !== 2 || from === undefined || !isPlace(to)) {
    buffer.badOperands('a source, and a register or address');
    return;
  }
  const width = buffer.widthOf([from, to]);
  if (width === undefined) return;
  if (from.kind !== 'immediate') {
    encodeRegisterAndPlace(buffer, number * 8, from, to, width);
  } else if (width !== 1 && buffer.fitsByte(from.value, width)) {
    buffer.start(width, 0x83);
    buffer.modrm(number, to);
    buffer.shortField(from.value);
  } else if (isAccumulator(to)) {
    buffer.startSized(number * 8 + 4, width);
    buffer.field(from.value, width);
  } else {
    buffer.startSized(0x80, width);
    buffer.modrm(number, to);
    buffer.field(from.value, width);
  }
}

/** `test`. */
export function encodeTest(buffer: EncodingBuffer): void {
  const [from, to] = buffer.operands;
  if (buffer.operands.length !== 2 || from === undefined || !isPlace(to)) {
    buffer.badOperands('a source, and a register or address');
    return;
  }
  const width = buffer.widthOf([from, to]);
  if (width === undefined) return;
  if (from.kind === 'immediate') {
    if (isAccumulator(to)) buffer.startSized(0xa8, width);
    else {
      buffer.startSized(0xf6, width);
      buffer.modrm(0, to);
    }
    buffer.field(from.value, width);
  } else if (from.kind === 'memory' && to.kind === 'register') {
    buffer.startSized(0x84, width);
    buffer.modrm(to.register.number, from);
  } else encodeRegisterAndPlace(buffer, 0x84, from, to, width);
}

/** `inc` and `dec`. */
export function encodeIncrement(buffer: EncodingBuffer, number: number): void {
  const one = buffer.onePlace();
  if (one === undefined) return;
  const { place, width } = one;
  if (place.kind === 'register' && width !== 1) {
    buffer.start(width, 0x40 + 8 * number + place.register.number);
  } else {
    buffer.startSized(0xfe, width);
    buffer.modrm(number, place);
  }
}

/** `not`, `neg`, and the one-operand forms of `mul`, `imul`, `div` and `idiv`. */
export function encodeUnary(buffer: EncodingBuffer, number: number): void {
  const [first, second] = buffer.operands;
  // The accumulator may be written: `divl %ecx, %eax`.
  const isOnAccumulator = number >= 6 && buffer.operands.length === 2;
  if (isOnAccumulator && isPlace(first) && second !== undefined && isAccumulator(second)) {
    const width = buffer.widthOf([first, second]);
    if (width === undefined) return;
    buffer.startSized(0xf6, width);
    buffer.modrm(number, first);
    return;
  }
  const one = buffer.onePlace();
  if (one === undefined) return;
  buffer.startSized(0xf6, one.width);
  buffer.modrm(number, one.place);
}

/** `imul` with one, two or three operands. */
export function encodeImul(buffer: EncodingBuffer): void {
  const [first, second, third] = buffer.operands;
  if (buffer.operands.length === 1) {
    encodeUnary(buffer, 5);
    return;
  }
  const to = third ?? second;
  if (to?.kind !== 'register' || buffer.operands.length > 3) {
    buffer.badOperands('a source and a register, or a number, a source and a register');
    return;
  }
  if (first?.kind === 'immediate' && isPlace(second)) {
    const width = buffer.wideWidthOf([second, to]);
    if (width === undefined) return;
    const isShort = buffer.fitsByte(first.value, width);
    buffer.start(width, isShort ? 0x6b : 0x69);
    buffer.modrm(to.register.number, second);
    if (isShort) buffer.shortField(first.value);
    else buffer.field(first.value, width);
  } else if (third === undefined && isPlace(first)) {
    const width = buffer.wideWidthOf([first, to]);
    if (width === undefined) return;
    buffer.start(width, 0x0f, 0xaf);
    buffer.modrm(to.register.number, first);
  } else buffer.badOperands('a source and a register, or a number, a source and a register');
}

/** Shifts and rotations. */
export function encodeShift(buffer: EncodingBuffer, number: number): void {
  const to = buffer.operands[buffer.operands.length - 1];
  const count = buffer.operands.length === 2 ? buffer.operands[0] : undefined;
  if (!isPlace(to) || buffer.operands.length > 2) {
    buffer.badOperands('a count and a register or address');
    return;
  }
  const width = buffer.widthOf([to]);
  if (width === undefined) return;
  if (count === undefined || (count.kind === 'immediate' && buffer.knownValue(count.value) === 1)) {
    buffer.startSized(0xd0, width);
    buffer.modrm(number, to);
  } else if (count.kind === 'immediate') {
    buffer.startSized(0xc0, width);
    buffer.modrm(number, to);
    buffer.field(count.value, 1);
  } else if (count.kind === 'register' && count.register.name === 'cl') {
    buffer.startSized(0xd2, width);
    buffer.modrm(number, to);
  } else buffer.badOperands('a number or `%cl` as the count');
}

/** `shld` and `shrd`; without a count they take it from `%cl`. */
export function encodeDoubleShift(buffer: EncodingBuffer, opcode: number): void {
  const { operands } = buffer;
  const [from, to] = operands.slice(-2);
  const count = operands.length === 3 ? operands[0] : undefined;
  if (operands.length < 2 || operands.length > 3 || from?.kind !== 'register' || !isPlace(to)) {
    buffer.badOperands('a count, a register, and a register or address');
    return;
  }
  const width = buffer.wideWidthOf([from, to]);
  if (width === undefined) return;
  if (count?.kind === 'immediate') {
    buffer.start(width, 0x0f, opcode);
    buffer.modrm(from.register.number, to);
    buffer.field(count.value, 1);
  } else if (count === undefined || (count.kind === 'register' && count.register.name === 'cl')) {
    buffer.start(width, 0x0f, opcode + 1);
    buffer.modrm(from.register.number, to);
  } else buffer.badOperands('a number or `%cl` as the count');
}

/** `bt`, `bts`, `btr`, `btc`; `number` is 4 to 7. */
export function encodeBitTest(buffer: EncodingBuffer, number: number): void {
  const [bit, to] = buffer.operands;
  if (buffer.operands.length !== 2 || bit === undefined || !isPlace(to)) {
    buffer.badOperands('a number or register, and a register or address');
    return;
  }
  const width = buffer.wideWidthOf([bit, to]);
  if (width === undefined) return;
  if (bit.kind === 'immediate') {
    buffer.start(width, 0x0f, 0xba);
    buffer.modrm(number, to);
    buffer.field(bit.value, 1);
  } else if (bit.kind === 'register') {
    buffer.start(width, 0x0f, 0x83 + 8 * number);
    buffer.modrm(bit.register.number, to);
  } else buffer.badOperands('a number or register, and a register or address');
}

/** `cmpxchg` and `xadd`: a register and a place. */
export function encodeFromRegister(buffer: EncodingBuffer, opcode: number): void {
  const [from, to] = buffer.operands;
  if (buffer.operands.length !== 2 || from?.kind !== 'register' || !isPlace(to)) {
    buffer.badOperands('a register, and a register or address');
    return;
  }
  const width = buffer.widthOf([from, to]);
  if (width === undefined) return;
  buffer.start(width, 0x0f, width === 1 ? opcode : opcode + 1);
  buffer.modrm(from.register.number, to);
}

/** `cmpxchg8b`, which works on eight bytes of memory. */
export function encodeCompareEight(buffer: EncodingBuffer): void {
  const [to] = buffer.operands;
  if (buffer.operands.length !== 1 || to?.kind !== 'memory') {
    buffer.badOperands('an address');
    return;
  }
  buffer.start(undefined, 0x0f, 0xc7);
  buffer.modrm(1, to);
}
