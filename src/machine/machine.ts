/**
 * The machine as other rooms see it: boot, run, look, keep and restore states.
 */
import type { Address, CpuId, Pc, TaskId } from '../base/brand.ts';
import { BugError } from '../base/errors.ts';
import type { MemoryReader } from '../bytecode/memoryReader.ts';
import type { Program } from '../bytecode/program.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { DiskView } from './diskView.ts';
import type { GhostView } from './ghostView.ts';
import type { MachineConfig } from './machineConfig.ts';
import type { RunRequest } from './runRequest.ts';
import type { Stop } from './stop.ts';
import type { CpuView, Frame, TaskView } from './taskView.ts';

/** A place in a user program where a task stops. */
export interface UserBreakpoint {
  readonly taskId: TaskId;
  readonly address: Address;
}

export class Machine implements MemoryReader {
  readonly config: MachineConfig;
  readonly program: Program;
  readonly ghost: GhostView;
  readonly disk: DiskView;

  constructor(config: MachineConfig) {
    this.config = config;
    this.program = config.program;
    throw new BugError('the machine is not built yet');
  }

  /** The whole state: the machine's own numbers, then RAM. */
  get image(): ArrayBuffer {
    throw new BugError('not built');
  }

  /** Instructions executed since boot ended, of kernel and user code; names a moment of a schedule. */
  get position(): number {
    throw new BugError('not built');
  }

  /** Runs boot code to its end, after which `position` is 0; a stop tells why it did not get there. */
  boot(budget?: number): Stop | undefined {
    throw new BugError(`not built ${String(budget)}`);
  }

  run(request: RunRequest): Stop {
    throw new BugError(`not built ${String(request.budget)}`);
  }

  get taskCount(): number {
    throw new BugError('not built');
  }

  task(id: TaskId): TaskView {
    throw new BugError(`not built ${String(id)}`);
  }

  /** The task with a number of the scenario, once boot code has created it. */
  taskOfScenario(index: number): TaskId | undefined {
    throw new BugError(`not built ${String(index)}`);
  }

  /** The task that the kernel calls by this word. */
  taskOfCookie(cookie: number): TaskId | undefined {
    throw new BugError(`not built ${String(cookie)}`);
  }

  /** The CPU that executes the next instruction. */
  get currentCpu(): CpuId {
    throw new BugError('not built');
  }

  cpu(id: CpuId): CpuView {
    throw new BugError(`not built ${String(id)}`);
  }

  /** The kernel frames of a task, innermost first; empty in user mode and at rest. */
  frames(task: TaskId): readonly Frame[] {
    throw new BugError(`not built ${String(task)}`);
  }

  /** The machine's one clock: that of the CPU which is furthest. Never goes back while running on. */
  nowNs(): number {
    throw new BugError('not built');
  }

  /** The byte at a kernel address. */
  readByte(address: Address): number | undefined {
    throw new BugError(`not built ${String(address)}`);
  }

  /** The unsigned word at a kernel address. */
  readWord(address: Address): number | undefined {
    throw new BugError(`not built ${String(address)}`);
  }

  /** The byte at an address as a task sees it, user memory through its page tables. */
  readUserByte(task: TaskId, address: Address): number | undefined {
    throw new BugError(`not built ${String(task)} ${String(address)}`);
  }

  setBreakpoints(pcs: Iterable<Pc>): void {
    throw new BugError(`not built ${String(pcs)}`);
  }

  setUserBreakpoints(breakpoints: Iterable<UserBreakpoint>): void {
    throw new BugError(`not built ${String(breakpoints)}`);
  }

  /** Cost: the pages that changed since the last checkpoint or restore. */
  takeCheckpoint(): Checkpoint {
    throw new BugError('not built');
  }

  restore(checkpoint: Checkpoint): void {
    throw new BugError(`not built ${String(checkpoint.position)}`);
  }

  /** 16 hexadecimal digits over the whole state. */
  stateHash(): string {
    throw new BugError('not built');
  }

  /** The same without clocks, statistics and dead stack. */
  modelHash(): string {
    throw new BugError('not built');
  }

  /** The text that replays this run up to here. */
  schedule(): string {
    throw new BugError('not built');
  }
}
