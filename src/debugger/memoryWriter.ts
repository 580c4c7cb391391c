/**
 * The last change of a value in memory: every instruction since is executed again, and the bytes compared.
 */
import { asAddress, type Address, type TaskId } from '../base/brand.ts';
import type { Span } from '../base/span.ts';
import { sizeOf } from '../bytecode/ctype.ts';
import type { MemoryReader } from '../bytecode/memoryReader.ts';
import { statementAt } from '../bytecode/program.ts';
import type { Checkpoint } from '../machine/checkpoint.ts';
import type { Machine } from '../machine/machine.ts';
import { USER_EIP } from '../machine/userCpu.ts';
import { taskName, type DebugTarget } from './debugTarget.ts';
import { isCallRunning, type Call } from './frameChain.ts';
import type { HistoryPoint } from './history.ts';
import type { LastWriter, SearchedPart } from './lastWriterWords.ts';
import type { Past } from './lookBack.ts';
import type { Work } from './operation.ts';
import { programSpan } from './stackRows.ts';
import { readScalar, type TypedValue } from './typedValue.ts';
import { lastWhatIf, type ByteRange } from './whatIfWrites.ts';

/** More bytes of a value are not compared. */
const MOST_BYTES = 256;
/** Instructions that are looked at one by one before older ones are. */
const PIECE = 4096;

/** A value in memory, by how it is read. */
export interface MemoryPlace extends ByteRange {
  /** Reads the value in a form that can be compared. */
  readonly read: () => number | string;
  /** The call that the value belongs to, for one in a frame. */
  readonly call: Call | undefined;
}

/** Reads a value in a form that can be compared. */
export function readerOf(
  machine: Machine,
  memory: MemoryReader,
  item: TypedValue,
  address: Address,
): () => number | string {
  const bytes = Math.min(sizeOf(item.type) ?? 0, MOST_BYTES);
  if (item.bits !== undefined) return () => String(readScalar(memory, item) ?? 'none');
  if (bytes === 4 && machine.readWord(address) !== undefined) {
    return () => machine.readWord(address) ?? -1;
  }
  return () => {
    let text = '';
    for (let at = address as number; at < address + bytes; at += 1) {
      text += `${String(memory.readByte(asAddress(at)) ?? -1)} `;
    }
    return text;
  };
}

/** Keeps states within a stretch, so that its newest part can be looked at first. */
function* cutIntoPieces(
  { machine, runner }: Past,
  point: HistoryPoint,
  limit: number,
  kept: Checkpoint[],
): Work<void> {
  runner.restore(point.checkpoint);
  for (let at = point.position + PIECE; at < limit; at += PIECE) {
    const stop = yield* runner.run({ breakpoints: false, untilPosition: at });
    if (stop.kind !== 'position') return;
    kept.push(machine.takeCheckpoint(true));
  }
}

/** Executes a piece instruction by instruction; the position of the last one that changed the value. */
function* lastChangeIn(
  { machine, runner }: Past,
  start: Checkpoint,
  limit: number,
  read: () => number | string,
): Work<number | undefined> {
  runner.restore(start);
  let before = read();
  let last: number | undefined;
  while (machine.position < limit) {
    const { position } = machine;
    const stop = yield* runner.run({ breakpoints: false, untilPosition: position + 1 });
    const now = read();
    if (now !== before) last = position;
    before = now;
    if (stop.kind !== 'position') break;
  }
  return last;
}

/** The last change of a value, looked for piece by piece, the newest first. */
export function* searchMemory(
  past: Past,
  target: DebugTarget,
  place: MemoryPlace,
  searched: SearchedPart,
): Work<LastWriter> {
  const { machine, history, runner } = past;
  const kept: Checkpoint[] = [];
  try {
    let limit = machine.position;
    let point = history.lastBefore(limit);
    while (point !== undefined) {
      yield* cutIntoPieces(past, point, limit, kept);
      for (;;) {
        const start = kept.at(-1) ?? point.checkpoint;
        runner.restore(start);
        const isOlder = !isCallRunning(machine, place.call);
        const found = yield* lastChangeIn(past, start, limit, place.read);
        if (found !== undefined) return yield* tellChange(past, target, place, start, found);
        if (isOlder) return { kind: 'notInCall' };
        searched.sinceNs = start.clockNs;
        limit = start.position;
        const done = kept.pop();
        if (done === undefined) break;
        machine.release(done);
      }
      point = history.lastBefore(limit);
    }
    return { kind: 'never' };
  } finally {
    for (const checkpoint of kept) machine.release(checkpoint);
  }
}

/** Where a task stands: in the kernel, or in its program. */
function spanAt({ machine, program, tasks }: DebugTarget, task: TaskId): Span | undefined {
  const { pc, userRegisters } = machine.task(task);
  if (pc !== undefined) return statementAt(program, pc)?.span;
  const user = tasks.find(({ id }) => id === task)?.program;
  return user && programSpan(user, (userRegisters[USER_EIP] ?? 0) >>> 0);
}

function countDone({ disk }: Machine): number {
  return disk.queue().filter(({ state }) => state === 'done').length;
}

/** Says who made the change at a position, to which the machine is taken from `start`. */
function* tellChange(
  { machine, runner }: Past,
  target: DebugTarget,
  place: MemoryPlace,
  start: Checkpoint,
  position: number,
): Work<LastWriter> {
  runner.restore(start);
  if (machine.position < position) {
    yield* runner.run({ breakpoints: false, untilPosition: position });
  }
  if (!isCallRunning(machine, place.call)) return { kind: 'notInCall' };
  const { task, isInInterrupt, id } = machine.cpu(machine.currentCpu);
  const who = isInInterrupt ? `an interrupt on CPU ${String(id)}` : taskName(target, task);
  const span = spanAt(target, task);
  const done = countDone(machine);
  yield* runner.run({ breakpoints: false, untilPosition: position + 1 });
  const atNs = machine.nowNs();
  if (lastWhatIf(machine, place) === position + 1)
    return { kind: 'changed', who: 'you', atNs, position, span: undefined };
  if (countDone(machine) > done) {
    return { kind: 'changed', who: 'the disk', atNs, position, span: undefined };
  }
  return { kind: 'changed', who, atNs, position, span };
}
