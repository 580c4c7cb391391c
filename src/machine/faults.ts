/**
 * Machine faults: what the modelled kernel did wrong, in plain words.
 *
 * A fault is data; it ends the run, and the machine stays as it was before the faulting instruction.
 * All wordings stand in this file.
 */
import { type Address, hex } from '../base/brand.ts';

/** What went wrong; `limit`, `boot` and `badArgument` are misuses of the machine itself. */
export type MachineFaultKind =
  | 'nullPointer'
  | 'wildPointer'
  | 'outOfBounds'
  | 'useAfterFree'
  | 'uninitialized'
  | 'pageTable'
  | 'divideByZero'
  | 'nullCall'
  | 'wildCall'
  | 'missingReturn'
  | 'stackOverflow'
  | 'stackCorrupt'
  | 'badInstruction'
  | 'badArgument'
  | 'sleepInAtomic'
  | 'userException'
  | 'bug'
  | 'assert'
  | 'lock'
  | 'reference'
  | 'rule'
  | 'boot'
  | 'limit';

/** A fault as it is shown to people. */
export interface MachineFault {
  readonly kind: MachineFaultKind;
  /** One sentence: what happened and where in memory. */
  readonly message: string;
  /** The address that was at fault, where there is one. */
  readonly address?: Address;
  /** The name of the rule that is broken, for `rule`. */
  readonly rule?: string;
  /** Index in `Program.annotations` of the annotation that found it. */
  readonly annotation?: number;
}

/** A kernel access outside of memory. */
export function describeAccess(address: Address, bytes: number, isWrite: boolean): MachineFault {
  const what = `${isWrite ? 'write' : 'read'} of ${countBytes(bytes)} at ${hex(address, 8)}`;
  if (address < 4096) {
    const how = address === 0 ? '' : `, a member at offset ${hex(address)} of one`;
    return { kind: 'nullPointer', message: `Null pointer${how}: ${what}.`, address };
  }
  return {
    kind: 'wildPointer',
    message: `Wild pointer: ${what}, ${regionName(address)}.`,
    address,
  };
}

/** `1 byte`, `12 bytes`. */
export function countBytes(bytes: number): string {
  return `${String(bytes)} byte${bytes === 1 ? '' : 's'}`;
}

/** An array index that is not one. */
export function describeIndex(index: number, count: number): MachineFault {
  return {
    kind: 'outOfBounds',
    message: `Out of bounds: index ${String(index)} of an array of ${String(count)} elements.`,
  };
}

function regionName(address: Address): string {
  if (address < 0xc0000000)
    return 'where user memory lies: kernel code reaches it only with fl_user_load and fl_user_store';
  if (address >= 0xf0000000) return 'where code lies, which cannot be read or written';
  return 'behind the end of memory';
}
