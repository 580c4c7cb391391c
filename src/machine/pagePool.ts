/**
 * Copies of pages, and tables of 64 of them, that several checkpoints share.
 *
 * Both are numbers into arrays that grow and never shrink; what nobody uses any more is used again
 * for the next copy. So keeping a state allocates nothing once a run has reached its bound, and
 * letting it go costs the host's garbage collector nothing. Page 0 holds zeros and table 0 holds page
 * 0 only; both stay for ever. A page with a negative number is kept as what it differs in from one that
 * has its own words.
 */
import { defined } from '../base/errors.ts';
import { PAGE_BYTES, PAGE_WORDS } from './imageLayout.ts';
import { GROUP_PAGES } from './memory.ts';
import { CELL_BYTES, PageChanges } from './pageChanges.ts';

/** Pages that are allocated at once: 1 MiB. */
const CHUNK_PAGES = 256;
/** With what the host needs to know of a page and a table. */
const PAGE_COST = PAGE_BYTES + 128;
const CELL_COST = CELL_BYTES + 16;
const TABLE_COST = GROUP_PAGES * 4 + 8;
const FIRST_CAPACITY = 256;

export class PagePool {
  /** The words of each page; index 0 is the page of zeros. */
  private readonly pages: Int32Array[] = [new Int32Array(PAGE_WORDS)];
  /** How many tables use a page. */
  private pageUses = new Int32Array(FIRST_CAPACITY);
  private readonly freePages: number[] = [];
  private readonly changes = new PageChanges();
  /** How many tables use a page that is kept as changes: page -1 first. */
  private changedUses = new Int32Array(FIRST_CAPACITY);
  /** `GROUP_PAGES` page numbers for each table. */
  private tables = new Int32Array(FIRST_CAPACITY * GROUP_PAGES);
  /** How many states use a table. */
  private tableUses = new Int32Array(FIRST_CAPACITY);
  private readonly freeTables: number[] = [];
  private tableCount = 1;

  /** Bytes of the pages and tables that are in use. */
  get bytes(): number {
    return (
      (this.pages.length - 1 - this.freePages.length) * PAGE_COST +
      this.changes.count * CELL_COST +
      (this.tableCount - 1 - this.freeTables.length) * TABLE_COST
    );
  }

  /** Copies the words of a page. */
  copyPage(page: number, into: Int32Array): void {
    if (page >= 0) {
      into.set(this.pages[page] as Int32Array);
      return;
    }
    into.set(this.pages[this.changes.originOf(-1 - page)] as Int32Array);
    this.changes.apply(-1 - page, into);
  }

  /** The page in a place of a table. */
  pageAt(table: number, place: number): number {
    return this.tables[table * GROUP_PAGES + place] as number;
  }

  /** A table with the same pages that is used once, in place of one use of this one: perhaps itself. */
  ownTable(table: number): number {
    const uses = this.tableUses[table] as number;
    if (uses === 1 && table !== 0) return table;
    this.tableUses[table] = uses - 1;
    return this.copyTable(table);
  }

  private copyTable(table: number): number {
    const copy = this.freeTables.pop() ?? this.addTable();
    const { tables, pageUses, changedUses } = this;
    const from = table * GROUP_PAGES;
    const to = copy * GROUP_PAGES;
    for (let place = 0; place < GROUP_PAGES; place += 1) {
      const page = tables[from + place] as number;
      tables[to + place] = page;
      if (page >= 0) pageUses[page] = (pageUses[page] as number) + 1;
      else changedUses[-1 - page] = (changedUses[-1 - page] as number) + 1;
    }
    this.tableUses[copy] = 1;
    return copy;
  }

  /** Puts a copy of the words into a place of a table that is used once. */
  setPage(table: number, place: number, words: Int32Array): void {
    const known = this.pageAt(table, place);
    if (known > 0 && this.pageUses[known] === 1) {
      (this.pages[known] as Int32Array).set(words);
      return;
    }
    if (this.freePages.length === 0) this.addChunk();
    const page = defined(this.freePages.pop(), 'free page');
    (this.pages[page] as Int32Array).set(words);
    this.pageUses[page] = 1;
    this.replace(table, place, page);
  }

  /**
   * The same, keeping only what changed since the words that are there, if that is little. Returns whether it
   * is. Cost: more than a copy, but memory that was never used costs most.
   */
  setChanges(table: number, place: number, words: Int32Array): boolean {
    const known = this.pageAt(table, place);
    const origin = known >= 0 ? known : this.changes.originOf(-1 - known);
    const cell = this.changes.keep(words, origin, this.pages[origin] as Int32Array);
    if (cell < 0) return false;
    while (cell >= this.changedUses.length) this.changedUses = grow(this.changedUses);
    this.changedUses[cell] = 1;
    this.pageUses[origin] = (this.pageUses[origin] as number) + 1;
    this.replace(table, place, -1 - cell);
    return true;
  }

  /** One more state uses the table. */
  shareTable(table: number): void {
    this.tableUses[table] = (this.tableUses[table] as number) + 1;
  }

  /** One state less uses the table. Cost: constant, or its pages when it was the last one. */
  dropTable(table: number): void {
    const uses = (this.tableUses[table] as number) - 1;
    this.tableUses[table] = uses;
    if (uses > 0 || table === 0) return;
    const at = table * GROUP_PAGES;
    for (let place = 0; place < GROUP_PAGES; place += 1) {
      this.dropPage(this.tables[at + place] as number);
    }
    this.freeTables.push(table);
  }

  private replace(table: number, place: number, page: number): void {
    const at = table * GROUP_PAGES + place;
    this.dropPage(this.tables[at] as number);
    this.tables[at] = page;
  }

  private dropPage(page: number): void {
    if (page < 0) {
      this.dropChanges(-1 - page);
      return;
    }
    const uses = (this.pageUses[page] as number) - 1;
    this.pageUses[page] = uses;
    if (uses <= 0 && page !== 0) this.freePages.push(page);
  }

  private dropChanges(cell: number): void {
    const uses = (this.changedUses[cell] as number) - 1;
    this.changedUses[cell] = uses;
    if (uses > 0) return;
    const origin = this.changes.originOf(cell);
    this.changes.free(cell);
    this.dropPage(origin);
  }

  private addTable(): number {
    const table = this.tableCount;
    this.tableCount += 1;
    if (table >= this.tableUses.length) {
      this.tableUses = grow(this.tableUses);
      this.tables = grow(this.tables);
    }
    return table;
  }

  private addChunk(): void {
    const chunk = new Int32Array(CHUNK_PAGES * PAGE_WORDS);
    const first = this.pages.length;
    for (let index = 0; index < CHUNK_PAGES; index += 1) {
      this.pages.push(chunk.subarray(index * PAGE_WORDS, (index + 1) * PAGE_WORDS));
      // The lowest number is taken first.
      this.freePages.push(first + CHUNK_PAGES - 1 - index);
    }
    if (this.pages.length > this.pageUses.length) this.pageUses = grow(this.pageUses);
  }
}

/** The same numbers with as much room again. */
function grow(numbers: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(numbers.length * 2);
  larger.set(numbers);
  return larger;
}
