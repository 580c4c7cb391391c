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
import { STOP_FILTERS } from '../debugger/stopFilters.ts';

/** The breakpoints of one source. */
export interface BookedSource {
  readonly source: DebugProtocol.Source;
  readonly breakpoints: readonly LineBreakpoint[];
}

function keyOf(source: DebugProtocol.Source): string {
  return `${String(source.sourceReference ?? 0)} ${source.path ?? source.name ?? ''}`;
}

export class BreakpointBook {
  functions: readonly FunctionBreakpoint[] = [];
  instructions: readonly InstructionBreakpoint[] = [];
  filters: readonly FilterBreakpoint[] = STOP_FILTERS.filter(({ isDefault }) => isDefault).map(
    (filter) => ({ filter, rules: { mode: 'anyTask' } }),
  );
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
