/**
 * Pages that differ from another page in few words, kept as the list of those words.
 *
 * Between two checkpoints of a run most written pages change in a handful of words. A cell holds the
 * number of the other page, how many words differ, and their places and values. Cells have one size,
 * so that a free one fits whatever comes next.
 */
import { defined } from '../base/errors.ts';

const CELL_WORDS = 64;
/** Cells that are allocated at once: 1 MiB. */
const CHUNK_CELLS = 4096;
const AT_ORIGIN = 0;
const AT_COUNT = 1;
const AT_CHANGES = 2;
const MOST_CHANGES = (CELL_WORDS - AT_CHANGES) >> 1;

/** Bytes of a cell. */
export const CELL_BYTES = CELL_WORDS * 4;

export class PageChanges {
  private readonly chunks: Int32Array[] = [];
  private readonly freeCells: number[] = [];

  /** How many cells are in use. */
  get count(): number {
    return this.chunks.length * CHUNK_CELLS - this.freeCells.length;
  }

  /** A cell with what differs between two pages; -1 when that is too much. Cost: two pages are read. */
  keep(words: Int32Array, origin: number, originWords: Int32Array): number {
    if (this.freeCells.length === 0) this.addChunk();
    const cell = defined(this.freeCells.pop(), 'free cell');
    const chunk = this.chunkOf(cell);
    const start = startOf(cell);
    let at = start + AT_CHANGES;
    const end = at + 2 * MOST_CHANGES;
    for (let index = 0; index < words.length; index += 1) {
      const value = words[index] as number;
      if (value === originWords[index]) continue;
      if (at === end) {
        this.freeCells.push(cell);
        return -1;
      }
      chunk[at] = index;
      chunk[at + 1] = value;
      at += 2;
    }
    chunk[start + AT_ORIGIN] = origin;
    chunk[start + AT_COUNT] = (at - start - AT_CHANGES) >> 1;
    return cell;
  }

  /** The page from which a cell's page differs. */
  originOf(cell: number): number {
    return this.chunkOf(cell)[startOf(cell)] as number;
  }

  /** Makes a copy of a cell's origin the cell's page. */
  apply(cell: number, words: Int32Array): void {
    const chunk = this.chunkOf(cell);
    const start = startOf(cell);
    const end = start + AT_CHANGES + 2 * (chunk[start + AT_COUNT] as number);
    for (let at = start + AT_CHANGES; at < end; at += 2) {
      words[chunk[at] as number] = chunk[at + 1] as number;
    }
  }

  /** The cell is not used any more. */
  free(cell: number): void {
    this.freeCells.push(cell);
  }

  private chunkOf(cell: number): Int32Array {
    return this.chunks[Math.floor(cell / CHUNK_CELLS)] as Int32Array;
  }

  private addChunk(): void {
    const first = this.chunks.length * CHUNK_CELLS;
    this.chunks.push(new Int32Array(CHUNK_CELLS * CELL_WORDS));
    // The lowest number is taken first.
    for (let index = CHUNK_CELLS - 1; index >= 0; index -= 1) this.freeCells.push(first + index);
  }
}

function startOf(cell: number): number {
  return (cell % CHUNK_CELLS) * CELL_WORDS;
}
