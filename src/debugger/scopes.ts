/**
 * What is in scope at a row of the call stack: locals and statics of a kernel function, or the
 * registers that the trap saved.
 */
import { hex, type Address, type TaskId } from '../base/brand.ts';
import { readByBytes, type MemoryReader } from '../bytecode/memoryReader.ts';
import {
  addressInFrame,
  DIRECT_MAP_BASE,
  type FunctionInfo,
  type GlobalInfo,
  type Scope,
  type Variable,
} from '../bytecode/program.ts';
import type { Machine } from '../machine/machine.ts';
import type { DebugTarget } from './debugTarget.ts';
import { flagsPrefixOfVariable } from './flagNames.ts';
import { identifyFrame, isSameFrame } from './frameChain.ts';
import type { ReturnedValue } from './returnedValue.ts';
import { describeErrorCode, programPlaceName, type StackRow } from './stackRows.ts';
import type { Member } from './valueMembers.ts';

/** A line of text in a scope: a register. */
export interface TextRow {
  readonly name: string;
  readonly text: string;
}

/** A group of variables. */
export type DebugScope =
  | {
      readonly kind: 'locals' | 'statics';
      readonly name: string;
      readonly members: readonly Member[];
    }
  | { readonly kind: 'registers'; readonly name: string; readonly rows: readonly TextRow[] };

/** Memory as a task sees it: kernel memory, and user memory through its page tables. */
export class TaskMemory implements MemoryReader {
  private readonly machine: Machine;
  private readonly task: TaskId;

  constructor(machine: Machine, task: TaskId) {
    this.machine = machine;
    this.task = task;
  }

  readByte(address: Address): number | undefined {
    return address >= DIRECT_MAP_BASE
      ? this.machine.readByte(address)
      : this.machine.readUserByte(this.task, address);
  }

  readWord(address: Address): number | undefined {
    return address >= DIRECT_MAP_BASE
      ? this.machine.readWord(address)
      : readByBytes(this, address, 4);
  }
}

type KernelRow = Extract<StackRow, { kind: 'kernel' }>;

function memberOf(
  target: DebugTarget,
  variable: Variable,
  fp: number,
  functionIndex: number | undefined,
): Member {
  const { storage, name, type, span } = variable;
  const address = storage.kind === 'static' ? storage.address : addressInFrame(fp, storage);
  const flagsPrefix = flagsPrefixOfVariable(target.program, name, functionIndex);
  return { name, item: { type, address, flagsPrefix }, expression: name, declaration: span };
}

/** The scopes around a pc, innermost first. */
function scopesAt(info: FunctionInfo, pc: number): readonly Scope[] {
  return info.scopes.filter((scope) => scope.start <= pc && pc < scope.end).reverse();
}

function localMembers(target: DebugTarget, row: KernelRow, info: FunctionInfo): Member[] {
  const byName = new Map<string, Member>();
  for (const scope of scopesAt(info, row.pc)) {
    for (const variable of scope.variables) {
      const isVisible = variable.storage.kind === 'frame' && variable.declaredAt <= row.pc;
      if (!isVisible || byName.has(variable.name)) continue;
      byName.set(variable.name, memberOf(target, variable, row.frame.fp, info.index));
    }
  }
  return [...byName.values()];
}

/** The static variables of the function, then those of its unit. */
function staticMembers(target: DebugTarget, info: FunctionInfo): Member[] {
  const isOwn = (item: GlobalInfo): boolean => item.functionIndex === info.index;
  const isOfUnit = (item: GlobalInfo): boolean =>
    item.functionIndex === undefined && item.unit === info.unit;
  const { globals } = target.program;
  return [...globals.filter(isOwn), ...globals.filter(isOfUnit)]
    .filter((item) => item.name !== '')
    .map((item) => memberOf(target, item, 0, item.functionIndex));
}

const REGISTERS = ['eax', 'ecx', 'edx', 'ebx', 'esp', 'ebp', 'esi', 'edi'] as const;
const FLAGS: readonly (readonly [number, string])[] = [
  [0x1, 'CF'],
  [0x4, 'PF'],
  [0x10, 'AF'],
  [0x40, 'ZF'],
  [0x80, 'SF'],
  [0x200, 'IF'],
  [0x400, 'DF'],
  [0x800, 'OF'],
];

