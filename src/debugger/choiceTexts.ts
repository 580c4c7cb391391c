/**
 * The decision at hand in words: who could go on, and with what.
 */
import type { Choice } from '../machine/choices.ts';
import { taskName, type DebugTarget } from './debugTarget.ts';
import { stackRows } from './stackRows.ts';

const EVENTS: Readonly<Record<NonNullable<Choice['event']>, string>> = {
  disk: 'the disk finishes a read',
  timer: 'a timer goes off',
  start: 'the scenario starts something',
};

/** What a choice would do: `toucher goes on in filemap_fault: lock_page(page);`. */
export function describeChoice(target: DebugTarget, choice: Choice): string {
  const { machine } = target;
  if (choice.task === undefined) return EVENTS[choice.event ?? 'start'];
  const { isIdle, isInInterrupt } = machine.cpu(machine.task(choice.task).cpu);
  if (isIdle && !isInInterrupt) {
    return `an interrupt comes on CPU ${String(machine.task(choice.task).cpu)}`;
  }
  const name = taskName(target, choice.task);
  const row = stackRows(target, choice.task).find((item) => item.kind !== 'label');
  if (row === undefined) return `${name} goes on`;
  const span = row.span;
  const text = span?.file.text.slice(span.start, span.end).split('\n')[0]?.trim();
  return `${name} goes on in ${row.name}${text === undefined ? '' : `: ${text}`}`;
}
