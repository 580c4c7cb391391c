/**
 * A stretch of memory as lines of text: address, bytes, what they are called, what they mean.
 *
 * Pure: rows in, lines out. A row of more than 8 bytes takes several lines. `▶` stands before the bytes that were
 * asked for, `??` for a byte that cannot be read.
 */
import { hex } from '../base/brand.ts';

/** One named stretch. */
export interface MemoryRow {
  readonly address: number;
  /** A byte each; `undefined` where nothing can be read. */
  readonly bytes: readonly (number | undefined)[];
  /** The name of the field; empty for a gap between fields. */
  readonly name: string;
  /** The value in words; `undefined` for a gap. */
  readonly value: string | undefined;
  readonly isMarked: boolean;
}

const BYTES_PER_LINE = 8;
const MOST_NAME_WIDTH = 40;

function byteText(byte: number | undefined): string {
  return byte === undefined ? '??' : byte.toString(16).padStart(2, '0');
}

/** How wide the columns are, in characters. */
interface Widths {
  readonly bytes: number;
  readonly name: number;
}

function lines(row: MemoryRow, widths: Widths): string[] {
  const found: string[] = [];
  for (let from = 0; from < row.bytes.length; from += BYTES_PER_LINE) {
    const bytes = row.bytes.slice(from, from + BYTES_PER_LINE);
    const mark = row.isMarked ? '▶' : ' ';
    const name = from > 0 ? '' : row.name === '' ? '(padding)' : row.name;
    const parts = [
      mark,
      hex(row.address + from, 8).slice(2),
      bytes.map(byteText).join(' ').padEnd(widths.bytes),
      name.padEnd(widths.name),
      from > 0 ? '' : (row.value ?? ''),
    ];
    found.push(parts.join('  ').trimEnd());
  }
  return found;
}

/** The lines of the rows, in their order; columns are aligned. */
export function memoryLines(rows: readonly MemoryRow[]): readonly string[] {
  const most = Math.max(4, ...rows.map(({ bytes }) => bytes.length));
  const widths = {
    bytes: Math.min(most, BYTES_PER_LINE) * 3 - 1,
    name: Math.min(MOST_NAME_WIDTH, Math.max(...rows.map(({ name }) => name.length))),
  };
  return rows.flatMap((row) => lines(row, widths));
}

/** What stands before a line of which something has changed. */
export const CHANGED_MARK = '●';

/**
 * Lines of one place at a later stop, those marked that are not what they were. Lines are compared one by one; where
 * there are more or fewer than before, the place is another one and nothing is marked.
 */
export function markChanges(
  before: readonly string[] | undefined,
  lines: readonly string[],
): readonly string[] {
  if (before?.length !== lines.length) return lines;
  return lines.map((line, index) => {
    const isSame = line.slice(1) === before[index]?.slice(1);
    return isSame ? line : `${line.slice(0, 1)}${CHANGED_MARK}${line.slice(2)}`;
  });
}
