/**
 * The locals in the frame of a call: which one lies at an address, and which of them live in slots.
 *
 * A local that no pointer leads to is a slot, or several: only instructions of its own function use it. The
 * others are guarded, and are reached by loads and stores.
 */
import type { Address } from '../base/brand.ts';
import { sizeOf } from '../bytecode/ctype.ts';
import {
  addressInFrame,
  type FunctionInfo,
  type Scope,
  type Variable,
} from '../bytecode/program.ts';

/** A local with the block that declares it. */
export interface FrameLocal {
  readonly info: FunctionInfo;
  readonly scope: Scope;
  readonly variable: Variable;
}

/** Whether pointers may lead to a local. */
export function isGuardedLocal({ guarded = [] }: FunctionInfo, { storage }: Variable): boolean {
  return storage.kind === 'frame' && guarded.some(({ offset }) => offset === storage.offset);
}

/** The local that means an address where a call stands at `pc`, the innermost block first. */
export function localAt(
  info: FunctionInfo,
  pc: number,
  fp: number,
  address: Address,
): FrameLocal | undefined {
  for (const scope of info.scopes.toReversed()) {
    if (pc < scope.start || pc >= scope.end) continue;
    for (const variable of scope.variables) {
      const { storage, type, declaredAt } = variable;
      if (storage.kind !== 'frame' || declaredAt > pc) continue;
      const start = addressInFrame(fp, storage);
      if (address >= start && address < start + (sizeOf(type) ?? 0))
        return { info, scope, variable };
    }
  }
  return undefined;
}
