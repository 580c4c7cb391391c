/**
 * What to say of a load, a store or a copy that the shadow does not admit: which object it missed or
 * came too early or too late for. Nothing here runs before something went wrong.
 */
import { type Address, asPc, hex } from '../base/brand.ts';
import { positionOf } from '../base/span.ts';
import { DATA_BASE, statementAt, type Program } from '../bytecode/program.ts';
import { countBytes, type MachineFault } from './faults.ts';
import { findHeapObject, type HeapObjectView } from './heapObjects.ts';
import { type MachineState, unsigned } from './machineState.ts';
import { IMAGE_BIAS } from './memory.ts';
import { type AccessProblem, findProblem, WHY_FREE_PAGE, WHY_FREED } from './shadow.ts';
import { findLocal, isAt, localsAround, type LocalObject } from './stackObjects.ts';

/** Farther from an object than this, an access is not said to be beside it. */
const NEAR_BYTES = 256;

/** The fault of an access to a range of the image in which the shadow finds a problem. */
export function describeBadAccess(
  state: MachineState,
  at: number,
  bytes: number,
  isWrite: boolean,
): MachineFault {
  const problem = findProblem(state.memory, at, bytes, !isWrite);
  const address = unsigned(at - IMAGE_BIAS);
  const what = `${isWrite ? 'write' : 'read'} of ${countBytes(bytes)} at ${hex(address, 8)}`;
  const place = unsigned((problem?.offset ?? at) - IMAGE_BIAS);
  if (problem?.kind === 'withoutValue') return describeMissing(state, what, place);
  if (problem?.why === WHY_FREED) return describeFreed(state, what, place);
  if (problem?.why === WHY_FREE_PAGE) {
    return {
      kind: 'useAfterFree',
      message: `Use after free: ${what}, in a page frame that is free.`,
      address: place,
    };
  }
  return {
    kind: 'outOfBounds',
    message: `Out of bounds: ${what}${describeNearest(state, place)}.`,
    address: place,
  };
}

/** Looks a range over that the machine itself reads or writes for the kernel. Faults end the run. */
export function requireUsable(
  state: MachineState,
  at: number,
  bytes: number,
  isWrite: boolean,
  isRaw: boolean,
): boolean {
  const problem: AccessProblem | undefined = findProblem(
    state.memory,
    at,
    bytes,
    !isWrite && !isRaw,
  );
  if (problem === undefined) return true;
  state.raise(describeBadAccess(state, at, bytes, isWrite));
  return false;
}

function describeMissing(state: MachineState, what: string, place: Address): MachineFault {
  const local = findLocal(state, place);
  const heap = local === undefined ? findHeapObject(state, place) : undefined;
  let whose = '';
  if (local !== undefined) whose = ` in ${local.name}`;
  else if (heap !== undefined && isInside(heap, place)) {
    whose = `, ${countBytes(place - heap.address)} into ${describeHeapObject(state, heap)}`;
  }
  return {
    kind: 'uninitialized',
    message: `Read of a value that was never written: ${what}${whose}.`,
    address: place,
  };
}

function describeFreed(state: MachineState, what: string, place: Address): MachineFault {
  const heap = findHeapObject(state, place);
  const whose =
    heap === undefined || !isInside(heap, place)
      ? ''
      : `, ${countBytes(place - heap.address)} into ${describeHeapObject(state, heap)}`;
  return { kind: 'useAfterFree', message: `Use after free: ${what}${whose}.`, address: place };
}

function describeHeapObject(state: MachineState, heap: HeapObjectView): string {
  const { bytes, generation, allocated, freed, isFreed } = heap;
  const count = generation > 1 ? `, object number ${String(generation)} at its place,` : '';
  const start = `an object of ${countBytes(bytes)}${count} allocated${placeText(state, allocated.pc)}`;
  return isFreed ? `${start} and freed${placeText(state, freed.pc)}` : start;
}

/** ` at FILE:LINE in FUNCTION`, as far as it is known. */
function placeText({ program }: MachineState, pc: number): string {
  const statement = statementAt(program, asPc(pc));
  if (statement === undefined) return '';
  const { file, start } = statement.span;
  const owner = program.functions[statement.functionIndex]?.name ?? '';
  return ` at ${file.path}:${String(positionOf(file, start).line1)} in ${owner}`;
}

/** `, N bytes behind …` for an access that missed an object. */
function describeNearest(state: MachineState, place: Address): string {
  const near = nearestLocal(state, place) ?? nearestStatic(state.program, place);
  if (near !== undefined) return near;
  const heap = findHeapObject(state, place);
  if (heap === undefined) return '';
  const behind = place - heap.address - heap.bytes;
  const before = heap.address - place;
  if (Math.max(behind, before) > NEAR_BYTES) return ', in memory that nobody has allocated';
  const where = behind >= 0 ? distanceText(behind, 'behind') : distanceText(before, 'before');
  return `, ${where} ${describeHeapObject(state, heap)}`;
}

function isInside({ address, bytes }: HeapObjectView, place: number): boolean {
  return place >= address && place < address + bytes;
}

function distanceText(bytes: number, where: 'behind' | 'before'): string {
  return bytes === 0 ? `just ${where}` : `${countBytes(bytes)} ${where}`;
}

function nearestLocal(state: MachineState, place: number): string | undefined {
  return nearest(localsAround(state, place), place);
}

/** Names the object to which an address is nearest. */
function nearest(objects: readonly LocalObject[], place: number): string | undefined {
  let text: string | undefined;
  let best = NEAR_BYTES;
  for (const { name, start, bytes } of objects) {
    const behind = place - start - bytes;
    const before = start - place;
    const distance = Math.max(behind, before - 1);
    if (distance < 0 || distance >= best) continue;
    best = distance;
    const where = behind >= 0 ? distanceText(behind, 'behind') : distanceText(before, 'before');
    text = `, ${where} ${name} (${countBytes(bytes)})`;
  }
  return text;
}

function nearestStatic(program: Program, place: number): string | undefined {
  const { dataObjects } = program;
  if (dataObjects === undefined || place < DATA_BASE || place >= program.dataEnd) return undefined;
  const objects: LocalObject[] = [];
  for (let index = 0; index < dataObjects.length; index += 2) {
    const start = dataObjects[index] as number;
    const bytes = dataObjects[index + 1] as number;
    if (start > place + NEAR_BYTES || start + bytes < place - NEAR_BYTES) continue;
    const global = program.globals.find(
      ({ storage }) => storage.kind === 'static' && storage.address === start,
    );
    const name = global === undefined ? 'a string literal' : `\`${global.name}\``;
    objects.push({ name, start, bytes, isCounted: true });
  }
  return nearest(objects, place);
}

/** The fault of reading a local at a byte offset from a frame pointer before it was assigned. */
export function describeUnassigned(state: MachineState, pc: number, offset: number): MachineFault {
  const statement = statementAt(state.program, asPc(pc));
  const owner = state.program.functions[statement?.functionIndex ?? -1];
  const variable = owner?.scopes
    .filter((scope) => pc >= scope.start && pc < scope.end)
    .flatMap((scope) => scope.variables)
    .findLast((item) => isAt(item, offset));
  const name = variable === undefined ? 'a local variable' : `\`${variable.name}\``;
  return {
    kind: 'uninitialized',
    message: `Read of ${name}, which was never given a value.`,
  };
}
