/**
 * The call stack of a task as rows, innermost first: kernel frames, then a label that says how the
 * kernel was entered, then the user instruction. An interrupt on top of a task, and a page fault of the
 * kernel's own, stand above a label of their own.
 */
import { asAddress, asPc, hex, type Pc, type TaskId } from '../base/brand.ts';
import { positionOf, type Span } from '../base/span.ts';
import { INSTRUCTION_WORDS, OP, OPCODE_MASK } from '../bytecode/instruction.ts';
import { readUnsigned } from '../bytecode/memoryReader.ts';
import { callAt, functionAt, statementAt, type Program } from '../bytecode/program.ts';
import { readAttempt } from '../kernel/attempt.ts';
import { systemCallsOf } from '../kernel/systemCalls.ts';
import type { Frame, TrapView } from '../machine/frame.ts';
import type { TaskView } from '../machine/taskView.ts';
import { USER_EIP } from '../machine/userCpu.ts';
import type { DebugTarget, TaskProgram } from './debugTarget.ts';

/** A row of a call stack. */
export type StackRow =
  | {
      readonly kind: 'kernel';
      readonly task: TaskId;
      readonly name: string;
      readonly frame: Frame;
      /** The pc that belongs to `span`: of the call in outer frames. */
      readonly pc: Pc;
      readonly span: Span | undefined;
      readonly isPlumbing: boolean;
    }
  | { readonly kind: 'label'; readonly task: TaskId; readonly name: string }
  | {
      readonly kind: 'user';
      readonly task: TaskId;
      readonly name: string;
      readonly address: number;
      readonly span: Span | undefined;
    };

/** Byte offset of `orig_eax` in the trap frame. */
const ORIG_EAX_OFFSET = 44;
/** The length of `int $0x80`, behind which `eip` points during a system call. */
const SYSTEM_CALL_BYTES = 2;
const PF_PROT = 1;
const PF_WRITE = 2;
const PF_USER = 4;
const PF_INSTR = 16;

/** A page fault's error code in words: `user read, page not present`. */
export function describeErrorCode(code: number): string {
  const who = (code & PF_USER) === 0 ? 'kernel' : 'user';
  const how =
    (code & PF_INSTR) === 0 ? ((code & PF_WRITE) === 0 ? 'read' : 'write') : 'instruction fetch';
  const why = (code & PF_PROT) === 0 ? 'page not present' : 'access not allowed';
  return `${who} ${how}, ${why}`;
}

function systemCallName(target: DebugTarget, frame: Frame): string {
  const { machine, program } = target;
  const regs = readUnsigned(machine, asAddress(frame.fp + 8), 4);
  if (regs === undefined) return '';
  const number = readUnsigned(machine, asAddress(regs + ORIG_EAX_OFFSET), 4);
  if (number === undefined) return '';
  return `: ${systemCallsOf(program).get(number) ?? `number ${String(number)}`}`;
}

function trapLabel(target: DebugTarget, trap: TrapView, frame: Frame): string {
  switch (trap.kind) {
    case 'pageFault':
      return `page fault: ${describeErrorCode(trap.code)}, CR2 = ${hex(trap.address, 8)}`;
    case 'systemCall':
      return `system call${systemCallName(target, frame)}`;
    case 'exception':
      return `exception ${String(trap.code)}`;
    case 'interrupt':
      return 'interrupt';
  }
}

function interruptLabel(target: DebugTarget, frame: Frame, cpu: number): string {
  const { diskInterrupt, timerInterrupt, kick } = target.entries;
  const kinds: readonly (readonly [number | undefined, string])[] = [
    [diskInterrupt, 'disk '],
    [timerInterrupt, 'timer '],
    [kick, 'kick '],
  ];
  const what = kinds.find(([entry]) => entry === frame.functionIndex)?.[1] ?? '';
  return `${what}interrupt on CPU ${String(cpu)}`;
}

/** The place of a call that has not returned, by the pc behind it. */
function callPlace(program: Program, returnPc: Pc): { pc: Pc; span: Span | undefined } {
  const pc = asPc(returnPc - INSTRUCTION_WORDS);
  return { pc, span: callAt(program, pc)?.span ?? statementAt(program, pc)?.span };
}

/** Where a task really is: while it is parked, at the call that parks it. */
function innermostPlace(
  program: Program,
  view: TaskView,
  pc: Pc,
): { pc: Pc; span: Span | undefined } {
  const before = asPc(pc - INSTRUCTION_WORDS);
  const isParked =
    view.status === 'blocked' && ((program.code[before] ?? 0) & OPCODE_MASK) === OP.intrinsic;
  const place = isParked && functionAt(program, before) === functionAt(program, pc) ? before : pc;
  return { pc: place, span: statementAt(program, place)?.span };
}

