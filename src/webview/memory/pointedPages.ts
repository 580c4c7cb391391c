/**
 * The pages that the pointer or the focus is at, in the table or in a strip: both mark them.
 */
import { signal } from '@preact/signals';

const NOTHING: ReadonlySet<string> = new Set();

/** Labels of pages, such as `data.bin:20`. */
export const pointedPages = signal<ReadonlySet<string>>(NOTHING);

/** Marks pages in all pictures; without any, nothing is marked. */
export function pointAt(...labels: readonly string[]): void {
  pointedPages.value = labels.length === 0 ? NOTHING : new Set(labels);
}
