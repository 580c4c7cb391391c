/**
 * The rules behind `guard` and `pin`: a guarded field is accessed with its lock, and a VMA only during the hold of
 * `mmap_sem` in which it was looked up.
 *
 * The lock in an annotation is a path of members from the struct that the field is in, with alternatives between `||`:
 * `vm_mm->mmap_sem`. An object whose path leads nowhere belongs to nobody else yet. An address space without users
 * belongs to whoever takes it apart.
 */
import type { GuardedAccess } from '../../bytecode/program.ts';
import type { CType } from '../../bytecode/ctype.ts';
import { findField } from '../../bytecode/ctype.ts';
import { OP, OPCODE_MASK } from '../../bytecode/instruction.ts';
import { OWNER_TASK } from '../../bytecode/annotation.ts';
import { MODE_WRITE } from '../../machine/ghostView.ts';
import { HEADER, HOLD, HOLDS_AT, TASK } from '../../machine/imageLayout.ts';
import { taskAt } from '../../machine/machineState.ts';
import { ANY_MODE, type RuleContext } from './ruleContext.ts';
import { TASK_NOTE } from './ruleStore.ts';
import { atPlace, placeName, taskName } from './ruleWords.ts';

/** A way to a lock: each step adds an offset; all but the last then follow a pointer. */
interface LockPath {
  readonly offsets: readonly number[];
  readonly text: string;
  readonly isMmapSem: boolean;
}

/** What an access needs. */
interface Guard {
  readonly access: GuardedAccess;
  readonly isVma: boolean;
  readonly isWrite: boolean;
  /** Modes of a hold that will do. */
  readonly modes: number;
  readonly locks: readonly LockPath[];
}

/** What `isQuicklyHeld` knows of a guard: whether it can tell, and what `Guard` and its one short path say. */
const QUICK = { isQuick: 0, offset: 1, modes: 2, steps: 3, first: 4, second: 5 } as const;
const QUICK_WORDS = 6;

const VMA = 'vm_area_struct';
const STORES: ReadonlySet<number> = new Set([OP.store8, OP.store16, OP.store32, OP.store64]);

export class GuardRules {
  private readonly context: RuleContext;
  /** By instruction number: a guard plus 1. */
  private readonly at: Int32Array;
  private readonly guards: Guard[] = [];
  /** By guard plus 1 (nothing at 0): `QUICK_WORDS` numbers of the guards that `isQuicklyHeld` understands. */
  private readonly quick: Int32Array;
  /** Functions in which VMAs are looked up: what they reach was not pinned by them before. */
  private readonly lookers: ReadonlySet<number>;
  private readonly usersOffset: number;
  /** Where the notes of tasks begin. */
  private readonly base: number;
  /** Where in the list of holds the last access found its lock. */
  private lastHold = 0;

  constructor(context: RuleContext) {
    this.context = context;
    const { program, layout } = context.kernel;
    this.at = new Int32Array(program.code.length >> 2);
    this.base = context.store.taskNotes;
    this.usersOffset = layout.field('mm_struct', 'mm_users').offset;
    const isVmaOn = context.rules.has('vma-after-drop');
    const isGuardOn = context.rules.has('guard');
    for (const access of program.guardedAccesses ?? []) {
      if (!(access.recordTag === VMA ? isVmaOn : isGuardOn)) continue;
      const guard = this.describe(access);
      if (guard === undefined) continue;
      this.guards.push(guard);
      this.at[access.pc >> 2] = this.guards.length;
    }
    this.quick = Int32Array.from([undefined, ...this.guards].flatMap(quickWords));
    this.lookers = new Set(
      program.annotations.flatMap(({ action, functionIndex }) =>
        action === 'pin' && functionIndex !== undefined ? [functionIndex] : [],
      ),
    );
  }

  get places(): readonly number[] {
    return this.guards.map(({ access }) => access.pc);
  }

