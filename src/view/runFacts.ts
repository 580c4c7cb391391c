/**
 * Reads what a picture of a run is made of (`runPicture.ts`) from the machine where it stands.
 */
import { listAddressSpaces, type KernelView } from '../kernel/taskWaits.ts';
import { readVmEvents } from '../kernel/vmEvents.ts';
import type { PanelState } from './panelState.ts';
import type { RunFacts } from './runPicture.ts';

/** The facts; `state` is the panel's at the same place. */
export function readRunFacts(view: KernelView, state: PanelState): RunFacts {
  const { machine, readers } = view;
  const { cpuCount } = machine.config;
  const counters = readers.readCounters(machine, cpuCount);
  const { SW_PAGE_FAULTS, SW_PAGE_FAULTS_MAJ, SW_PAGE_FAULTS_MIN } = counters;
  const statistics = machine.ghost.lockStats();
  return {
    state,
    counters: [
      ...Object.entries({ SW_PAGE_FAULTS, SW_PAGE_FAULTS_MAJ, SW_PAGE_FAULTS_MIN }),
      ...readVmEvents(machine.program, readers, machine, cpuCount),
    ],
    locks: listAddressSpaces(view).flatMap(({ mm, name }) =>
      statistics
        .filter(({ lock }) => lock === mm.mmapSem)
        .map((figures) => [name, figures] as const),
    ),
  };
}
