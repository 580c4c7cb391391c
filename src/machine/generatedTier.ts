/**
 * The second execution tier: functions that are executed often become JavaScript functions over the same
 * memory image.
 *
 * The interpreter executes first. `FLAG_ENTRY` in the machine's copy of the code marks where generated
 * code may start: functions, loops, and what follows an instruction that was left to the interpreter.
 * The interpreter comes here at each of them, which counts; past a threshold a unit is compiled (see
 * `unitSource.ts`) and from then on entered. It is left with exact state at any instruction: when the
 * budget ends, before anything that only the interpreter does, before every fault.
 *
 * Nothing here is machine state: with and without this tier a run goes through the same states, and
 * the counters are no part of any hash. Guest frames lie in memory as ever, so leaving from a
 * unit that was called by units only means to return through all of them.
 */
import { asPc } from '../base/brand.ts';
import {
  FLAG_BREAKPOINT,
  FLAG_ENTRY,
  FLAG_LOCAL,
  FLAG_TRACE,
  FLAG_TRIGGER,
  FLAG_VISIBLE,
  FLAG_ROUND,
  FLAG_WATCH,
  INSTRUCTION_WORDS,
} from '../bytecode/instruction.ts';
import { functionAt, type FunctionInfo } from '../bytecode/program.ts';
import { isInsideRegion } from './annotations.ts';
import { divide64, isLess64, multiply64, shiftLeft64, shiftRight64 } from './arithmetic64.ts';
import { CELL, type SecondTier } from './executionTier.ts';
import {
  copyInMemory,
  fillInMemory,
  type GeneratedUnit,
  generateFunction,
  type UnitSurroundings,
} from './generateFunction.ts';
import { functionOfAddress } from './interpreterExits.ts';
import { performIntrinsic } from './intrinsics.ts';
import type { MachineState } from './machineState.ts';
import { IMAGE_BIAS } from './memory.ts';
import { admits, copyMarks, defineBytes, lacksValues, undefineBytes } from './shadow.ts';
import { type UnitRequest, type UnitSource, writeUnit } from './unitSource.ts';
import { jumpTarget } from './unitGraph.ts';

/** Arrivals of the interpreter after which a unit is compiled, unless the configuration says otherwise. */
const HOT_ARRIVALS = 10_000;
/** Calls by generated code after which the callee is compiled: each of them leaves all callers. */
const HOT_CALLS = 10;
/** Words that the frames of units that call each other may take together: it bounds the host's stack. */
const MOST_STACK_WORDS = 4096;
/** Characters of source per machine, and units per function. */
const MOST_SOURCE = 4_000_000;
const MOST_UNITS = 24;
/** After so many entries a unit must have executed so many instructions per entry, or it is given up. */
const TRIAL_ENTRIES = 64;
const LEAST_PER_ENTRY = 48;
/** After so many stores to slots with locals a function goes without locals. */
const MOST_CONFLICTS = 12;
/** Locals of a unit, at most the bits of a word; a generated function needs stack for each of them. */
const MOST_LOCALS = 32;

const LEAVING_FLAGS =
  FLAG_VISIBLE | FLAG_TRIGGER | FLAG_BREAKPOINT | FLAG_TRACE | FLAG_WATCH | FLAG_LOCAL | FLAG_ROUND;

/** A compiled unit and what it is good for. */
interface Unit {
  readonly run: GeneratedUnit;
  entries: number;
  executed: number;
}

/** What is known of a function that has units. */
interface CompiledFunction {
  readonly info: FunctionInfo;
  /** Pcs of its units. */
  readonly entries: Set<number>;
  /** Slots that were written through pointers. */
  readonly shared: Set<number>;
  conflicts: number;
  unitsMade: number;
}

/** The tier of one machine. */
export class GeneratedTier implements SecondTier {
  readonly cells = new Int32Array(8);
  executed = 0;
  private readonly state: MachineState;
  private readonly hotArrivals: number;
  private readonly surroundings: Omit<UnitSurroundings, 'c' | 'v'>;
  /** By instruction number. */
  private readonly units: (Unit | undefined)[];
  readonly arrivalsLeft: Int32Array;
  /** By instruction number: 1 once the interpreter has been there. */
  private readonly hasArrived: Uint8Array;
  private readonly byFunction: GeneratedUnit[];
  private readonly functions = new Map<number, CompiledFunction>();
  private sourceLength = 0;

