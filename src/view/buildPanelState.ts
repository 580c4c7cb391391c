/**
 * Builds the view model of one stop from the machine's memory, ghost state and disk.
 */
import type { TaskId } from '../base/brand.ts';
import { hex } from '../base/brand.ts';
import type { Anchor } from '../bytecode/program.ts';
import type { DiskRequestView } from '../machine/diskView.ts';
import {
  findWait,
  listAddressSpaces,
  listTasks,
  type AddressSpaceLock,
  type KernelView,
} from '../kernel/taskWaits.ts';
import type { PageStruct } from '../kernel/kernelReaders.ts';
import { stateWords, waitWords } from '../kernel/taskWords.ts';
import { SECTORS_PER_PAGE } from '../kernel/whyChain.ts';
import type {
  CpuState,
  DiskRequestState,
  EndState,
  LockHolder,
  LockState,
  LockWaiter,
  MomentState,
  PanelState,
  SourcePlace,
  TaskActivity,
  TaskState,
} from './panelState.ts';
import { buildNumbers, type NamedLock } from './buildNumbers.ts';
import { readMemory } from './buildMemory.ts';
import { choosePages, describePages, ownerName } from './pagesInPlay.ts';
import { readRwsemCount } from './rwsemReading.ts';

/** Where a task is, as the call stack says it. */
export interface TaskPlace {
  readonly where: string | undefined;
  readonly place: SourcePlace | undefined;
  readonly attempt: number | undefined;
}

const PAGE_BYTES = 4096;

/** What the state is built from. */
export interface PanelInput {
  readonly rev: number;
  readonly scenario: string;
  readonly title: string;
  readonly kernel: string;
  readonly reason: string;
  readonly stoppedTask: TaskId | undefined;
  readonly end: EndState | undefined;
  readonly view: KernelView;
  /** The tasks of the scenario, in its order, and kernel tasks that run. */
  readonly tasks: readonly TaskId[];
  /** The locks whose times are told, in the order of the processes; they stay when a process is over. */
  readonly locks: readonly NamedLock[];
  threadIdOf(task: TaskId): number;
  placeOf(task: TaskId): TaskPlace;
  /** The anchor with a title at which the stopped task stands. */
  readonly anchor: Anchor | undefined;
}

function listHolders(input: PanelInput, lock: AddressSpaceLock): readonly LockHolder[] {
  const { view } = input;
  return view.machine.ghost
    .holds()
    .filter((hold) => hold.lock === lock.mm.mmapSem)
    .map((hold) => ({
      owner: ownerName(view, hold),
      taskId: hold.task === undefined ? undefined : input.threadIdOf(hold.task),
      mode: hold.mode,
      sinceNs: hold.sinceNs,
    }));
}

function lockState(input: PanelInput, lock: AddressSpaceLock): LockState {
  const { view } = input;
  const { count, address, waiters } = view.readers.readRwsem(view.machine, lock.mm.mmapSem);
  const waits = view.machine.ghost.waits();
  const queue = waiters.flatMap(({ task: cookie, isWriter }): LockWaiter[] => {
    const task = view.machine.taskOfCookie(cookie);
    if (task === undefined) return [];
    const wait = waits.find((item) => item.task === task && item.lock === address);
    return [
      {
        task: view.nameOf(task),
        taskId: input.threadIdOf(task),
        mode: isWriter ? 'write' : 'read',
        sinceNs: wait?.sinceNs,
      },
    ];
  });
  const holders = listHolders(input, lock);
  const listed = queue.map(({ task: name, mode }) => ({ name, mode }));
  return {
    name: lock.name,
    rawCount: hex(count, 8),
    countMeaning: readRwsemCount({ count, waiters: listed, inside: holders }).meaning,
    holders,
    queue,
  };
}

function activityOf(view: KernelView, task: TaskId): TaskActivity {
  const { status } = view.machine.task(task);
  return status === 'blocked' ? 'sleeping' : status;
}

