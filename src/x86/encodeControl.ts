/**
 * Encodes what changes the flow of control: jumps, calls, returns, `int`, `enter`; and `nop`.
 * Each function appends one instruction to the buffer, or reports why its operands do not fit.
 * Source: Intel SDM volume 2, the instruction pages.
 */
import { type EncodingBuffer, isPlace } from './encodingBuffer.ts';

/** `call` and `jmp`, direct and indirect. */
export function encodeJump(buffer: EncodingBuffer, kind: 'call' | 'jmp'): void {
  const [operand] = buffer.operands;
  if (operand?.kind === 'indirect' && buffer.operands.length === 1) {
    const { target } = operand;
    if (!isPlace(target)) {
      buffer.badOperands('a label, or `*` and a register or an address');
      return;
    }
    buffer.checkWidth(target, 4);
    buffer.start(undefined, 0xff);
    buffer.modrm(kind === 'call' ? 2 : 4, target);
    return;
  }
  const target = buffer.jumpTarget();
  if (target === undefined) return;
  if (kind === 'jmp') buffer.jump = { short: 0xeb, near: [0xe9], target };
  else {
    buffer.start(undefined, 0xe8);
    buffer.field(target, 4, true);
  }
}

/** `je` and its kin, by the number of the condition. */
export function encodeConditionalJump(buffer: EncodingBuffer, condition: number): void {
  const target = buffer.jumpTarget();
  if (target === undefined) return;
  buffer.jump = { short: 0x70 + condition, near: [0x0f, 0x80 + condition], target };
}

/** `loop`, `loope`, `loopne`, `jecxz`. */
export function encodeShortJump(buffer: EncodingBuffer, opcode: number): void {
  const target = buffer.jumpTarget();
  if (target === undefined) return;
  buffer.start(undefined, opcode);
  buffer.field(target, 1, true);
}

/** `sete` and its kin. */
export function encodeSet(buffer: EncodingBuffer, condition: number): void {
  const one = buffer.onePlace();
  if (one === undefined) return;
  buffer.start(undefined, 0x0f, 0x90 + condition);
  buffer.modrm(0, one.place);
}

/** `ret`, also with the bytes of parameters to remove. */
export function encodeRet(buffer: EncodingBuffer): void {
  const [operand] = buffer.operands;
  if (operand === undefined) buffer.start(undefined, 0xc3);
  else if (operand.kind === 'immediate' && buffer.operands.length === 1) {
    buffer.start(undefined, 0xc2);
    buffer.field(operand.value, 2);
  } else buffer.badOperands('nothing, or how many bytes to remove');
}

/** `int`; `int $3` has a form of its own. */
export function encodeInt(buffer: EncodingBuffer): void {
  const [operand] = buffer.operands;
  if (buffer.operands.length !== 1 || operand?.kind !== 'immediate') {
    buffer.badOperands('a number such as `$0x80`');
  } else if (buffer.knownValue(operand.value) === 3) buffer.start(undefined, 0xcc);
  else {
    buffer.start(undefined, 0xcd);
    buffer.field(operand.value, 1);
  }
}

/** `enter $BYTES, $LEVEL`. */
export function encodeEnter(buffer: EncodingBuffer): void {
  const [bytes, level] = buffer.operands;
  if (buffer.operands.length !== 2 || bytes?.kind !== 'immediate' || level?.kind !== 'immediate') {
    buffer.badOperands('the bytes of the frame and its level, such as `$16, $0`');
    return;
  }
  buffer.start(undefined, 0xc8);
  buffer.field(bytes.value, 2);
  buffer.field(level.value, 1);
}

/** `nop`, also with an operand that is not accessed. */
export function encodeNop(buffer: EncodingBuffer): void {
  const [operand] = buffer.operands;
  if (operand === undefined) {
    buffer.start(buffer.width, 0x90);
    return;
  }
  if (buffer.operands.length !== 1 || !isPlace(operand)) {
    buffer.badOperands('nothing, or one register or address');
    return;
  }
  const width = buffer.wideWidthOf([operand]);
  if (width === undefined) return;
  buffer.start(width, 0x0f, 0x1f);
  buffer.modrm(0, operand);
}