  private describe(access: GuardedAccess): Guard | undefined {
    const { program } = this.context.kernel;
    const annotation = program.annotations.find(
      ({ action, roles }) =>
        action === 'guard' &&
        roles['record'] === access.recordTag &&
        roles['name'] === access.field,
    );
    if (annotation === undefined) return undefined;
    const isWrite = STORES.has((program.code[access.pc] ?? 0) & OPCODE_MASK);
    const text = annotation.roles[isWrite ? 'writeLock' : 'readLock'] ?? '';
    const locks = text.split('||').flatMap((part) => this.findPath(access.recordTag, part) ?? []);
    if (locks.length === 0) return undefined;
    const modes = isWrite ? MODE_WRITE : ANY_MODE;
    return { access, isVma: access.recordTag === VMA, isWrite, modes, locks };
  }

  private findPath(recordTag: string, text: string): LockPath | undefined {
    const names = text.trim().split(/->|\./);
    const offsets: number[] = [];
    let record = this.context.kernel.program.records.get(recordTag);
    for (const [index, name] of names.entries()) {
      const field = record === undefined ? undefined : findField(record, name.trim());
      if (field === undefined) return undefined;
      offsets.push(field.offset);
      if (index < names.length - 1) record = recordBehind(field.type);
    }
    return { offsets, text: text.trim(), isMmapSem: text.trim().endsWith('mmap_sem') };
  }

  /** The kernel address at which the access at a pc goes, from the operands of its instruction. */
  checkAt(pc: number, f: number): void {
    const { code, words } = this.context.state;
    this.check(pc, (words[f + (code[pc + 2] as number)] as number) + (code[pc + 3] as number));
  }

  /** An access goes to an address. */
  check(pc: number, address: number): void {
    const index = this.at[pc >> 2] as number;
    if (this.isQuicklyHeld(index * QUICK_WORDS, address)) return;
    const guard = this.guards[index - 1];
    if (guard !== undefined) this.checkGuard(guard, pc, address);
  }

  /**
   * The answer to most checks: the lock at the end of a short path is held by the running task, and it was at the same
   * place of the list of holds the last time. False says nothing. `at` is the guard's place in `quick`.
   */
  private isQuicklyHeld(at: number, address: number): boolean {
    const { context, quick, base } = this;
    const { words } = context.state;
    const { task } = context;
    const atTask = taskAt(task);
    if (quick[at + QUICK.isQuick] === 0 || words[atTask + TASK.interruptDepth] !== 0) return false;
    const object = (address - (quick[at + QUICK.offset] as number)) | 0;
    const atNotes = base + task * TASK_NOTE.words;
    if (
      words[atNotes + TASK_NOTE.pinObject] === object &&
      words[atNotes + TASK_NOTE.pinSerial] !== words[atNotes + TASK_NOTE.holdSerial]
    ) {
      return false;
    }
    let lock = (object + (quick[at + QUICK.first] as number)) | 0;
    if (quick[at + QUICK.steps] === 2) {
      lock = (context.load(lock) + (quick[at + QUICK.second] as number)) | 0;
    }
    const atHold = HOLDS_AT + this.lastHold * HOLD.words;
    return (
      this.lastHold < (words[HEADER.holdCount] as number) &&
      words[atHold + HOLD.lock] === lock &&
      ((words[atHold + HOLD.mode] as number) & (quick[at + QUICK.modes] as number)) !== 0 &&
      words[atHold + HOLD.ownerCode] === OWNER_TASK &&
      words[atHold + HOLD.ownerValue] === words[atTask + TASK.cookie]
    );
  }

  private checkGuard(guard: Guard, pc: number, address: number): void {
    const { context } = this;
    const { access, isVma, modes, locks } = guard;
    const object = (address - access.offset) | 0;
    const { task } = context;
    if (isVma && !context.isInInterrupt) this.checkPin(task, object, pc, guard);
    for (let index = 0; index < locks.length; index += 1) {
      const path = locks[index] as LockPath;
      const lock = this.follow(object, path);
      // Without the first one the object belongs to nobody else yet.
      if (lock === 0 && index > 0) continue;
      if (lock === 0 || this.holds(task, lock, modes)) return;
      if (path.isMmapSem && this.isUnused(lock)) return;
    }
    this.reportAccess(guard, object);
  }

