/**
 * Turns a unit into the source of one JavaScript function.
 *
 * The blocks become structured code by way of the dominator tree: a block with several ways to it
 * follows a labeled block that those leave by `break`, a loop header starts a labeled loop, anything
 * else stands where it is jumped to. Source: Ramsey, "Beyond Relooper" (2022).
 *
 * Before that, a data flow analysis finds which slots are in their locals at the start of each
 * block; loops get the slots that they read loaded in front of them.
 */
import { OP, OPCODE_MASK } from '../bytecode/instruction.ts';
import {
  type BlockSurvey,
  BlockWriter,
  localText,
  slotText,
  type UnitLayout,
} from './blockWriter.ts';
import { canGenerate, emitCondition, emitInstruction } from './emitters.ts';
import { IMAGE_BIAS } from './memory.ts';
import { type BlockEnding, buildUnitGraph, type IsGenerated, type UnitBlock } from './unitGraph.ts';

/** What is to be compiled. */
export interface UnitRequest {
  readonly code: Int32Array;
  /** The code of the function. */
  readonly start: number;
  readonly end: number;
  /** The instruction at which the unit is entered. */
  readonly entry: number;
  /**
   * Who enters it. The interpreter gains only by a unit with a loop, or by a function that calls others: it
   * executes a few instructions sooner than it could enter and be back.
   */
  readonly enteredBy: 'interpreter' | 'anyone';
  readonly ramBytes: number;
  readonly hasChecks: boolean;
  readonly frameBytes: Int32Array;
  /** Slots that must not have a local. */
  readonly shared: ReadonlySet<number>;
  /** How many slots may have one. */
  readonly mostLocals: number;
  /** Flags of instructions that the interpreter executes. */
  readonly leavingFlags: number;
}

/** A compiled unit. */
export interface UnitSource {
  /** The body of a function with the parameters of `generatedTier.ts` that returns the unit. */
  readonly text: string;
  /** 1 for each slot from `lowestCached` on that has a local. */
  readonly cachedMap: Uint8Array;
  readonly lowestCached: number;
  /** Instructions that generated code leaves to the interpreter, and those behind calls. */
  readonly leaves: readonly number[];
  readonly returnPoints: readonly number[];
}

/** Beyond so many enclosing blocks the host's parser may give up. */
const DEEPEST_NESTING = 150;
/** What a block does to the validity of slots with locals, as bits. */
interface BlockEffect {
  readonly valid: number;
  readonly kept: number;
  readonly reads: number;
}

/** The slots that are valid when a block starts, and those that a loop loads before it begins. */
interface Flow {
  readonly valid: number;
  readonly loaded: number;
}

/** The source of a unit; `undefined` when it would be left at once or is not worth entering. */
export function writeUnit(request: UnitRequest): UnitSource | undefined {
  const { code, start, end, entry, leavingFlags } = request;
  const isGenerated: IsGenerated = (pc) =>
    ((code[pc] as number) & leavingFlags) === 0 && canGenerate(code, pc);
  const blocks = buildUnitGraph(code, start, end, entry, isGenerated);
  if (blocks[0]?.end === entry) return undefined;
  if (request.enteredBy === 'interpreter' && !isWorthEntering(request, blocks)) return undefined;
  const surveys = surveyBlocks(request, blocks);
  const layout = chooseLayout(request, surveys);
  const flows = findFlows(blocks, findEffects(layout, surveys));
  const lines = new UnitWriter(layout, blocks, flows).write();
  const cached = [...layout.bits.keys()].sort((left, right) => left - right);
  const locals = cached.map((slot) => `, ${localText(slot)} = 0`).join('');
  const cachedMap = new Uint8Array(layout.cachedSpan);
  for (const slot of cached) cachedMap[slot - layout.lowestCached] = 1;
  return {
    text: [
      '"use strict";',
      'return function (f, n, p, r, t) {',
      'f = f & 536870911;',
      `let s = 0, a = 0, i = 0, q = 0${locals};`,
      ...lines,
      '};',
    ].join('\n'),
    cachedMap,
    lowestCached: layout.lowestCached,
    leaves: blocks.filter(({ ending }) => ending === 'leave').map(({ last }) => last),
    returnPoints: blocks.filter(({ ending }) => ending === 'call').map((block) => block.end),
  };
}

