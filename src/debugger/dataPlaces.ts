/**
 * What a data breakpoint can be about, and names for it that a client can keep.
 *
 * Memory at a fixed address, addresses of a task's program, and locals. A local in slots is watched in all calls of
 * its function by the task; one that pointers may lead to has an address, and is watched while its function runs at
 * this place of the stack. The id of a global names it by its expression, so that it holds in later runs and on
 * other kernels.
 */
import {
  asAddress,
  asPc,
  asTaskId,
  hex,
  type Address,
  type Pc,
  type TaskId,
} from '../base/brand.ts';
import { UserError } from '../base/errors.ts';
import { sizeOf } from '../bytecode/ctype.ts';
import {
  DIRECT_MAP_BASE,
  findFunction,
  statementAt,
  type FunctionInfo,
} from '../bytecode/program.ts';
import type { WatchedPlace } from '../machine/watchpoint.ts';
import { taskName, type DebugTarget } from './debugTarget.ts';
import { evaluateAt } from './evaluation.ts';
import { flagsPrefixOfVariable } from './flagNames.ts';
import { identifyFrame, type Call } from './frameChain.ts';
import { isGuardedLocal, localAt, type FrameLocal } from './frameLocals.ts';
import type { MemoryPlace } from './memoryPlace.ts';
import type { StackRow } from './stackRows.ts';
import type { TypedValue } from './typedValue.ts';

export type { AccessKind } from '../machine/watchpoint.ts';

/** More bytes are not watched at once. */
export const MOST_WATCHED_BYTES = 65_536;

/** Something that can be watched. */
export interface DataPlace {
  /** Names it, for clients to send back. */
  readonly id: string;
  /** Its name for people: an expression or an address. */
  readonly title: string;
  readonly watched: WatchedPlace;
  /** How its bytes are to be read; `undefined` for plain bytes. */
  readonly item: TypedValue | undefined;
  /** The call that it belongs to, after which the memory is another's. */
  readonly call?: Call;
  /** A remark on how long it is watched, if that is not obvious. */
  readonly remark?: string;
  /** Whether the id holds in other runs. */
  readonly canPersist: boolean;
}

function refuse(message: string, remedy: string): never {
  throw new UserError('no-data-place', message, remedy, true);
}

/**
 * The place of a value, as it was looked at from a row; `bytes` from its address on if given.
 * Errors: `UserError` `no-data-place` when it has none that can be watched.
 */
export function placeOfValue(
  target: DebugTarget,
  row: StackRow | undefined,
  item: TypedValue,
  title: string,
  bytes?: number,
): DataPlace {
  const { address, type } = item;
  if (address === undefined) {
    return refuse(`${title} has no place in memory.`, 'Name a variable or a member.');
  }
  if (item.lacksValue === true) {
    return refuse(`${title} goes through something that has no value yet.`, 'Step on first.');
  }
  const isPlain = bytes !== undefined && bytes !== sizeOf(type);
  const size = bytes ?? bytesOf(item);
  const info =
    row?.kind === 'kernel' ? target.program.functions[row.frame.functionIndex] : undefined;
  if (row?.kind === 'kernel' && info !== undefined) {
    const local = localAt(info, row.pc, row.frame.fp, address);
    if (local !== undefined && !isGuardedLocal(info, local.variable)) {
      return placeOfSlots(target, row.task, local);
    }
    if (local !== undefined) {
      const call = { task: row.task, frame: identifyFrame(target.machine, row.frame) };
      return placeInCall(target, call, address, size, title, isPlain ? undefined : item);
    }
  }
  const place = placeOfMemory(target, row?.task, address, size, title);
  const isGlobal = isPlain ? undefined : globalAddress(target, title);
  return {
    ...place,
    ...(isGlobal === address ? { id: JSON.stringify(['global', title]), canPersist: true } : {}),
    item: isPlain ? undefined : item,
  };
}

/** Bytes that a value takes, of a bit-field those that hold its bits. */
function bytesOf({ type, bits }: TypedValue): number {
  if (bits === undefined) return sizeOf(type) ?? 0;
  return Math.ceil((bits.start + bits.width) / 8);
}

