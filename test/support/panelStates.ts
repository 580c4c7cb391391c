/**
 * The panel's state of a prepared run where it stands, without a debug session.
 */
import type { TaskId } from '../../src/base/brand.ts';
import type { KernelView } from '../../src/kernel/taskWaits.ts';
import type { PreparedRun } from '../../src/scenario/prepareRun.ts';
import { buildPanelState } from '../../src/view/buildPanelState.ts';
import type { PanelState } from '../../src/view/panelState.ts';

/** The machine with the names of its tasks. */
export function viewOf({ machine, readers, tasks, kernelTasks }: PreparedRun): KernelView {
  const named = [...tasks, ...kernelTasks];
  return {
    machine,
    readers,
    nameOf: (task) => named.find(({ id }) => id === task)?.name ?? `idle task ${String(task)}`,
  };
}

/** The state; thread ids are the numbers of the tasks. */
export function panelStateOf(run: PreparedRun, rev = 1): PanelState {
  return buildPanelState({
    rev,
    scenario: run.scenario.name,
    title: run.data.title,
    kernel: run.tree.name,
    reason: 'stopped',
    stoppedTask: undefined,
    end: undefined,
    view: viewOf(run),
    tasks: run.tasks.map(({ id }) => id),
    locks: run.processes.map(({ mmapSem, lockName }) => ({ address: mmapSem, name: lockName })),
    threadIdOf: (task: TaskId) => task,
    placeOf: () => ({ where: undefined, place: undefined, attempt: undefined }),
    anchor: undefined,
  });
}

/** Runs on to a position; whether the run still goes on. */
export function runTo(run: PreparedRun, position: number): boolean {
  const { kind } = run.machine.run({
    budget: Infinity,
    breakpoints: false,
    untilPosition: position,
  });
  return kind !== 'finished' && kind !== 'deadlock' && kind !== 'fault';
}
