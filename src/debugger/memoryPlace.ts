/**
 * Bytes of memory by reference: `0xc0100000` (what kernel code sees), `0x08048000` (what the user program of
 * a task sees), `phys:0x1000` (a physical address).
 */
import { asAddress, hex, type TaskId } from '../base/brand.ts';
import { UserError } from '../base/errors.ts';
import { DIRECT_MAP_BASE } from '../bytecode/program.ts';
import type { Intervention } from '../machine/intervention.ts';
import type { DebugTarget } from './debugTarget.ts';

/** Where bytes are read and written. */
export type MemoryPlace =
  | { readonly space: 'kernel' | 'physical'; readonly address: number }
  | { readonly space: 'user'; readonly task: TaskId; readonly address: number };

const FORM = /^\s*(phys:)?(0x[0-9a-f]{1,8}|\d{1,10})\s*$/i;

/**
 * The place that a reference and an offset in bytes name; user addresses are those of `task`.
 * Errors: `UserError` `bad-reference`.
 */
export function findPlace(
  reference: string,
  offset: number,
  task: TaskId | undefined,
): MemoryPlace {
  const [, physical, digits = ''] = FORM.exec(reference) ?? [];
  const address = Number(digits) + offset;
  if (digits === '' || Number(digits) > 0xffffffff) {
    throw new UserError(
      'bad-reference',
      `"${reference}" is no address.`,
      'Write an address such as 0xc0100000, or phys:0x1000 for a physical one.',
    );
  }
  if (physical !== undefined) return { space: 'physical', address };
  if (Number(digits) >= DIRECT_MAP_BASE || task === undefined) return { space: 'kernel', address };
  return { space: 'user', task, address };
}

/** The reference of a place. */
export function referenceOf({ space, address }: MemoryPlace): string {
  return `${space === 'physical' ? 'phys:' : ''}${hex(Math.max(0, address), 8)}`;
}

function readByte({ machine }: DebugTarget, place: MemoryPlace, at: number): number | undefined {
  if (at < 0 || at > 0xffffffff) return undefined;
  switch (place.space) {
    case 'kernel':
      return machine.readByte(asAddress(at));
    case 'physical':
      return at + DIRECT_MAP_BASE > 0xffffffff
        ? undefined
        : machine.readByte(asAddress(at + DIRECT_MAP_BASE));
    case 'user':
      return machine.readUserByte(place.task, asAddress(at));
  }
}

/** The bytes from a place on, up to the first one that is not there. */
export function readBytes(target: DebugTarget, place: MemoryPlace, count: number): Uint8Array {
  const bytes: number[] = [];
  for (let at = place.address; at < place.address + count; at += 1) {
    const byte = readByte(target, place, at);
    if (byte === undefined) break;
    bytes.push(byte);
  }
  return Uint8Array.from(bytes);
}

/** Writes bytes from a place on. */
export function writeBytes(place: MemoryPlace, bytes: Uint8Array): Intervention {
  const address = asAddress(place.address);
  if (place.space === 'user') return { kind: 'user', task: place.task, address, bytes };
  return { kind: place.space, address, bytes };
}