function taskState(
  input: PanelInput,
  task: TaskId,
  spaces: readonly AddressSpaceLock[],
): TaskState {
  const { view } = input;
  const state = view.machine.task(task);
  const { majFlt, minFlt } = view.readers.readTask(view.machine, state.cookie);
  const { where, place, attempt } = input.placeOf(task);
  const wait = findWait(view, task, spaces);
  return {
    id: input.threadIdOf(task),
    name: view.nameOf(task),
    activity: activityOf(view, task),
    stateWords: stateWords(view, task, wait),
    cpu: state.cpu,
    mode: state.mode,
    waitsFor: waitWords(wait),
    sinceNs: wait?.sinceNs,
    where,
    place,
    attempt,
    counters: { maj_flt: majFlt, min_flt: minFlt },
  };
}

/** What a disk request reads: `data.bin:0` or `data.bin:0–31`. */
function describeRange(
  { machine, readers }: KernelView,
  cached: readonly PageStruct[],
  request: DiskRequestView,
): string {
  for (const mapping of new Set(cached.map((page) => page.mapping))) {
    const { name, sector, bytes } = readers.readInodeOfMapping(machine, mapping);
    const first = (request.sector - sector) / SECTORS_PER_PAGE;
    if (first < 0 || first * PAGE_BYTES >= bytes) continue;
    const last = first + request.pages - 1;
    return last === first ? `${name}:${String(first)}` : `${name}:${String(first)}–${String(last)}`;
  }
  return `sector ${String(request.sector)}`;
}

function diskState(
  view: KernelView,
  cached: readonly PageStruct[],
  request: DiskRequestView,
): DiskRequestState {
  const { id, state, completesNs } = request;
  const leftNs =
    completesNs === undefined ? undefined : Math.max(0, completesNs - view.machine.nowNs());
  return { id, what: describeRange(view, cached, request), state, leftNs };
}

function listCpus(view: KernelView): readonly CpuState[] {
  const { machine } = view;
  const numbers = [...new Set(listTasks(machine).map((task) => task.cpu))].sort((a, b) => a - b);
  return numbers.map((number) => {
    const { isIdle, isInInterrupt, task } = machine.cpu(number);
    return { number, task: isIdle ? undefined : view.nameOf(task), isInInterrupt };
  });
}

function momentState(input: PanelInput): MomentState | undefined {
  const { anchor, stoppedTask, view } = input;
  if (anchor?.title === undefined || stoppedTask === undefined) return undefined;
  const note = view.machine.program.annotations.find(
    (item) => item.form === 'note' && item.pc === anchor.pc,
  );
  return {
    anchor: anchor.name,
    title: anchor.title,
    task: view.nameOf(stoppedTask),
    taskId: input.threadIdOf(stoppedTask),
    note: note?.roles['text'],
  };
}

/** The state of the panel at this stop. */
export function buildPanelState(input: PanelInput): PanelState {
  const { view } = input;
  const { machine } = view;
  const cached = view.readers.readCachedPages(machine);
  const spaces = listAddressSpaces(view);
  const chosen = choosePages(view, cached);
  const memory = readMemory({ ...input, spaces, frames: chosen.frames });
  return {
    rev: input.rev,
    scenario: input.scenario,
    title: input.title,
    kernel: input.kernel,
    clockNs: machine.nowNs(),
    position: machine.position,
    reason: input.reason,
    stoppedTaskId:
      input.stoppedTask === undefined ? undefined : input.threadIdOf(input.stoppedTask),
    moment: momentState(input),
    end: input.end,
    cpus: listCpus(view),
    locks: spaces.map((lock) => lockState(input, lock)),
    pages: describePages(view, chosen, {
      mappings: memory.mappings,
      threadIdOf: (task) => input.threadIdOf(task),
    }),
    quietPages: chosen.quietPages,
    loosePages: chosen.loosePages,
    spaces: memory.spaces,
    numbers: buildNumbers(view, input.tasks, input.locks),
    tasks: input.tasks.map((task) => taskState(input, task, spaces)),
    disk: machine.disk.queue().map((request) => diskState(view, cached, request)),
  };
}