function isWorthEntering({ start, entry }: UnitRequest, blocks: readonly UnitBlock[]): boolean {
  if (blocks.some(({ isLoopHeader }) => isLoopHeader)) return true;
  const has = (ending: BlockEnding): boolean => blocks.some((block) => block.ending === ending);
  return entry === start && has('call') && has('return');
}

function writeBody(writer: BlockWriter, block: UnitBlock): void {
  for (let pc = block.start; pc < block.end; pc += 4) {
    writer.begin(pc);
    const isEnd = pc === block.last && block.ending !== 'next' && block.ending !== 'leave';
    if (!isEnd) {
      emitInstruction(writer, pc);
      writer.finish();
    }
  }
}

function surveyBlocks(
  { code, ramBytes, hasChecks, frameBytes }: UnitRequest,
  blocks: readonly UnitBlock[],
): readonly BlockSurvey[] {
  const bits = new Map<number, number>();
  const layout = { code, ramBytes, hasChecks, frameBytes, bits, lowestCached: 0, cachedSpan: 0 };
  return blocks.map((block) => {
    const survey = {
      reads: new Map<number, number>(),
      valid: new Set<number>(),
      killed: new Set<number>(),
      killsAll: false,
    };
    const writer = new BlockWriter(layout, block.start, block.end, 0, survey);
    writeBody(writer, block);
    if (block.ending === 'branch') emitCondition(writer, block.last);
    if (block.ending === 'call') writer.killAll();
    return survey;
  });
}

/** The slots that are read most get locals. */
function chooseLayout(request: UnitRequest, surveys: readonly BlockSurvey[]): UnitLayout {
  const { code, ramBytes, hasChecks, frameBytes, shared, mostLocals } = request;
  const reads = new Map<number, number>();
  for (const survey of surveys) {
    for (const [slot, count] of survey.reads) reads.set(slot, (reads.get(slot) ?? 0) + count);
  }
  const slots = [...reads.keys()].filter((slot) => !shared.has(slot));
  slots.sort((left, right) => (reads.get(right) ?? 0) - (reads.get(left) ?? 0) || left - right);
  const chosen = slots.slice(0, mostLocals);
  const bits = new Map(chosen.map((slot, index) => [slot, 1 << index]));
  const lowestCached = chosen.length === 0 ? 0 : Math.min(...chosen);
  const cachedSpan = chosen.length === 0 ? 0 : Math.max(...chosen) - lowestCached + 1;
  return { code, ramBytes, hasChecks, frameBytes, bits, lowestCached, cachedSpan };
}

function findEffects(
  { bits }: UnitLayout,
  surveys: readonly BlockSurvey[],
): readonly BlockEffect[] {
  const maskOf = (slots: Iterable<number>): number => {
    let mask = 0;
    for (const slot of slots) mask |= bits.get(slot) ?? 0;
    return mask;
  };
  return surveys.map(({ reads, valid, killed, killsAll }) => ({
    reads: maskOf(reads.keys()),
    valid: maskOf(valid),
    kept: killsAll ? 0 : ~maskOf(killed),
  }));
}

/** The blocks of the loop of each header: those from which it is reached again. */
function loopOf(blocks: readonly UnitBlock[], header: number): ReadonlySet<number> {
  const members = new Set([header]);
  const pending = (blocks[header]?.predecessors ?? []).filter((from) => from >= header);
  for (let block = pending.pop(); block !== undefined; block = pending.pop()) {
    if (members.has(block)) continue;
    members.add(block);
    pending.push(...(blocks[block]?.predecessors ?? []));
  }
  return members;
}

