/**
 * Records a run: listens to the machine, adds what only the kernel's memory tells at that moment, and passes it on.
 *
 * Added are the names of locks (a page frame may cache another page later), the places where locks are
 * asked for, and the signals that the kernel sends. Functions are told of as the listener wants: none, without
 * plumbing, or all. Recording changes neither states nor clocks; it costs the host time for each event.
 */
import { asAddress, asTaskId, type Address } from '../base/brand.ts';
import { readUnsigned } from '../bytecode/memoryReader.ts';
import { returnsOf, type FunctionInfo, type Program } from '../bytecode/program.ts';
import type { Machine } from '../machine/machine.ts';
import { TRACE, type TraceEvent, type TracePoint, type TraceSink } from '../machine/trace.ts';
import type { EntryPoints } from '../machine/machineConfig.ts';
import type { KernelReaders } from './kernelReaders.ts';
import { lockPlace, nameKnownLocks, nameLock, type KnownLock, type LockName } from './lockNames.ts';

/** Which functions a trace tells of. */
export type TracedFunctions = 'none' | 'withoutPlumbing' | 'all';

/** A listener who wants to know the lock by name too; `lock` is present for the events of locks. */
export interface RunSink {
  note(event: TraceEvent, lock: LockName | undefined): void;
}

/** What a recorder records. */
export interface RecordedRun {
  readonly machine: Machine;
  readonly program: Program;
  readonly readers: KernelReaders;
  readonly entries: EntryPoints;
  /** The semaphores of the address spaces. */
  readonly locks: readonly KnownLock[];
}

/** The kernel sends the task a signal; operands: the signal, the task that sends. */
export const TRACE_SIGNAL = TRACE.ofListener;

/** Parameters of a function stand above its frame pointer: the first, the second. */
const FIRST_PARAMETER = 8;
const SECOND_PARAMETER = 12;

export class TraceRecorder implements TraceSink {
  private readonly run: RecordedRun;
  private readonly sink: RunSink;
  /** The locks that are known before the run, by address. */
  private readonly known: ReadonlyMap<Address, LockName>;
  private tellsPageLocks = true;

  constructor(run: RecordedRun, sink: RunSink) {
    this.run = run;
    this.sink = sink;
    this.known = nameKnownLocks(run.locks);
  }

  /** Begins to listen; the machine has booted. Without `pageLocks`, those are told of when somebody waits only. */
  start(functions: TracedFunctions, { pageLocks = true } = {}): void {
    const { program, entries, machine } = this.run;
    this.tellsPageLocks = pageLocks;
    machine.setTrace(this, listPoints(program, entries, functions));
  }

  /** Ends it. */
  stop(): void {
    this.run.machine.setTrace(undefined);
  }

  note(event: TraceEvent): void {
    switch (event.kind) {
      case TRACE.acquire:
        if (this.isTold(event)) this.sink.note(this.withPlace(event), this.lockOf(event));
        return;
      case TRACE.wait:
        this.sink.note(this.withPlace(event), this.lockOf(event));
        return;
      case TRACE.drop:
        if (this.isTold(event)) this.sink.note(event, this.lockOf(event));
        return;
      case TRACE.resume:
        this.sink.note(event, this.lockOf(event));
        return;
      case TRACE_SIGNAL:
        this.noteSignal(event);
        return;
      default:
        this.sink.note(event, undefined);
    }
  }

  /** Whether that a lock is taken or dropped is told: most of them are locks of pages, and their names cost time. */
  private isTold({ a }: TraceEvent): boolean {
    return this.tellsPageLocks || this.known.has(asAddress(a));
  }

  private lockOf({ a }: TraceEvent): LockName {
    const { machine, readers } = this.run;
    return nameLock(machine, readers, this.known, asAddress(a));
  }

  /** Adds where a lock is asked for; whoever does without page locks does without it: it takes a walk over frames. */
  private withPlace(event: TraceEvent): TraceEvent {
    if (event.task < 0 || !this.tellsPageLocks) return event;
    return { ...event, c: lockPlace(this.run.machine, asTaskId(event.task)) ?? 0 };
  }

  /** The function that sends signals was called: with the signal's number and a task. */
  private noteSignal(event: TraceEvent): void {
    const { machine } = this.run;
    const parameter = (offset: number): Address =>
      asAddress(readUnsigned(machine, asAddress(event.b + offset), 4) ?? 0);
    const target = machine.taskOfCookie(parameter(SECOND_PARAMETER)) ?? -1;
    const told = { ...event, task: target, a: parameter(FIRST_PARAMETER), b: event.task };
    this.sink.note(told, undefined);
  }
}

/** The instructions that are traced: entries and returns of functions, moments, the sending of signals. */
function listPoints(
  program: Program,
  entries: EntryPoints,
  functions: TracedFunctions,
): readonly TracePoint[] {
  const traced = program.functions.filter(
    (info) => functions === 'all' || (functions === 'withoutPlumbing' && !info.isPlumbing),
  );
  const sender = entries.signal === undefined ? undefined : program.functions[entries.signal];
  return [
    ...traced.flatMap((info) => pointsOfFunction(program, info)),
    ...(sender === undefined ? [] : [{ pc: sender.entry, kind: TRACE_SIGNAL, index: 0 }]),
    ...program.anchors.flatMap(({ title, pc }, index) =>
      title === undefined ? [] : [{ pc, kind: TRACE.anchor, index }],
    ),
  ];
}

function pointsOfFunction(program: Program, info: FunctionInfo): TracePoint[] {
  const { entry, index } = info;
  const exits = returnsOf(program, info);
  return [
    { pc: entry, kind: TRACE.functionEntry, index },
    ...exits.map((pc) => ({ pc, kind: TRACE.functionExit, index })),
  ];
}
