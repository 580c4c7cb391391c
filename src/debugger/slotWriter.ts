/**
 * The last write of a local that is a slot: only instructions of its own function write it, so that the run
 * through the past stops at those alone. Whether the value differed does not matter.
 */
import type { Address, Pc, TaskId } from '../base/brand.ts';
import type { Span } from '../base/span.ts';
import { statementAt } from '../bytecode/program.ts';
import { taskName, type DebugTarget } from './debugTarget.ts';
import { identifyChain, identifyFrame, isInChain, type FrameId } from './frameChain.ts';
import { localAt } from './frameLocals.ts';
import type { LastWriter, SearchedPart } from './lastWriterWords.ts';
import type { Past } from './lookBack.ts';
import type { Work } from './operation.ts';
import { slotOf, writesOfLocal } from './slotWrites.ts';
import { stackRows, type StackRow } from './stackRows.ts';
import { lastWhatIf, type ByteRange } from './whatIfWrites.ts';

type KernelRow = Extract<StackRow, { kind: 'kernel' }>;

/** A local that is a slot, with the instructions that write it. */
export interface SlotPlace extends ByteRange {
  readonly task: TaskId;
  readonly frame: FrameId;
  readonly writes: ReadonlySet<Pc>;
  /** The first instruction of the function. */
  readonly entry: Pc;
  /** Who called it and where, for a parameter. */
  readonly caller: { readonly name: string; readonly span: Span | undefined } | undefined;
}

/** Who passed a row's parameters. */
function callerOf(target: DebugTarget, row: KernelRow): SlotPlace['caller'] {
  const rows = stackRows(target, row.task);
  const index = rows.findIndex((item) => item.kind === 'kernel' && item.frame.fp === row.frame.fp);
  const caller = index < 0 ? undefined : rows[index + 1];
  return caller?.kind === 'kernel'
    ? { name: caller.name, span: caller.span }
    : { name: 'the trap', span: undefined };
}

/** The local of a row at an address; `undefined` when it is no slot. */
export function findSlot(
  target: DebugTarget,
  row: KernelRow,
  address: Address,
  bytes: number,
): SlotPlace | undefined {
  const { program, machine } = target;
  const info = program.functions[row.frame.functionIndex];
  if (info === undefined) return undefined;
  const local = localAt(info, row.pc, row.frame.fp, address);
  if (local === undefined || slotOf(info, local.variable) === undefined) return undefined;
  const { scope, variable } = local;
  return {
    address,
    bytes,
    task: row.task,
    frame: identifyFrame(machine, row.frame),
    writes: new Set(writesOfLocal(program, scope, variable)),
    entry: info.entry,
    caller: variable.isParameter ? callerOf(target, row) : undefined,
  };
}

/** The last write of a local up to `limit`, from a kept state on; whether its call begins in between. */
function* lastWriteIn(
  { machine, program, runner }: Past,
  target: DebugTarget,
  { task, frame, writes, entry, caller }: SlotPlace,
  limit: number,
): Work<{ readonly last: LastWriter | undefined; readonly hasBegun: boolean }> {
  let hasBegun = !isInChain(identifyChain(machine, task), frame);
  let last: LastWriter | undefined;
  for (;;) {
    const stop = yield* runner.run({ breakpoints: true, untilPosition: limit });
    // The user's breakpoints on data stop the run as well.
    if (stop.kind === 'access' && machine.position < limit) continue;
    if (stop.kind !== 'breakpoint' || machine.position >= limit) return { last, hasBegun };
    const [innermost] = machine.frames(task);
    const isHere = innermost?.fp === frame.fp && innermost.functionIndex === frame.functionIndex;
    if (stop.task !== task || stop.pc === undefined || !isHere) continue;
    const time = { atNs: machine.nowNs(), position: machine.position };
    if (writes.has(stop.pc)) {
      const span = statementAt(program, stop.pc)?.span;
      last = { kind: 'written', who: taskName(target, task), ...time, span };
    } else if (stop.pc === entry) {
      hasBegun = true;
      last = caller && { kind: 'passed', who: caller.name, ...time, span: caller.span };
    }
  }
}

/** The write by a user at a position; `undefined` when the local's call was not running yet. */
function* tellWhatIf(
  { machine, history, runner }: Past,
  { task, frame }: SlotPlace,
  position: number,
): Work<LastWriter | undefined> {
  runner.restore(history.lastAtOrBefore(position).checkpoint);
  if (machine.position < position) {
    yield* runner.run({ breakpoints: false, untilPosition: position });
  }
  if (!isInChain(identifyChain(machine, task), frame)) return undefined;
  return { kind: 'changed', who: 'you', atNs: machine.nowNs(), position, span: undefined };
}

/** The last write of a local, by its function or by a user. */
export function* searchSlot(
  past: Past,
  target: DebugTarget,
  slot: SlotPlace,
  searched: SearchedPart,
): Work<LastWriter> {
  const byUser = lastWhatIf(past.machine, slot);
  const writer = yield* searchFunction(past, target, slot, searched);
  const isLater = byUser >= 0 && !('position' in writer && writer.position >= byUser);
  return (isLater ? yield* tellWhatIf(past, slot, byUser) : undefined) ?? writer;
}

/** Runs the stretches of the past, newest first, until one of them has the answer. */
function* searchFunction(
  past: Past,
  target: DebugTarget,
  slot: SlotPlace,
  searched: SearchedPart,
): Work<LastWriter> {
  const { machine, history, runner } = past;
  runner.breakAt([...slot.writes, slot.entry]);
  let limit = machine.ranUntil(slot.task);
  let point = history.lastBefore(limit);
  while (point !== undefined) {
    runner.restore(point.checkpoint);
    const ranUntil = machine.ranUntil(slot.task);
    const { last, hasBegun } = yield* lastWriteIn(past, target, slot, limit);
    if (last !== undefined) return last;
    if (hasBegun) return { kind: 'notInCall' };
    searched.sinceNs = point.checkpoint.clockNs;
    limit = Math.min(ranUntil, point.position);
    point = history.lastBefore(limit);
  }
  return { kind: 'never' };
}