/**
 * Solves which slots are valid at the start of each block: on all ways to it, where the ways into a
 * loop count as having loaded what the loop reads.
 */
function findFlows(blocks: readonly UnitBlock[], effects: readonly BlockEffect[]): readonly Flow[] {
  const wanted = blocks.map(({ isLoopHeader }, index) => {
    let reads = 0;
    if (!isLoopHeader) return reads;
    for (const member of loopOf(blocks, index)) reads |= effects[member]?.reads ?? 0;
    return reads;
  });
  const starts = blocks.map(() => ~0);
  const before = blocks.map(() => 0);

  function atEndOf(block: number): number {
    const effect = effects[block];
    return effect === undefined ? 0 : effect.valid | ((starts[block] ?? 0) & effect.kept);
  }
  for (let isChanged = true; isChanged;) {
    isChanged = false;
    blocks.forEach(({ predecessors }, index) => {
      let forward = index === 0 ? 0 : ~0;
      let back = ~0;
      for (const from of predecessors) {
        if (from < index) forward &= atEndOf(from);
        else back &= atEndOf(from);
      }
      const start = (forward | (wanted[index] ?? 0)) & back;
      if (start !== starts[index]) isChanged = true;
      starts[index] = start;
      before[index] = forward;
    });
  }
  return starts.map((valid, index) => ({ valid, loaded: valid & ~(before[index] ?? 0) }));
}

/** Writes the structured code. Nothing that it writes falls through to what follows. */
class UnitWriter {
  private readonly layout: UnitLayout;
  private readonly blocks: readonly UnitBlock[];
  private readonly flows: readonly Flow[];
  private readonly children: readonly (readonly number[])[];
  private readonly lines: string[] = [];
  private nesting = 0;

  constructor(layout: UnitLayout, blocks: readonly UnitBlock[], flows: readonly Flow[]) {
    this.layout = layout;
    this.blocks = blocks;
    this.flows = flows;
    const children: number[][] = blocks.map(() => []);
    blocks.forEach(({ dominator, isMerge }, index) => {
      if (isMerge) children[dominator]?.push(index);
    });
    this.children = children;
  }

  write(): readonly string[] {
    this.writeTree(0);
    return this.lines;
  }

  /** A block and everything that it dominates. */
  private writeTree(index: number): void {
    const block = this.blocks[index];
    if (block === undefined) return;
    const following = this.children[index] ?? [];
    if (!block.isLoopHeader) {
      this.writeWithin(block, index, following);
      return;
    }
    const loaded = this.flows[index]?.loaded ?? 0;
    for (const [slot, bit] of this.layout.bits) {
      if ((loaded & bit) !== 0) this.lines.push(`${localText(slot)} = ${slotText(slot)};`);
    }
    this.lines.push(`L${String(index)}: for (;;) {`);
    this.nesting += 1;
    this.writeWithin(block, index, following);
    this.nesting -= 1;
    this.lines.push('}');
  }

  /** The block inside of labeled blocks, behind which the merge blocks follow that it dominates. */
  private writeWithin(block: UnitBlock, index: number, following: readonly number[]): void {
    for (const merge of [...following].reverse()) {
      this.lines.push(`B${String(merge)}: {`);
    }
    this.nesting += following.length;
    this.writeBlock(block, index);
    for (const merge of following) {
      this.lines.push('}');
      this.nesting -= 1;
      this.writeTree(merge);
    }
  }

