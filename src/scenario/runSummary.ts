/**
 * What came out of a run, as plain data: the JSON form of `faultline run`.
 *
 * Everything is read from the machine: counters from the kernel's memory, hold and wait times from
 * ghost state. The names of the keys are a contract with scripts of users.
 */
import type { Address } from '../base/brand.ts';
import { renderExcerpt, renderNote } from '../base/diagnostic.ts';
import { positionOf } from '../base/span.ts';
import { faultPlaceAt } from '../bytecode/faultPlace.ts';
import { functionAt, type Program } from '../bytecode/program.ts';
import type { KernelCounters } from '../kernel/kernelReaders.ts';
import type { MachineFault } from '../machine/faults.ts';
import type { LockFigures } from '../machine/ghostView.ts';
import type { FinalStop } from '../machine/stop.ts';
import { DEFAULT_CPUS } from './machineDefaults.ts';
import type { PreparedRun, PreparedTask } from './prepareRun.ts';
import type { RunResult } from './runScenario.ts';
import type { Outcome } from './scenarioSchema.ts';

/** How a task fared. */
export interface TaskSummary {
  readonly name: string;
  /** `exited:N`, `running`, `blocked`, or a signal such as `SIGSEGV:MAPERR`. */
  readonly exit: string;
  readonly maj_flt: number;
  readonly min_flt: number;
  readonly iterations: number;
  readonly mmapSemWaitMaxNs: number;
}

/** How long a lock was held and waited for. */
export interface LockSummary {
  readonly readHoldMaxNs: number;
  readonly readHoldTotalNs: number;
  readonly writeHoldMaxNs: number;
  readonly waitMaxNs: number;
  readonly contended: number;
}

/** What went wrong in the kernel, and where. */
export interface ViolationSummary {
  /** The kind of a machine fault, or `deadlock`. */
  readonly rule: string;
  readonly message: string;
  readonly task: string | undefined;
  readonly file: string | undefined;
  /** From 1. */
  readonly line: number | undefined;
  readonly column: number | undefined;
  readonly function: string | undefined;
  /** The line of the source and, below, a mark under the expression at fault. */
  readonly excerpt: string | undefined;
  /** Replays the run up to here. */
  readonly schedule: string;
}

/** The result of `faultline run --format json`. */
export interface RunSummary {
  readonly scenario: string;
  readonly kernel: string;
  readonly outcome: Outcome;
  readonly virtualNs: number;
  readonly steps: number;
  readonly schedule: string;
  readonly stateHash: string;
  readonly tasks: readonly TaskSummary[];
  readonly counters: KernelCounters;
  readonly locks: Readonly<
    Record<string, LockSummary & { readonly perTask: Readonly<Record<string, LockSummary>> }>
  >;
  readonly violations: readonly ViolationSummary[];
  /** What rules have noticed that never stop a run. */
  readonly reports: readonly ReportSummary[];
}

/** How often something happened per second of virtual time. */
export function perSecond(count: number, virtualNs: number): number {
  return virtualNs === 0 ? 0 : (count * 1e9) / virtualNs;
}

/** Something that a run has shown and that is no violation. */
export type ReportSummary = Pick<
  ViolationSummary,
  'rule' | 'message' | 'task' | 'file' | 'line' | 'function'
>;

/** Machine faults that mean a broken rule rather than a crash of the kernel. */
const RULE_FAULTS: ReadonlySet<MachineFault['kind']> = new Set([
  'assert',
  'lock',
  'reference',
  'rule',
  'sleepInAtomic',
]);

/** Summarizes a run that has ended. */
export function summarizeRun(run: PreparedRun, result: RunResult): RunSummary {
  const { machine, data, readers } = run;
  const cpuCount = data.machine?.cpus ?? DEFAULT_CPUS;
  return {
    scenario: run.scenario.name,
    kernel: run.tree.name,
    outcome: outcomeOf(result.stop),
    virtualNs: machine.nowNs(),
    steps: machine.position,
    schedule: machine.schedule(),
    stateHash: machine.stateHash(),
    tasks: run.tasks.map((task, index) => summarizeTask(run, task, result.iterations[index] ?? 0)),
    counters: readers.readCounters(machine, cpuCount),
    locks: Object.fromEntries(
      run.processes.map(({ lockName, mmapSem }) => [lockName, summarizeLock(run, mmapSem)]),
    ),
    violations: violationsOf(run, result.stop),
    reports: reportsOf(run),
  };
}

/** One word for how a run ended. */
export function outcomeOf(stop: FinalStop): Outcome {
  switch (stop.kind) {
    case 'finished':
      return stop.outcome;
    case 'deadlock':
      return 'deadlock';
    case 'fault':
      if (stop.fault.kind === 'limit') return 'limit';
      return RULE_FAULTS.has(stop.fault.kind) ? 'violation' : 'oops';
  }
}