  /** Flags the places where units may start. */
  constructor(state: MachineState) {
    this.state = state;
    this.hotArrivals = state.config.hotArrivals ?? HOT_ARRIVALS;
    const { code, program } = state;
    this.units = Array.from<undefined>({ length: code.length >> 2 });
    this.arrivalsLeft = new Int32Array(code.length >> 2);
    this.hasArrived = new Uint8Array(code.length >> 2);
    this.byFunction = program.functions.map((info) => this.absentUnit(info));
    this.surroundings = this.createSurroundings();
    for (const info of program.functions) this.flagFunction(info);
  }

  enter(pc: number, f: number, remaining: number, stackLow: number): number {
    const { cells } = this;
    cells[CELL.statements] = 0;
    const unit = this.units[pc >> 2] ?? this.arrive(pc);
    if (unit === undefined) {
      this.leave(pc, f, remaining, 0);
      return remaining;
    }
    cells[CELL.limit] = Math.max(stackLow, f - MOST_STACK_WORDS);
    unit.run(f, remaining, 0, -1, 0);
    const left = cells[CELL.left] as number;
    const executed = remaining - left;
    this.executed += executed;
    unit.entries += 1;
    unit.executed += executed;
    if (unit.entries === TRIAL_ENTRIES && this.hotArrivals > 0) this.judge(unit, pc);
    return left;
  }

  invalidate(pcs: Iterable<number>): void {
    for (const pc of pcs) {
      const info = functionAt(this.state.program, asPc(pc));
      if (info === undefined) continue;
      const known = this.functions.get(info.index);
      if (known !== undefined) this.dropUnits(known);
      this.flagFunction(info);
    }
  }

  /** The source of the unit that would be compiled at a pc, for tests. */
  source(pc: number): string | undefined {
    const info = functionAt(this.state.program, asPc(pc));
    return info && this.write(info, pc, 'anyone', undefined)?.text;
  }

  private flagFunction(info: FunctionInfo): void {
    const { code } = this.state;
    this.flag(info.entry);
    for (let pc: number = info.entry; pc < info.end; pc += INSTRUCTION_WORDS) {
      const target = jumpTarget(code, pc);
      if (target >= 0 && target <= pc) this.flag(target);
    }
  }

  private flag(pc: number): void {
    const { code } = this.state;
    if (this.isRefused(pc)) return;
    code[pc] = (code[pc] as number) | FLAG_ENTRY;
  }

  private unflag(pc: number): void {
    const { code } = this.state;
    code[pc] = (code[pc] as number) & ~FLAG_ENTRY;
  }

  /** Nothing starts where the interpreter comes first anyway. */
  private isRefused(pc: number): boolean {
    return ((this.state.code[pc] as number) & LEAVING_FLAGS) !== 0;
  }

  private arrive(pc: number): Unit | undefined {
    if (this.hasArrived[pc >> 2] === 0) {
      this.hasArrived[pc >> 2] = 1;
      this.arrivalsLeft[pc >> 2] = this.hotArrivals;
      if (this.hotArrivals > 0) return undefined;
    }
    const unit = this.compile(pc, this.hotArrivals > 0 ? 'interpreter' : 'anyone');
    if (unit === undefined) this.unflag(pc);
    return unit;
  }

  private write(
    info: FunctionInfo,
    entry: number,
    enteredBy: UnitRequest['enteredBy'],
    known: CompiledFunction | undefined,
  ): UnitSource | undefined {
    const { code, config, functionFrameBytes } = this.state;
    return writeUnit({
      code,
      start: info.entry,
      end: info.end,
      entry,
      enteredBy,
      ramBytes: config.ramBytes,
      hasChecks: this.state.hasChecks,
      frameBytes: functionFrameBytes,
      shared: known?.shared ?? new Set(),
      mostLocals: (known?.conflicts ?? 0) > MOST_CONFLICTS ? 0 : MOST_LOCALS,
      leavingFlags: LEAVING_FLAGS,
    });
  }

