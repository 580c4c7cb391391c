/**
 * Which local of which frame lies at an address: for messages, and for copies of bytes without a value.
 *
 * Of a counted local the shadow knows at any time which bytes have a value. Others are also written as
 * slots, of which the shadow learns nothing; marks on them would stay and blame innocent reads.
 *
 * The registers of the running task must have been saved. Cost: the frames of the stack in question.
 */
import { asTaskId } from '../base/brand.ts';
import { sizeOf } from '../bytecode/ctype.ts';
import { addressInFrame, type FunctionInfo, type Variable } from '../bytecode/program.ts';
import type { Frame } from './frame.ts';
import { HEADER, TASK } from './imageLayout.ts';
import { type MachineState, taskAt } from './machineState.ts';
import { viewFrames } from './viewTasks.ts';

/** A local or a parameter of a frame. */
export interface LocalObject {
  readonly name: string;
  readonly start: number;
  readonly bytes: number;
  readonly isCounted: boolean;
}

/** Whether a variable stands at a byte offset from the frame pointer. */
export function isAt({ storage }: Variable, offset: number): boolean {
  return storage.kind === 'frame' && storage.offset === offset;
}

function guardedLocals(owner: FunctionInfo, { fp }: Frame): readonly LocalObject[] {
  const variables = owner.scopes.flatMap((scope) => scope.variables);
  return (owner.guarded ?? []).map((object) => {
    const variable = variables.find((item) => isAt(item, object.offset));
    const nameless =
      object.isTemporary === true ? 'the value of an expression' : 'a compound literal';
    const name = variable === undefined ? nameless : `\`${variable.name}\``;
    const { bytes, isCounted } = object;
    return {
      name: `${name} of ${owner.name}`,
      start: addressInFrame(fp, object),
      bytes,
      isCounted,
    };
  });
}

/** Parameters that are records; they lie in the frame of the caller. */
function recordParameters(owner: FunctionInfo, { fp }: Frame): readonly LocalObject[] {
  const variables = owner.scopes[0]?.variables ?? [];
  return variables.flatMap(({ name, type, storage, isParameter }) => {
    if (!isParameter || storage.kind !== 'frame' || type.kind !== 'record') return [];
    // One that is aligned was copied to where it is guarded.
    if (storage.offset < 0) return [];
    const start = fp + storage.offset;
    const bytes = sizeOf(type) ?? 0;
    return [{ name: `\`${name}\` of ${owner.name}`, start, bytes, isCounted: true }];
  });
}

/** The task whose kernel stack contains an address; -1 when there is none. */
export function stackAround(state: MachineState, place: number): number {
  const count = state.word(HEADER.taskCount);
  for (let task = 0; task < count; task += 1) {
    const low = state.word(taskAt(task) + TASK.stackLow) >>> 0;
    const high = state.word(taskAt(task) + TASK.stackHigh) >>> 0;
    if (place >= low && place < high) return task;
  }
  return -1;
}

/** Whether an address lies in the kernel stack of a task. */
export function isOnStack(state: MachineState, address: number): boolean {
  return stackAround(state, address >>> 0) >= 0;
}

/** The guarded locals of the frame, of any task, that contains an address; a parameter that does. */
export function localsAround(state: MachineState, place: number): readonly LocalObject[] {
  const task = stackAround(state, place);
  if (task < 0) return [];
  for (const frame of viewFrames(state, asTaskId(task))) {
    const owner = state.program.functions[frame.functionIndex];
    if (owner === undefined) continue;
    if (place < frame.fp) {
      return place >= frame.fp - owner.frameSize ? guardedLocals(owner, frame) : [];
    }
    const parameter = recordParameters(owner, frame).find((item) => contains(item, place));
    if (parameter !== undefined) return [parameter];
  }
  return [];
}

function contains({ start, bytes }: LocalObject, place: number): boolean {
  return place >= start && place < start + bytes;
}

/** The local that contains an address. */
export function findLocal(state: MachineState, place: number): LocalObject | undefined {
  return localsAround(state, place).find((item) => contains(item, place));
}

/** Whether an address on a stack lies in a local of which the shadow knows what has a value. */
export function isCountedLocal(state: MachineState, place: number): boolean {
  return findLocal(state, place)?.isCounted ?? false;
}
