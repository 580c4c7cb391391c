/**
 * Tells what happens in the run while it goes on: each thing once, and nothing of what a search in the past, a look
 * elsewhere or going forward again executes once more, unless the user has changed the run before it.
 *
 * Whoever wants to know words the events (`LiveText`); here it is decided which of them are told, and when. Where
 * the run does not go on from what was told last, the words begin anew.
 */
import { asCpuId, asTaskId } from '../base/brand.ts';
import type { Program } from '../bytecode/program.ts';
import type { LockName } from '../kernel/lockNames.ts';
import type { RunSink } from '../kernel/traceRecorder.ts';
import { TRACE, type TraceEvent } from '../machine/trace.ts';
import { taskName, type DebugTarget } from './debugTarget.ts';
import type { RunControl, RunListener } from './runControl.ts';

/** So many events are told at the latest, although the run goes on. */
const MOST_PENDING = 500;

/** A task of the machine, with the names that traces know. */
export interface NamedTask {
  readonly id: number;
  readonly name: string;
  /** 0 for idle tasks. */
  readonly pid: number;
  readonly cpu: number;
  readonly isIdle: boolean;
}

/** What the events are about. */
export interface LiveRun {
  readonly program: Program;
  readonly tasks: readonly NamedTask[];
  readonly cpuCount: number;
}

/** Whoever words the events. */
export interface LiveText {
  /** How many events have not been taken. */
  readonly count: number;
  /** What comes has nothing to do with what came; `running` are the tasks by CPU. */
  begin(running: readonly number[]): void;
  note(event: TraceEvent, lock: LockName | undefined): void;
  /** The words for what has not been taken. */
  take(run: LiveRun): string;
}

function tracedRun(target: DebugTarget): LiveRun {
  const { machine, program, readers } = target;
  const tasks = Array.from({ length: machine.taskCount }, (_, index): NamedTask => {
    const id = asTaskId(index);
    const { cpu, isIdle, cookie } = machine.task(id);
    const { pid } = readers.readTask(machine, cookie);
    const name = isIdle ? `swapper/${String(cpu)}` : taskName(target, id);
    return { id, name, pid: isIdle ? 0 : pid, cpu, isIdle };
  });
  return { program, tasks, cpuCount: machine.config.cpuCount };
}

/** The events of a run as it goes on, once it is started. */
export class LiveEvents implements RunSink, RunListener {
  private readonly debug: RunControl;
  private readonly print: (text: string) => void;
  private readonly text: LiveText;
  private isListening = false;
  private toldUpTo = -1;
  private jumps = 0;
  /** The last moment that was told. */
  private moment: TraceEvent | undefined;
  /** The position of the last event; -1 when the next one does not follow it. */
  private lastPosition = -1;

  /** Off at first; `text` words the events, `print` takes the words. */
  constructor(debug: RunControl, text: LiveText, print: (text: string) => void) {
    this.debug = debug;
    this.text = text;
    this.print = print;
    debug.listeners.add(this);
  }

  get isOn(): boolean {
    return this.isListening;
  }

  /** Begins here. What is before here is not told later either. */
  start(): void {
    if (this.isListening) return;
    this.toldUpTo = this.debug.target.machine.position - 1;
    this.lastPosition = -1;
    this.begin(undefined);
    this.isListening = true;
    this.debug.trace.add(this, { functions: 'withoutPlumbing', pageLocks: true });
  }

  stop(): void {
    this.flush();
    this.debug.trace.remove(this);
    this.isListening = false;
  }

  note(event: TraceEvent, lock: LockName | undefined): void {
    const { debug } = this;
    if (!debug.isGoingOn || event.position < this.toldUpTo) return;
    // Several things can happen at one position; they come together.
    if (event.position === this.toldUpTo && event.position !== this.lastPosition) return;
    if (event.kind === TRACE.anchor) {
      // Where the user changes the run at a moment, the machine tells the moment once more.
      const { moment } = this;
      this.moment = event;
      if (moment?.position === event.position && moment.a === event.a && moment.ns === event.ns) {
        return;
      }
    }
    if (debug.jumps !== this.jumps || this.lastPosition < 0) this.begin(event);
    this.toldUpTo = event.position;
    this.lastPosition = event.position;
    this.text.note(event, lock);
    if (this.text.count >= MOST_PENDING) this.flush();
  }

  /** Prints what has not been printed; to be called where the run stands. */
  flush(): void {
    const text = this.text.take(tracedRun(this.debug.target));
    if (text !== '') this.print(text);
  }

  forgetFrom(position: number): void {
    this.flush();
    this.toldUpTo = Math.min(this.toldUpTo, position - 1);
    this.lastPosition = -1;
  }

  /** What is told from here on does not go on from what was told last. */
  private begin(event: TraceEvent | undefined): void {
    const { machine } = this.debug.target;
    this.flush();
    this.jumps = this.debug.jumps;
    this.text.begin(
      Array.from({ length: machine.config.cpuCount }, (_, cpu) => {
        const isSwitch = event?.kind === TRACE.switch && event.cpu === cpu;
        return isSwitch ? event.a : machine.cpu(asCpuId(cpu)).task;
      }),
    );
  }
}