function kernelRow(
  target: DebugTarget,
  view: TaskView,
  frame: Frame,
  inner: Frame | undefined,
): StackRow {
  const { program, machine, entries } = target;
  const info = program.functions[frame.functionIndex];
  const isCaller = inner?.kind === 'normal';
  const place = isCaller ? callPlace(program, frame.pc) : innermostPlace(program, view, frame.pc);
  const attempt =
    frame.functionIndex === entries.pageFault ? readAttempt(machine, view.id, frame) : undefined;
  const suffix = attempt === undefined ? '' : ` (attempt ${String(attempt)})`;
  const name = `${info?.name ?? '?'}${suffix}`;
  const isPlumbing = info?.isPlumbing ?? false;
  return { kind: 'kernel', task: view.id, name, frame, isPlumbing, ...place };
}

/** The label at or before an address, with the distance in bytes when there is one. */
export function programPlaceName(program: TaskProgram, address: number): string {
  let best: { name: string; at: number } | undefined;
  for (const [name, at] of program.labels) {
    if (at <= address && (best === undefined || at > best.at)) best = { name, at };
  }
  if (best === undefined) return hex(address);
  return best.at === address ? best.name : `${best.name}+${hex(address - best.at)}`;
}

/** The source of a user instruction. */
export function programSpan(program: TaskProgram, address: number): Span | undefined {
  return program.lines.find((line) => line.address === address)?.span;
}

function userRow(target: DebugTarget, view: TaskView, outermost: Frame | undefined): StackRow[] {
  const task = target.tasks.find((item) => item.id === view.id);
  if (task === undefined || view.status === 'exited') return [];
  const next = (view.userRegisters[USER_EIP] ?? 0) >>> 0;
  const isInCall = view.trapDepth > 0 && outermost?.trap?.kind === 'systemCall';
  const address = isInCall ? next - SYSTEM_CALL_BYTES : next;
  const span = programSpan(task.program, address);
  const name = programPlaceName(task.program, address);
  return [{ kind: 'user', task: view.id, name, address, span }];
}

/** The rows of a task's call stack. */
export function stackRows(target: DebugTarget, task: TaskId): readonly StackRow[] {
  const { machine } = target;
  const view = machine.task(task);
  if (view.status === 'exited') return [];
  const rows: StackRow[] = [];
  const frames = machine.frames(task);
  frames.forEach((frame, index) => {
    rows.push(kernelRow(target, view, frame, frames[index - 1]));
    if (frame.kind === 'interrupt') {
      rows.push({ kind: 'label', task, name: interruptLabel(target, frame, view.cpu) });
    }
    if (frame.trap !== undefined) {
      rows.push({ kind: 'label', task, name: trapLabel(target, frame.trap, frame) });
    }
  });
  return [...rows, ...userRow(target, view, frames.at(-1))];
}

/** The first of the rows; `undefined` where there is none. */
export function innermostRow(target: DebugTarget, task: TaskId): StackRow | undefined {
  const { machine } = target;
  const view = machine.task(task);
  if (view.status === 'exited') return undefined;
  const [frame] = machine.frames(task);
  return frame === undefined
    ? userRow(target, view, undefined)[0]
    : kernelRow(target, view, frame, undefined);
}

/** The line of a row, from 1; 0 where there is no source. */
export function rowLine(row: StackRow): { readonly line1: number; readonly column1: number } {
  if (row.kind === 'label' || row.span === undefined) return { line1: 0, column1: 0 };
  return positionOf(row.span.file, row.span.start);
}

/**
 * Where a task is, for people: its first row that is no plumbing. A sleeping task is where it called
 * the scheduler from: all of them sleep in the scheduler's own file.
 */
export interface TaskSpot {
  readonly where: string | undefined;
  readonly span: Span | undefined;
  /** Which attempt at resolving a fault it makes, from 1 on; `undefined` outside of one. */
  readonly attempt: number | undefined;
}

/** Where a task is. */
export function findTaskSpot(target: DebugTarget, task: TaskId): TaskSpot {
  const rows = stackRows(target, task).filter((row) => row.kind !== 'label');
  const [innermost] = rows;
  const schedulerFile =
    target.machine.task(task).status === 'blocked' ? innermost?.span?.file : undefined;
  const row =
    rows.find(
      (item) =>
        item.kind === 'user' ||
        !(item.isPlumbing || (schedulerFile !== undefined && item.span?.file === schedulerFile)),
    ) ?? innermost;
  const handler = rows.find(
    (item) => item.kind === 'kernel' && item.frame.functionIndex === target.entries.pageFault,
  );
  const attempt =
    handler?.kind === 'kernel' ? readAttempt(target.machine, task, handler.frame) : undefined;
  return { where: row?.name, span: row?.span, attempt };
}
