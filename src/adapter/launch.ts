/**
 * From launch arguments to a run that stands at its start: load, compile, assemble, boot.
 *
 * All diagnostics go to the client at once; the launch is refused with the first error.
 */
import { hasErrors, type Diagnostic } from '../base/diagnostic.ts';
import { UserError } from '../base/errors.ts';
import { positionOf } from '../base/span.ts';
import type { DebugStop } from '../debugger/debugStop.ts';
import { Debugger } from '../debugger/debugger.ts';
import { kernelView, listedTasks, type DebugTarget } from '../debugger/debugTarget.ts';
import { LiveEvents } from '../debugger/liveEvents.ts';
import { anchorPcs, momentAt } from '../debugger/moments.ts';
import { OutputGate } from '../debugger/outputGate.ts';
import { findTaskSpot } from '../debugger/stackRows.ts';
import { compileKernelInSteps } from '../scenario/compileKernel.ts';
import { placeFiles } from '../scenario/fileContent.ts';
import type { KernelTree } from '../scenario/kernelTree.ts';
import { prepareRun, type PreparedRun, type PrepareRunInput } from '../scenario/prepareRun.ts';
import { buildPanelState } from '../view/buildPanelState.ts';
import { LiveFtrace } from '../view/liveFtrace.ts';
import type { PanelState } from '../view/panelState.ts';
import type { DiagnosticItem } from '../view/protocol.ts';
import { diagnosticLine, toDiagnosticItem } from './diagnosticItems.ts';
import { reportEnd } from './endReport.ts';
import type { AdapterHost, SourceNaming } from './host.ts';
import type { LaunchArguments } from './launchArguments.ts';
import { loadLaunchInputs } from './launchInputs.ts';
import type { LaunchedRun } from './launchedRun.ts';
import { toThreadId } from './threadIds.ts';
import type { ProgressDesk } from './progress.ts';
import { RunTimeline } from './runTimeline.ts';
import { workInSlices } from './slicedWorker.ts';
import { SourceCatalog } from './sourceCatalog.ts';

/** What a launch tells while it goes on. */
export interface LaunchListener {
  readonly naming: SourceNaming;
  readonly progress: ProgressDesk;
  onDiagnostics(diagnostics: readonly DiagnosticItem[]): void;
  /** Text of the running program, each once. */
  onOutput(fd: number, text: string): void;
}

function refuse(diagnostics: readonly Diagnostic[]): UserError {
  const errors = diagnostics.filter((item) => item.severity === 'error');
  const [first] = errors;
  const more = errors.length > 1 ? ` (and ${String(errors.length - 1)} more)` : '';
  const text = first === undefined ? 'error: nothing to run' : diagnosticLine(first);
  return new UserError(
    'diagnostics',
    `${text}${more}`,
    'Correct what the Problems panel lists, then launch again.',
  );
}

function refuseBoot(run: PreparedRun): UserError | undefined {
  const { bootStop } = run;
  if (bootStop === undefined) return undefined;
  const what =
    bootStop.kind === 'fault'
      ? bootStop.fault.message
      : `it had not ended after ${String(run.machine.bootSteps)} steps and was given up.`;
  return new UserError(
    'boot-failed',
    `The kernel failed while booting: ${what}`,
    'Undo the last change of the kernel, or run it with `faultline run` to see where it stands.',
  );
}

/** What the debugger sees of a prepared run. */
export function toTarget(run: PreparedRun): DebugTarget {
  const { machine, program, entries, readers } = run;
  const tasks = run.tasks.map(({ id, name, program: { lines, labels } }) => ({
    id,
    name,
    program: { lines, labels },
  }));
  return { machine, program, entries, readers, tasks, kernelTasks: run.kernelTasks };
}

/** The panel's state where the machine stands. */
export function buildState(
  run: PreparedRun,
  target: DebugTarget,
  catalog: Pick<SourceCatalog, 'uriOf'>,
  stop: DebugStop,
  rev: number,
): PanelState {
  const { task } = stop;
  const pc = task === undefined ? undefined : target.machine.task(task).pc;
  return buildPanelState({
    rev,
    scenario: run.scenario.name,
    title: run.data.title,
    kernel: shortKernelName(run.tree),
    reason: stop.text,
    stoppedTask: task,
    end: endOf(stop),
    view: kernelView(target),
    tasks: listedTasks(target).map((item) => item.id),
    locks: run.processes.map(({ mmapSem, lockName }) => ({ address: mmapSem, name: lockName })),
    threadIdOf: toThreadId,
    placeOf: (item) => {
      const { where, span, attempt } = findTaskSpot(target, item);
      if (span === undefined) return { where, attempt, place: undefined };
      const { line1 } = positionOf(span.file, span.start);
      const place = { uri: catalog.uriOf(span.file), path: span.file.path, line1 };
      return { where, attempt, place };
    },
    anchor: momentAt(target.program, pc),
  });
}