/** The address of what an expression names whatever the task; `undefined` when that depends. */
function globalAddress(target: DebugTarget, title: string): Address | undefined {
  try {
    return evaluateAt(target, undefined, title).address;
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

/** Bytes at a place of memory. Errors: `UserError` `no-data-place`. */
export function placeOfBytes(target: DebugTarget, place: MemoryPlace, bytes: number): DataPlace {
  const address = place.space === 'physical' ? place.address + DIRECT_MAP_BASE : place.address;
  const task = place.space === 'user' ? place.task : undefined;
  const title = `${place.space === 'physical' ? 'phys:' : ''}${hex(place.address, 8)}`;
  if (address < 0 || address > 0xffffffff) return refuse(`There is no memory at ${title}.`, USE);
  return placeOfMemory(target, task, asAddress(address), bytes, title);
}

const USE = 'Use an address of the kernel, from 0xc0000000 on, or of a program.';

/** Errors: `UserError` `no-data-place` when so many bytes cannot be watched. */
function checkSize(bytes: number, title: string): void {
  if (bytes > 0 && bytes <= MOST_WATCHED_BYTES) return;
  refuse(
    `${title} takes ${String(bytes)} bytes.`,
    `From 1 to ${String(MOST_WATCHED_BYTES)} bytes can be watched.`,
  );
}

function placeOfMemory(
  target: DebugTarget,
  task: TaskId | undefined,
  address: Address,
  bytes: number,
  title: string,
): DataPlace {
  checkSize(bytes, title);
  const isUser = address < DIRECT_MAP_BASE;
  if (isUser && task !== undefined) {
    return {
      id: JSON.stringify(['user', task, address, bytes, title]),
      title,
      watched: { kind: 'user', task, address, bytes },
      item: undefined,
      remark: `in the address space of ${taskName(target, task)}`,
      canPersist: false,
    };
  }
  const last = asAddress(address + bytes - 1);
  const { machine } = target;
  if (machine.readByte(address) === undefined || machine.readByte(last) === undefined) {
    return refuse(`There is no memory at ${hex(address, 8)}.`, USE);
  }
  if (isOnStack(target, address)) {
    return refuse(
      `${title} lies on a kernel stack, where locals take turns.`,
      'Name a local of a call that is in progress.',
    );
  }
  return {
    id: JSON.stringify(['memory', address, bytes, title]),
    title,
    watched: { kind: 'memory', address, bytes },
    item: undefined,
    canPersist: false,
  };
}

function isOnStack({ machine }: DebugTarget, address: Address): boolean {
  for (let task = 0; task < machine.taskCount; task += 1) {
    const { stackLow, stackHigh } = machine.task(asTaskId(task));
    if (address >= stackLow && address < stackHigh) return true;
  }
  return false;
}

/** A local in slots: it is watched as a whole. */
function placeOfSlots(target: DebugTarget, task: TaskId, local: FrameLocal): DataPlace {
  const { info, variable, scope } = local;
  const { storage, type, name } = variable;
  if (storage.kind !== 'frame') return refuse(`${name} is no local.`, 'Name a local.');
  const ordinal = variablesOf(info, name).findIndex((other) => other.variable === variable);
  return {
    id: JSON.stringify(['local', task, info.name, name, ordinal]),
    title: name,
    watched: {
      kind: 'local',
      task,
      functionIndex: info.index,
      slot: storage.offset / 4,
      words: Math.ceil((sizeOf(type) ?? 4) / 4),
      startPc: initializedFrom(target, local),
      endPc: scope.end,
    },
    item: {
      type,
      address: undefined,
      flagsPrefix: flagsPrefixOfVariable(target.program, name, info.index),
    },
    remark: `in every call of ${info.name}() by ${taskName(target, task)}`,
    canPersist: false,
  };
}

/** Where the slots of a local begin to be its own: its declaration, behind the variables declared before it. */
function initializedFrom({ program }: DebugTarget, { info, variable }: FrameLocal): Pc {
  const { declaredAt, span } = variable;
  const declaration = statementAt(program, asPc(Math.max(info.entry, declaredAt - 1)));
  const isOwn =
    declaration !== undefined &&
    declaration.span.start <= span.start &&
    declaration.span.end >= span.end;
  const others = info.scopes
    .flatMap(({ variables }) => variables)
    .filter((other) => other.declaredAt < declaredAt)
    .map((other) => other.declaredAt);
  return asPc(Math.max(isOwn ? declaration.pc : declaredAt, ...others, info.entry));
}

/** A local that pointers may lead to, or a part of it. */
function placeInCall(
  { program }: DebugTarget,
  call: Call,
  address: Address,
  bytes: number,
  title: string,
  item: TypedValue | undefined,
): DataPlace {
  const { task, frame } = call;
  const name = program.functions[frame.functionIndex]?.name ?? '?';
  const { fp, returnPc } = frame;
  checkSize(bytes, title);
  return {
    id: JSON.stringify(['call', task, name, fp, returnPc, address, bytes, title]),
    title,
    watched: { kind: 'memory', address, bytes },
    item,
    call,
    remark: `while ${name}() runs at this depth of the stack`,
    canPersist: false,
  };
}

/** The locals of a function with a name, in the order of their blocks. */
function variablesOf(info: FunctionInfo, name: string): FrameLocal[] {
  return info.scopes.flatMap((scope) =>
    scope.variables
      .filter((variable) => variable.name === name && variable.storage.kind === 'frame')
      .map((variable) => ({ info, scope, variable })),
  );
}

/** The parts of an id that this file has made; no parts for any other text. */
function readId(id: string): readonly unknown[] {
  try {
    const parts: unknown = JSON.parse(id);
    return Array.isArray(parts) ? parts : [];
  } catch {
    return [];
  }
}

/**
 * The place that an id names in this run. `known` tells how the value of an earlier place with this id was read.
 * Errors: `UserError` `no-data-place`.
 */
export function placeOfId(
  target: DebugTarget,
  id: string,
  known: TypedValue | undefined,
): DataPlace {
  const parts = readId(id);
  const text = (index: number): string => String(parts[index]);
  const number = (index: number): number => {
    const part = parts[index];
    return typeof part === 'number' && Number.isInteger(part) ? part : -1;
  };
  const title = text(parts.length - 1);
  switch (parts[0]) {
    case 'global':
      if (globalAddress(target, title) === undefined) break;
      return placeOfValue(target, undefined, evaluateAt(target, undefined, title), title);
    case 'memory':
      return {
        ...placeOfMemory(target, undefined, addressOf(number(1)), number(2), title),
        item: known,
      };
    case 'user': {
      const task = taskOf(target, number(1));
      return {
        ...placeOfMemory(target, task, addressOf(number(2)), number(3), title),
        item: known,
      };
    }
    case 'call': {
      const { index: functionIndex } = functionOf(target, text(2));
      const frame = { fp: number(3), functionIndex, returnPc: number(4) };
      const call = { task: taskOf(target, number(1)), frame };
      return placeInCall(target, call, addressOf(number(5)), number(6), title, known);
    }
    case 'local': {
      const local = variablesOf(functionOf(target, text(2)), text(3))[number(4)];
      if (local === undefined) break;
      return placeOfSlots(target, taskOf(target, number(1)), local);
    }
  }
  return refuse(`This run has no such data: ${id}.`, 'Ask for the place again.');
}

function addressOf(number: number): Address {
  return number < 0 || number > 0xffffffff
    ? refuse(`${String(number)} is no address.`, USE)
    : asAddress(number);
}

function taskOf(target: DebugTarget, id: number): TaskId {
  const task = target.tasks.find((item) => item.id === id)?.id;
  return task ?? refuse(`This run has no task ${String(id)}.`, 'Ask for the place again.');
}

function functionOf({ program }: DebugTarget, name: string): FunctionInfo {
  const info = findFunction(program, name);
  return info ?? refuse(`This kernel has no function ${name}.`, 'Ask for the place again.');
}
