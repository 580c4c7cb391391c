/**
 * Counts in which round through a part of a function each task is: how often it has jumped back to before some
 * calls, and comes to make them again.
 *
 * The counts are notes in the image behind the model, like those of who executes (`Memory.notesDouble`), so
 * they go back and forth with it and no hash contains them. One call of the function is known of each task, the
 * latest; of one that it has interrupted nothing is known. Nothing but the notes depends on counting.
 */
import { FLAG_ROUND, OP, OPCODE_MASK } from '../bytecode/instruction.ts';
import { IMAGE_BIAS } from './memory.ts';
import type { MachineState } from './machineState.ts';
import type { RoundPlaces } from './roundPlaces.ts';
import { jumpTarget } from './unitGraph.ts';

/** Words of a task: the frame pointer of the call, the round, 1 behind one of the calls. */
const ROUND = { words: 4, fp: 0, round: 1, isPastCall: 2 } as const;
/** Where they begin in the page of notes, in words, behind those of who executes. */
const ROUNDS_AT = 256;

/** Flags the places in the machine's copy of the code. */
export function flagRounds(code: Int32Array, { entry, calls, heads }: RoundPlaces): void {
  for (const pc of [entry, ...calls, ...heads]) code[pc] = (code[pc] as number) | FLAG_ROUND;
}

function noteAt({ memory }: MachineState, task: number): number {
  return 2 * memory.notesDouble + ROUNDS_AT + task * ROUND.words;
}

/** The running task is about to execute a flagged instruction; its frame is at word `f`. */
export function noteRound(state: MachineState, pc: number, f: number): void {
  const { rounds, words, memory } = state;
  if (rounds === undefined) return;
  const at = noteAt(state, state.currentTask);
  const fp = ((f << 2) - IMAGE_BIAS) | 0;
  memory.markWord(at);
  if (pc === rounds.entry) {
    words[at + ROUND.fp] = fp;
    words[at + ROUND.round] = 1;
    words[at + ROUND.isPastCall] = 0;
  }
  if (words[at + ROUND.fp] !== fp) return;
  if (rounds.heads.has(pc) && words[at + ROUND.isPastCall] !== 0) {
    words[at + ROUND.round] = (words[at + ROUND.round] as number) + 1;
    words[at + ROUND.isPastCall] = 0;
  }
  if (rounds.calls.has(pc)) words[at + ROUND.isPastCall] = 1;
}

/**
 * The round, from 1 on, that a task is in which stands at `pc` in the frame with this frame pointer; that of the
 * jump back counts as the next. `undefined` when nothing is known of the frame.
 */
export function viewRound(
  state: MachineState,
  task: number,
  fp: number,
  pc: number,
): number | undefined {
  const { rounds, words, code } = state;
  const at = noteAt(state, task);
  if (rounds === undefined) return undefined;
  // The note is made when the first instruction is executed.
  if (pc === rounds.entry) return 1;
  const round = words[at + ROUND.round] as number;
  if (words[at + ROUND.fp] !== (fp | 0) || round === 0) return undefined;
  const isJump = ((code[pc] as number) & OPCODE_MASK) === OP.jump;
  const next = isJump ? jumpTarget(code, pc) : pc;
  const isNext = words[at + ROUND.isPastCall] !== 0 && rounds.heads.has(next);
  return isNext ? round + 1 : round;
}
