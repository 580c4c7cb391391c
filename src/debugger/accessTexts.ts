/**
 * What the user is told where watched data was read or written: what it was, what it is, by whom and where.
 */
import { asAddress, hex, type Address, type TaskId } from '../base/brand.ts';
import { positionOf, type Span } from '../base/span.ts';
import { isScalar } from '../bytecode/ctype.ts';
import type { MemoryReader } from '../bytecode/memoryReader.ts';
import { functionAt, statementAt } from '../bytecode/program.ts';
import type { AccessStop, WatchedAccess } from '../machine/stop.ts';
import type { DataPlace } from './dataPlaces.ts';
import { taskName, type DebugTarget } from './debugTarget.ts';
import { programPlaceName, stackRows } from './stackRows.ts';
import { valueContextOf } from './taskWords.ts';
import { readScalar, type TypedValue } from './typedValue.ts';
import { listMembers } from './valueMembers.ts';
import { valueText } from './valueText.ts';

/** An access and what it is about. */
export interface HeardAccess {
  readonly place: DataPlace;
  readonly access: WatchedAccess;
}

/** Bytes that are written out where there is no type. */
const MOST_PLAIN_BYTES = 16;
/** Members of members that are looked at for what has changed. */
const MOST_LEAVES = 200;
/** In the place of an address that is not known here, as of a local in a call that is over. */
const ELSEWHERE = asAddress(0x1000);

/** Memory in which a range has other bytes. */
class Overlay implements MemoryReader {
  private readonly memory: MemoryReader;
  private readonly start: Address;
  private readonly bytes: Uint8Array;

  constructor(memory: MemoryReader, start: Address, bytes: Uint8Array) {
    this.memory = memory;
    this.start = start;
    this.bytes = bytes;
  }

  readByte(address: Address): number | undefined {
    return this.bytes[address - this.start] ?? this.memory.readByte(address);
  }
}

/** A sentence for each access, one a line. */
export function accessText(
  target: DebugTarget,
  stop: AccessStop,
  heard: readonly HeardAccess[],
): string {
  const who = accessorText(target, stop);
  return heard.map(({ place, access }) => `${useText(target, place, access)} ${who}.`).join('\n');
}

function useText(target: DebugTarget, place: DataPlace, access: WatchedAccess): string {
  const { title, before, after } = changedPart(target, place, access);
  if (!access.isWrite) return `${title} is ${after} and was read`;
  return before === after
    ? `${title} was written and stays ${after},`
    : `${title}: ${before} → ${after}, written`;
}

/** Who did it, and where. */
function accessorText(target: DebugTarget, { by, task, pc, userAddress }: AccessStop): string {
  if (by === 'disk') return 'by the disk';
  const name = taskName(target, task);
  const who = by === 'mmu' ? `by the page walk of the CPU for ${name}` : `by ${name}`;
  if (pc !== undefined) {
    const { program } = target;
    const span = statementAt(program, pc)?.span;
    const place = span === undefined ? '' : ` at ${placeText(span)}`;
    const info = functionAt(program, pc);
    const plain = `${who} in ${info?.name ?? '?'}()${place}`;
    const caller = info?.isPlumbing === true ? callerText(target, task) : '';
    return `${plain}${caller}`;
  }
  const program = target.tasks.find(({ id }) => id === task)?.program;
  if (userAddress === undefined || program === undefined) return who;
  return `${who} in its program at <${programPlaceName(program, userAddress)}>`;
}

/** For whom plumbing did it. */
function callerText(target: DebugTarget, task: TaskId): string {
  const caller = stackRows(target, task).find(
    (row) => row.kind === 'kernel' && !row.isPlumbing && row.span !== undefined,
  );
  if (caller?.kind !== 'kernel' || caller.span === undefined) return '';
  return `, for ${caller.name} at ${placeText(caller.span)}`;
}

/** A file's name and a line. */
function placeText({ file, start }: Span): string {
  const name = file.path.replace(/^.*[\\/]/, '');
  return `${name}:${String(positionOf(file, start).line1)}`;
}

interface ChangedPart {
  readonly title: string;
  readonly before: string;
  readonly after: string;
}

/** What is to be shown: the value, or the first member of it that has changed. */
function changedPart(
  target: DebugTarget,
  { title, item, watched }: DataPlace,
  { before, after }: WatchedAccess,
): ChangedPart {
  if (item === undefined) return { title, before: plainText(before), after: plainText(after) };
  const start = watched.kind === 'local' ? ELSEWHERE : watched.address;
  const { isMissing: _, ...context } = valueContextOf(target, undefined);
  const contexts = [before, after].map((bytes) => ({
    ...context,
    memory: new Overlay(target.machine, start, bytes),
  }));
  const [then = context, now = context] = contexts;
  const whole: TypedValue = { ...item, address: start };
  let left = MOST_LEAVES;
  const findChanged = (value: TypedValue, name: string): ChangedPart | undefined => {
    if (isScalar(value.type)) {
      left -= 1;
      if (readScalar(then.memory, value) === readScalar(now.memory, value)) return undefined;
      return { title: name, before: valueText(then, value), after: valueText(now, value) };
    }
    for (const member of left <= 0 ? [] : listMembers(now, value, name)) {
      const found = findChanged(member.item, member.expression ?? member.name);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  const changed = findChanged(whole, title);
  return changed ?? { title, before: valueText(then, whole), after: valueText(now, whole) };
}

/** Bytes without a type: a number if they can be one. */
function plainText(bytes: Uint8Array): string {
  const count = bytes.length;
  if (count === 1 || count === 2 || count === 4) {
    const value = bytes.reduceRight((sum, byte) => sum * 256 + byte, 0);
    return hex(value, 2 * count);
  }
  const shown = Array.from(bytes.slice(0, MOST_PLAIN_BYTES), (byte) =>
    byte.toString(16).padStart(2, '0'),
  );
  return `${shown.join(' ')}${count > MOST_PLAIN_BYTES ? ' …' : ''}`;
}
