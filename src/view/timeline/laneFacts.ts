/**
 * What lanes are made from beside the events: the run's tasks, files and names, and what is known of each task
 * while events come.
 */
import { hex } from '../../base/brand.ts';
import type { Program } from '../../bytecode/program.ts';
import { systemCallsOf } from '../../kernel/systemCalls.ts';
import { signalName } from '../../kernel/taskWords.ts';
import { SECTORS_PER_PAGE } from '../../kernel/whyChain.ts';
import { TRAP_EXCEPTION, TRAP_PAGE_FAULT, TRAP_SYSTEM_CALL } from '../../machine/traps.ts';
import { NONE, type LANE_KINDS } from './runLanes.ts';

/** A task that has a lane. */
export interface LaneTask {
  /** The machine's number of it. */
  readonly task: number;
  /** The lane's id: DAP's thread id. */
  readonly id: number;
  readonly name: string;
  readonly cpu: number;
}

/** A file of the scenario, where it lies on the disk. */
export interface FileOnDisk {
  readonly name: string;
  readonly sector: number;
  readonly pages: number;
}

/** What the events are about. */
export interface LaneSource {
  readonly program: Program;
  /** In the order of the lanes; tasks that are not listed have none. */
  readonly tasks: readonly LaneTask[];
  readonly files: readonly FileOnDisk[];
  /** What the user changed at a position; `a change` when left out. */
  readonly changeText?: (position: number) => string;
}

/** What a lane can do. */
export type LaneKind = (typeof LANE_KINDS)[number];

/** What is known of a task. Flat, so that a copy is a shallow one. */
export interface Track {
  status: 'new' | 'on' | 'ready' | 'asleep' | 'over';
  mode: 'user' | 'kernel';
  /** Interrupts on top of it. */
  depth: number;
  /** The lock that it waits for, with its name; `NONE` for none. */
  waitsFor: number;
  waitName: string;
  waitKind: 'lockWait' | 'pageWait' | 'asleep';
  attempt: number;
  /** Its last wake-up, while it has not run since; `NONE` for none. */
  wake: number;
}

/** Of a task that has not started. */
export function newTrack(): Track {
  return {
    status: 'new',
    mode: 'kernel',
    depth: 0,
    waitsFor: NONE,
    waitName: '',
    waitKind: 'asleep',
    attempt: 1,
    wake: NONE,
  };
}

/** What the task's lane does. */
export function kindOf({ status, mode, depth, waitsFor, waitKind }: Track): LaneKind {
  switch (status) {
    case 'new':
    case 'over':
      return 'none';
    case 'ready':
      return 'ready';
    case 'on':
      return depth > 0 ? 'interrupt' : mode;
    case 'asleep':
      return waitsFor === NONE ? 'asleep' : waitKind;
  }
}

/** What a read of some sectors reads: `data.bin:20` or `data.bin:4–35`. */
export function readText({ files }: LaneSource, sector: number, pages: number): string {
  const file = files.find(
    (item) => sector >= item.sector && sector < item.sector + item.pages * SECTORS_PER_PAGE,
  );
  if (file === undefined) return `sector ${String(sector)}`;
  const first = Math.trunc((sector - file.sector) / SECTORS_PER_PAGE);
  const range = pages === 1 ? '' : `–${String(first + pages - 1)}`;
  return `${file.name}:${String(first)}${range}`;
}

/** How a task ends, by its exit code: `exit 0`, `killed by SIGBUS`. Source: the exit code as wait() reports it. */
export function exitText({ program }: LaneSource, code: number): string {
  const signal = code & 0x7f;
  if (signal !== 0) return `killed by ${signalName(program, signal)}`;
  return `exit ${String((code >> 8) & 0xff)}`;
}

/** More than there are kinds of traps. */
const TRAP_KINDS = 8;

/** Names traps by their operands, each but once: the same ones come again and again. */
export class TrapTexts {
  private readonly source: LaneSource;
  private readonly faults = new Map<number, string | undefined>();
  private readonly others = new Map<number, string | undefined>();

  constructor(source: LaneSource) {
    this.source = source;
  }

  /** `undefined` for what has an event of its own. */
  of(kind: number, code: number, address: number): string | undefined {
    const isFault = kind === TRAP_PAGE_FAULT;
    const known = isFault ? this.faults : this.others;
    const key = isFault ? address : code * TRAP_KINDS + kind;
    const found = known.get(key);
    if (found !== undefined) return found;
    const text = trapText(this.source, kind, code, address);
    known.set(key, text);
    return text;
  }
}

function trapText(
  { program }: LaneSource,
  kind: number,
  code: number,
  address: number,
): string | undefined {
  switch (kind) {
    case TRAP_PAGE_FAULT:
      return `page fault at ${hex(address, 8)}`;
    case TRAP_SYSTEM_CALL: {
      const name = systemCallsOf(program).get(code);
      return name === undefined ? `system call ${String(code)}` : `${name}()`;
    }
    case TRAP_EXCEPTION:
      return `exception ${String(code)}`;
    default:
      return undefined;
  }
}
