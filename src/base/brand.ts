/**
 * Branded numbers: the same number means different things, and the compiler should know which.
 *
 * A brand exists only in the types. `as…` functions are the only makers; arithmetic on a branded
 * number gives a plain number, which is the moment to think.
 */

/** A 32-bit virtual address, unsigned (0 … 0xffffffff). */
export type Address = number & { readonly brand: 'Address' };

/** An index into `Program.code`, in 32-bit words; always a multiple of `INSTRUCTION_WORDS`. */
export type Pc = number & { readonly brand: 'Pc' };

/** A slot of the machine's task table, from 0. Idle tasks have one too. */
export type TaskId = number & { readonly brand: 'TaskId' };

/** A CPU, from 0. */
export type CpuId = number & { readonly brand: 'CpuId' };

/** Makes an address of any integer by taking it modulo 2^32. */
export function asAddress(value: number): Address {
  return (value >>> 0) as Address;
}

/** Makes a program counter of a code index. */
export function asPc(value: number): Pc {
  return value as Pc;
}

/** Makes a task id of a table index. */
export function asTaskId(value: number): TaskId {
  return value as TaskId;
}

/** Makes a CPU id of a number. */
export function asCpuId(value: number): CpuId {
  return value as CpuId;
}

/** `0x` and at least `digits` lower-case hexadecimal digits of the value modulo 2^32. */
export function hex(value: number, digits = 1): string {
  return `0x${(value >>> 0).toString(16).padStart(digits, '0')}`;
}
