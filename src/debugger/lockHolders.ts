/**
 * Who is inside a lock, as text that changes whenever somebody comes or goes.
 */
import { hex, type TaskId } from '../base/brand.ts';
import { UserError } from '../base/errors.ts';
import type { GhostHold } from '../machine/ghostView.ts';
import { taskName, type DebugTarget } from './debugTarget.ts';
import type { TypedValue } from './typedValue.ts';
import { readScalar } from './typedValue.ts';

/** The address of a lock that an expression names: the lock itself, or a pointer to it. */
export function lockAddress({ machine }: DebugTarget, item: TypedValue, text: string): number {
  if (item.type.kind === 'pointer') {
    const pointed = readScalar(machine, item);
    if (pointed !== undefined) return Number(BigInt.asUintN(32, pointed));
  }
  if (item.address !== undefined) return item.address;
  throw new UserError('no-lock', `"${text}" names no lock.`, 'Name one, such as mm->mmap_sem.');
}

/** The holder of a lock that took it last; `undefined` when nobody is inside. */
export function latestHolder({ machine }: DebugTarget, lock: number): GhostHold | undefined {
  return machine.ghost
    .holds()
    .filter((hold) => hold.lock === lock)
    .reduce<GhostHold | undefined>(
      (latest, hold) => (latest === undefined || hold.sinceNs >= latest.sinceNs ? hold : latest),
      undefined,
    );
}

/** Whether a holder is inside, as text. */
export function tellHolder({ machine }: DebugTarget, wanted: GhostHold): string {
  const isInside = machine.ghost
    .holds()
    .some(
      ({ lock, ownerCode, ownerValue, sinceNs }) =>
        lock === wanted.lock &&
        ownerCode === wanted.ownerCode &&
        ownerValue === wanted.ownerValue &&
        sinceNs === wanted.sinceNs,
    );
  return isInside ? 'inside' : 'outside';
}

/** `toucher takes the lock for reading here`. */
export function takenText(target: DebugTarget, hold: GhostHold, by: TaskId): string {
  const how = hold.mode === 'read' ? 'for reading' : 'for writing';
  const owner = hold.task === undefined ? 'somebody' : taskName(target, hold.task);
  const giver = hold.task === by ? '' : ` It is given by ${taskName(target, by)}.`;
  return `${owner} gets the lock at ${hex(hold.lock)} ${how} here.${giver}`;
}
