/**
 * The names of system calls by their numbers, from the kernel's own macros `__NR_…`.
 */
import type { Program } from '../bytecode/program.ts';

/** Looked up once for a program. */
const known = new WeakMap<Program, ReadonlyMap<number, string>>();

/** The names of system calls by number: `mmap_pgoff`. Where a number has several, the first macro's counts. */
export function systemCallsOf(program: Program): ReadonlyMap<number, string> {
  const found = known.get(program);
  if (found !== undefined) return found;
  const names = new Map<number, string>();
  for (const { name, value } of program.macros.values()) {
    if (!name.startsWith('__NR_') || typeof value !== 'bigint') continue;
    if (!names.has(Number(value))) names.set(Number(value), name.slice('__NR_'.length));
  }
  known.set(program, names);
  return names;
}
