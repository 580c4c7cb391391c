// Where most journeys of the debugger begin: in a lab folder, at the fault and at the call that resolves it.
import type { Workbench } from './workbench.ts';

/** Presses F5 and waits for the stop at the entry of the page-fault handler. */
export async function startAtTheFault(workbench: Workbench): Promise<void> {
  const { debug } = workbench;
  await debug.waitUntilReady();
  await debug.foldSection('Watch');
  await workbench.press('F5');
  await debug.waitForStop({ file: '/fault.c', text: 'release_flag = FAULT_FLAG_RELEASE' });
}

/** The same, then on to a breakpoint at the call of `handle_mm_fault`, whose line is the result. */
export async function startAtTheCall(workbench: Workbench): Promise<number> {
  const { debug, editors } = workbench;
  await startAtTheFault(workbench);
  await debug.foldSection('Breakpoints');
  await debug.stopAfter(() => workbench.press('F10'));
  const line = await editors.scrollTo('fault.c', 'fault = handle_mm_fault');
  await editors.clickGutter('fault.c', line);
  await workbench.press('F5');
  await debug.waitForStop({ file: '/fault.c', line });
  return line;
}
