/**
 * The state of tasks in words, as thread names, stops and the panel use them.
 */
import { asAddress, hex, type TaskId } from '../base/brand.ts';
import type { Program } from '../bytecode/program.ts';
import { listAddressSpaces, findWait, type KernelView, type TaskWait } from './taskWaits.ts';

/** The name of a signal by the kernel's macros: `SIGSEGV`. */
export function signalName(program: Program, number: number): string {
  for (const macro of program.macros.values()) {
    if (/^SIG[A-Z]+$/.test(macro.name) && macro.value === BigInt(number)) return macro.name;
  }
  return `signal ${String(number)}`;
}

/** How a task ended: `exited 0`, `killed by SIGBUS`. */
function describeExit({ machine, readers }: KernelView, task: TaskId): string {
  const { exitCode, exitSignal } = readers.readTask(machine, machine.task(task).cookie);
  if (exitSignal.number !== 0) {
    return `killed by ${signalName(machine.program, exitSignal.number)}`;
  }
  return `exited ${String((exitCode >> 8) & 0xff)}`;
}

/** The state in words: `running`, `sleeping: page lock`, `waiting: mmap_sem`, `exited 0`. */
export function describeState(view: KernelView, task: TaskId): string {
  const isBlocked = view.machine.task(task).status === 'blocked';
  return stateWords(view, task, isBlocked ? findWait(view, task) : undefined);
}

/** The same, when it is known already what the task waits for. */
export function stateWords(view: KernelView, task: TaskId, wait: TaskWait | undefined): string {
  const state = view.machine.task(task);
  switch (state.status) {
    case 'new':
      return 'not started';
    case 'running':
      return 'running';
    case 'runnable':
      return 'ready';
    case 'exited':
      return describeExit(view, task);
    case 'blocked': {
      if (wait?.kind === 'page') return 'sleeping: page lock';
      return wait?.kind === 'lock' ? `waiting: ${wait.lock.name}` : 'sleeping';
    }
  }
}

/** What a sleeping task waits for, such as `the page lock of data.bin:0`; `undefined` when unknown. */
export function describeWait(view: KernelView, task: TaskId): string | undefined {
  return waitWords(findWait(view, task));
}

/** The same, when it is known already what that is. */
export function waitWords(wait: TaskWait | undefined): string | undefined {
  if (wait?.kind === 'page') return `the page lock of ${wait.label}`;
  if (wait?.kind !== 'lock') return undefined;
  return `${wait.lock.name} (to ${wait.mode})`;
}

/** A file's name as it can stand in a scenario; anything else was not the name of a file. */
const FILE_NAME = /^[\w.+-]+$/;

function fileOfMapping({ machine, readers }: KernelView, mapping: number): string | undefined {
  if (mapping === 0 || (mapping & 1) === 1) return undefined;
  const { name } = readers.readInodeOfMapping(machine, asAddress(mapping));
  return FILE_NAME.test(name) ? name : undefined;
}

function describePage(view: KernelView, address: number): string | undefined {
  const page = view.readers.readPage(view.machine, asAddress(address));
  const name = fileOfMapping(view, page.mapping);
  return name === undefined ? undefined : `${name}:${String(page.index)}`;
}

function describeVma(view: KernelView, address: number): string | undefined {
  const { machine, readers } = view;
  for (const { mm } of listAddressSpaces(view)) {
    const vma = readers.readVmas(machine, mm.address).find((item) => item.address === address);
    if (vma === undefined) continue;
    const mapping = vma.file === 0 ? 0 : readers.readFileMapping(machine, vma.file);
    const what = fileOfMapping(view, mapping) ?? 'anonymous';
    return `${what}, ${hex(vma.start)}–${hex(vma.end)}`;
  }
  return undefined;
}

/** The name of the lock at an address: `mmap_sem`, `the page lock of data.bin:0`; `undefined` for any other. */
export function describeLock(view: KernelView, address: number): string | undefined {
  const space = listAddressSpaces(view).find(({ mm }) => mm.mmapSem === address);
  if (space !== undefined) return space.name;
  const { offset } = view.readers.layout.field('page', 'flags');
  const page = describePage(view, address - offset);
  return page === undefined ? undefined : `the page lock of ${page}`;
}

/** Who is inside a lock: `toucher (to read), mapper (to read)`; `nobody` when it is free. */
export function describeHolders(view: KernelView, address: number): string {
  const isShared = listAddressSpaces(view).some(({ mm }) => mm.mmapSem === address);
  const inside = view.machine.ghost
    .holds()
    .filter(({ lock }) => lock === address)
    .map(({ task, mode }) => {
      const name = task === undefined ? 'the disk' : view.nameOf(task);
      return isShared ? `${name} (to ${mode})` : name;
    });
  return inside.length === 0 ? 'nobody' : inside.join(', ');
}

/** A word about what a kernel pointer points to: a task's name, a page's file and index. */
export function describeObject(view: KernelView, tag: string, address: number): string | undefined {
  const { machine, readers } = view;
  switch (tag) {
    case 'task_struct': {
      const task = machine.taskOfCookie(address);
      return task === undefined ? undefined : view.nameOf(task);
    }
    case 'mm_struct':
      return listAddressSpaces(view).find((space) => space.mm.address === address)?.mm.name;
    case 'page':
      return describePage(view, address);
    case 'vm_area_struct':
      return describeVma(view, address);
    case 'address_space':
      return fileOfMapping(view, address);
    case 'file':
      return fileOfMapping(view, readers.readFileMapping(machine, asAddress(address)));
    default:
      return undefined;
  }
}
