/**
 * Which bytes users have written.
 */
import type { Address } from '../base/brand.ts';
import { DIRECT_MAP_BASE } from '../bytecode/program.ts';
import type { Machine } from '../machine/machine.ts';

/** Bytes from an address on. */
export interface ByteRange {
  readonly address: Address;
  readonly bytes: number;
}

/** The position at which a user has last written some of the bytes; -1 when none has. */
export function lastWhatIf(machine: Machine, { address, bytes }: ByteRange): number {
  const found = machine.interventions.findLast(({ intervention }) => {
    if (!('bytes' in intervention)) return false;
    const { kind, bytes: written } = intervention;
    const start = intervention.address + (kind === 'physical' ? DIRECT_MAP_BASE : 0);
    return start < address + bytes && start + written.length > address;
  });
  return found?.position ?? -1;
}
