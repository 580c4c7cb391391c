/**
 * How long each task ran in user mode and in the kernel, and how often it left its CPU: what `getrusage` tells.
 *
 * Time of interrupts counts for the task that they come upon, as in Linux without exact accounting of interrupts.
 */
import { LEFT, TRACE, type TraceEvent, type TraceSink } from '../machine/trace.ts';

/** Figures of one task. */
export interface TaskUsage {
  userNs: number;
  kernelNs: number;
  /** It went to sleep or ended. */
  voluntarySwitches: number;
  involuntarySwitches: number;
}

interface CpuMode {
  task: number;
  isUser: boolean;
  sinceNs: number;
}

/** Adds up the figures while it listens. */
export class UsageTally implements TraceSink {
  private readonly byTask = new Map<number, TaskUsage>();
  private readonly byCpu = new Map<number, CpuMode>();

  note({ kind, cpu, task, ns, a, b }: TraceEvent): void {
    switch (kind) {
      case TRACE.user:
        this.change(cpu, task, true, ns);
        return;
      case TRACE.trap:
      case TRACE.interruptEntry:
        this.change(cpu, task, false, ns);
        return;
      case TRACE.switch: {
        this.change(cpu, task, false, ns);
        const left = this.usageOf(a);
        if (b === LEFT.preempted) left.involuntarySwitches += 1;
        else left.voluntarySwitches += 1;
        return;
      }
      default:
    }
  }

  /** Adds what runs at the end, by the clocks of the CPUs. */
  finish(clocksNs: readonly number[]): void {
    clocksNs.forEach((ns, cpu) => {
      const mode = this.byCpu.get(cpu);
      if (mode !== undefined) this.change(cpu, mode.task, false, ns);
    });
  }

  /** The figures of a task, by its id. */
  usageOf(task: number): TaskUsage {
    const known = this.byTask.get(task);
    if (known !== undefined) return known;
    const made = { userNs: 0, kernelNs: 0, voluntarySwitches: 0, involuntarySwitches: 0 };
    this.byTask.set(task, made);
    return made;
  }

  private change(cpu: number, task: number, isUser: boolean, ns: number): void {
    const mode = this.byCpu.get(cpu);
    if (mode === undefined) {
      this.byCpu.set(cpu, { task, isUser, sinceNs: ns });
      return;
    }
    const usage = this.usageOf(mode.task);
    const spent = Math.max(0, ns - mode.sinceNs);
    if (mode.isUser) usage.userNs += spent;
    else usage.kernelNs += spent;
    mode.task = task;
    mode.isUser = isUser;
    mode.sinceNs = ns;
  }
}
