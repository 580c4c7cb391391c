/**
 * Which frame is which. A frame address alone does not identify a call: every callee of a function
 * gets the same one. Function, frame address and return address together do, for as long as a step
 * lasts: another call from the same place begins with a statement of the caller in between.
 */
import { asAddress, type TaskId } from '../base/brand.ts';
import { readUnsigned } from '../bytecode/memoryReader.ts';
import type { Frame } from '../machine/frame.ts';
import type { Machine } from '../machine/machine.ts';

/** One call that is still running. */
export interface FrameId {
  readonly fp: number;
  readonly functionIndex: number;
  readonly returnPc: number | undefined;
}

/** The identity of a frame. */
export function identifyFrame(machine: Machine, frame: Frame): FrameId {
  return {
    fp: frame.fp,
    functionIndex: frame.functionIndex,
    returnPc: readUnsigned(machine, asAddress(frame.fp + 4), 4),
  };
}

/** The frames of a task's kernel stack, innermost first; those of an interrupt on top included. */
export function identifyChain(machine: Machine, task: TaskId): FrameId[] {
  return machine.frames(task).map((frame) => identifyFrame(machine, frame));
}

/** Whether both are the same call. */
export function isSameFrame(one: FrameId, other: FrameId): boolean {
  return (
    one.fp === other.fp &&
    one.functionIndex === other.functionIndex &&
    one.returnPc === other.returnPc
  );
}

/** Whether the frame belongs to the chain. */
export function isInChain(chain: readonly FrameId[], frame: FrameId): boolean {
  return chain.some((item) => isSameFrame(item, frame));
}

/** A call by one task. */
export interface Call {
  readonly task: TaskId;
  readonly frame: FrameId;
}

/** Whether a call is in progress; so is none in particular. */
export function isCallRunning(machine: Machine, call: Call | undefined): boolean {
  return call === undefined || isInChain(identifyChain(machine, call.task), call.frame);
}
