/**
 * Counts in which round through a part of the page-fault handler each task is: how often it has jumped back to
 * before some calls, to make them again.
 *
 * The counts are notes in the image behind the model, like those of who executes (`Memory.notesDouble`), so
 * they go back and forth with it and no hash contains them. One call of the handler is known of each task, the
 * latest; of one that it has interrupted nothing is known. Nothing but the notes depends on counting, and a fault
 * without a second round meets none of the places in the usual kernels.
 */
import { FLAG_ROUND } from '../bytecode/instruction.ts';
import { TASK } from './imageLayout.ts';
import { IMAGE_BIAS } from './memory.ts';
import { type MachineState, taskAt } from './machineState.ts';
import type { RoundPlaces } from './roundPlaces.ts';
import { tell } from './tellTrace.ts';
import { TRACE } from './trace.ts';

/** Words of a task: the frame pointer of the call, the round, 1 behind one of the calls. */
const ROUND = { words: 4, fp: 0, round: 1, isPastCall: 2 } as const;
/** Where they begin in the page of notes, in words, behind those of who executes. */
const ROUNDS_AT = 256;

/** Flags the places in the machine's copy of the code. */
export function flagRounds(code: Int32Array, places: RoundPlaces): void {
  for (const pc of roundPlaces(places)) code[pc] = (code[pc] as number) | FLAG_ROUND;
}

/** All of the places. */
export function roundPlaces({ jumps, heads, calls }: RoundPlaces): readonly number[] {
  return [...jumps, ...heads, ...calls];
}

function noteAt({ memory }: MachineState, task: number): number {
  return 2 * memory.notesDouble + ROUNDS_AT + task * ROUND.words;
}

/** The running task has just been brought to the start of the handler. */
export function beginRounds(state: MachineState): void {
  if (state.rounds === undefined) return;
  const { words, memory, currentTask } = state;
  const at = noteAt(state, currentTask);
  memory.markWord(at);
  words[at + ROUND.fp] = words[taskAt(currentTask) + TASK.fp] as number;
  words[at + ROUND.round] = 1;
  words[at + ROUND.isPastCall] = 0;
}

/** The running task is about to execute a flagged instruction; its frame is at word `f`. */
export function noteRound(state: MachineState, pc: number, f: number): void {
  const { rounds, words, memory } = state;
  const at = noteAt(state, state.currentTask);
  const fp = ((f << 2) - IMAGE_BIAS) | 0;
  if (rounds === undefined || words[at + ROUND.fp] !== fp) return;
  memory.markWord(at);
  const isBack = rounds.heads.has(pc) && words[at + ROUND.isPastCall] !== 0;
  if (isBack || rounds.jumps.has(pc)) {
    words[at + ROUND.round] = (words[at + ROUND.round] as number) + 1;
    words[at + ROUND.isPastCall] = 0;
    if (state.trace !== undefined) {
      tell(state, TRACE.round, state.currentTask, words[at + ROUND.round]);
    }
  }
  if (rounds.calls.has(pc)) words[at + ROUND.isPastCall] = 1;
}

/**
 * The round, from 1 on, that a task is in which stands at `pc` in the frame with this frame pointer; at a jump back
 * that is the next one. `undefined` when nothing is known of the frame.
 */
export function viewRound(
  state: MachineState,
  task: number,
  fp: number,
  pc: number,
): number | undefined {
  const { rounds, words } = state;
  const at = noteAt(state, task);
  const round = words[at + ROUND.round] as number;
  if (rounds === undefined || words[at + ROUND.fp] !== (fp | 0) || round === 0) return undefined;
  const isBack = rounds.heads.has(pc) && words[at + ROUND.isPastCall] !== 0;
  return isBack || rounds.jumps.has(pc) ? round + 1 : round;
}
