/**
 * Writes the JavaScript of one basic block of a unit: what the emitters of instructions use.
 *
 * The frame stays in the image: a write of a slot goes to memory at once. Slots of the layout are kept in
 * JavaScript locals as well, so that reading them again costs nothing; valid are those whose local
 * is known to equal memory at the present instruction. Whatever could change a slot behind the
 * back of its local (a callee, a copy, a store through a pointer) either makes it invalid or leaves.
 *
 * Leaving is always possible before an instruction, since memory is right: all it needs is the
 * pc and the counts, which the writer knows.
 */
import {
  FLAG_GUARDED,
  FLAG_RAW,
  FLAG_STATEMENT,
  FLAG_UNCHECKED,
  INSTRUCTION_WORDS,
} from '../bytecode/instruction.ts';
import { STATE_BYTES } from './imageLayout.ts';
import { IMAGE_BIAS } from './memory.ts';

/** What else must be 0 for an access of so many bytes to be admitted without asking. */
const SHADOW_REST: Readonly<Record<number, string>> = {
  2: ' | g[a + 1 >> 2]',
  4: ' | a & 3',
  8: ' | g[a + 4 >> 2] | a & 3',
};

/** What is the same for all blocks of a unit. */
export interface UnitLayout {
  readonly code: Int32Array;
  readonly ramBytes: number;
  /** Whether loads and stores look at the shadow of memory. */
  readonly hasChecks: boolean;
  /** Frame sizes in bytes by function index. */
  readonly frameBytes: Int32Array;
  /** Slots that have a local, each with a bit of its own. */
  readonly bits: ReadonlyMap<number, number>;
  /** The lowest cached slot and how many words there are up to the highest; no words without cached slots. */
  readonly lowestCached: number;
  readonly cachedSpan: number;
}

/** A slot of the frame in the source: an element of memory. */
export function slotText(slot: number): string {
  return slot === 0 ? 'w[f]' : slot < 0 ? `w[f - ${String(-slot)}]` : `w[f + ${String(slot)}]`;
}

/** The local of a slot. */
export function localText(slot: number): string {
  return slot < 0 ? `m${String(-slot)}` : `p${String(slot)}`;
}

/** What a block does to slots, whichever of them get locals. */
export interface BlockSurvey {
  /** How often each is read. */
  readonly reads: Map<number, number>;
  /** Those that are in their locals when the block ends, even if none was before. */
  readonly valid: Set<number>;
  /** Those that became invalid somewhere in the block, or all. */
  readonly killed: Set<number>;
  killsAll: boolean;
}

/** Writes one block. */
export class BlockWriter {
  readonly layout: UnitLayout;
  readonly lines: string[] = [];
  /** The bits of the slots whose local equals memory here. */
  private valid: number;
  /** When the block is only looked at. */
  private readonly survey: BlockSurvey | undefined;
  /** Slots that hold a known address in the frame: bytes from the frame pointer. */
  private readonly frameAddresses = new Map<number, number>();
  private readonly blockSize: number;
  private readonly blockStatements: number;
  private pc = 0;
  private executed = 0;
  private statements = 0;

  /** `start` and `end` bound the instructions of the block; `valid` is as it starts. */
  constructor(layout: UnitLayout, start: number, end: number, valid: number, survey?: BlockSurvey) {
    this.layout = layout;
    this.valid = valid;
    this.survey = survey;
    this.blockSize = (end - start) / INSTRUCTION_WORDS;
    let statements = 0;
    for (let pc = start; pc < end; pc += INSTRUCTION_WORDS) {
      statements += ((layout.code[pc] as number) & FLAG_STATEMENT) === 0 ? 0 : 1;
    }
    this.blockStatements = statements;
  }

  /** Counts the whole block on entry, or leaves before it when the budget does not reach its end. */
  writeEntry(start: number): void {
    if (this.blockSize === 0) return;
    const size = String(this.blockSize);
    this.line(`if ((n = n - ${size} | 0) < 0) return e(${String(start)}, f, n + ${size}, s);`);
    if (this.blockStatements > 0) this.line(`s = s + ${String(this.blockStatements)} | 0;`);
  }

  /** The next instruction begins. */
  begin(pc: number): void {
    this.pc = pc;
  }

  /** The instruction that began is over. */
  finish(): void {
    this.executed += 1;
    this.statements += ((this.layout.code[this.pc] as number) & FLAG_STATEMENT) === 0 ? 0 : 1;
  }

  /** Whether the present instruction has a flag. */
  hasFlag(flag: number): boolean {
    return ((this.layout.code[this.pc] as number) & flag) !== 0;
  }

  line(text: string): void {
    this.lines.push(text);
  }