/** A kernel's name for a narrow panel: that of a shipped one, or the last part of a folder's path. */
function shortKernelName({ name, base }: KernelTree): string {
  if (base !== undefined) return name;
  const last = name.split(/[\\/]/).findLast((part) => part !== '');
  return `${last ?? name} (lab)`;
}

function endOf({ final }: DebugStop): PanelState['end'] {
  if (final === undefined) return undefined;
  if (final.kind !== 'finished') return { outcome: final.kind, exitCode: 1 };
  return { outcome: final.outcome, exitCode: final.outcome === 'completed' ? 0 : 1 };
}

/** Everything that makes up a launched run, around a machine that has booted. */
function assembleRun(
  host: AdapterHost,
  launch: LaunchArguments,
  catalog: SourceCatalog,
  run: PreparedRun,
  input: PrepareRunInput,
  gate: OutputGate,
  listener: LaunchListener,
): LaunchedRun {
  const target = toTarget(run);
  const print = (text: string): void => {
    listener.onOutput(1, text);
  };
  const debug = new Debugger(target, launch.historyMegabytes * 1_000_000, print);
  debug.listeners.add(gate);
  gate.isShut = () => debug.isElsewhere;
  return {
    launch,
    debugger: debug,
    trace: new LiveEvents(debug, new LiveFtrace(), print),
    timeline: new RunTimeline(debug, placeFiles(run.data.files ?? [])),
    kernel: run.tree.name,
    scenarioTitle: run.data.title,
    catalog,
    input,
    buildState: (stop, rev) => buildState(run, target, catalog, stop, rev),
    reportEnd: (stop) => reportEnd(host, run, input, stop, listener.progress),
  };
}

/** Compiles a kernel; the result is kept with the tree, where preparing the run finds it. */
async function compileTree(host: AdapterHost, tree: KernelTree, desk: ProgressDesk): Promise<void> {
  const progress = desk.begin(`Compiling the kernel "${shortKernelName(tree)}"`);
  try {
    await workInSlices(host, compileKernelInSteps(tree), () => {
      progress.report(`${String(tree.files.size)} files`);
      if (!progress.isCancelled()) return;
      throw new UserError('cancelled', 'The launch was cancelled.', 'Launch again.', true);
    });
  } finally {
    progress.end();
  }
}

/**
 * Launches a run.
 *
 * Errors: `UserError` for wrong arguments, for texts with errors, and for a kernel that does not boot.
 */
export async function launchRun(
  host: AdapterHost,
  launch: LaunchArguments,
  listener: LaunchListener,
): Promise<LaunchedRun> {
  const catalog = new SourceCatalog(host, listener.naming);
  const inputs = await loadLaunchInputs(host, launch, catalog);
  const { scenario, programs } = inputs.scenario;
  const diagnostics = [...inputs.diagnostics];
  const tell = (): void => {
    listener.onDiagnostics(diagnostics.map((item) => toDiagnosticItem(catalog, item)));
  };
  if (scenario === undefined || inputs.tree === undefined || hasErrors(diagnostics)) {
    tell();
    throw refuse(diagnostics);
  }
  const gate = new OutputGate((fd, text) => {
    listener.onOutput(fd, text);
  });
  await host.yieldToHost();
  await compileTree(host, inputs.tree, listener.progress);
  await host.yieldToHost();
  const input: PrepareRunInput = {
    scenario,
    tree: inputs.tree,
    programs,
    parameters: launch.set,
    ...(launch.seed === undefined ? {} : { seed: launch.seed }),
    ...(launch.schedule === undefined || launch.schedule === 'random'
      ? {}
      : { schedule: launch.schedule }),
    ...(launch.schedule === 'random' && launch.seed === undefined ? { seed: 1 } : {}),
    output: gate.receive,
    checks: launch.checks,
    rules: launch.rules,
  };
  const prepared = prepareRun(input);
  diagnostics.push(...prepared.diagnostics);
  tell();
  const { run } = prepared;
  if (run === undefined || hasErrors(diagnostics)) throw refuse(diagnostics);
  const bootRefusal = refuseBoot(run);
  if (bootRefusal !== undefined) throw bootRefusal;
  const { stopOnEntry } = launch;
  if (typeof stopOnEntry === 'string' && stopOnEntry !== 'user') {
    anchorPcs(run.program, stopOnEntry);
  }
  return assembleRun(host, launch, catalog, run, input, gate, listener);
}