  /**
   * Whether the task holds the lock. Notes where, for `isQuicklyHeld`, which compares in full, because holds come and
   * go and states are restored.
   */
  private holds(task: number, lock: number, modes: number): boolean {
    const { context } = this;
    const hold = context.holdOf(task, lock, modes);
    if (hold < 0) return context.holds(task, lock, modes);
    this.lastHold = hold;
    return true;
  }

  private reportAccess({ access, isVma, isWrite, locks }: Guard, object: number): void {
    const { context } = this;
    const { task } = context;
    const first = locks[0]?.text ?? '';
    const { store } = context;
    const dropPc = store.task(task, TASK_NOTE.dropPc);
    const held = isWrite && context.holds(task, this.follow(object, locks[0] ?? NOWHERE));
    const problem = held ? `with ${first} held only for reading` : `without ${first}`;
    const dropped =
      isVma && !held && dropPc !== 0
        ? ` It dropped the lock${atPlace(context, dropPc)}; from then on the VMA may be changed or freed by others.`
        : '';
    context.report(
      isVma ? 'vma-after-drop' : 'guard',
      `${taskName(context, task)} ${isWrite ? 'writes' : 'reads'} ${access.field} of a struct ${access.recordTag} ${problem}.${dropped}`,
    );
  }

  /** The task has looked up a VMA: it may use it until its hold ends. */
  pin(task: number, object: number): void {
    const { store } = this.context;
    if (object === 0) return;
    store.setTask(task, TASK_NOTE.pinObject, object);
    store.setTask(task, TASK_NOTE.pinSerial, store.task(task, TASK_NOTE.holdSerial));
  }

  private checkPin(task: number, object: number, pc: number, { access }: Guard): void {
    const { context } = this;
    const { store } = context;
    if (store.task(task, TASK_NOTE.pinObject) !== object) return;
    if (store.task(task, TASK_NOTE.pinSerial) === store.task(task, TASK_NOTE.holdSerial)) return;
    if (store.task(task, TASK_NOTE.holdSerial) === 0) return;
    if (this.lookers.has(context.functionIndexAt(pc))) return;
    const name = taskName(context, task);
    const dropped = atPlace(context, store.task(task, TASK_NOTE.dropPc));
    const taken = placeName(context, store.task(task, TASK_NOTE.acquirePc));
    context.report(
      'vma-after-drop',
      `${name} uses ${access.field} of a VMA that it looked up during an earlier hold of mmap_sem. It dropped the lock${dropped} and took it again at ${taken}; in between the VMA may have been changed or freed. Look it up again with find_vma().`,
    );
  }

  private follow(object: number, { offsets }: LockPath): number {
    let address = object;
    for (let index = 0; index < offsets.length; index += 1) {
      address = (address + (offsets[index] as number)) | 0;
      if (index === offsets.length - 1) return address;
      address = this.context.load(address);
      if (address === 0) return 0;
    }
    return 0;
  }

  /** Whether the lock is the `mmap_sem` of an address space without users. */
  private isUnused(lock: number): boolean {
    const { context } = this;
    return context.load(lock - context.semOffset + this.usersOffset) === 0;
  }
}

/** See `QUICK`; all 0 for no guard and for those whose path is long. */
function quickWords(guard: Guard | undefined): readonly number[] {
  const { offsets = [] } = guard?.locks[0] ?? {};
  const [first = 0, second = 0] = offsets;
  if (guard === undefined || offsets.length > 2) return [0, 0, 0, 0, 0, 0];
  return [1, guard.access.offset, guard.modes, offsets.length, first, second];
}

const NOWHERE: LockPath = { offsets: [], text: '', isMmapSem: false };

function recordBehind(type: CType): ReturnType<typeof layoutOf> {
  return layoutOf(type.kind === 'pointer' ? type.target : type);
}

function layoutOf(type: CType): Extract<CType, { kind: 'record' }>['layout'] | undefined {
  return type.kind === 'record' ? type.layout : undefined;
}
