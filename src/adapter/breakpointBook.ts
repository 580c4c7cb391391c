/**
 * The breakpoints that the client has asked for, of all kinds, kept over restarts. Ids are given once for
 * a place and stay.
 */
import type { DebugProtocol } from '@vscode/debugprotocol';
import type {
  BreakpointRules,
  FilterBreakpoint,
  FunctionBreakpoint,
  InstructionBreakpoint,
  LineBreakpoint,
} from '../debugger/breakpointTable.ts';
import { lockContendedFor, STOP_FILTERS } from '../debugger/stopFilters.ts';
import type { TypedValue } from '../debugger/typedValue.ts';
import type { AccessKind } from '../debugger/dataPlaces.ts';
import type { ExceptionOption } from './exceptionOptions.ts';

/** The breakpoints of one source. */
export interface BookedSource {
  readonly source: DebugProtocol.Source;
  readonly breakpoints: readonly LineBreakpoint[];
}

function keyOf(source: DebugProtocol.Source): string {
  return `${String(source.sourceReference ?? 0)} ${source.path ?? source.name ?? ''}`;
}

/** A breakpoint on data as it was asked for. */
export interface BookedData {
  readonly id: number;
  /** As `dataPlaces.ts` makes them. */
  readonly dataId: string;
  readonly access: AccessKind;
  readonly rules: BreakpointRules;
}

export class BreakpointBook {
  functions: readonly FunctionBreakpoint[] = [];
  instructions: readonly InstructionBreakpoint[] = [];
  data: readonly BookedData[] = [];
  /** How the values of data are read whose ids were given to the client. */
  readonly dataValues = new Map<string, TypedValue>();
  filters: readonly FilterBreakpoint[] = STOP_FILTERS.filter(({ isDefault }) => isDefault).map(
    (filter) => ({ filter, rules: { mode: 'anyTask' } }),
  );
  /** The locks at which the user wants to stop when a task has to wait, by their names. */
  readonly contendedLocks = new Set<string>();
  /** Which failures stop, beyond the filters. */
  exceptionOptions: readonly ExceptionOption[] = [];
  private readonly sources = new Map<string, BookedSource>();
  private readonly ids = new Map<string, number>();

  /** Replaces the breakpoints of a source. */
  replace(
    source: DebugProtocol.Source,
    wanted: readonly Omit<LineBreakpoint, 'id'>[],
  ): BookedSource {
    const key = keyOf(source);
    const breakpoints = wanted.map((item) => ({
      ...item,
      id: this.idOf(`${key} ${String(item.line1)}`),
    }));
    const booked = { source, breakpoints };
    this.sources.set(key, booked);
    return booked;
  }

  /** Replaces the breakpoints on functions. */
  replaceFunctions(wanted: readonly { name: string; rules: BreakpointRules }[]): void {
    this.functions = wanted.map((item) => ({ ...item, id: this.idOf(`function ${item.name}`) }));
  }

  /** Replaces the breakpoints on instructions. */
  replaceInstructions(wanted: readonly { address: number; rules: BreakpointRules }[]): void {
    this.instructions = wanted.map((item) => ({
      ...item,
      id: this.idOf(`instruction ${String(item.address)}`),
    }));
  }

  /** Replaces the breakpoints on data. */
  replaceData(wanted: readonly Omit<BookedData, 'id'>[]): void {
    this.data = wanted.map((item) => ({
      ...item,
      id: this.idOf(`data ${item.access} ${item.dataId}`),
    }));
  }

  /** The filters that are switched on, those of single locks too. */
  allFilters(): readonly FilterBreakpoint[] {
    const { contendedLocks, filters } = this;
    if (contendedLocks.size === 0) return filters;
    return [{ filter: lockContendedFor(contendedLocks), rules: { mode: 'anyTask' } }, ...filters];
  }

  /** All sources with breakpoints. */
  all(): readonly BookedSource[] {
    return [...this.sources.values()];
  }

  private idOf(key: string): number {
    const id = this.ids.get(key) ?? this.ids.size + 1;
    this.ids.set(key, id);
    return id;
  }
}
