/**
 * How a client counts lines and names sources, as it says in `initialize`. Ours count from 1.
 */
import type { SourceNaming } from './host.ts';
import type { RawArguments } from './handler.ts';

export class ClientConventions {
  naming: SourceNaming = 'path';
  /** Whether the client asks for parts of long arrays by itself. */
  pages = false;
  /** Whether it wants to hear that what it shows is out of date. */
  takesInvalidations = false;
  /** Whether it wants to hear of memory that has changed. */
  takesMemoryEvents = false;
  /**
   * Whether it is VS Code, which asks for the rest of a stack only after a while, and whose menus take words about a
   * variable, an extension of DAP.
   */
  isVscode = false;
  /** Whether it shows the progress of long work. */
  takesProgress = false;
  /** Whether it shows ANSI sequences as colors. */
  takesStyles = false;
  private lineShift = 0;
  private columnShift = 0;

  /** Takes over what `initialize` says; `naming` of the host wins. */
  adopt(raw: RawArguments, hostNaming: SourceNaming | undefined): void {
    this.lineShift = raw['linesStartAt1'] === false ? -1 : 0;
    this.columnShift = raw['columnsStartAt1'] === false ? -1 : 0;
    this.takesInvalidations = raw['supportsInvalidatedEvent'] === true;
    this.takesProgress = raw['supportsProgressReporting'] === true;
    this.takesStyles = raw['supportsANSIStyling'] === true;
    this.pages = raw['supportsVariablePaging'] === true;
    this.takesMemoryEvents = raw['supportsMemoryEvent'] === true;
    this.isVscode = raw['clientID'] === 'vscode' || raw['clientID'] === 'vscode-insiders';
    this.naming = hostNaming ?? (this.isVscode ? 'uri' : 'path');
  }

  toClientLine(line1: number): number {
    return Math.max(0, line1 + this.lineShift);
  }

  toClientColumn(column1: number): number {
    return Math.max(0, column1 + this.columnShift);
  }

  fromClientLine(line: number): number {
    return line - this.lineShift;
  }

  fromClientColumn(column: number): number {
    return column - this.columnShift;
  }
}
