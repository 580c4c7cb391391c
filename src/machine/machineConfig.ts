/**
 * What a machine is made of: the program, the board (CPUs, memory, disk), the prices of virtual time,
 * the entry points of the kernel and what starts when.
 *
 * All of it is fixed for a run. A run is a function of this and of the schedule.
 */
import type { Pc } from '../base/brand.ts';
import type { Program } from '../bytecode/program.ts';
import type { Schedule } from './scheduleText.ts';
import type { UserCpu } from './userCpu.ts';

/** Prices in whole virtual nanoseconds (rounded when they are not). */
export interface CostTable {
  /** Every executed source statement of kernel code outside of cost regions. */
  readonly statementNs: number;
  /** Every executed user instruction. */
  readonly userInstructionNs: number;
  /** A fault of a user instruction: entry and return together. */
  readonly trapNs: number;
  readonly systemCallNs: number;
  readonly interruptNs: number;
  /** Charged to the CPU that switches to a task. */
  readonly contextSwitchNs: number;
  /** A disk request apart from its pages and from the way to them. */
  readonly diskReadNs: number;
  /** Moving the head over 1 GiB; it takes the square root of the way, so a quarter of the way half of that. */
  readonly diskSeekNs: number;
  /** Every page of a disk request. */
  readonly diskPageNs: number;
  /** The price of a cost region by the name in the annotation. */
  readonly named: ReadonlyMap<string, number>;
}

/** Indices in `Program.functions` of the functions that the machine calls. */
export interface EntryPoints {
  /** Called once, with the address of the boot table, on CPU 0. */
  readonly boot: number;
  /** (trap frame address, error code); the faulting address is in CR2. */
  readonly pageFault: number;
  /** (trap frame address), for `int $0x80`. */
  readonly systemCall: number;
  /** (), when a disk request has completed. */
  readonly diskInterrupt: number;
  /** (cookie of the timer). */
  readonly timerInterrupt: number;
  /** (trap frame address), called before every return to user mode. */
  readonly exitToUser?: number;
  /** (trap frame address, vector), for 0 division, 3 breakpoint and 6 invalid opcode. */
  readonly invalidOpcode?: number;
  /** (number of the signal, cookie of the task), for a signal that a user sends. */
  readonly signal?: number;
  /** (), on a CPU that another one has kicked. */
  readonly kick?: number;
}

/** The contents of the disk: a pure function of its arguments. */
export interface DiskImage {
  /**
   * Fills `into` (4096 bytes) with the page that starts at the sector (512 bytes each); returns 0 or
   * a negative errno. `earlierFailures` counts the failed reads of this page before, in this run.
   */
  readPage(sector: number, into: Uint8Array, earlierFailures: number): number;
}

/** When something of the scenario happens. */
export type TriggerTime =
  | { readonly kind: 'time'; readonly ns: number }
  /** The `count`-th time (from 1) that the task with that scenario index comes to the pc. */
  | { readonly kind: 'anchor'; readonly task: number; readonly pc: Pc; readonly count: number };

/** Something of the scenario that happens once: a task starts, or a page of the disk goes bad. */
export type Trigger =
  | {
      /** Scenario index of the task that starts. */
      readonly starts: number;
      readonly at: TriggerTime;
    }
  | {
      /** The page at the sector cannot be read so many times from then on. */
      readonly failsReads: { readonly sector: number; readonly times: number };
      readonly at: TriggerTime;
    };

/** Who decides what is undecided. */
export type SchedulePolicy =
  | { readonly kind: 'default' }
  | { readonly kind: 'random'; readonly seed: number }
  /** The departures of the text, otherwise the default policy. */
  | { readonly kind: 'replay'; readonly schedule: Schedule };

/**
 * Who executes kernel code: the interpreter alone, or with it functions in generated JavaScript for what
 * is executed often. A run goes through the same states either way.
 */
export type ExecutionTier = 'interpreter' | 'generated';

/** How a machine executes; no part of what a run is a function of. */
export interface TierConfig {
  /** `generated` when left out; where the host forbids generated code, the interpreter does it all. */
  readonly tier?: ExecutionTier;
  /**
   * How often code is interpreted before it is compiled; a good choice when left out. With 0 everything is
   * compiled, whether it pays or not.
   */
  readonly hotArrivals?: number;
}

/** Bounds of a run, so that no program can keep the host busy for ever. */
export interface MachineLimits {
  /** Instructions of the whole run, boot included, after which it ends with outcome `limit`. */
  readonly steps: number;
  /** Size of the stack on which CPU 0 boots; 64 KiB when left out. */
  readonly bootStackBytes?: number;
}

export interface MachineConfig extends TierConfig {
  readonly program: Program;
  /** Identifies everything of the run but program and schedule; stands in schedule texts. */
  readonly scenarioHash: string;
  /** From 1 to 8. */
  readonly cpuCount: number;
  /** A multiple of 4096. */
  readonly ramBytes: number;
  readonly costs: CostTable;
  readonly entries: EntryPoints;
  /** Placed at `program.dataEnd`; pointers inside are absolute. */
  readonly bootTable: Uint8Array;
  readonly disk: DiskImage;
  readonly userCpu: UserCpu;
  /** The default policy when left out. */
  readonly scheduler?: SchedulePolicy;
  /**
   * Text that the program wrote. `position` is that of the writing instruction: text written again
   * after going back comes with the same one.
   */
  readonly output?: (fd: number, text: string, position: number) => void;
  /** The same as raw bytes, which need not be text; valid only during the call. */
  readonly outputBytes?: (fd: number, bytes: Uint8Array) => void;
  readonly triggers: readonly Trigger[];
  /** Scenario index → CPU; index modulo `cpuCount` where there is no entry. */
  readonly taskCpus?: ReadonlyMap<number, number>;
  /** Virtual time at which the run ends as completed. */
  readonly durationNs?: number;
  readonly limits: MachineLimits;
  /**
   * Whether undefined behavior of the kernel's C is caught (use of memory that is out of bounds, freed
   * or without a value); true when left out. The states of a run do not depend on it.
   */
  readonly checks?: boolean;
}
