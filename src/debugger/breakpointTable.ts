/**
 * The user's breakpoints: lines of kernel files and of user programs, with the places that each
 * resolved to. Their ids are the caller's.
 */
import { asAddress, type Pc, type TaskId } from '../base/brand.ts';
import type { SourceFile } from '../base/span.ts';
import type { Machine, UserBreakpoint } from '../machine/machine.ts';
import { USER_EIP } from '../machine/userCpu.ts';
import type { DebugTarget } from './debugTarget.ts';
import { resolveKernelLine, resolveProgramLine } from './statementLines.ts';

/** A breakpoint as it was asked for. */
export interface LineBreakpoint {
  readonly id: number;
  readonly line1: number;
}

/** A breakpoint as it came to stand. */
export interface PlacedBreakpoint {
  readonly id: number;
  /** Where it stands; `undefined` when no statement follows the line. */
  readonly place: { readonly line1: number; readonly column1: number } | undefined;
  readonly pcs: readonly Pc[];
  readonly userPlaces: readonly UserBreakpoint[];
}

/** All breakpoints of a session. */
export class BreakpointTable {
  private readonly target: DebugTarget;
  private readonly byFile = new Map<SourceFile, readonly PlacedBreakpoint[]>();

  constructor(target: DebugTarget) {
    this.target = target;
  }

  /** Replaces the breakpoints of a file; the result is in the order given. */
  setForFile(
    file: SourceFile,
    breakpoints: readonly LineBreakpoint[],
  ): readonly PlacedBreakpoint[] {
    const placed = breakpoints.map(({ id, line1 }) => this.place(file, id, line1));
    this.byFile.set(file, placed);
    return placed;
  }

  /** Kernel places of all breakpoints. */
  kernelPlaces(): ReadonlySet<Pc> {
    return new Set(this.all().flatMap((item) => item.pcs));
  }

  /** Places in user programs of all breakpoints. */
  userPlaces(): readonly UserBreakpoint[] {
    return this.all().flatMap((item) => item.userPlaces);
  }

  /** The ids of the breakpoints at which a task stands. */
  idsAt(machine: Machine, task: TaskId): readonly number[] {
    const { mode, pc, userRegisters } = machine.task(task);
    const address = asAddress(userRegisters[USER_EIP] ?? 0);
    return this.all()
      .filter((item) =>
        mode === 'user'
          ? item.userPlaces.some((place) => place.taskId === task && place.address === address)
          : item.pcs.some((place) => place === pc),
      )
      .map((item) => item.id);
  }

  private all(): readonly PlacedBreakpoint[] {
    return [...this.byFile.values()].flat();
  }

  private place(file: SourceFile, id: number, line1: number): PlacedBreakpoint {
    const kernel = resolveKernelLine(this.target.program, file, line1);
    if (kernel !== undefined) {
      const { column1, places } = kernel;
      const place = { line1: kernel.line1, column1 };
      return { id, place, pcs: places, userPlaces: [] };
    }
    const found = this.target.tasks.flatMap((task) => {
      const resolved = resolveProgramLine(task.program.lines, file, line1);
      return resolved === undefined ? [] : [{ task: task.id, resolved }];
    });
    const first = found[0]?.resolved;
    const userPlaces = found.flatMap(({ task, resolved }) =>
      resolved.places.map((address) => ({ taskId: task, address: asAddress(address) })),
    );
    const place = first && { line1: first.line1, column1: first.column1 };
    return { id, place, pcs: [], userPlaces };
  }
}
