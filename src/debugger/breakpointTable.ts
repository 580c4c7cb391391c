/**
 * The user's breakpoints with the places that each resolved to: lines of kernel files and of user
 * programs, functions, single instructions, data, and filters for kinds of events. Their ids are the caller's.
 *
 * What a breakpoint asks for besides its place, such as a condition, is judged where a task comes to it
 * (`breakpointJudge.ts`).
 */
import { asAddress, asPc, hex, type Pc, type TaskId } from '../base/brand.ts';
import { closestName } from '../base/closestName.ts';
import { positionOf, type SourceFile } from '../base/span.ts';
import { INSTRUCTION_WORDS } from '../bytecode/instruction.ts';
import { CODE_BASE, DIRECT_MAP_BASE, statementAt } from '../bytecode/program.ts';
import type { Machine, UserBreakpoint } from '../machine/machine.ts';
import type { AccessStop } from '../machine/stop.ts';
import type { AccessKind, Watchpoint } from '../machine/watchpoint.ts';
import { USER_EIP } from '../machine/userCpu.ts';
import { bodyPcs } from './bodyPcs.ts';
import type { DataPlace } from './dataPlaces.ts';
import type { DebugTarget } from './debugTarget.ts';
import { problemOf } from './evaluation.ts';
import { isCallRunning } from './frameChain.ts';
import { expressionsIn } from './logMessage.ts';
import type { StopFilter, StopFilterId } from './stopFilters.ts';
import { resolveKernelLine, resolveProgramLine } from './statementLines.ts';

/** Who stops at a breakpoint. */
export type BreakpointMode =
  | 'anyTask'
  /** The task that stood when the breakpoint was set. */
  | 'oneTask'
  /** A task that would go to sleep in the statement. */
  | 'wouldSleep';

/** What a breakpoint asks for besides its place; texts as the user wrote them. */
export interface BreakpointRules {
  /** An expression of C, or the name of a task. */
  readonly condition?: string;
  /** As `hitCondition.ts` says. */
  readonly hitCondition?: string;
  /** Printed instead of a stop, with the values of `{expressions}`. */
  readonly logMessage?: string;
  readonly mode: BreakpointMode;
  /** With `oneTask`: which one. */
  readonly task?: TaskId;
}

/** A breakpoint as it was asked for. */
export interface LineBreakpoint {
  readonly id: number;
  readonly line1: number;
  readonly rules: BreakpointRules;
}

/** A breakpoint on a function of the kernel or a label of user programs. */
export interface FunctionBreakpoint {
  readonly id: number;
  readonly name: string;
  readonly rules: BreakpointRules;
}

/** A breakpoint on an instruction: of kernel code (from `CODE_BASE` on), or of every user program. */
export interface InstructionBreakpoint {
  readonly id: number;
  readonly address: number;
  readonly rules: BreakpointRules;
}

/** A breakpoint on data. */
export interface DataBreakpoint {
  readonly id: number;
  readonly place: DataPlace;
  readonly access: AccessKind;
  readonly rules: BreakpointRules;
}

/** A filter that is switched on. */
export interface FilterBreakpoint {
  readonly filter: StopFilter;
  readonly rules: BreakpointRules;
}

/** A breakpoint as it came to stand. */
export interface PlacedBreakpoint {
  readonly id: number;
  readonly rules: BreakpointRules;
  /** The line where it stands (the first, when it has several places); `undefined` for filters. */
  readonly place:
    { readonly file: SourceFile; readonly line1: number; readonly column1: number } | undefined;
  readonly pcs: readonly Pc[];
  readonly userPlaces: readonly UserBreakpoint[];
  /** Why it can never stop; `undefined` when it can. */
  readonly problem: string | undefined;
  /** Of a filter: the event that it is about; its id is 0. */
  readonly filter?: StopFilter;
  /** Of a breakpoint on data: what it is about. */
  readonly data?: DataPlace;
}

/** All breakpoints of a session. */
export class BreakpointTable {
  private readonly target: DebugTarget;
  private readonly byFile = new Map<SourceFile, readonly PlacedBreakpoint[]>();
  private functions: readonly PlacedBreakpoint[] = [];
  private instructions: readonly PlacedBreakpoint[] = [];
  private filters: readonly PlacedBreakpoint[] = [];
  private data: readonly PlacedBreakpoint[] = [];
  /** Those of `data`, in its order; the same object as long as they are the same. */
  watchpoints: readonly Watchpoint[] = [];

