/**
 * The breakpoints that the client has asked for, source by source, kept over restarts. Ids are given
 * once for a source and a line and stay.
 */
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { LineBreakpoint } from '../debugger/breakpointTable.ts';

/** The breakpoints of one source. */
export interface BookedSource {
  readonly source: DebugProtocol.Source;
  readonly breakpoints: readonly LineBreakpoint[];
}

function keyOf(source: DebugProtocol.Source): string {
  return `${String(source.sourceReference ?? 0)} ${source.path ?? source.name ?? ''}`;
}

export class BreakpointBook {
  private readonly sources = new Map<string, BookedSource>();
  private readonly ids = new Map<string, number>();

  /** Replaces the breakpoints of a source. */
  replace(source: DebugProtocol.Source, lines1: readonly number[]): BookedSource {
    const key = keyOf(source);
    const breakpoints = lines1.map((line1) => ({
      id: this.idOf(`${key} ${String(line1)}`),
      line1,
    }));
    const booked = { source, breakpoints };
    this.sources.set(key, booked);
    return booked;
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