  private compile(pc: number, enteredBy: UnitRequest['enteredBy']): Unit | undefined {
    const info = functionAt(this.state.program, asPc(pc));
    if (info === undefined || this.sourceLength > MOST_SOURCE) return undefined;
    const known = this.functions.get(info.index) ?? {
      info,
      entries: new Set(),
      shared: new Set(),
      conflicts: 0,
      unitsMade: 0,
    };
    this.functions.set(info.index, known);
    if (known.unitsMade >= MOST_UNITS) return undefined;
    const source = this.write(info, pc, enteredBy, known);
    if (source === undefined) return undefined;
    this.sourceLength += source.text.length;
    const run = generateFunction(source.text, {
      ...this.surroundings,
      c: source.cachedMap,
      v: (index, at, f, left, statements) => {
        this.noteConflict(known, index + source.lowestCached);
        return this.leave(at, f, left, statements);
      },
    });
    if (run === undefined) return undefined;
    const unit: Unit = { run, entries: 0, executed: 0 };
    this.units[pc >> 2] = unit;
    known.entries.add(pc);
    known.unitsMade += 1;
    if (pc === info.entry) this.byFunction[info.index] = run;
    for (const at of source.leaves) {
      const behind = at + INSTRUCTION_WORDS;
      if (behind < info.end) this.flag(behind);
    }
    for (const at of source.returnPoints) this.flag(at);
    return unit;
  }

  /** A unit that is left again and again after a few instructions costs more than it saves. */
  private judge(unit: Unit, pc: number): void {
    if (unit.executed >= TRIAL_ENTRIES * LEAST_PER_ENTRY) return;
    this.units[pc >> 2] = undefined;
    this.unflag(pc);
  }

  /** A pointer leads to a slot that has a local: from now on it has none. */
  private noteConflict(known: CompiledFunction, slot: number): void {
    known.shared.add(slot);
    known.conflicts += 1;
    this.dropUnits(known);
  }

  private dropUnits({ info, entries }: CompiledFunction): void {
    for (const pc of entries) this.units[pc >> 2] = undefined;
    entries.clear();
    this.byFunction[info.index] = this.absentUnit(info);
  }

  /**
   * Stands for the unit of a function that has none: leaves at its first instruction, until that has happened
   * so often that the function gets one.
   */
  private absentUnit(info: FunctionInfo): GeneratedUnit {
    let calls = 0;
    return (f, left, callerFrame, returnPc, result) => {
      calls += 1;
      const unit = calls === HOT_CALLS ? this.compile(info.entry, 'anyone') : undefined;
      if (unit === undefined) return this.leave(info.entry, f, left, 0);
      return unit.run(f, left, callerFrame, returnPc, result);
    };
  }

  private leave(pc: number, f: number, left: number, statements: number): number {
    const { cells } = this;
    cells[CELL.statements] = (cells[CELL.statements] as number) + statements;
    cells[CELL.pc] = pc;
    cells[CELL.frame] = f;
    cells[CELL.left] = left;
    return -1;
  }

  private createSurroundings(): Omit<UnitSurroundings, 'c' | 'v'> {
    const { state, cells } = this;
    const { memory } = state;
    return {
      w: memory.words,
      b: memory.bytes,
      y: memory.dirty,
      g: memory.shadow,
      x: cells,
      T: this.byFunction,
      F: state.functionFrameBytes,
      e: (pc, f, left, statements) => this.leave(pc, f, left, statements),
      u: (statements) => {
        cells[CELL.statements] = (cells[CELL.statements] as number) + statements;
        return -1;
      },
      wordAt: (offset) => memory.wordAt(offset),
      mark: (first, last) => memory.mark(first << 2, (last + 1) << 2),
      functionAt: (address) => functionOfAddress(state, address),
      copy: (to, from, bytes, isCounted) => copyInMemory(state, to, from, bytes, isCounted),
      fill: (to, byte, bytes) => fillInMemory(memory, to, byte, bytes),
      ask: (intrinsic, args) => {
        performIntrinsic(state, intrinsic, args);
        return state.result;
      },
      touches: (pc, at) => state.watcher?.touch(pc, at) ?? false,
      admits: (at, bytes, isWrite, flags) => admits(memory, at, bytes, isWrite, flags),
      guard: (functionIndex, f) => state.frameGuard.guard(functionIndex, f),
      unguard: (functionIndex, f) => state.frameGuard.unguard(functionIndex, f),
      undefine: (at, bytes) => undefineBytes(memory, at, bytes),
      undefineLocal: (functionIndex, index, f) =>
        state.frameGuard.undefine(functionIndex, index, f),
      define: (at, bytes) => defineBytes(memory, at, bytes),
      carry: (to, from, bytes) => copyMarks(memory, to, from, bytes),
      lacks: (at, bytes) => lacksValues(memory, at, bytes),
      region: (f) => (isInsideRegion(state, (f << 2) - IMAGE_BIAS) ? 0 : 1),
      multiply64,
      divide64,
      shiftLeft64,
      shiftRight64,
      isLess64,
    };
  }
}
