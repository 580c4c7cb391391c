/**
 * What a function returns, as seen where it stands at its `return` instruction; and the watch that a step
 * keeps on the function it leaves.
 */
import { asAddress, type Pc, type TaskId } from '../base/brand.ts';
import { isScalar, isSignedType, sizeOf } from '../bytecode/ctype.ts';
import { OP, OPCODE_MASK } from '../bytecode/instruction.ts';
import { readUnsigned } from '../bytecode/memoryReader.ts';
import { returnsOf } from '../bytecode/program.ts';
import type { DebugTarget } from './debugTarget.ts';
import { identifyChain, isSameFrame, type FrameId } from './frameChain.ts';
import type { TypedValue } from './typedValue.ts';

/** Slots of a frame are words. */
const SLOT_BYTES = 4;
const WORD_BITS = 32n;

/** What a function has returned to the one that called it. */
export interface ReturnedValue {
  readonly functionName: string;
  readonly item: TypedValue;
  /** The call to which it has returned. */
  readonly caller: FrameId;
}

/** The bits that a task is about to return; `undefined` where it stands at no `return` of a value. */
export function readReturned({ machine, program }: DebugTarget, task: TaskId): bigint | undefined {
  const { pc } = machine.task(task);
  const [frame] = machine.frames(task);
  if (pc === undefined || frame === undefined) return undefined;
  const opcode = (program.code[pc] ?? 0) & OPCODE_MASK;
  if (opcode !== OP.return32 && opcode !== OP.return64) return undefined;
  const at = frame.fp + SLOT_BYTES * (program.code[pc + 1] ?? 0);
  const low = readUnsigned(machine, asAddress(at), SLOT_BYTES);
  if (low === undefined || opcode === OP.return32) return low === undefined ? low : BigInt(low);
  const high = readUnsigned(machine, asAddress(at + SLOT_BYTES), SLOT_BYTES);
  return high === undefined ? undefined : (BigInt(high) << WORD_BITS) | BigInt(low);
}

/** Notes what a call returns while a step runs out of it. */
export class ReturnWatch {
  /** The `return`s of the function: the machine has to stop there. */
  readonly pcs: readonly Pc[];
  private readonly target: DebugTarget;
  private readonly task: TaskId;
  private readonly frame: FrameId | undefined;
  private readonly caller: FrameId | undefined;
  private noted: ReturnedValue | undefined;

  /** `frames` are the calls that are stepped, innermost first; with fewer than two nothing is watched. */
  constructor(target: DebugTarget, task: TaskId, [frame, caller]: readonly FrameId[]) {
    this.target = target;
    this.task = task;
    this.frame = frame;
    this.caller = caller;
    const info = frame && caller && target.program.functions[frame.functionIndex];
    const isOfInterest = info !== undefined && isScalar(info.type.returns);
    this.pcs = isOfInterest ? returnsOf(target.program, info) : [];
  }

  /** To be called where the machine stops at a `return`. */
  note(task: TaskId): void {
    const { frame, caller, target } = this;
    const [innermost] = identifyChain(target.machine, task);
    if (task !== this.task || frame === undefined || caller === undefined) return;
    if (innermost === undefined || !isSameFrame(innermost, frame)) return;
    const info = target.program.functions[frame.functionIndex];
    const bits = readReturned(target, task);
    if (info === undefined || bits === undefined) return;
    const type = info.type.returns;
    const width = (sizeOf(type) ?? SLOT_BYTES) * 8;
    const value = isSignedType(type) ? BigInt.asIntN(width, bits) : BigInt.asUintN(width, bits);
    const item: TypedValue = { type, address: undefined, value };
    this.noted = { functionName: info.name, item, caller };
  }

  /** What was returned, if the task stands in the call that got it. */
  get value(): ReturnedValue | undefined {
    const { noted } = this;
    const [innermost] = noted === undefined ? [] : identifyChain(this.target.machine, this.task);
    const isThere = innermost !== undefined && noted !== undefined;
    return isThere && isSameFrame(innermost, noted.caller) ? noted : undefined;
  }
}
