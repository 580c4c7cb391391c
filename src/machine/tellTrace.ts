/**
 * How the parts of the machine tell an event to whoever traces the run (`trace.ts`).
 *
 * The places that tell ask first whether there is a listener: that test is all that an untraced run pays.
 */
import { FLAG_TRACE } from '../bytecode/instruction.ts';
import { TIMES } from './imageLayout.ts';
import type { MachineState } from './machineState.ts';
import type { TraceKind, TracePoint, TraceSink } from './trace.ts';

/**
 * From now on `sink` is told, at the instructions of `points` too; nobody is when it is `undefined`. Returns the
 * instructions whose flags may have changed.
 */
export function replaceTrace(
  state: MachineState,
  sink: TraceSink | undefined,
  points: Iterable<TracePoint>,
): readonly number[] {
  const { code } = state;
  const before = [...state.tracePoints.keys()];
  for (const pc of before) code[pc] = (code[pc] as number) & ~FLAG_TRACE;
  const byPc = new Map<number, TracePoint[]>();
  for (const point of sink === undefined ? [] : points) {
    const others = byPc.get(point.pc);
    if (others === undefined) byPc.set(point.pc, [point]);
    else others.push(point);
  }
  for (const pc of byPc.keys()) code[pc] = (code[pc] as number) | FLAG_TRACE;
  state.trace = sink;
  state.tracePoints = byPc;
  state.tracedPosition = -1;
  return [...before, ...byPc.keys()];
}

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
