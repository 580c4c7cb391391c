/**
 * Lays one expectation over another: what the nearer one says holds, the rest is as in the other.
 *
 * So a kernel that behaves like another one needs to say only where it differs.
 */
import type { Expectation } from './scenarioSchema.ts';

type Entry = Readonly<Record<string, unknown>>;

function isRecord(value: unknown): value is Entry {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What a list item speaks of: a page of a file, or a register of a task. */
function subjectOf(item: unknown): string {
  const { file, page, task, register } = isRecord(item) ? item : {};
  return JSON.stringify([file, page, task, register]);
}

function lay(near: unknown, far: unknown): unknown {
  if (near === undefined) return far;
  if (Array.isArray(near) && Array.isArray(far)) {
    const items = new Map(far.map((item: unknown) => [subjectOf(item), item]));
    for (const item of near) items.set(subjectOf(item), lay(item, items.get(subjectOf(item))));
    return [...items.values()];
  }
  // An exact number replaces bounds, and bounds replace bounds: half of each would be neither.
  if (!isRecord(near) || !isRecord(far) || 'min' in near || 'max' in near) return near;
  const keys = new Set([...Object.keys(far), ...Object.keys(near)]);
  return Object.fromEntries([...keys].map((key) => [key, lay(near[key], far[key])]));
}

/** The nearer expectation, and where it says nothing the farther one. */
export function mergeExpectation(near: Expectation, far: Expectation): Expectation {
  return lay(near, far) as Expectation;
}
