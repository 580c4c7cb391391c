/**
 * The control flow of a unit, which is what is compiled to one generated function: the basic blocks of
 * a bytecode function that can be reached from one entry, in an order and with the dominators that
 * structured code needs.
 *
 * A block ends at a jump, a call or a return, before a jump target, and before an instruction that only
 * the interpreter executes: there generated code is left. What does not fit is left as well: blocks
 * beyond the size of a unit, and edges that make the graph irreducible (a `goto` into a loop).
 */
import {
  INSTRUCTION_WORDS,
  INSTRUCTIONS,
  isReturn,
  OP,
  OPCODE_MASK,
} from '../bytecode/instruction.ts';

/** How a block ends; `leave` is before an instruction that the interpreter executes. */
export type BlockEnding = 'next' | 'jump' | 'branch' | 'call' | 'return' | 'leave';

/** One basic block. Blocks stand in reverse postorder; numbers of blocks are positions in it. */
export interface UnitBlock {
  readonly start: number;
  /** The last instruction for all endings but `next` and `leave`; for `leave` the one that is not executed. */
  readonly last: number;
  /** Exclusive end of the instructions that belong to the block. */
  readonly end: number;
  readonly ending: BlockEnding;
  /** The block at the target of a jump or branch, or -1: not part of the unit. */
  readonly taken: number;
  /** The block behind `end` for `next`, `branch` and `call`, or -1. */
  readonly next: number;
  /** The pcs of the two, whether they are part of the unit or not. */
  readonly takenPc: number;
  readonly nextPc: number;
  readonly predecessors: readonly number[];
  /** The immediate dominator; -1 for the entry. */
  readonly dominator: number;
  readonly isLoopHeader: boolean;
  /** Whether several edges that are no back edges lead here. */
  readonly isMerge: boolean;
}

/** Whether generated code executes the instruction at a pc. */
export type IsGenerated = (pc: number) => boolean;

/** A block while the graph is made. */
interface Draft {
  readonly start: number;
  last: number;
  end: number;
  ending: BlockEnding;
  takenPc: number;
  nextPc: number;
}

/** Instructions of a unit; what lies beyond is left to others. */
const MOST_INSTRUCTIONS = 3000;
const NO_PC = -1;

const CALLS: ReadonlySet<number> = new Set([OP.call, OP.callPointer]);

/** The operand (1, 2 or 3) that is the target of a jump, by opcode; 0 for other instructions. */
const TARGET_OPERAND = INSTRUCTIONS.map(({ a, b, c }) =>
  a === 'target' ? 1 : b === 'target' ? 2 : c === 'target' ? 3 : 0,
);

/** Where the instruction at `pc` may jump to; -1 when it is no jump. */
export function jumpTarget(code: Int32Array, pc: number): number {
  const operand = TARGET_OPERAND[(code[pc] as number) & OPCODE_MASK] ?? 0;
  return operand === 0 ? NO_PC : (code[pc + operand] as number);
}

/** Whether the instruction with this first word is a call. */
export function isCall(word: number): boolean {
  return CALLS.has(word & OPCODE_MASK);
}

/** The blocks of the unit that is entered at `entry` in the function with the code `[start, end)`. */
export function buildUnitGraph(
  code: Int32Array,
  start: number,
  end: number,
  entry: number,
  isGenerated: IsGenerated,
): readonly UnitBlock[] {
  const leaders = findLeaders(code, start, end, entry);
  const drafts = new Map<number, Draft>();
  const pending = [entry];
  let size = 0;
  for (let pc = pending.pop(); pc !== undefined; pc = pending.pop()) {
    if (drafts.has(pc) || size >= MOST_INSTRUCTIONS) continue;
    const draft = draftBlock(code, pc, leaders, isGenerated);
    drafts.set(pc, draft);
    size += (draft.end - draft.start) / INSTRUCTION_WORDS + 1;
    if (draft.takenPc !== NO_PC) pending.push(draft.takenPc);
    if (draft.nextPc !== NO_PC) pending.push(draft.nextPc);
  }
  return orderBlocks(drafts, entry);
}

function findLeaders(
  code: Int32Array,
  start: number,
  end: number,
  entry: number,
): ReadonlySet<number> {
  const leaders = new Set([entry]);
  for (let pc = start; pc < end; pc += INSTRUCTION_WORDS) {
    const target = jumpTarget(code, pc);
    if (target !== NO_PC) leaders.add(target);
  }
  return leaders;
}