function registerRows(target: DebugTarget, task: TaskId): TextRow[] {
  const view = target.machine.task(task);
  const words = [...view.userRegisters];
  const rows: TextRow[] = REGISTERS.map((name, index) => ({
    name,
    text: hex(words[index] ?? 0, 8),
  }));
  const eip = words[8] ?? 0;
  const eflags = words[9] ?? 0;
  const program = target.tasks.find((item) => item.id === task)?.program;
  const place = program === undefined ? '' : ` <${programPlaceName(program, eip >>> 0)}>`;
  rows.push({ name: 'eip', text: `${hex(eip, 8)}${place}` });
  const names = FLAGS.filter(([bit]) => (eflags & bit) !== 0).map(([, name]) => name);
  rows.push({ name: 'eflags', text: [hex(eflags, 8), ...names].join(' ') });
  return rows;
}

function trapRows(target: DebugTarget, task: TaskId): TextRow[] {
  const view = target.machine.task(task);
  if (view.trapDepth === 0 || view.trap?.kind !== 'pageFault') return [];
  const { address, code } = view.trap;
  return [
    { name: 'CR2', text: hex(address, 8) },
    { name: 'error code', text: `${hex(code)} (${describeErrorCode(code)})` },
  ];
}

function registerScope(target: DebugTarget, task: TaskId): DebugScope {
  const isTrapped = target.machine.task(task).trapDepth > 0;
  const name = isTrapped ? 'User registers (saved at the trap)' : 'User registers';
  const rows = [...trapRows(target, task), ...registerRows(target, task)];
  return { kind: 'registers', name, rows };
}

/** The value of a user register written as `%esi` or `$esi`, in a program's row also as `esi`. */
export function readRegister(
  target: DebugTarget,
  row: StackRow | undefined,
  text: string,
): string | undefined {
  const [, mark, name] = /^\s*([%$]?)([a-z]{3,6})\s*$/.exec(text) ?? [];
  const isRegister = mark !== '' || row?.kind === 'user';
  if (row === undefined || name === undefined || !isRegister) return undefined;
  return registerRows(target, row.task).find((register) => register.name === name)?.text;
}

/** Where a run stands, as far as scopes depend on it. */
interface StandingPlace {
  readonly task: TaskId | undefined;
  readonly returned?: ReturnedValue;
}

/** What a call has just returned to a frame, as its first local. */
function returnedMembers({ machine }: DebugTarget, row: KernelRow, stop: StandingPlace): Member[] {
  const { returned } = stop;
  if (returned === undefined || stop.task !== row.task) return [];
  if (!isSameFrame(identifyFrame(machine, row.frame), returned.caller)) return [];
  const name = `(return) ${returned.functionName}()`;
  return [{ name, item: returned.item, expression: undefined }];
}

/** The scopes of a row, in the order in which they are shown; `stop` is where the run stands. */
export function listScopes(
  target: DebugTarget,
  row: StackRow,
  stop?: StandingPlace,
): readonly DebugScope[] {
  const hasUserMode = target.tasks.some((item) => item.id === row.task);
  const registers = hasUserMode ? [registerScope(target, row.task)] : [];
  if (row.kind !== 'kernel') return registers;
  const info = target.program.functions[row.frame.functionIndex];
  if (info === undefined) return registers;
  const returned = stop === undefined ? [] : returnedMembers(target, row, stop);
  const locals = [...returned, ...localMembers(target, row, info)];
  const statics = staticMembers(target, info);
  return [
    { kind: 'locals', name: 'Locals', members: locals },
    ...(statics.length === 0
      ? []
      : [{ kind: 'statics' as const, name: 'Statics', members: statics }]),
    ...registers,
  ];
}

/** The number of a register that can be set at a row, by its name without `%`. */
export function registerOf(row: StackRow, name: string): number | undefined {
  const names: readonly string[] = [...REGISTERS, 'eip', 'eflags'];
  const index = row.kind === 'label' ? -1 : names.indexOf(name);
  return index < 0 ? undefined : index;
}
