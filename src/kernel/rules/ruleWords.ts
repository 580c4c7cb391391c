/**
 * The words of the rules: tasks, pages, owners and places as people call them.
 */
import { asAddress, asPc, hex } from '../../base/brand.ts';
import { positionOf } from '../../base/span.ts';
import { OWNER_TASK } from '../../bytecode/annotation.ts';
import { functionAt, statementAt } from '../../bytecode/program.ts';
import { viewReferences } from '../../machine/ghostReferences.ts';
import { isIdleTask } from '../../machine/tasks.ts';
import { OWNER_CACHE, OWNER_IO, OWNER_PAGEVEC, OWNER_PTE } from '../kernelLanguage.ts';
import type { RuleContext } from './ruleContext.ts';

/** `toucher`, or what runs in its place. */
export function taskName(context: RuleContext, task: number): string {
  if (task === context.task && context.isInInterrupt) return 'the interrupt';
  if (isIdleTask(context.state, task)) return 'the idle task';
  const cookie = asAddress(context.cookie(task) >>> 0);
  const { comm } = context.readers.readTask(context.memory, cookie);
  return comm === '' ? `task ${String(task)}` : comm;
}

/** `page 5 of data.bin`, `an anonymous page`. */
export function pageName(context: RuleContext, page: number): string {
  const mapping = context.mappingOf(page);
  const index = context.indexOf(page);
  if (mapping === 0) return `page ${String(index)} (of no file any more)`;
  if ((mapping & 1) === 1) return `the anonymous page at ${hex(page >>> 0, 8)}`;
  const { name } = context.readers.readInodeOfMapping(context.memory, asAddress(mapping >>> 0));
  return `page ${String(index)} of ${name}`;
}

/** `fault.c:412`, or nothing where the place is unknown. */
export function placeName(context: RuleContext, pc: number): string {
  const span = pc <= 0 ? undefined : statementAt(context.kernel.program, asPc(pc))?.span;
  if (span === undefined) return '';
  const written = span.inMacro ?? span;
  const file = written.file.path.slice(written.file.path.lastIndexOf('/') + 1);
  return `${file}:${String(positionOf(written.file, written.start).line1)}`;
}

/** The function that a place is in; `undefined` where the place is unknown. */
export function functionName(context: RuleContext, pc: number): string | undefined {
  return pc <= 0 ? undefined : functionAt(context.kernel.program, asPc(pc))?.name;
}

/** ` at fault.c:412 in do_page_fault()`; nothing where the place is unknown. */
export function atPlace(context: RuleContext, pc: number): string {
  const place = placeName(context, pc);
  if (place === '') return '';
  const name = functionName(context, pc);
  return name === undefined ? ` at ${place}` : ` at ${place} in ${name}()`;
}

/** Who owns references to a page: `the page cache, toucher (2)`. */
export function ownersOf(context: RuleContext, page: number): string {
  const words = viewReferences(context.state, page).map(({ ownerCode, ownerValue, count }) => {
    const name = ownerName(context, ownerCode, ownerValue);
    return count === 1 ? name : `${name} (${String(count)})`;
  });
  return words.length === 0 ? 'nobody' : words.join(', ');
}

/** An owner of a lock or a reference. */
export function ownerName(context: RuleContext, code: number, value: number): string {
  switch (code) {
    case OWNER_TASK: {
      const task = context.taskOf(value);
      return task < 0 ? 'a task that is gone' : taskName(context, task);
    }
    case OWNER_IO:
      return 'the disk';
    case OWNER_CACHE:
      return 'the page cache';
    case OWNER_PTE:
      return 'a page table entry';
    case OWNER_PAGEVEC:
      return 'a pagevec';
    default:
      return 'somebody';
  }
}