function summarizeTask(run: PreparedRun, task: PreparedTask, iterations: number): TaskSummary {
  const { machine, readers } = run;
  const { majFlt, minFlt } = readers.readTask(machine, machine.task(task.id).cookie);
  const stats = machine.ghost.lockStats().find((item) => item.lock === task.process.mmapSem);
  return {
    name: task.name,
    exit: exitOf(run, task),
    maj_flt: majFlt,
    min_flt: minFlt,
    iterations,
    mmapSemWaitMaxNs: stats?.owners.find((owner) => owner.task === task.id)?.waitMaxNs ?? 0,
  };
}

const SIGNALS: Readonly<
  Record<number, { readonly name: string; readonly codes: Readonly<Record<number, string>> }>
> = {
  7: { name: 'SIGBUS', codes: { 2: 'ADRERR', 4: 'MCEERR_AR' } },
  9: { name: 'SIGKILL', codes: {} },
  11: { name: 'SIGSEGV', codes: { 1: 'MAPERR', 2: 'ACCERR' } },
  15: { name: 'SIGTERM', codes: {} },
};

/** How a task stands in the end. Source: the exit code as wait() reports it. */
function exitOf({ machine, readers }: PreparedRun, task: PreparedTask): string {
  const view = machine.task(task.id);
  if (view.status === 'blocked') return 'blocked';
  if (view.status !== 'exited') return 'running';
  const { exitCode, exitSignal } = readers.readTask(machine, view.cookie);
  const number = exitCode & 0x7f;
  if (number === 0) return `exited:${String((exitCode >> 8) & 0xff)}`;
  const signal = SIGNALS[number];
  const code = exitSignal.number === number ? signal?.codes[exitSignal.code] : undefined;
  const name = signal?.name ?? `signal ${String(number)}`;
  return code === undefined ? name : `${name}:${code}`;
}

function pickFigures(figures: LockFigures | undefined): LockSummary {
  return {
    readHoldMaxNs: figures?.readHoldMaxNs ?? 0,
    readHoldTotalNs: figures?.readHoldTotalNs ?? 0,
    writeHoldMaxNs: figures?.writeHoldMaxNs ?? 0,
    waitMaxNs: figures?.waitMaxNs ?? 0,
    contended: figures?.contended ?? 0,
  };
}

function summarizeLock(run: PreparedRun, lock: Address): RunSummary['locks'][string] {
  const stats = run.machine.ghost.lockStats().find((item) => item.lock === lock);
  const users = run.tasks.flatMap((task) => {
    const figures = stats?.owners.find((owner) => owner.task === task.id);
    return figures === undefined ? [] : [[task.name, pickFigures(figures)] as const];
  });
  return { ...pickFigures(stats), perTask: Object.fromEntries(users) };
}

function violationsOf(run: PreparedRun, stop: FinalStop): ViolationSummary[] {
  const { machine, program } = run;
  const named = [...run.tasks, ...run.kernelTasks];
  const nameOf = (id: number): string | undefined => named.find((task) => task.id === id)?.name;
  const schedule = machine.schedule();
  switch (stop.kind) {
    case 'finished':
      return [];
    case 'fault':
      if (stop.fault.kind === 'limit') return [];
      return [
        {
          rule: stop.fault.rule ?? stop.fault.kind,
          message: stop.fault.message,
          task: nameOf(stop.task),
          ...placeOf(program, stop.pc),
          schedule,
        },
      ];
    case 'deadlock': {
      const names = stop.tasks.map((id) => nameOf(id) ?? `task ${String(id)}`);
      const [first] = stop.tasks;
      const pc = first === undefined ? undefined : machine.task(first).pc;
      const message = `Nothing can go on: ${names.join(', ')} ${names.length === 1 ? 'sleeps' : 'sleep'} and nobody is left to wake ${names.length === 1 ? 'it' : 'them'}.`;
      return [{ rule: 'deadlock', message, task: names[0], ...placeOf(program, pc), schedule }];
    }
  }
}

function reportsOf({ rules, tasks, program }: PreparedRun): ReportSummary[] {
  return (rules?.reports() ?? []).map(({ rule, message, task, pc }) => {
    const { file, line, function: name } = placeOf(program, pc);
    return {
      ...{ rule, message, task: tasks.find(({ id }) => id === task)?.name },
      ...{ file, line, function: name },
    };
  });
}

function placeOf(
  program: Program,
  pc: FaultPc | undefined,
): Pick<ViolationSummary, 'file' | 'line' | 'column' | 'function' | 'excerpt'> {
  const place = pc === undefined ? undefined : faultPlaceAt(program, pc);
  if (pc === undefined || place === undefined) {
    return {
      file: undefined,
      line: undefined,
      column: undefined,
      function: undefined,
      excerpt: undefined,
    };
  }
  const { file, start } = place.span;
  const { line1, column1 } = positionOf(file, start);
  return {
    file: file.path,
    line: line1,
    column: column1,
    function: functionAt(program, pc)?.name,
    excerpt: [renderExcerpt(place.span), ...place.notes.map(renderNote)].join('\n'),
  };
}

type FaultPc = Extract<FinalStop, { kind: 'fault' }>['pc'];
