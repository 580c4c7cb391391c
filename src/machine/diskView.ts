/**
 * What one sees of the disk.
 */

export interface DiskRequestView {
  /** From 1 on, in the order of submission. */
  readonly id: number;
  /** Of the first page; further pages follow every 8 sectors. */
  readonly sector: number;
  readonly pages: number;
  readonly cookie: number;
  /** `done`: read, but not yet fetched by the interrupt handler. */
  readonly state: 'queued' | 'active' | 'done';
  readonly submittedNs: number;
  /** `undefined` while queued. */
  readonly completesNs: number | undefined;
}

export interface DiskView {
  /** All requests that the kernel has not yet fetched, oldest first. */
  queue(): readonly DiskRequestView[];
}