  constructor(target: DebugTarget) {
    this.target = target;
  }

  /** Replaces the breakpoints of a file; the result is in the order given. */
  setForFile(
    file: SourceFile,
    breakpoints: readonly LineBreakpoint[],
  ): readonly PlacedBreakpoint[] {
    const placed = breakpoints.map((item) => this.placeLine(file, item));
    this.byFile.set(file, placed);
    return placed;
  }

  /** Replaces the breakpoints on functions; the result is in the order given. */
  setFunctions(breakpoints: readonly FunctionBreakpoint[]): readonly PlacedBreakpoint[] {
    this.functions = breakpoints.map((item) => this.placeFunction(item));
    return this.functions;
  }

  /** Replaces the breakpoints on instructions; the result is in the order given. */
  setInstructions(breakpoints: readonly InstructionBreakpoint[]): readonly PlacedBreakpoint[] {
    this.instructions = breakpoints.map((item) => this.placeInstruction(item));
    return this.instructions;
  }

  /** Replaces the breakpoints on data; the result is in the order given. */
  setData(breakpoints: readonly DataBreakpoint[]): readonly PlacedBreakpoint[] {
    this.watchpoints = breakpoints.map(({ place, access }) => ({ place: place.watched, access }));
    this.data = breakpoints.map(({ id, place, rules }) => {
      const { condition } = rules;
      const isTask = this.target.tasks.some(({ name }) => name === condition?.trim());
      // Where the access will be is not known: only names of file scope can be checked.
      const problem =
        condition === undefined || isTask
          ? undefined
          : problemOf(this.target, undefined, condition);
      return { id, rules, place: undefined, pcs: [], userPlaces: [], problem, data: place };
    });
    return this.data;
  }

  /** The breakpoint on data that a watchpoint of the machine belongs to. */
  dataOf(watchpoint: number): PlacedBreakpoint | undefined {
    return this.data[watchpoint];
  }

  /** The breakpoints on data that an access of the machine is about. */
  dataAt({ accesses }: AccessStop): readonly PlacedBreakpoint[] {
    return accesses.flatMap(({ watchpoint }) => {
      const found = this.data[watchpoint];
      if (found === undefined || found.problem !== undefined) return [];
      return isCallRunning(this.target.machine, found.data?.call) ? [found] : [];
    });
  }

  /** Replaces the filters that are switched on. */
  setFilters(filters: readonly FilterBreakpoint[]): void {
    this.filters = filters.map(({ filter, rules }) => ({
      id: 0,
      rules,
      place: undefined,
      pcs: filter.places(this.target),
      userPlaces: [],
      problem: undefined,
      filter,
    }));
  }

  /** Kernel places of all breakpoints. */
  kernelPlaces(): ReadonlySet<Pc> {
    return new Set(this.all().flatMap((item) => item.pcs));
  }

  /** Places in user programs of all breakpoints. */
  userPlaces(): readonly UserBreakpoint[] {
    return this.all().flatMap((item) => item.userPlaces);
  }

  /** The breakpoints at which a task stands, whatever they ask for besides. */
  at(machine: Machine, task: TaskId): readonly PlacedBreakpoint[] {
    const { mode, pc, userRegisters } = machine.task(task);
    const address = asAddress(userRegisters[USER_EIP] ?? 0);
    return this.all().filter((item) =>
      mode === 'user'
        ? item.userPlaces.some((place) => place.taskId === task && place.address === address)
        : item.pcs.some((place) => place === pc),
    );
  }

  /** Whether a filter is switched on. */
  hasFilter(id: StopFilterId): boolean {
    return this.filters.some(({ filter }) => filter?.id === id);
  }

  /** The filters for an event that has no place. */
  filtersOf(event: StopFilter['event']): readonly PlacedBreakpoint[] {
    return this.filters.filter(({ filter }) => event !== 'place' && filter?.event === event);
  }

