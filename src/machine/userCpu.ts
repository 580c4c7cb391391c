/**
 * The interface between the machine and the i386 executor that runs user programs.
 *
 * The machine owns address translation, traps and time; the executor owns the meaning of the
 * instruction bytes. `step` executes one instruction, or one element of a repeated one, through a
 * `UserBus`. When any access fails, or the instruction cannot be executed, registers and memory are as
 * they were before the step: the instruction can be run again after the fault was handled.
 * Source: Intel 64 and IA-32 Architectures Software Developer's Manual, volume 3, chapter 6 (faults).
 */

/** How an instruction reaches memory; addresses are unsigned 32-bit user addresses. */
export interface UserBus {
  /**
   * The unsigned little-endian value; 0 with `faulted` set when the access fails. `willWrite` is
   * true when the instruction writes the same place afterwards (`incl (%eax)`): the CPU checks and
   * reports such an access as a write.
   */
  read(address: number, bytes: 1 | 2 | 4, willWrite: boolean): number;
  /** Writes the low `bytes` bytes of the value: all of them or, with `faulted` set, none. */
  write(address: number, bytes: 1 | 2 | 4, value: number): void;
  /** The instruction byte at the address; 0 with `faulted` set when it cannot be fetched. */
  fetch(address: number): number;
  /** Set by a failed access and cleared by the machine; the machine knows CR2 and the error code. */
  faulted: boolean;
}

/** The instruction is done; `eip` points behind it or where it jumped. */
export const USER_DONE = 0;
/** An access failed (`bus.faulted`); nothing has changed. */
export const USER_FAULT = 1;
/** `int $0x80`; `eip` points behind it, nothing else has changed. */
export const USER_SYSTEM_CALL = 2;
/** Unknown opcode, or a privileged instruction; nothing has changed. */
export const USER_INVALID = 3;
/** Division by zero or a quotient that does not fit; nothing has changed. */
export const USER_DIVIDE = 4;
/** `int3`; `eip` points behind it. */
export const USER_BREAKPOINT = 5;

/**
 * One element of a repeated instruction (`rep movsb`) is done and more are to come: `eip` still points at
 * the instruction. Interrupts and other CPUs come in between, as on a real CPU.
 */
export const USER_REPEAT = 6;

/** What a step says about itself. */
export type UserStepResult =
  | typeof USER_DONE
  | typeof USER_FAULT
  | typeof USER_SYSTEM_CALL
  | typeof USER_INVALID
  | typeof USER_DIVIDE
  | typeof USER_BREAKPOINT
  | typeof USER_REPEAT;

/** Indices of the registers in the array that `step` works on; the first eight as i386 encodes them. */
export const USER_EAX = 0;
export const USER_ECX = 1;
export const USER_EDX = 2;
export const USER_EBX = 3;
export const USER_ESP = 4;
export const USER_EBP = 5;
export const USER_ESI = 6;
export const USER_EDI = 7;
export const USER_EIP = 8;
export const USER_EFLAGS = 9;
/** The names, by index. */
export const USER_REGISTER_NAMES = [
  'eax',
  'ecx',
  'edx',
  'ebx',
  'esp',
  'ebp',
  'esi',
  'edi',
  'eip',
  'eflags',
] as const;
/** Words of the array. */
export const USER_REGISTER_COUNT = USER_REGISTER_NAMES.length;

/** Executes user instructions; it has no state of its own. */
export interface UserCpu {
  /** Executes the instruction (or element) at `eip`: changes registers and memory, or reports and changes nothing. */
  step(registers: Int32Array, bus: UserBus): UserStepResult;
}