  private writeBlock(block: UnitBlock, index: number): void {
    const valid = this.flows[index]?.valid ?? 0;
    const writer = new BlockWriter(this.layout, block.start, block.end, valid);
    writer.writeEntry(block.start);
    writeBody(writer, block);
    switch (block.ending) {
      case 'next':
        this.take(writer);
        this.writeEdge(index, block.next, block.nextPc);
        return;
      case 'jump':
        this.take(writer);
        this.writeEdge(index, block.taken, block.takenPc);
        return;
      case 'branch':
        writer.line(`if (${emitCondition(writer, block.last)}) {`);
        this.take(writer);
        this.nesting += 1;
        this.writeEdge(index, block.taken, block.takenPc);
        this.nesting -= 1;
        this.lines.push('}');
        this.writeEdge(index, block.next, block.nextPc);
        return;
      case 'call':
        writeCall(writer, block.last);
        this.take(writer);
        this.writeEdge(index, block.next, block.nextPc);
        return;
      case 'return':
        writeReturn(writer, block.last);
        this.take(writer);
        return;
      case 'leave':
        this.take(writer);
        this.lines.push(leaveText(block.last));
    }
  }

  private take(writer: BlockWriter): void {
    for (const line of writer.lines) this.lines.push(line);
  }

  private writeEdge(from: number, to: number, pc: number): void {
    const block = this.blocks[to];
    if (block === undefined || this.nesting > DEEPEST_NESTING) this.lines.push(leaveText(pc));
    else if (to <= from) this.lines.push(`continue L${String(to)};`);
    else if (block.isMerge) this.lines.push(`break B${String(to)};`);
    else this.writeTree(to);
  }
}

function leaveText(pc: number): string {
  return `return e(${String(pc)}, f, n, s);`;
}

/** Writes what `call` or `callPointer` at `pc` does, the callee included. */
function writeCall(writer: BlockWriter, pc: number): void {
  const { code, frameBytes } = writer.layout;
  const down = (code[pc + 3] as number) >> 2;
  const isDirect = ((code[pc] as number) & OPCODE_MASK) === OP.call;
  const callee = code[pc + 2] as number;
  let frame = `f - ${String(down)}`;
  let unit = `T[${String(callee)}]`;
  if (isDirect) {
    frame = `f - ${String(down + ((frameBytes[callee] as number) >> 2))}`;
  } else {
    writer.line(`i = functionAt(${writer.read(callee)});`);
    writer.leaveIf('i < 0');
    frame += ' - (F[i] >> 2)';
    unit = 'T[i]';
  }
  writer.line(`a = ${frame} | 0;`);
  writer.leaveIf('a < x[0]');
  const returnWord = `f - ${String(down - 1)}`;
  writer.line('y[a >> 10] = 3;');
  writer.line(`if (a >> 10 !== ${returnWord} >> 10) mark(a, ${returnWord});`);
  writer.line(`${slotText(-down)} = (f << 2) - ${String(IMAGE_BIAS)} | 0;`);
  writer.line(`w[${returnWord}] = ${String(pc + 4)};`);
  const result = slotText(code[pc + 1] as number).slice(2, -1);
  writer.line(`n = ${unit}(f - ${String(down)}, n, f, ${String(pc + 4)}, ${result});`);
  writer.line('if (n < 0) return u(s);');
  writer.killAll();
}

/**
 * Writes a return: to the unit that called, if the words of the frame still lead there. Anything else,
 * and a frame that the interpreter or the machine pushed, is left to the interpreter.
 */
function writeReturn(writer: BlockWriter, pc: number): void {
  const { code } = writer.layout;
  const slot = code[pc + 1] as number;
  const opcode = (code[pc] as number) & OPCODE_MASK;
  writer.leaveIf(`r < 0 || w[f + 1] !== r || w[f] !== ((p << 2) - ${String(IMAGE_BIAS)} | 0)`);
  if (opcode === OP.return64) writer.line(`i = ${writer.read(slot + 1)};`);
  if (opcode !== OP.return) writer.line(`w[t] = ${writer.read(slot)};`);
  if (opcode === OP.return64) writer.line('w[t + 1] = i;');
  writer.line('x[1] = x[1] + s | 0;');
  writer.line('return n;');
}
