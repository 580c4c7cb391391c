/**
 * What the machine knows of heap objects: kernel code tells it when one begins to live and when it
 * ends. The shadow then catches its use at the wrong time, and this table tells whose it was.
 *
 * An entry stays when its object is freed, and counts how many objects have lived at the address. The
 * table is state like any other and is kept with checks off too; when it is full, further addresses
 * are not noted, which only makes messages shorter.
 */
import { HEADER, HEAP_OBJECT, HEAP_OBJECTS, TASK } from './imageLayout.ts';
import { findEntry, makeEntry, visitEntries } from './imageTable.ts';
import { INSTRUCTION_WORDS } from '../bytecode/instruction.ts';
import { describeAccess } from './faults.ts';
import { type MachineState, taskAt, unsigned } from './machineState.ts';
import { IMAGE_BIAS } from './memory.ts';
import {
  clearWords,
  closeWords,
  openObject,
  WHY_FREE_PAGE,
  WHY_FREED,
  WHY_RED_ZONE,
} from './shadow.ts';
import { asTaskId } from '../base/brand.ts';
import { functionIndexAt } from './tasks.ts';
import { viewFrames } from './viewTasks.ts';

/** More entries would make look-ups slow. */
const MOST_OBJECTS = (HEAP_OBJECTS.capacity / 4) * 3;

/** The states that `fl_memory_state` knows. */
const USABLE = 0;
const RED_ZONE = 1;
const FREE_PAGE = 2;

/** The image offset of a range that starts at a word; -1 with a fault. */
function locateRange(state: MachineState, address: number, bytes: number): number {
  const offset = (address & 3) === 0 ? state.memory.locate(address, bytes) : -1;
  if (offset < 0) state.raise(describeAccess(unsigned(address), bytes, true));
  return offset;
}

/** `fl_memory_state`. Faults end the run. */
export function setMemoryState(
  state: MachineState,
  address: number,
  size: number,
  what: number,
): void {
  const bytes = size >>> 0;
  const offset = locateRange(state, address, bytes);
  if (offset < 0 || bytes === 0 || !state.hasChecks) return;
  switch (what) {
    case USABLE:
      clearWords(state.memory, offset, bytes);
      return;
    case RED_ZONE:
      closeWords(state.memory, offset, bytes, WHY_RED_ZONE);
      return;
    case FREE_PAGE:
      closeWords(state.memory, offset, bytes, WHY_FREE_PAGE);
      return;
    default:
      state.raise({
        kind: 'badArgument',
        message: `fl_memory_state does not know the state ${String(what)}.`,
      });
  }
}

/** `fl_object_allocated`: the object has no value yet. Faults end the run. */
export function noteAllocation(state: MachineState, address: number, size: number): void {
  const bytes = size >>> 0;
  const offset = locateRange(state, address, bytes);
  if (offset < 0) return;
  if (state.hasChecks && bytes > 0) openObject(state.memory, offset, bytes, false);
  const isKnown = findEntry(state, HEAP_OBJECTS, address) >= 0;
  if (!isKnown && state.word(HEADER.heapObjectCount) >= MOST_OBJECTS) return;
  const entry = makeEntry(state, HEAP_OBJECTS, address);
  if (entry < 0) return;
  const { words } = state;
  words[entry + HEAP_OBJECT.bytes] = bytes;
  words[entry + HEAP_OBJECT.generation] = state.word(entry + HEAP_OBJECT.generation) + 1;
  words[entry + HEAP_OBJECT.isFreed] = 0;
  noteUser(state, entry + HEAP_OBJECT.allocatedPc, entry + HEAP_OBJECT.allocatedTask);
  state.memory.markWord(entry);
}

/** `fl_object_freed`. Faults end the run. */
export function noteFree(state: MachineState, address: number, size: number): void {
  const bytes = size >>> 0;
  const offset = locateRange(state, address, bytes);
  if (offset < 0) return;
  if (state.hasChecks && bytes > 0) closeWords(state.memory, offset, bytes, WHY_FREED);
  const entry = findEntry(state, HEAP_OBJECTS, address);
  if (entry < 0) return;
  state.words[entry + HEAP_OBJECT.isFreed] = 1;
  noteUser(state, entry + HEAP_OBJECT.freedPc, entry + HEAP_OBJECT.freedTask);
  state.memory.markWord(entry);
}

/** Who allocates or frees: the innermost call that does not stand in plumbing, and the task. */
function noteUser(state: MachineState, pcWord: number, taskWord: number): void {
  const task = state.currentTask;
  const at = taskAt(task);
  const { functions } = state.program;
  let fp = state.word(at + TASK.fp);
  // Most are a call or two up; only a stack with an interrupt in it is looked at as a whole.
  for (;;) {
    const word = ((fp + IMAGE_BIAS) >>> 0) >> 2;
    const savedFp = state.word(word);
    if (savedFp <= fp || savedFp >= state.word(at + TASK.stackHigh)) break;
    const caller = functionIndexAt(state, state.word(word + 1) - INSTRUCTION_WORDS);
    if (caller < 0) break;
    if (functions[caller]?.isPlumbing !== true) {
      state.words[pcWord] = state.word(word + 1) - INSTRUCTION_WORDS;
      state.words[taskWord] = task + 1;
      return;
    }
    fp = savedFp;
  }
  noteUserOfAll(state, pcWord, taskWord);
}

/** The same, whatever the stack looks like. */
function noteUserOfAll(state: MachineState, pcWord: number, taskWord: number): void {
  const task = state.currentTask;
  const { functions } = state.program;
  const [allocator, ...callers] = viewFrames(state, asTaskId(task));
  const user = callers.find(({ functionIndex }) => functions[functionIndex]?.isPlumbing !== true);
  // In a caller the pc stands behind the call.
  const pc = user === undefined ? allocator?.pc : user.pc - INSTRUCTION_WORDS;
  state.words[pcWord] = pc ?? 0;
  state.words[taskWord] = task + 1;
}

/** A heap object as messages tell of it. */
export interface HeapObjectView {
  readonly address: number;
  readonly bytes: number;
  readonly generation: number;
  readonly isFreed: boolean;
  readonly allocated: { readonly pc: number; readonly task: number };
  readonly freed: { readonly pc: number; readonly task: number };
}

/** The heap object that contains an address, or the one nearest to it. Cost: the whole table. */
export function findHeapObject(state: MachineState, address: number): HeapObjectView | undefined {
  let found: number | undefined;
  let best = Infinity;
  visitEntries(state, HEAP_OBJECTS, (entry) => {
    const start = state.word(entry) >>> 0;
    const end = start + state.word(entry + HEAP_OBJECT.bytes);
    const distance = address < start ? start - address : Math.max(0, address - end + 1);
    if (distance >= best) return;
    found = entry;
    best = distance;
  });
  return found === undefined ? undefined : viewObject(state, found);
}

function viewObject(state: MachineState, entry: number): HeapObjectView {
  const word = (field: number): number => state.word(entry + field);
  return {
    address: word(HEAP_OBJECT.address) >>> 0,
    bytes: word(HEAP_OBJECT.bytes),
    generation: word(HEAP_OBJECT.generation),
    isFreed: word(HEAP_OBJECT.isFreed) !== 0,
    allocated: { pc: word(HEAP_OBJECT.allocatedPc), task: word(HEAP_OBJECT.allocatedTask) - 1 },
    freed: { pc: word(HEAP_OBJECT.freedPc), task: word(HEAP_OBJECT.freedTask) - 1 },
  };
}