  /** The value of a slot as an expression without side effects, an `int32`. */
  read(slot: number): string {
    this.survey?.reads.set(slot, (this.survey.reads.get(slot) ?? 0) + 1);
    this.survey?.valid.add(slot);
    const bit = this.layout.bits.get(slot);
    if (bit === undefined) return slotText(slot);
    if ((this.valid & bit) === 0) {
      this.line(`${localText(slot)} = ${slotText(slot)};`);
      this.valid |= bit;
    }
    return localText(slot);
  }

  /** Writes an `int32` expression to a slot. */
  write(slot: number, text: string): void {
    this.frameAddresses.delete(slot);
    this.survey?.valid.add(slot);
    const bit = this.layout.bits.get(slot);
    if (bit === undefined) {
      this.line(`${slotText(slot)} = ${text};`);
    } else {
      this.line(`${slotText(slot)} = ${localText(slot)} = ${text};`);
      this.valid |= bit;
    }
  }

  /** The slot was written in memory only. */
  kill(slot: number): void {
    this.frameAddresses.delete(slot);
    this.survey?.valid.delete(slot);
    this.survey?.killed.add(slot);
    this.valid &= ~(this.layout.bits.get(slot) ?? 0);
  }

  /** Any slot may have been written in memory. */
  killAll(): void {
    this.frameAddresses.clear();
    this.valid = 0;
    if (this.survey === undefined) return;
    this.survey.valid.clear();
    this.survey.killsAll = true;
  }

  /** The slot has just been written with an address in the frame. */
  noteFrameAddress(slot: number, bytes: number): void {
    this.frameAddresses.set(slot, bytes);
  }

  /** Leaves before the present instruction if the condition holds. */
  leaveIf(condition: string): void {
    this.line(`if (${condition}) return ${this.leaveCall()};`);
  }

  /**
   * The offset in the image of the access of `bytes` bytes at `slot + offset`, in the local `a`; leaves when
   * that is not memory or when its shadow does not admit the access. This is the one place through
   * which all loads and stores go.
   */
  locate(slot: number, offset: number, bytes: number, isWrite: boolean): void {
    const bias = (offset + IMAGE_BIAS) | 0;
    this.line(`a = ${this.read(slot)} + ${String(bias)} | 0;`);
    const last = String(this.layout.ramBytes - bytes);
    this.leaveIf(`(a - ${String(STATE_BYTES)} >>> 0) > ${last}`);
    if (((this.layout.code[this.pc] as number) & FLAG_GUARDED) !== 0) {
      this.leaveIf(`touches(${String(this.pc)}, a)`);
    }
    if (!this.layout.hasChecks) return;
    const marks = `g[a >> 2]${SHADOW_REST[bytes] ?? ''}`;
    const flags = (this.layout.code[this.pc] as number) & (FLAG_RAW | FLAG_UNCHECKED);
    const access = `${String(bytes)}, ${String(isWrite)}, ${String(flags)}`;
    this.leaveIf(`(${marks}) !== 0 && !admits(a, ${access})`);
  }

  /**
   * Before a store at `a`, which is `slot + offset`: keeps the locals of the frame right. Where the
   * address is known the slots become invalid, otherwise a store to a cached slot leaves.
   */
  guardFrame(slot: number, offset: number, bytes: number): void {
    const known = this.frameAddresses.get(slot);
    if (known !== undefined) {
      const first = (known + offset) >> 2;
      const last = (known + offset + bytes - 1) >> 2;
      for (let word = first; word <= last; word += 1) this.kill(word);
      return;
    }
    this.forgetFrameAddresses();
    const { lowestCached, cachedSpan } = this.layout;
    if (cachedSpan === 0) return;
    const span = String(cachedSpan);
    this.line(`i = ${sumText('(a >> 2) - f', -lowestCached)} | 0;`);
    this.line(`if (i >>> 0 < ${span} && c[i] !== 0) return v(i, ${this.leaveArguments()});`);
    if (bytes <= 4) return;
    this.line(`i = i + 1 | 0;`);
    this.line(`if (i >>> 0 < ${span} && c[i] !== 0) return v(i, ${this.leaveArguments()});`);
  }

  /**
   * A store has gone to an unknown place, which may be a slot without a local that holds an address. While
   * locals are still to be chosen such an address stays known: what may be written later counts.
   */
  private forgetFrameAddresses(): void {
    if (this.survey !== undefined) return;
    for (const held of this.frameAddresses.keys()) {
      if (!this.layout.bits.has(held)) this.frameAddresses.delete(held);
    }
  }

  private leaveCall(): string {
    return `e(${this.leaveArguments()})`;
  }

  private leaveArguments(): string {
    const left = sumText('n', this.blockSize - this.executed);
    const statements = sumText('s', this.statements - this.blockStatements);
    return `${String(this.pc)}, f, ${left}, ${statements}`;
  }
}

function sumText(name: string, offset: number): string {
  if (offset === 0) return name;
  return offset < 0 ? `${name} - ${String(-offset)}` : `${name} + ${String(offset)}`;
}
