/**
 * A list in which equal entries stand once, as stored objects are made of.
 */

/** Entries by their text; the number of an entry is its index. */
export class StoredTable<T> {
  readonly entries: T[] = [];
  readonly #numbers = new Map<string, number>();

  /** The number of an entry, which is added when it is new. */
  add(entry: T): number {
    const key = JSON.stringify(entry);
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    this.#numbers.set(key, this.entries.length);
    return this.entries.push(entry) - 1;
  }
}
