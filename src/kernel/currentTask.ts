/**
 * `current` in expressions of the debugger: the kernel asks the machine for it by a call, which an
 * expression cannot make, so the word is replaced by the pointer that the call would return.
 */
import { hex, type Address } from '../base/brand.ts';
import type { Program } from '../bytecode/program.ts';

/** The expression with `current` written as the task's `task_struct`. */
export function expandCurrent(program: Program, task: Address, text: string): string {
  if (!program.macros.has('current') || !program.records.has('task_struct')) return text;
  // Not after `.` or `->`, where it would be a member.
  return text.replace(/(?<![\w.]|->\s*)current(?!\w)/g, `((struct task_struct *)${hex(task)})`);
}
