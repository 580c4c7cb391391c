/**
 * Where the body of a function starts.
 */
import type { Pc } from '../base/brand.ts';
import type { Program } from '../bytecode/program.ts';

/** The first statement of a function's body. */
export function bodyPcs(program: Program, functionIndex: number): Pc[] {
  return program.statements
    .filter((item) => item.functionIndex === functionIndex && item.isEntry)
    .map((item) => item.pc);
}