function draftBlock(
  code: Int32Array,
  start: number,
  leaders: ReadonlySet<number>,
  isGenerated: IsGenerated,
): Draft {
  const draft: Draft = {
    start,
    last: start,
    end: start,
    ending: 'leave',
    takenPc: NO_PC,
    nextPc: NO_PC,
  };
  for (let pc = start; ; pc += INSTRUCTION_WORDS) {
    const word = code[pc] as number;
    draft.last = pc;
    draft.end = pc;
    if (!isGenerated(pc)) return draft;
    if (pc > start && leaders.has(pc)) {
      draft.ending = 'next';
      draft.nextPc = pc;
      return draft;
    }
    draft.end = pc + INSTRUCTION_WORDS;
    if (isReturn(word)) {
      draft.ending = 'return';
      return draft;
    }
    const target = jumpTarget(code, pc);
    if (target === NO_PC && !isCall(word)) continue;
    draft.takenPc = target;
    if ((word & OPCODE_MASK) === OP.jump) {
      draft.ending = 'jump';
      return draft;
    }
    draft.ending = target === NO_PC ? 'call' : 'branch';
    draft.nextPc = draft.end;
    return draft;
  }
}

/** Puts the blocks in reverse postorder; edges into the middle of a loop are cut and the rest is ordered again. */
function orderBlocks(drafts: ReadonlyMap<number, Draft>, entry: number): readonly UnitBlock[] {
  const cut = new Set<string>();
  for (;;) {
    const order = reversePostorder(drafts, entry, cut);
    const indices = new Map(order.map((draft, index) => [draft.start, index]));
    const edges = order.map((draft) => ({
      taken: edgeIndex(draft, draft.takenPc, indices, cut),
      next: edgeIndex(draft, draft.nextPc, indices, cut),
    }));
    const predecessors: number[][] = order.map(() => []);
    edges.forEach(({ taken, next }, from) => {
      if (taken >= 0) predecessors[taken]?.push(from);
      if (next >= 0 && next !== taken) predecessors[next]?.push(from);
    });
    const dominators = findDominators(predecessors);
    const sizeBefore = cut.size;
    predecessors.forEach((sources, to) => {
      for (const from of sources) {
        if (from < to || dominates(dominators, to, from)) continue;
        cut.add(`${String(order[from]?.start)} ${String(order[to]?.start)}`);
      }
    });
    if (cut.size > sizeBefore) continue;
    return order.map((draft, index) => {
      const sources = predecessors[index] ?? [];
      return {
        ...draft,
        taken: edges[index]?.taken ?? -1,
        next: edges[index]?.next ?? -1,
        predecessors: sources,
        dominator: dominators[index] ?? -1,
        isLoopHeader: sources.some((from) => from >= index),
        isMerge: sources.filter((from) => from < index).length > 1,
      };
    });
  }
}

function edgeIndex(
  from: Draft,
  pc: number,
  indices: ReadonlyMap<number, number>,
  cut: ReadonlySet<string>,
): number {
  return cut.has(`${String(from.start)} ${String(pc)}`) ? -1 : (indices.get(pc) ?? -1);
}

function reversePostorder(
  drafts: ReadonlyMap<number, Draft>,
  entry: number,
  cut: ReadonlySet<string>,
): readonly Draft[] {
  const order: Draft[] = [];
  const seen = new Set<number>();
  const stack: { readonly draft: Draft; readonly left: number[] }[] = [];

  function visit(pc: number, from: number): void {
    const draft = drafts.get(pc);
    if (draft === undefined || seen.has(pc) || cut.has(`${String(from)} ${String(pc)}`)) return;
    seen.add(pc);
    // The one that is visited first comes last: the way on stands directly behind its block.
    stack.push({ draft, left: [draft.nextPc, draft.takenPc] });
  }
  visit(entry, NO_PC);
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const pc = top.left.pop();
    if (pc !== undefined) {
      visit(pc, top.draft.start);
      continue;
    }
    order.push(top.draft);
    stack.pop();
  }
  return order.reverse();
}

/**
 * Immediate dominators of a graph in reverse postorder.
 * Source: Cooper, Harvey, Kennedy, "A Simple, Fast Dominance Algorithm" (2001).
 */
function findDominators(predecessors: readonly (readonly number[])[]): readonly number[] {
  const dominators = predecessors.map<number>((_, index) => (index === 0 ? 0 : -1));

  function meet(first: number, second: number): number {
    let one = first;
    let other = second;
    while (one !== other) {
      while (one > other) one = dominators[one] ?? 0;
      while (other > one) other = dominators[other] ?? 0;
    }
    return one;
  }
  for (let isChanged = true; isChanged;) {
    isChanged = false;
    predecessors.forEach((sources, index) => {
      if (index === 0) return;
      let dominator = -1;
      for (const from of sources) {
        if (dominators[from] === -1) continue;
        dominator = dominator === -1 ? from : meet(from, dominator);
      }
      if (dominators[index] === dominator) return;
      dominators[index] = dominator;
      isChanged = true;
    });
  }
  dominators[0] = -1;
  return dominators;
}

/** Whether one block is on every way from the entry to another. */
function dominates(dominators: readonly number[], above: number, below: number): boolean {
  let block = below;
  while (block > above) block = dominators[block] ?? -1;
  return block === above;
}
