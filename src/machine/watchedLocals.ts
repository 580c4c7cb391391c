/**
 * Locals that watchpoints are about and that live in slots: which instructions use them.
 *
 * No load or store leads to a slot, but the code of its function is known: every instruction that reads or
 * writes the slot gets `FLAG_LOCAL`. The result of a call is written by whoever returns; then the instruction
 * behind the call is flagged, and what the slot held is read at the call.
 */
import type { TaskId } from '../base/brand.ts';
import { FLAG_LOCAL, INSTRUCTION_WORDS, OP, OPCODE_MASK } from '../bytecode/instruction.ts';
import { useOfSlot } from '../bytecode/slotUse.ts';
import { HEADER, TASK, TIMES } from './imageLayout.ts';
import { type MachineState, taskAt } from './machineState.ts';
import { IMAGE_BIAS } from './memory.ts';
import { viewFrames } from './viewTasks.ts';
import type { MemoryUse, WatchedLocal, Watchpoint } from './watchpoint.ts';

/** What an instruction does with a watched local. */
interface LocalUse {
  readonly watchpoint: number;
  readonly local: WatchedLocal;
  /** `result`: it stands behind a call that has written; `call`: it is that call. */
  readonly use: MemoryUse | 'call' | 'result';
}

/** A use to which a task has come. */
interface LocalArrival {
  readonly watchpoint: number;
  readonly use: MemoryUse;
  readonly read: () => Uint8Array;
  readonly before: Uint8Array;
}

const CALLS: ReadonlySet<number> = new Set([OP.call, OP.callPointer]);

/** The watched locals of one machine. */
export class LocalTable {
  private readonly state: MachineState;
  private readonly uses = new Map<number, LocalUse[]>();
  /** What watched locals held at calls that are to write them, by watchpoint and frame. */
  private readonly openCalls = new Map<string, Uint8Array>();
  private readonly tasks: ReadonlySet<TaskId>;
  /** The position at which the last run ended. */
  private leftAt = -1;

  constructor(state: MachineState, watchpoints: readonly Watchpoint[]) {
    this.state = state;
    for (const [watchpoint, { place }] of watchpoints.entries()) {
      if (place.kind === 'local') this.findUses(watchpoint, place);
    }
    this.tasks = new Set([...this.uses.values()].flat().map(({ local }) => local.task));
  }

  /** The instructions to flag. */
  get pcs(): readonly number[] {
    return [...this.uses.keys()];
  }

  /** Flags the instructions, or takes the flags away. */
  flag(isOn: boolean): void {
    const { code } = this.state;
    for (const pc of this.uses.keys()) {
      const word = code[pc] as number;
      code[pc] = isOn ? word | FLAG_LOCAL : word & ~FLAG_LOCAL;
    }
  }

  /** A run begins: where it does not go on from the last one, the stacks tell which calls are open. */
  begin(): void {
    const position = this.state.double(TIMES.positionDouble);
    if (position !== this.leftAt) this.lookAtStacks();
  }

  /** A run has ended. */
  end(): void {
    this.leftAt = this.state.double(TIMES.positionDouble);
  }

  private lookAtStacks(): void {
    const { state } = this;
    this.openCalls.clear();
    for (const task of this.tasks) {
      if (task >= state.word(HEADER.taskCount)) continue;
      let isCaller = false;
      for (const { functionIndex, pc, fp, kind } of viewFrames(state, task)) {
        // In a caller the pc stands behind the call.
        const uses = isCaller ? (this.uses.get(pc - INSTRUCTION_WORDS) ?? []) : [];
        for (const { use, local, watchpoint } of uses) {
          if (use !== 'call' || local.task !== task || local.functionIndex !== functionIndex)
            continue;
          this.openCalls.set(callKey(watchpoint, task, fp), this.read(local, fp));
        }
        isCaller = kind === 'normal';
      }
    }
  }

  /** Whether the running task has just come back from calls that wrote watched locals, and which. */
  arriveBehindCall(): LocalArrival[] {
    return this.usesHere().flatMap(({ watchpoint, local, use, fp }) => {
      const key = callKey(watchpoint, local.task, fp >>> 0);
      const before = use === 'result' ? this.openCalls.get(key) : undefined;
      if (before === undefined) return [];
      this.openCalls.delete(key);
      return [{ watchpoint, use: 'write', read: () => this.read(local, fp), before }];
    });
  }

  /** What the instruction to which the running task has come will do with watched locals. */
  arrive(): LocalArrival[] {
    return this.usesHere().flatMap(({ watchpoint, local, use, fp }) => {
      const read = (): Uint8Array => this.read(local, fp);
      if (use === 'call') this.openCalls.set(callKey(watchpoint, local.task, fp >>> 0), read());
      if (use === 'call' || use === 'result') return [];
      return [{ watchpoint, use, read, before: read() }];
    });
  }

  private usesHere(): (LocalUse & { readonly fp: number })[] {
    const { state } = this;
    const task = state.currentTask;
    const at = taskAt(task);
    const fp = state.word(at + TASK.fp);
    const uses = this.uses.get(state.word(at + TASK.pc)) ?? [];
    return uses.filter(({ local }) => local.task === task).map((use) => ({ ...use, fp }));
  }

  private read({ slot, words }: WatchedLocal, fp: number): Uint8Array {
    const start = ((fp + 4 * slot + IMAGE_BIAS) >>> 0) & ~3;
    return this.state.memory.bytes.slice(start, start + 4 * words);
  }

  private findUses(watchpoint: number, local: WatchedLocal): void {
    const { code } = this.state;
    for (let pc: number = local.startPc; pc < local.endPc; pc += INSTRUCTION_WORDS) {
      const isCall = CALLS.has((code[pc] as number) & OPCODE_MASK);
      const { isRead, isWrite } = useOfSlot(code, pc, local.slot, local.words);
      if (isWrite && isCall) {
        this.add(pc, { watchpoint, local, use: 'call' });
        this.add(pc + INSTRUCTION_WORDS, { watchpoint, local, use: 'result' });
      }
      if (isRead || (isWrite && !isCall)) {
        const use = isRead && isWrite && !isCall ? 'update' : isRead ? 'read' : 'write';
        this.add(pc, { watchpoint, local, use });
      }
    }
  }

  private add(pc: number, use: LocalUse): void {
    const known = this.uses.get(pc);
    if (known === undefined) this.uses.set(pc, [use]);
    else known.push(use);
  }
}

function callKey(watchpoint: number, task: number, fp: number): string {
  return `${String(watchpoint)} ${String(task)} ${String(fp)}`;
}
