/**
 * One recorder of the machine's events for all who listen to a run.
 *
 * The machine tells one listener. Here that one is shared: functions and the locks of pages are told while somebody
 * wants them, since they cost most.
 */
import type { LockName } from '../kernel/lockNames.ts';
import { TraceRecorder, type RunSink, type TracedFunctions } from '../kernel/traceRecorder.ts';
import { TRACE, type TraceEvent } from '../machine/trace.ts';
import { listAddressSpaces } from '../kernel/taskWaits.ts';
import type { RecordedRun } from '../kernel/traceRecorder.ts';
import { kernelView, type DebugTarget } from './debugTarget.ts';

/** What a listener wants to hear beside the rest. */
export interface Wanted {
  readonly functions: TracedFunctions;
  /** Whether page locks are told when they are taken and dropped; that somebody waits for one always is. */
  readonly pageLocks: boolean;
}

/** The run as recorders want it. */
export function recordedRun(target: DebugTarget): RecordedRun {
  const { machine, program, readers, entries } = target;
  const locks = listAddressSpaces(kernelView(target)).map(({ mm, name }) => ({
    address: mm.mmapSem,
    name,
  }));
  return { machine, program, readers, entries, locks };
}

export class TraceHub implements RunSink {
  private readonly target: DebugTarget;
  private readonly listeners = new Map<RunSink, Wanted>();
  /** The same as a list, for every event. */
  private told: readonly (Wanted & { readonly listener: RunSink })[] = [];

  constructor(target: DebugTarget) {
    this.target = target;
  }

  /** From now on the listener hears what happens in the machine, whatever moves it. */
  add(listener: RunSink, wanted: Wanted): void {
    this.listeners.set(listener, wanted);
    this.listen();
  }

  remove(listener: RunSink): void {
    if (this.listeners.delete(listener)) this.listen();
  }

  /** Listens again after somebody else has listened to the machine. */
  listen(): void {
    const { listeners, target } = this;
    const wanted = [...listeners].map(([listener, what]) => ({ listener, ...what }));
    this.told = wanted;
    if (wanted.length === 0) {
      target.machine.setTrace(undefined);
      return;
    }
    const wantsFunctions = wanted.some(({ functions }) => functions !== 'none');
    const [only] = wanted;
    // Whoever listens alone is told without a detour, since that happens in every run.
    const sink = wanted.length === 1 && only !== undefined ? only.listener : this;
    const recorder = new TraceRecorder(recordedRun(target), sink);
    recorder.start(wantsFunctions ? 'withoutPlumbing' : 'none', {
      pageLocks: wanted.some(({ pageLocks }) => pageLocks),
    });
  }

  note(event: TraceEvent, lock: LockName | undefined): void {
    const isFunction = event.kind === TRACE.functionEntry || event.kind === TRACE.functionExit;
    const isTaken = event.kind === TRACE.acquire || event.kind === TRACE.drop;
    const isPageLock = isTaken && lock?.isPageLock === true;
    for (const { listener, functions, pageLocks } of this.told) {
      if (isFunction && functions === 'none') continue;
      if (isPageLock && !pageLocks) continue;
      listener.note(event, lock);
    }
  }
}
