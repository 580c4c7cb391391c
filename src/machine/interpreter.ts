/**
 * The interpreter: executes bytecode of the current CPU until something else is to run.
 *
 * One loop with one switch. Everything that changes at every instruction is in locals: `pc`, the frame
 * pointer as a word index `f`, the views of memory; they go back to the image (`save`) before anything
 * that looks at the image is called, and on return. One test leads to the slow path for what few
 * instructions have: scheduling points, breakpoints, triggers. Nothing is allocated, and a machine
 * fault is a value: the loop has no `try`.
 *
 * The loop keeps the memory of the host safe whatever the program does: loads and stores are checked
 * against RAM, and a return checks that it leads to a call on the same stack, since the guest can
 * overwrite what `call` pushed. Code and its operands are trusted, they come from the compiler.
 *
 * The numbers in the cases are opcodes; a test compares each with the name behind it. Literals make
 * the switch a jump table from the first call on.
 */
/* eslint-disable max-lines -- one switch with a case for every instruction */
import {
  FLAG_ENTRY,
  FLAG_GUARDED,
  FLAG_RAW,
  FLAG_STATEMENT,
  FLAG_TRIGGER,
  FLAG_VISIBLE,
  FLAG_ROUND,
  FLAG_WATCH,
  OPCODE_MASK,
} from '../bytecode/instruction.ts';
import {
  answerGhostQuery,
  beginCost,
  endCost,
  isStatementFree,
  performAnnotation,
  performWatched,
} from './annotations.ts';
import { divide64, isLess64, multiply64, shiftLeft64, shiftRight64 } from './arithmetic64.ts';
import { endBoot } from './booting.ts';
import { CELL } from './executionTier.ts';
import { HEADER, STATE_BYTES, TASK } from './imageLayout.ts';
import {
  countInstruction,
  functionOfAddress,
  isEnterable,
  isStubReturn,
  OP_CALL,
  OP_CALL_POINTER,
  raiseAccess,
  raiseCall,
  raiseDivide,
  raiseFailedCheck,
  raiseOverflow,
  raiseReturn,
  raiseTrap,
  save,
} from './interpreterExits.ts';
import { returnFromInterrupt } from './interrupts.ts';
import { copyMemory, fillMemory, INTRINSIC_DONE, performIntrinsic } from './intrinsics.ts';
import { type MachineState, taskAt } from './machineState.ts';
import { DIRTY, IMAGE_BIAS } from './memory.ts';
import { decide, SCHEDULING_DECIDED, SCHEDULING_NEEDED } from './scheduler.ts';
import { noteRound } from './rounds.ts';
import { admits, copyMarks, defineBytes, lacksValues, undefineBytes } from './shadow.ts';
import type { StopConditions } from './stopping.ts';
import { returnFromTrap } from './traps.ts';
import { arriveAtTrigger } from './triggers.ts';

/** Of instructions of which somebody who watches wants to hear. */
const WATCH_FLAGS = FLAG_WATCH | FLAG_GUARDED;

/**
 * Executes at most `steps` instructions (below 2^30) of the current CPU, which is in kernel mode; returns
 * earlier when the CPU or its task changes, the run ends or a stop is due.
 */
