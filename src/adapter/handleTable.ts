/**
 * Numbers that a client holds for objects of ours: scopes, unfolded values, frames.
 *
 * They live until the machine moves. Numbers are never used twice in a session, so that a stale one
 * is recognized and refused instead of naming something else.
 */
export class HandleTable<T> {
  private readonly items = new Map<number, T>();
  private next = 1;

  /** A new number for the object, from 1 on. */
  add(item: T): number {
    const handle = this.next;
    this.next += 1;
    this.items.set(handle, item);
    return handle;
  }

  /** The object, or `undefined` for a number that is stale or was never given out. */
  get(handle: number): T | undefined {
    return this.items.get(handle);
  }

  /** Makes all numbers given out so far stale. */
  clear(): void {
    this.items.clear();
  }
}
