/**
 * Encodes one parsed instruction as GNU `as --32` does: the shortest form for operands that are
 * known numbers, 32-bit fields for everything that depends on a label.
 *
 * Goes in: an instruction statement and a function that says which expressions are known now.
 * Comes out: bytes with zeros where an unknown value belongs, and fixups that name those places; a
 * jump whose length depends on its distance is left to the layout (`assemble.ts`).
 */
import type { Diagnostic } from '../base/diagnostic.ts';
import { asmMessages } from './asmMessages.ts';
import type { InstructionStatement, Operand } from './asmSyntax.ts';
import * as arithmetic from './encodeArithmetic.ts';
import * as control from './encodeControl.ts';
import * as moves from './encodeMoves.ts';
import {
  EncodingBuffer,
  type Fixup,
  type FlexibleJump,
  type KnownValue,
} from './encodingBuffer.ts';
import { MNEMONICS, type Operation, PREFIX_BYTES } from './mnemonic.ts';
import { refusalOf } from './refusedMnemonic.ts';

/** The bytes of one instruction, before labels have addresses. */
export interface Encoding {
  readonly bytes: number[];
  readonly fixups: Fixup[];
  /** Set for `jmp` and `jcc`, which have no bytes yet. */
  readonly jump: FlexibleJump | undefined;
}

/** Encodes an instruction; `undefined` after an error, which is added to `diagnostics`. */
export function encodeInstruction(
  statement: InstructionStatement,
  known: KnownValue,
  diagnostics: Diagnostic[],
): Encoding | undefined {
  const { mnemonic, mnemonicSpan, prefixes } = statement;
  const entry = MNEMONICS.get(mnemonic);
  if (entry === undefined) {
    const refusal = refusalOf(mnemonic);
    diagnostics.push(
      refusal === undefined
        ? asmMessages.unknownMnemonic(mnemonicSpan, mnemonic, MNEMONICS.keys())
        : asmMessages.refusedMnemonic(mnemonicSpan, mnemonic, refusal),
    );
    return undefined;
  }
  const { operation, width } = entry;
  for (const { name, span } of prefixes) {
    const isRepeat = name !== 'lock';
    if (
      isRepeat
        ? isRepeatable(operation, name) && prefixes.length === 1
        : isLockable(statement, operation)
    )
      continue;
    diagnostics.push(
      isRepeat ? asmMessages.badPrefix(span, name, mnemonic) : asmMessages.badLock(span, mnemonic),
    );
    return undefined;
  }
  const prefixBytes = prefixes.map(({ name }) => PREFIX_BYTES.get(name) ?? 0);
  const buffer = new EncodingBuffer(statement, width, prefixBytes, known, diagnostics);
  encodeOperation(buffer, operation);
  if (buffer.hasFailed) return undefined;
  return { bytes: buffer.bytes, fixups: buffer.fixups, jump: buffer.jump };
}

/** `rep` goes with string instructions, and by custom with `nop` and `ret`; `repne` with comparisons. */
function isRepeatable(operation: Operation, prefix: string): boolean {
  const isWhileUnequal = PREFIX_BYTES.get(prefix) === 0xf2;
  if (operation.kind === 'string') return operation.compares || !isWhileUnequal;
  return (operation.kind === 'nop' || operation.kind === 'ret') && !isWhileUnequal;
}

/** Whether the CPU accepts `lock`: the instruction reads, changes and writes one place in memory. */
function isLockable({ operands }: InstructionStatement, operation: Operation): boolean {
  const isMemory = (operand: Operand | undefined): boolean => operand?.kind === 'memory';
  const changesMemory = isMemory(operands[operands.length - 1]);
  switch (operation.kind) {
    case 'alu':
      return changesMemory && operation.number !== 7;
    case 'unary':
      return changesMemory && operation.number <= 3;
    case 'bitTest':
      return changesMemory && operation.number !== 4;
    case 'increment':
    case 'fromRegister':
    case 'cmpxchg8b':
      return changesMemory;
    case 'xchg':
      return operands.some(isMemory);
    default:
      return false;
  }
}

function encodeOperation(buffer: EncodingBuffer, operation: Operation): void {
  switch (operation.kind) {
    case 'alu':
      arithmetic.encodeAlu(buffer, operation.number);
      break;
    case 'test':
      arithmetic.encodeTest(buffer);
      break;
    case 'increment':
      arithmetic.encodeIncrement(buffer, operation.number);
      break;
    case 'unary':
      arithmetic.encodeUnary(buffer, operation.number);
      break;
    case 'imul':
      arithmetic.encodeImul(buffer);
      break;
    case 'shift':
      arithmetic.encodeShift(buffer, operation.number);
      break;
    case 'doubleShift':
      arithmetic.encodeDoubleShift(buffer, operation.opcode);
      break;
    case 'bitTest':
      arithmetic.encodeBitTest(buffer, operation.number);
      break;
    case 'fromRegister':
      arithmetic.encodeFromRegister(buffer, operation.opcode);
      break;
    case 'cmpxchg8b':
      arithmetic.encodeCompareEight(buffer);
      break;
    case 'mov':
      moves.encodeMov(buffer);
      break;
    case 'lea':
      moves.encodeLea(buffer);
      break;
    case 'extend':
      moves.encodeExtend(buffer, operation);
      break;
    case 'toRegister':
      moves.encodeToRegister(buffer, operation.opcode);
      break;
    case 'xchg':
      moves.encodeXchg(buffer);
      break;
    case 'bswap':
      moves.encodeBswap(buffer);
      break;
    case 'push':
    case 'pop':
      moves.encodePushPop(buffer, operation.kind);
      break;
    case 'string':
      moves.encodeString(buffer, operation);
      break;
    case 'xlat':
      moves.encodeXlat(buffer);
      break;
    case 'call':
    case 'jmp':
      control.encodeJump(buffer, operation.kind);
      break;
    case 'jcc':
      control.encodeConditionalJump(buffer, operation.condition);
      break;
    case 'shortJump':
      control.encodeShortJump(buffer, operation.opcode);
      break;
    case 'setcc':
      control.encodeSet(buffer, operation.condition);
      break;
    case 'ret':
      control.encodeRet(buffer);
      break;
    case 'int':
      control.encodeInt(buffer);
      break;
    case 'enter':
      control.encodeEnter(buffer);
      break;
    case 'nop':
      control.encodeNop(buffer);
      break;
    case 'plain':
      if (buffer.operands.length > 0) buffer.badOperands('none');
      else buffer.start(undefined, ...operation.bytes);
  }
}