export function interpret(state: MachineState, conditions: StopConditions, steps: number): void {
  const { code, words, memory, functionEntry, functionFrameBytes, frameGuard, tier } = state;
  const w = words;
  const { bytes, dirty, ramBytes, shadow } = memory;
  const { watchedFlags } = conditions;
  const atTask = taskAt(state.currentTask);
  const stackLow = (state.word(atTask + TASK.stackLow) + IMAGE_BIAS) >> 2;
  const stackHigh = (state.word(atTask + TASK.stackHigh) + IMAGE_BIAS) >> 2;
  let pc = state.word(atTask + TASK.pc);
  let f = (state.word(atTask + TASK.fp) + IMAGE_BIAS) >> 2;
  /** Whether the next instruction is visible and its turn has been decided. */
  let decided = state.word(HEADER.scheduling) === SCHEDULING_DECIDED;
  let remaining = steps;
  /** `remaining` when the position was last brought up to date. */
  let start = steps;
  /** Statements that have not been charged yet. */
  let statements = 0;
  /** Whether a cost region makes statements free, and the frame in which it was opened. */
  let isFree = state.word(atTask + TASK.costFrame) !== 0;
  let regionFrame = (state.word(atTask + TASK.costFrame) + IMAGE_BIAS) >> 2;
  /** 1 if a statement costs something. */
  let counted = isFree ? 0 : 1;
  /** Flags that need more than counting a statement, always and while the region's frame is on the stack. */
  const usualFlags =
    FLAG_VISIBLE |
    FLAG_TRIGGER |
    FLAG_ROUND |
    WATCH_FLAGS |
    watchedFlags |
    (tier === undefined ? 0 : FLAG_ENTRY);
  let slowFlags = usualFlags | (isFree && f > regionFrame ? FLAG_STATEMENT : 0);
  let at: number;
  let from: number;
  let to: number;
  let low: number;
  let value: number;
  let high: number;
  for (;;) {
    const word = code[pc] as number;
    if ((word & slowFlags) === 0) {
      if (remaining === 0) {
        save(state, pc, f, statements, start, false);
        return;
      }
      statements += (word >> 8) & counted;
    } else {
      if ((word & FLAG_ENTRY) !== 0 && tier !== undefined) {
        from = tier.arrivalsLeft[pc >> 2] as number;
        if (from > 0) {
          tier.arrivalsLeft[pc >> 2] = from - 1;
        } else if (isEnterable(state, conditions, f, isFree)) {
          // Written so that the host has seen all of it before the first unit is there.
          value = remaining;
          remaining = tier.enter(pc, f, remaining, stackLow);
          if (!isFree) statements += tier.cells[CELL.statements] as number;
          pc = tier.cells[CELL.pc] as number;
          f = tier.cells[CELL.frame] as number;
          if (isFree && f > regionFrame) slowFlags |= FLAG_STATEMENT;
          if (remaining !== value) continue;
        }
      }
      if ((word & FLAG_VISIBLE) !== 0 && !decided) {
        save(state, pc, f, statements, start - remaining, false);
        statements = 0;
        start = remaining;
        if (decide(state) || state.stop !== undefined) return;
        decided = true;
      }
      if (remaining === 0) {
        save(state, pc, f, statements, start, decided);
        return;
      }
      if ((word & watchedFlags) !== 0) {
        save(state, pc, f, statements, start - remaining, decided);
        statements = 0;
        start = remaining;
        if (conditions.stopsHere(state, word)) return;
        if (state.endsBehindInstruction) {
          state.endsBehindInstruction = false;
          remaining = 1;
          start = 1;
        }
      }
      if ((word & FLAG_TRIGGER) !== 0) {
        save(state, pc, f, statements, start - remaining, false);
        statements = 0;
        start = remaining;
        arriveAtTrigger(state, pc);
      }
      if ((word & FLAG_ROUND) !== 0) {
        if (state.trace !== undefined) {
          save(state, pc, f, statements, start - remaining, false);
          statements = 0;
          start = remaining;
        }
        noteRound(state, pc, f);
      }
      if ((word & WATCH_FLAGS) !== 0 && state.watcher?.arrive(pc, f) === true) {
        save(state, pc, f, statements, start - remaining, false);
        state.watcher.complain();
        return;
      }
      if ((word & FLAG_STATEMENT) !== 0) {
        if (isFree && !isStatementFree(state, (f << 2) - IMAGE_BIAS)) {
          isFree = false;
          counted = 1;
          slowFlags = usualFlags;
        }
        if (!isFree) statements += 1;
      }
      decided = false;
    }
    remaining -= 1;
    switch (word & OPCODE_MASK) {
      case 0 /* trap */:
        save(state, pc, f, statements, start - remaining - 1, false);
        raiseTrap(state, code[pc + 1] as number);
        return;
      case 1 /* trapReturn */:
        save(state, pc, f, statements, start - remaining, false);
        returnFromTrap(state);
        return;
      case 2 /* interruptReturn */:
        save(state, pc, f, statements, start - remaining, false);
        returnFromInterrupt(state);
        words[HEADER.scheduling] = SCHEDULING_NEEDED;
        return;
      case 3 /* bootReturn */:
        save(state, pc, f, statements, start - remaining, false);
        endBoot(state);
        return;
      case 4 /* nop */:
        break;
      case 5 /* const */:
        w[f + (code[pc + 1] as number)] = code[pc + 2] as number;
        break;
      case 6 /* move */:
        w[f + (code[pc + 1] as number)] = w[f + (code[pc + 2] as number)] as number;
        break;
      case 7 /* move64 */:
        from = f + (code[pc + 2] as number);
        to = f + (code[pc + 1] as number);
        value = w[from] as number;
        w[to + 1] = w[from + 1] as number;
        w[to] = value;
        break;
      case 8 /* frameAddress */:
        w[f + (code[pc + 1] as number)] = (f << 2) - IMAGE_BIAS + (code[pc + 2] as number);
        break;
      case 9 /* load8s */:
        at =
          ((w[f + (code[pc + 2] as number)] as number) + (code[pc + 3] as number) + IMAGE_BIAS) | 0;
        if (
          (at - STATE_BYTES) >>> 0 > ramBytes - 1 ||
          (shadow[at >> 2] !== 0 && !admits(memory, at, 1, false, word))
        ) {
          raiseAccess(state, pc, f, statements, start - remaining - 1, 1, false);
          return;
        }
        w[f + (code[pc + 1] as number)] = ((bytes[at] as number) << 24) >> 24;
        break;
      case 10 /* load8u */:
        at =
          ((w[f + (code[pc + 2] as number)] as number) + (code[pc + 3] as number) + IMAGE_BIAS) | 0;
        if (
          (at - STATE_BYTES) >>> 0 > ramBytes - 1 ||
          (shadow[at >> 2] !== 0 && !admits(memory, at, 1, false, word))
        ) {
          raiseAccess(state, pc, f, statements, start - remaining - 1, 1, false);
          return;
        }
        w[f + (code[pc + 1] as number)] = bytes[at] as number;
        break;
      case 11 /* load16s */:
        at =
          ((w[f + (code[pc + 2] as number)] as number) + (code[pc + 3] as number) + IMAGE_BIAS) | 0;
        if (
          (at - STATE_BYTES) >>> 0 > ramBytes - 2 ||
          (((shadow[at >> 2] as number) | (shadow[(at + 1) >> 2] as number)) !== 0 &&
            !admits(memory, at, 2, false, word))
        ) {
          raiseAccess(state, pc, f, statements, start - remaining - 1, 2, false);
          return;
        }
        w[f + (code[pc + 1] as number)] =
          (((bytes[at] as number) | ((bytes[at + 1] as number) << 8)) << 16) >> 16;
        break;
      case 12 /* load16u */:
        at =
          ((w[f + (code[pc + 2] as number)] as number) + (code[pc + 3] as number) + IMAGE_BIAS) | 0;
        if (
          (at - STATE_BYTES) >>> 0 > ramBytes - 2 ||
          (((shadow[at >> 2] as number) | (shadow[(at + 1) >> 2] as number)) !== 0 &&
            !admits(memory, at, 2, false, word))
        ) {
          raiseAccess(state, pc, f, statements, start - remaining - 1, 2, false);
          return;
        }
        w[f + (code[pc + 1] as number)] = (bytes[at] as number) | ((bytes[at + 1] as number) << 8);
        break;
      case 13 /* load32 */:
        at =
          ((w[f + (code[pc + 2] as number)] as number) + (code[pc + 3] as number) + IMAGE_BIAS) | 0;
        if (
          (at - STATE_BYTES) >>> 0 > ramBytes - 4 ||
          (((shadow[at >> 2] as number) | (at & 3)) !== 0 && !admits(memory, at, 4, false, word))
        ) {
          raiseAccess(state, pc, f, statements, start - remaining - 1, 4, false);
          return;
        }
        w[f + (code[pc + 1] as number)] =
          (at & 3) === 0 ? (w[at >> 2] as number) : memory.wordAt(at);
        break;
      case 14 /* load64 */:
        at =
          ((w[f + (code[pc + 2] as number)] as number) + (code[pc + 3] as number) + IMAGE_BIAS) | 0;
        if (
          (at - STATE_BYTES) >>> 0 > ramBytes - 8 ||
          (((shadow[at >> 2] as number) | (shadow[(at + 4) >> 2] as number) | (at & 3)) !== 0 &&
            !admits(memory, at, 8, false, word))
        ) {
          raiseAccess(state, pc, f, statements, start - remaining - 1, 8, false);
          return;
        }
        value = memory.wordAt(at + 4);
        to = f + (code[pc + 1] as number);
        w[to] = memory.wordAt(at);
        w[to + 1] = value;
        break;
      case 15 /* store8 */:
        at =
          ((w[f + (code[pc + 2] as number)] as number) + (code[pc + 3] as number) + IMAGE_BIAS) | 0;
        if (
          (at - STATE_BYTES) >>> 0 > ramBytes - 1 ||
          (shadow[at >> 2] !== 0 && !admits(memory, at, 1, true, word))
        ) {
          raiseAccess(state, pc, f, statements, start - remaining - 1, 1, true);
          return;
        }
        dirty[at >> 12] = DIRTY;
        bytes[at] = w[f + (code[pc + 1] as number)] as number;
        break;
      case 16 /* store16 */:
        at =
          ((w[f + (code[pc + 2] as number)] as number) + (code[pc + 3] as number) + IMAGE_BIAS) | 0;
        if (
          (at - STATE_BYTES) >>> 0 > ramBytes - 2 ||
          (((shadow[at >> 2] as number) | (shadow[(at + 1) >> 2] as number)) !== 0 &&
            !admits(memory, at, 2, true, word))
        ) {
          raiseAccess(state, pc, f, statements, start - remaining - 1, 2, true);
          return;
        }
        value = w[f + (code[pc + 1] as number)] as number;
        dirty[at >> 12] = DIRTY;
        dirty[(at + 1) >> 12] = DIRTY;
        bytes[at] = value;
        bytes[at + 1] = value >> 8;
        break;
      case 17 /* store32 */:
        at =
          ((w[f + (code[pc + 2] as number)] as number) + (code[pc + 3] as number) + IMAGE_BIAS) | 0;
        if (
          (at - STATE_BYTES) >>> 0 > ramBytes - 4 ||
          (((shadow[at >> 2] as number) | (at & 3)) !== 0 && !admits(memory, at, 4, true, word))
        ) {
          raiseAccess(state, pc, f, statements, start - remaining - 1, 4, true);
          return;
        }
        if ((at & 3) === 0) {
          dirty[at >> 12] = DIRTY;
          w[at >> 2] = w[f + (code[pc + 1] as number)] as number;
        } else {
          memory.setWordAt(at, w[f + (code[pc + 1] as number)] as number);
        }
        break;
      case 18 /* store64 */:
        at =
          ((w[f + (code[pc + 2] as number)] as number) + (code[pc + 3] as number) + IMAGE_BIAS) | 0;
        if (
          (at - STATE_BYTES) >>> 0 > ramBytes - 8 ||
          (((shadow[at >> 2] as number) | (shadow[(at + 4) >> 2] as number) | (at & 3)) !== 0 &&
            !admits(memory, at, 8, true, word))
        ) {
          raiseAccess(state, pc, f, statements, start - remaining - 1, 8, true);
          return;
        }
        from = f + (code[pc + 1] as number);
        value = w[from + 1] as number;
        memory.setWordAt(at, w[from] as number);
        memory.setWordAt(at + 4, value);
        break;
      case 19 /* copy */:
        save(state, pc, f, statements, start - remaining - 1, false);
        statements = 0;
        start = remaining + 1;
        copyMemory(
          state,
          w[f + (code[pc + 1] as number)] as number,
          w[f + (code[pc + 2] as number)] as number,
          code[pc + 3] as number,
          (word & FLAG_RAW) !== 0,
        );
        if (state.end !== undefined) return;
        if (state.stop !== undefined || state.movesLeft < 0) {
          save(state, pc + 4, f, 0, 1, false);
          return;
        }
        break;
      case 20 /* zero */:
        save(state, pc, f, statements, start - remaining - 1, false);
        statements = 0;
        start = remaining + 1;
        fillMemory(state, w[f + (code[pc + 1] as number)] as number, 0, code[pc + 3] as number);
        if (state.end !== undefined) return;
        if (state.stop !== undefined || state.movesLeft < 0) {
          save(state, pc + 4, f, 0, 1, false);
          return;
        }
        break;
      case 21 /* add */:
        w[f + (code[pc + 1] as number)] =
          (w[f + (code[pc + 2] as number)] as number) + (w[f + (code[pc + 3] as number)] as number);
        break;
      case 22 /* sub */:
        w[f + (code[pc + 1] as number)] =
          (w[f + (code[pc + 2] as number)] as number) - (w[f + (code[pc + 3] as number)] as number);
        break;
      case 23 /* mul */:
        w[f + (code[pc + 1] as number)] = Math.imul(
          w[f + (code[pc + 2] as number)] as number,
          w[f + (code[pc + 3] as number)] as number,
        );
        break;
      case 24 /* divs */:
        value = w[f + (code[pc + 3] as number)] as number;
        if (value === 0) {
          raiseDivide(state, pc, f, statements, start - remaining - 1);
          return;
        }
        w[f + (code[pc + 1] as number)] = ((w[f + (code[pc + 2] as number)] as number) / value) | 0;
        break;
      case 25 /* divu */:
        value = w[f + (code[pc + 3] as number)] as number;
        if (value === 0) {
          raiseDivide(state, pc, f, statements, start - remaining - 1);
          return;
        }
        w[f + (code[pc + 1] as number)] =
          ((w[f + (code[pc + 2] as number)] as number) >>> 0) / (value >>> 0);
        break;
      case 26 /* rems */:
        value = w[f + (code[pc + 3] as number)] as number;
        if (value === 0) {
          raiseDivide(state, pc, f, statements, start - remaining - 1);
          return;
        }
        w[f + (code[pc + 1] as number)] = (w[f + (code[pc + 2] as number)] as number) % value;
        break;
      case 27 /* remu */:
        value = w[f + (code[pc + 3] as number)] as number;
        if (value === 0) {
          raiseDivide(state, pc, f, statements, start - remaining - 1);
          return;
        }
        w[f + (code[pc + 1] as number)] =
          ((w[f + (code[pc + 2] as number)] as number) >>> 0) % (value >>> 0);
        break;
      case 28 /* and */:
        w[f + (code[pc + 1] as number)] =
          (w[f + (code[pc + 2] as number)] as number) & (w[f + (code[pc + 3] as number)] as number);
        break;
      case 29 /* or */:
        w[f + (code[pc + 1] as number)] =
          (w[f + (code[pc + 2] as number)] as number) | (w[f + (code[pc + 3] as number)] as number);
        break;
      case 30 /* xor */:
        w[f + (code[pc + 1] as number)] =
          (w[f + (code[pc + 2] as number)] as number) ^ (w[f + (code[pc + 3] as number)] as number);
        break;
      case 31 /* shl */:
        w[f + (code[pc + 1] as number)] =
          (w[f + (code[pc + 2] as number)] as number) <<
          (w[f + (code[pc + 3] as number)] as number);
        break;
      case 32 /* shrs */:
        w[f + (code[pc + 1] as number)] =
          (w[f + (code[pc + 2] as number)] as number) >>
          (w[f + (code[pc + 3] as number)] as number);
        break;
      case 33 /* shru */:
        w[f + (code[pc + 1] as number)] =
          (w[f + (code[pc + 2] as number)] as number) >>>
          (w[f + (code[pc + 3] as number)] as number);
        break;
      case 34 /* addi */:
        w[f + (code[pc + 1] as number)] =
          (w[f + (code[pc + 2] as number)] as number) + (code[pc + 3] as number);
        break;
      case 35 /* muli */:
        w[f + (code[pc + 1] as number)] = Math.imul(
          w[f + (code[pc + 2] as number)] as number,
          code[pc + 3] as number,
        );
        break;
      case 36 /* andi */:
        w[f + (code[pc + 1] as number)] =
          (w[f + (code[pc + 2] as number)] as number) & (code[pc + 3] as number);
        break;
      case 37 /* ori */:
        w[f + (code[pc + 1] as number)] =
          (w[f + (code[pc + 2] as number)] as number) | (code[pc + 3] as number);
        break;
      case 38 /* xori */:
        w[f + (code[pc + 1] as number)] =
          (w[f + (code[pc + 2] as number)] as number) ^ (code[pc + 3] as number);
        break;
      case 39 /* shli */:
        w[f + (code[pc + 1] as number)] =
          (w[f + (code[pc + 2] as number)] as number) << (code[pc + 3] as number);
        break;
      case 40 /* shrsi */:
        w[f + (code[pc + 1] as number)] =
          (w[f + (code[pc + 2] as number)] as number) >> (code[pc + 3] as number);
        break;
      case 41 /* shrui */:
        w[f + (code[pc + 1] as number)] =
          (w[f + (code[pc + 2] as number)] as number) >>> (code[pc + 3] as number);
        break;
      case 42 /* neg */:
        w[f + (code[pc + 1] as number)] = -(w[f + (code[pc + 2] as number)] as number);
        break;
      case 43 /* not */:
        w[f + (code[pc + 1] as number)] = ~(w[f + (code[pc + 2] as number)] as number);
        break;
      case 44 /* ext8s */:
        w[f + (code[pc + 1] as number)] = ((w[f + (code[pc + 2] as number)] as number) << 24) >> 24;
        break;
      case 45 /* ext8u */:
        w[f + (code[pc + 1] as number)] = (w[f + (code[pc + 2] as number)] as number) & 0xff;
        break;
      case 46 /* ext16s */:
        w[f + (code[pc + 1] as number)] = ((w[f + (code[pc + 2] as number)] as number) << 16) >> 16;
        break;
      case 47 /* ext16u */:
        w[f + (code[pc + 1] as number)] = (w[f + (code[pc + 2] as number)] as number) & 0xffff;
        break;
      case 48 /* eq */:
        w[f + (code[pc + 1] as number)] =
          (w[f + (code[pc + 2] as number)] as number) ===
          (w[f + (code[pc + 3] as number)] as number)
            ? 1
            : 0;
        break;
      case 49 /* ne */:
        w[f + (code[pc + 1] as number)] =
          (w[f + (code[pc + 2] as number)] as number) !==
          (w[f + (code[pc + 3] as number)] as number)
            ? 1
            : 0;
        break;
      case 50 /* lts */:
        w[f + (code[pc + 1] as number)] =
          (w[f + (code[pc + 2] as number)] as number) < (w[f + (code[pc + 3] as number)] as number)
            ? 1
            : 0;
        break;
      case 51 /* ltu */:
        w[f + (code[pc + 1] as number)] =
          (w[f + (code[pc + 2] as number)] as number) >>> 0 <
          (w[f + (code[pc + 3] as number)] as number) >>> 0
            ? 1
            : 0;
        break;
      case 52 /* les */:
        w[f + (code[pc + 1] as number)] =
          (w[f + (code[pc + 2] as number)] as number) <= (w[f + (code[pc + 3] as number)] as number)
            ? 1
            : 0;
        break;
      case 53 /* leu */:
        w[f + (code[pc + 1] as number)] =
          (w[f + (code[pc + 2] as number)] as number) >>> 0 <=
          (w[f + (code[pc + 3] as number)] as number) >>> 0
            ? 1
            : 0;
        break;
      case 54 /* eqi */:
        w[f + (code[pc + 1] as number)] =
          (w[f + (code[pc + 2] as number)] as number) === (code[pc + 3] as number) ? 1 : 0;
        break;
      case 55 /* nei */:
        w[f + (code[pc + 1] as number)] =
          (w[f + (code[pc + 2] as number)] as number) !== (code[pc + 3] as number) ? 1 : 0;
        break;
      case 56 /* extend64s */:
        value = w[f + (code[pc + 2] as number)] as number;
        to = f + (code[pc + 1] as number);
        w[to] = value;
        w[to + 1] = value >> 31;
        break;
      case 57 /* extend64u */:
        value = w[f + (code[pc + 2] as number)] as number;
        to = f + (code[pc + 1] as number);
        w[to] = value;
        w[to + 1] = 0;
        break;
      case 58 /* add64 */:
        from = f + (code[pc + 2] as number);
        at = f + (code[pc + 3] as number);
        to = f + (code[pc + 1] as number);
        value = ((w[from] as number) >>> 0) + ((w[at] as number) >>> 0);
        high = (w[from + 1] as number) + (w[at + 1] as number);
        w[to] = value;
        w[to + 1] = high + (value > 0xffffffff ? 1 : 0);
        break;
      case 59 /* sub64 */:
        from = f + (code[pc + 2] as number);
        at = f + (code[pc + 3] as number);
        to = f + (code[pc + 1] as number);
        value = ((w[from] as number) >>> 0) - ((w[at] as number) >>> 0);
        high = (w[from + 1] as number) - (w[at + 1] as number);
        w[to] = value;
        w[to + 1] = high - (value < 0 ? 1 : 0);
        break;
      case 60 /* mul64 */:
        multiply64(
          w,
          f + (code[pc + 1] as number),
          f + (code[pc + 2] as number),
          f + (code[pc + 3] as number),
        );
        break;
      case 61 /* divs64 */:
        from = f + (code[pc + 3] as number);
        if (((w[from] as number) | (w[from + 1] as number)) === 0) {
          raiseDivide(state, pc, f, statements, start - remaining - 1);
          return;
        }
        divide64(w, f + (code[pc + 1] as number), f + (code[pc + 2] as number), from, true, false);
        break;
      case 62 /* divu64 */:
        from = f + (code[pc + 3] as number);
        if (((w[from] as number) | (w[from + 1] as number)) === 0) {
          raiseDivide(state, pc, f, statements, start - remaining - 1);
          return;
        }
        divide64(w, f + (code[pc + 1] as number), f + (code[pc + 2] as number), from, false, false);
        break;
      case 63 /* rems64 */:
        from = f + (code[pc + 3] as number);
        if (((w[from] as number) | (w[from + 1] as number)) === 0) {
          raiseDivide(state, pc, f, statements, start - remaining - 1);
          return;
        }
        divide64(w, f + (code[pc + 1] as number), f + (code[pc + 2] as number), from, true, true);
        break;
      case 64 /* remu64 */:
        from = f + (code[pc + 3] as number);
        if (((w[from] as number) | (w[from + 1] as number)) === 0) {
          raiseDivide(state, pc, f, statements, start - remaining - 1);
          return;
        }
        divide64(w, f + (code[pc + 1] as number), f + (code[pc + 2] as number), from, false, true);
        break;
      case 65 /* and64 */:
        from = f + (code[pc + 2] as number);
        at = f + (code[pc + 3] as number);
        to = f + (code[pc + 1] as number);
        value = (w[from] as number) & (w[at] as number);
        w[to + 1] = (w[from + 1] as number) & (w[at + 1] as number);
        w[to] = value;
        break;
      case 66 /* or64 */:
        from = f + (code[pc + 2] as number);
        at = f + (code[pc + 3] as number);
        to = f + (code[pc + 1] as number);
        value = (w[from] as number) | (w[at] as number);
        w[to + 1] = (w[from + 1] as number) | (w[at + 1] as number);
        w[to] = value;
        break;
      case 67 /* xor64 */:
        from = f + (code[pc + 2] as number);
        at = f + (code[pc + 3] as number);
        to = f + (code[pc + 1] as number);
        value = (w[from] as number) ^ (w[at] as number);
        w[to + 1] = (w[from + 1] as number) ^ (w[at + 1] as number);
        w[to] = value;
        break;
      case 68 /* shl64 */:
        shiftLeft64(
          w,
          f + (code[pc + 1] as number),
          f + (code[pc + 2] as number),
          w[f + (code[pc + 3] as number)] as number,
        );
        break;
      case 69 /* shrs64 */:
        shiftRight64(
          w,
          f + (code[pc + 1] as number),
          f + (code[pc + 2] as number),
          w[f + (code[pc + 3] as number)] as number,
          true,
        );
        break;
      case 70 /* shru64 */:
        shiftRight64(
          w,
          f + (code[pc + 1] as number),
          f + (code[pc + 2] as number),
          w[f + (code[pc + 3] as number)] as number,
          false,
        );
        break;
      case 71 /* neg64 */:
        from = f + (code[pc + 2] as number);
        to = f + (code[pc + 1] as number);
        value = -(w[from] as number) | 0;
        w[to + 1] = ~(w[from + 1] as number) + (value === 0 ? 1 : 0);
        w[to] = value;
        break;
      case 72 /* not64 */:
        from = f + (code[pc + 2] as number);
        to = f + (code[pc + 1] as number);
        value = ~(w[from] as number);
        w[to + 1] = ~(w[from + 1] as number);
        w[to] = value;
        break;
      case 73 /* eq64 */:
        from = f + (code[pc + 2] as number);
        at = f + (code[pc + 3] as number);
        w[f + (code[pc + 1] as number)] = w[from] === w[at] && w[from + 1] === w[at + 1] ? 1 : 0;
        break;
      case 74 /* ne64 */:
        from = f + (code[pc + 2] as number);
        at = f + (code[pc + 3] as number);
        w[f + (code[pc + 1] as number)] = w[from] === w[at] && w[from + 1] === w[at + 1] ? 0 : 1;
        break;
      case 75 /* lts64 */:
        w[f + (code[pc + 1] as number)] = isLess64(
          w,
          f + (code[pc + 2] as number),
          f + (code[pc + 3] as number),
          true,
          false,
        )
          ? 1
          : 0;
        break;
      case 76 /* ltu64 */:
        w[f + (code[pc + 1] as number)] = isLess64(
          w,
          f + (code[pc + 2] as number),
          f + (code[pc + 3] as number),
          false,
          false,
        )
          ? 1
          : 0;
        break;
      case 77 /* les64 */:
        w[f + (code[pc + 1] as number)] = isLess64(
          w,
          f + (code[pc + 2] as number),
          f + (code[pc + 3] as number),
          true,
          true,
        )
          ? 1
          : 0;
        break;
      case 78 /* leu64 */:
        w[f + (code[pc + 1] as number)] = isLess64(
          w,
          f + (code[pc + 2] as number),
          f + (code[pc + 3] as number),
          false,
          true,
        )
          ? 1
          : 0;
        break;
      case 79 /* jump */:
        pc = code[pc + 1] as number;
        continue;
      case 80 /* jumpIfZero */:
        if (w[f + (code[pc + 1] as number)] === 0) {
          pc = code[pc + 2] as number;
          continue;
        }
        break;
      case 81 /* jumpIfNot */:
        if (w[f + (code[pc + 1] as number)] !== 0) {
          pc = code[pc + 2] as number;
          continue;
        }
        break;
      case 82 /* jumpEq */:
        if (w[f + (code[pc + 1] as number)] === w[f + (code[pc + 2] as number)]) {
          pc = code[pc + 3] as number;
          continue;
        }
        break;
      case 83 /* jumpNe */:
        if (w[f + (code[pc + 1] as number)] !== w[f + (code[pc + 2] as number)]) {
          pc = code[pc + 3] as number;
          continue;
        }
        break;
      case 84 /* jumpLts */:
        if (
          (w[f + (code[pc + 1] as number)] as number) < (w[f + (code[pc + 2] as number)] as number)
        ) {
          pc = code[pc + 3] as number;
          continue;
        }
        break;
      case 85 /* jumpLtu */:
        if (
          (w[f + (code[pc + 1] as number)] as number) >>> 0 <
          (w[f + (code[pc + 2] as number)] as number) >>> 0
        ) {
          pc = code[pc + 3] as number;
          continue;
        }
        break;
      case 86 /* jumpLes */:
        if (
          (w[f + (code[pc + 1] as number)] as number) <= (w[f + (code[pc + 2] as number)] as number)
        ) {
          pc = code[pc + 3] as number;
          continue;
        }
        break;
      case 87 /* jumpLeu */:
        if (
          (w[f + (code[pc + 1] as number)] as number) >>> 0 <=
          (w[f + (code[pc + 2] as number)] as number) >>> 0
        ) {
          pc = code[pc + 3] as number;
          continue;
        }
        break;
      case 88 /* jumpEqi */:
        if (w[f + (code[pc + 1] as number)] === (code[pc + 2] as number)) {
          pc = code[pc + 3] as number;
          continue;
        }
        break;
      case 89 /* call */:
        value = code[pc + 2] as number;
        to = f - ((code[pc + 3] as number) >> 2);
        low = to - ((functionFrameBytes[value] as number) >> 2);
        if (low < stackLow) {
          raiseOverflow(state, pc, f, statements, start - remaining - 1, low);
          return;
        }
        dirty[low >> 10] = DIRTY;
        if (low >> 10 !== (to + 1) >> 10) memory.mark(low << 2, (to + 2) << 2);
        w[to] = (f << 2) - IMAGE_BIAS;
        w[to + 1] = pc + 4;
        f = to;
        pc = functionEntry[value] as number;
        continue;
      case 90 /* callPointer */:
        value = functionOfAddress(state, w[f + (code[pc + 2] as number)] as number);
        if (value < 0) {
          raiseCall(
            state,
            pc,
            f,
            statements,
            start - remaining - 1,
            w[f + (code[pc + 2] as number)] as number,
          );
          return;
        }
        to = f - ((code[pc + 3] as number) >> 2);
        low = to - ((functionFrameBytes[value] as number) >> 2);
        if (low < stackLow) {
          raiseOverflow(state, pc, f, statements, start - remaining - 1, low);
          return;
        }
        dirty[low >> 10] = DIRTY;
        if (low >> 10 !== (to + 1) >> 10) memory.mark(low << 2, (to + 2) << 2);
        w[to] = (f << 2) - IMAGE_BIAS;
        w[to + 1] = pc + 4;
        f = to;
        pc = functionEntry[value] as number;
        continue;
      case 91 /* return */:
        from = w[f + 1] as number;
        to = ((w[f] as number) + IMAGE_BIAS) >> 2;
        at = code[from - 4] as number;
        if (
          ((at & OPCODE_MASK) !== OP_CALL && (at & OPCODE_MASK) !== OP_CALL_POINTER) ||
          to <= f ||
          to >= stackHigh ||
          (from & 3) !== 0 ||
          ((w[f] as number) & 3) !== 0 ||
          to - (((code[from - 1] as number) - 8) >> 2) < f
        ) {
          if (!isStubReturn(state, f, from, to)) {
            raiseReturn(state, pc, f, statements, start - remaining - 1);
            return;
          }
        }
        f = to;
        if (isFree && f > regionFrame) slowFlags |= FLAG_STATEMENT;
        pc = from;
        continue;
      case 92 /* return32 */:
        value = w[f + (code[pc + 1] as number)] as number;
        from = w[f + 1] as number;
        to = ((w[f] as number) + IMAGE_BIAS) >> 2;
        at = code[from - 4] as number;
        if (
          ((at & OPCODE_MASK) !== OP_CALL && (at & OPCODE_MASK) !== OP_CALL_POINTER) ||
          to <= f ||
          to >= stackHigh ||
          (from & 3) !== 0 ||
          ((w[f] as number) & 3) !== 0 ||
          to - (((code[from - 1] as number) - 8) >> 2) < f
        ) {
          if (!isStubReturn(state, f, from, to)) {
            raiseReturn(state, pc, f, statements, start - remaining - 1);
            return;
          }
        } else {
          w[to + (code[from - 3] as number)] = value;
        }
        f = to;
        if (isFree && f > regionFrame) slowFlags |= FLAG_STATEMENT;
        pc = from;
        continue;
      case 93 /* return64 */:
        value = w[f + (code[pc + 1] as number)] as number;
        high = w[f + (code[pc + 1] as number) + 1] as number;
        from = w[f + 1] as number;
        to = ((w[f] as number) + IMAGE_BIAS) >> 2;
        at = code[from - 4] as number;
        if (
          ((at & OPCODE_MASK) !== OP_CALL && (at & OPCODE_MASK) !== OP_CALL_POINTER) ||
          to <= f ||
          to >= stackHigh ||
          (from & 3) !== 0 ||
          ((w[f] as number) & 3) !== 0 ||
          to - (((code[from - 1] as number) - 8) >> 2) < f
        ) {
          if (!isStubReturn(state, f, from, to)) {
            raiseReturn(state, pc, f, statements, start - remaining - 1);
            return;
          }
        } else {
          w[to + (code[from - 3] as number)] = value;
          w[to + (code[from - 3] as number) + 1] = high;
        }
        f = to;
        if (isFree && f > regionFrame) slowFlags |= FLAG_STATEMENT;
        pc = from;
        continue;
      case 94 /* intrinsic */:
        save(state, pc, f, statements, start - remaining - 1, false);
        statements = 0;
        start = remaining + 1;
        if (
          performIntrinsic(state, code[pc + 2] as number, f + (code[pc + 3] as number)) !==
          INTRINSIC_DONE
        ) {
          countInstruction(state);
          return;
        }
        w[f + (code[pc + 1] as number)] = state.result;
        if (state.stop !== undefined || state.movesLeft < 0) {
          save(state, pc + 4, f, 0, 1, false);
          return;
        }
        break;
      case 95 /* annotate */:
        save(state, pc, f, statements, start - remaining - 1, false);
        statements = 0;
        start = remaining + 1;
        from = code[pc + 1] as number;
        to = f + (code[pc + 3] as number);
        if (state.watcher === undefined) performAnnotation(state, from, to);
        else performWatched(state, state.watcher, from, to);
        if (state.end !== undefined) return;
        break;
      case 96 /* ghost */:
        w[f + (code[pc + 1] as number)] = answerGhostQuery(
          state,
          code[pc + 2] as number,
          w[f + (code[pc + 3] as number)] as number,
        );
        break;
      case 97 /* costBegin */:
        save(state, pc, f, statements, start - remaining - 1, false);
        statements = 0;
        start = remaining + 1;
        beginCost(state, code[pc + 1] as number);
        isFree = true;
        counted = 0;
        regionFrame = (state.word(atTask + TASK.costFrame) + IMAGE_BIAS) >> 2;
        slowFlags = usualFlags;
        break;
      case 98 /* costEnd */:
        save(state, pc, f, statements, start - remaining - 1, false);
        statements = 0;
        start = remaining + 1;
        endCost(state);
        isFree = state.word(atTask + TASK.costFrame) !== 0;
        if (!isFree) {
          counted = 1;
          slowFlags = usualFlags;
        }
        break;
      case 99 /* checkIndex */:
        if ((w[f + (code[pc + 1] as number)] as number) >>> 0 >= (code[pc + 2] as number) >>> 0) {
          raiseFailedCheck(state, pc, f, statements, start - remaining - 1);
          return;
        }
        break;
      case 100 /* checkAssigned */:
        if (w[f + (code[pc + 1] as number)] === 0) {
          raiseFailedCheck(state, pc, f, statements, start - remaining - 1);
          return;
        }
        break;
      case 101 /* guardFrame */:
        frameGuard.guard(code[pc + 1] as number, f);
        break;
      case 102 /* unguardFrame */:
        frameGuard.unguard(code[pc + 1] as number, f);
        break;
      case 103 /* undefine */:
        undefineBytes(memory, (f << 2) + (code[pc + 1] as number), code[pc + 2] as number);
        break;
      case 104 /* undefineLocal */:
        frameGuard.undefine(code[pc + 1] as number, code[pc + 2] as number, f);
        break;
      case 105 /* define */:
        defineBytes(memory, (f << 2) + (code[pc + 1] as number), code[pc + 2] as number);
        break;
      case 106 /* carry */:
        copyMarks(
          memory,
          (f << 2) + (code[pc + 1] as number),
          (f << 2) + (code[pc + 2] as number),
          code[pc + 3] as number,
        );
        break;
      case 107 /* checkValue */:
        at = (f << 2) + (code[pc + 1] as number);
        if (
          ((shadow[at >> 2] as number) |
            (shadow[(at + (code[pc + 2] as number) - 1) >> 2] as number)) !==
            0 &&
          lacksValues(memory, at, code[pc + 2] as number)
        ) {
          raiseFailedCheck(state, pc, f, statements, start - remaining - 1);
          return;
        }
        break;
      default:
        save(state, pc, f, statements, start - remaining - 1, false);
        state.raise({
          kind: 'badInstruction',
          message: `There is no instruction ${String(word)}.`,
        });
        return;
    }
    pc += 4;
  }
}
