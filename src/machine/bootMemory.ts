/**
 * Where things lie in physical memory before the first instruction: program data, then the boot table,
 * then the stack on which CPU 0 boots (and takes interrupts when it is idle later); the rest is free.
 */
import { UserError } from '../base/errors.ts';
import { DATA_BASE, DIRECT_MAP_BASE } from '../bytecode/program.ts';
import { PAGE_BYTES } from './imageLayout.ts';
import type { MachineConfig } from './machineConfig.ts';
import type { Memory } from './memory.ts';

const DEFAULT_BOOT_STACK_BYTES = 65_536;

function roundUp(bytes: number): number {
  return Math.ceil(bytes / PAGE_BYTES) * PAGE_BYTES;
}

/** The lowest address of the boot stack. */
export function bootStackLow(config: MachineConfig): number {
  return config.program.dataEnd + roundUp(config.bootTable.length);
}

/** The size of the boot stack, whole pages. */
export function bootStackBytes(config: MachineConfig): number {
  return roundUp(config.limits.bootStackBytes ?? DEFAULT_BOOT_STACK_BYTES);
}

/** The first free address behind the program and what the machine put there. */
export function kernelEnd(config: MachineConfig): number {
  return bootStackLow(config) + bootStackBytes(config);
}

/** Puts program data and boot table into memory. Errors: `UserError` when memory is too small. */
export function loadBootMemory(config: MachineConfig, memory: Memory): void {
  const { program, bootTable } = config;
  const needed = kernelEnd(config) - DIRECT_MAP_BASE;
  if (needed > config.ramBytes) {
    throw new UserError(
      'memory-too-small',
      `The kernel alone needs ${String(needed / PAGE_BYTES)} page frames, the machine has ${String(config.ramBytes / PAGE_BYTES)}.`,
      "Give the machine more `frames` in the scenario's `machine`.",
    );
  }
  const data = memory.locate(DATA_BASE, program.data.length);
  memory.bytes.set(program.data, data);
  memory.mark(data, data + program.data.length);
  const table = memory.locate(program.dataEnd, bootTable.length);
  memory.bytes.set(bootTable, table);
  memory.mark(table, table + bootTable.length);
}
