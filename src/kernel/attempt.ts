/**
 * Which pass through the fault a call of the page-fault handler is in, read from the handler's own
 * variables: the only place where the kernel itself remembers it.
 *
 * The handler of the patch keeps `release_flag`, not zero until it goes back to `retry`; that of
 * 2.6.37 keeps the bit `FAULT_FLAG_ALLOW_RETRY` in `flags`. A handler with neither makes one attempt
 * only, and nothing is said about it.
 * Source: arch/x86/mm/fault.c, 2.6.36 with the patch and 2.6.37.
 */
import { readUnsigned, type MemoryReader } from '../bytecode/memoryReader.ts';
import {
  addressInFrame,
  type FunctionInfo,
  type Program,
  type Variable,
} from '../bytecode/program.ts';
import type { Frame } from '../machine/frame.ts';

/** A variable of the handler that is not zero (in the bits of the macro) during the first attempt. */
interface Witness {
  readonly variable: string;
  readonly macro: string | undefined;
}

const WITNESSES: readonly Witness[] = [
  { variable: 'release_flag', macro: undefined },
  { variable: 'flags', macro: 'FAULT_FLAG_ALLOW_RETRY' },
];

function findLocal(info: FunctionInfo, name: string): Variable | undefined {
  for (const scope of info.scopes) {
    const found = scope.variables.find((variable) => variable.name === name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** 1 or 2 for a frame of the page-fault handler; `undefined` when this kernel does not retry. */
export function readAttempt(
  program: Program,
  memory: MemoryReader,
  frame: Frame,
): 1 | 2 | undefined {
  const info = program.functions[frame.functionIndex];
  if (info === undefined) return undefined;
  for (const witness of WITNESSES) {
    const local = findLocal(info, witness.variable);
    const mask =
      witness.macro === undefined ? 0xffffffffn : program.macros.get(witness.macro)?.value;
    if (local?.storage.kind !== 'frame' || mask === undefined) continue;
    // Until its initializer has run, the variable holds what an earlier call left there.
    if (frame.pc < local.declaredAt) return 1;
    const value = readUnsigned(memory, addressInFrame(frame.fp, local.storage), 4);
    return value !== undefined && (BigInt(value) & mask) === 0n ? 2 : 1;
  }
  return undefined;
}