  private all(): readonly PlacedBreakpoint[] {
    return [
      ...[...this.byFile.values()].flat(),
      ...this.functions,
      ...this.instructions,
      ...this.filters,
    ];
  }

  private placeLine(file: SourceFile, { id, line1, rules }: LineBreakpoint): PlacedBreakpoint {
    const kernel = resolveKernelLine(this.target.program, file, line1);
    if (kernel !== undefined) {
      const place = { file, line1: kernel.line1, column1: kernel.column1 };
      return this.checked({ id, rules, place, pcs: kernel.places, userPlaces: [] }, '');
    }
    const found = this.target.tasks.flatMap((task) => {
      const resolved = resolveProgramLine(task.program.lines, file, line1);
      return resolved === undefined ? [] : [{ task: task.id, resolved }];
    });
    const first = found[0]?.resolved;
    const userPlaces = found.flatMap(({ task, resolved }) =>
      resolved.places.map((address) => ({ taskId: task, address: asAddress(address) })),
    );
    const place = first && { file, line1: first.line1, column1: first.column1 };
    return this.checked(
      { id, rules, place, pcs: [], userPlaces },
      'No statement follows this line.',
    );
  }

  private placeFunction({ id, name, rules }: FunctionBreakpoint): PlacedBreakpoint {
    const { program, tasks } = this.target;
    const pcs = program.functions
      .filter((info) => info.name === name)
      .flatMap((info) => bodyPcs(program, info.index));
    const userPlaces = tasks.flatMap((task) => {
      const address = task.program.labels.get(name);
      return address === undefined ? [] : [{ taskId: task.id, address: asAddress(address) }];
    });
    const names = [
      ...program.functions.map((info) => info.name),
      ...tasks.flatMap((task) => [...task.program.labels.keys()]),
    ];
    const meant = closestName(name, names);
    return this.checked(
      { id, rules, place: this.placeOf(pcs[0]), pcs, userPlaces },
      `There is no function "${name}".${meant === undefined ? '' : ` Did you mean "${meant}"?`}`,
    );
  }

  private placeInstruction({ id, address, rules }: InstructionBreakpoint): PlacedBreakpoint {
    const { program, tasks } = this.target;
    const nowhere = { id, rules, place: undefined, pcs: [], userPlaces: [] };
    const problem = `There is no instruction at ${hex(address)}.`;
    if (address >= CODE_BASE) {
      const pc = (address - CODE_BASE) / 4;
      const isInstruction = pc % INSTRUCTION_WORDS === 0 && pc < program.code.length;
      const pcs = isInstruction ? [asPc(pc)] : [];
      return this.checked({ ...nowhere, place: this.placeOf(pcs[0]), pcs }, problem);
    }
    if (address < 0 || address >= DIRECT_MAP_BASE) return this.checked(nowhere, problem);
    const userPlaces = tasks.map((task) => ({ taskId: task.id, address: asAddress(address) }));
    return this.checked({ ...nowhere, userPlaces }, problem);
  }

  /** Where the statement at a code place stands. */
  private placeOf(pc: Pc | undefined): PlacedBreakpoint['place'] {
    const span = pc === undefined ? undefined : statementAt(this.target.program, pc)?.span;
    return span && { file: span.file, ...positionOf(span.file, span.start) };
  }

  /** Adds why a breakpoint can never stop: it has no place, or its texts make no sense there. */
  private checked(
    breakpoint: Omit<PlacedBreakpoint, 'problem'>,
    withoutPlace: string,
  ): PlacedBreakpoint {
    const { pcs, userPlaces, rules } = breakpoint;
    const [pc] = pcs;
    if (pc === undefined && userPlaces.length === 0) {
      return { ...breakpoint, problem: withoutPlace };
    }
    const { condition, logMessage } = rules;
    const isTask = this.target.tasks.some(({ name }) => name === condition?.trim());
    const problem =
      (condition === undefined || isTask ? undefined : problemOf(this.target, pc, condition)) ??
      expressionsIn(logMessage ?? '')
        .map((expression) => problemOf(this.target, pc, expression))
        .find((item) => item !== undefined);
    // Nobody stops where the texts make no sense.
    return problem === undefined
      ? { ...breakpoint, problem }
      : { ...breakpoint, problem, pcs: [], userPlaces: [] };
  }
}
