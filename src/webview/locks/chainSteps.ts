/**
 * The numbers that tie a wait-for chain to the pictures: each thing that the chain names has the number of its chip.
 */
import type { WhyLink, WhyResult } from '../../view/protocol.ts';

/** By `task 3`, `lock mmap_sem`, `page data.bin:0`. */
export type ChainSteps = ReadonlyMap<string, number>;

/** How a thing is looked up. */
export const stepKey = {
  task: (id: number | undefined): string => `task ${String(id)}`,
  lock: (name: string): string => `lock ${name}`,
  page: (label: string): string => `page ${label}`,
};

function keysOf({ taskId, lock, page }: WhyLink): readonly string[] {
  return [
    ...(taskId === undefined ? [] : [stepKey.task(taskId)]),
    ...(lock === undefined ? [] : [stepKey.lock(lock)]),
    ...(page === undefined ? [] : [stepKey.page(page)]),
  ];
}

/** The numbers, from 1 on; what is named twice has the first. */
export function chainSteps(why: WhyResult | undefined): ChainSteps {
  const steps = new Map<string, number>();
  why?.links.forEach((link, place) => {
    for (const key of keysOf(link)) {
      if (!steps.has(key)) steps.set(key, place + 1);
    }
  });
  return steps;
}
