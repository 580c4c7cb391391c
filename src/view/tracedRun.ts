/**
 * A run with its recorded trace, as the formatters of traces want it, and the words they share.
 *
 * Where Linux has a tracepoint for an event, its name and the form of its fields are used, so that people (and
 * scripts) that read traces of real kernels read these.
 */
import { hex } from '../base/brand.ts';
import type { Program } from '../bytecode/program.ts';
import type { RecordedTrace } from '../kernel/recordedTrace.ts';
import { MODE_WRITE } from '../machine/ghostView.ts';
import { INTERRUPT_SOURCE, type TraceEvent } from '../machine/trace.ts';
import { TRAP_EXCEPTION, TRAP_PAGE_FAULT, TRAP_SYSTEM_CALL } from '../machine/traps.ts';

/** A task of a trace, idle tasks included. */
export interface TracedTask {
  readonly id: number;
  readonly name: string;
  /** 0 for idle tasks. */
  readonly pid: number;
  readonly cpu: number;
  readonly isIdle: boolean;
}

/** What formatters read. */
export interface TracedRun {
  /** Scenario and kernel: `cold-fault on patched`. */
  readonly title: string;
  readonly program: Program;
  readonly trace: RecordedTrace;
  /** By id. */
  readonly tasks: readonly TracedTask[];
  readonly cpuCount: number;
  /** When the run ended. */
  readonly endNs: number;
}

/** The kernel's name of a function. */
export function functionName({ program }: TracedRun, index: number): string {
  return program.functions[index]?.name ?? `function ${String(index)}`;
}

/** A task by its id; events of no task have none. */
export function tracedTask({ tasks }: TracedRun, id: number): TracedTask {
  return tasks[id] ?? { id, name: 'disk', pid: 0, cpu: -1, isIdle: true };
}

/** The idle tasks by CPU. */
export function idleTasks({ tasks, cpuCount }: TracedRun): readonly number[] {
  return Array.from(
    { length: cpuCount },
    (_, cpu) => tasks.find((task) => task.isIdle && task.cpu === cpu)?.id ?? -1,
  );
}

/** `read` or `write`. */
export function modeName(mode: number): string {
  return mode === MODE_WRITE ? 'write' : 'read';
}

/** What interrupts, in a word. */
export function interruptName(source: number): string {
  if (source === INTERRUPT_SOURCE.disk) return 'disk';
  if (source === INTERRUPT_SOURCE.kick) return 'kick';
  return source === INTERRUPT_SOURCE.timer ? 'timer' : 'signal';
}

/** A trap as its tracepoint tells it; undefined for an interrupt, which has its own event. */
export function describeTrap({ a: kind, b: code, c: address }: TraceEvent): string | undefined {
  switch (kind) {
    case TRAP_PAGE_FAULT: {
      const mode = (code & 4) === 0 ? 'kernel' : 'user';
      return `page_fault_${mode}: address=${hex(address)} error_code=${hex(code)}`;
    }
    case TRAP_SYSTEM_CALL:
      return `sys_enter: NR ${String(code)}`;
    case TRAP_EXCEPTION:
      return `exception: vector=${String(code)}`;
    default:
      return undefined;
  }
}

/** What the trace leaves out, in a sentence; undefined when it is whole. */
export function describeLoss({ trace: { buffer } }: TracedRun): string | undefined {
  const from = buffer.lostFromNs;
  if (from === undefined) return undefined;
  return (
    `The trace is full: it has the first ${String(buffer.length)} events, up to ${(from / 1e9).toFixed(9)} s; ` +
    `${String(buffer.lostCount)} later ones are not in it.`
  );
}
