/**
 * How the parts of the machine tell an event to whoever traces the run (`trace.ts`).
 *
 * The places that tell ask first whether there is a listener: that test is all that an untraced run pays.
 */
import { TIMES } from './imageLayout.ts';
import type { MachineState } from './machineState.ts';
import type { TraceKind } from './trace.ts';

/** Tells an event at the running CPU's clock. Call only when there is a listener. */
export function tell(
  state: MachineState,
  kind: TraceKind,
  task: number,
  a = 0,
  b = 0,
  c = 0,
): void {
  const cpu = state.currentCpu;
  tellAt(state, kind, cpu, task, state.clock(cpu), a, b, c);
}

/** Tells an event of any CPU at any time. */
export function tellAt(
  state: MachineState,
  kind: TraceKind,
  cpu: number,
  task: number,
  ns: number,
  a = 0,
  b = 0,
  c = 0,
): void {
  const position = state.double(TIMES.positionDouble);
  state.trace?.note({ kind, cpu, task, ns, position, a, b, c });
}
