/**
 * States of a CPU before and after a few instructions: what a case is, how it travels to the native
 * runner `test/fixtures/x86/runner.c` and back, and how our executor runs it.
 *
 * Memory is two pages; a window of 64 words lies across their border. The second page may be absent
 * or read-only at the start; after its first fault it is made accessible, and the instruction
 * goes on.
 */
import { asAddress } from '../../src/base/brand.ts';
import {
  USER_BREAKPOINT,
  USER_DIVIDE,
  USER_DONE,
  USER_EFLAGS,
  USER_EIP,
  USER_ESP,
  USER_FAULT,
  USER_INVALID,
  USER_REGISTER_COUNT,
  USER_REPEAT,
  type UserBus,
} from '../../src/machine/userCpu.ts';
import { assemble } from '../../src/x86/assemble.ts';
import { createUserCpu } from '../../src/x86/i386.ts';
import { createRandom } from './seededRandom.ts';

/** Where the code of a case stands. */
export const CODE = 0x08048000;
/** The border between the two pages. */
export const SECOND_PAGE = 0x08101000;
const FIRST_PAGE = SECOND_PAGE - 0x1000;
const CODE_BYTES = 64;
const WINDOW_WORDS = 64;
const WINDOW = SECOND_PAGE - 128;

/** What the second page allows at the start: everything, nothing, reading. */
export type Rights = 0 | 1 | 2;

export interface StateCase {
  readonly source: string;
  readonly rights: Rights;
  /** Single-step traps are counted, which change the flags that `pushf` stores. */
  readonly isTraced: boolean;
  /** In the order of their codes, then eflags. */
  readonly registers: readonly number[];
  /** Decides the contents of memory. */
  readonly seed: number;
  /** The flags that the manual leaves undefined after these instructions. */
  readonly undefinedFlags: number;
}

/** Where execution stopped. */
export interface StateStop {
  /** Of the exception; 3 at the end of the code. */
  readonly vector: number;
  /** Error code and CR2 of a page fault, else 0. */
  readonly error: number;
  readonly address: number;
  /** In the order of their codes, then eip and eflags. */
  readonly registers: readonly number[];
}

export interface StateOutcome {
  readonly steps: number;
  readonly fault: StateStop | undefined;
  readonly last: StateStop;
  readonly memory: readonly number[];
}

/** The machine code of a case. Errors: throws when it cannot be assembled. */
export function codeOf(source: string): Uint8Array {
  const { image, diagnostics } = assemble(
    { path: 'case.s', text: `${source}\nint3\n` },
    { base: asAddress(CODE), symbols: new Map() },
  );
  if (image === undefined) throw new Error(`${source}: ${diagnostics[0]?.message ?? ''}`);
  return image.bytes;
}

function memoryOf(seed: number): number[] {
  const next = createRandom(seed);
  return Array.from({ length: WINDOW_WORDS }, () => {
    const state = next();
    return (state ^ (state >>> 15)) >>> 0;
  });
}

const STOP_WORDS = 3 + USER_REGISTER_COUNT;
const RESULT_WORDS = 2 + 2 * STOP_WORDS + WINDOW_WORDS;

/** The words that the native runner reads. */
export function encodeCases(cases: readonly StateCase[]): Uint8Array {
  return Buffer.concat(
    cases.map(({ source, rights, isTraced, registers, seed }) => {
      const code = codeOf(source);
      if (code.length > CODE_BYTES) throw new Error(`${source} is too long`);
      const padded = Buffer.alloc(CODE_BYTES, 0xcc);
      padded.set(code);
      const [flags = 0] = registers.slice(8);
      const words = [...registers.slice(0, 8), CODE, flags, ...memoryOf(seed)];
      return Buffer.concat([
        Buffer.from(Uint32Array.of(rights, isTraced ? 1 : 0).buffer),
        padded,
        Buffer.from(Uint32Array.from(words.map((word) => word >>> 0)).buffer),
      ]);
    }),
  );
}

/** What the native runner wrote. */
export function decodeOutcomes(output: Buffer): StateOutcome[] {
  const words = new Uint32Array(
    output.buffer.slice(output.byteOffset, output.byteOffset + output.length),
  );
  const outcomes: StateOutcome[] = [];
  for (let at = 0; at < words.length; at += RESULT_WORDS) {
    const stopAt = (start: number): StateStop => ({
      vector: words[start] ?? 0,
      error: words[start + 1] ?? 0,
      address: words[start + 2] ?? 0,
      registers: [...words.slice(start + 3, start + STOP_WORDS)],
    });
    outcomes.push({
      steps: words[at + 1] ?? 0,
      fault: words[at] === 0 ? undefined : stopAt(at + 2),
      last: stopAt(at + 2 + STOP_WORDS),
      memory: [...words.slice(at + RESULT_WORDS - WINDOW_WORDS, at + RESULT_WORDS)],
    });
  }
  return outcomes;
}

/** The two pages and the code, with the rights of the second page. */
class WindowBus implements UserBus {
  faulted = false;
  address = 0;
  error = 0;
  rights: Rights;
  readonly bytes = new Uint8Array(0x2000);
  private readonly code: Uint8Array;

  constructor(code: Uint8Array, rights: Rights) {
    this.code = code;
    this.rights = rights;
  }

  read(address: number, bytes: 1 | 2 | 4, willWrite: boolean): number {
    if (!this.check(address, bytes, willWrite)) return 0;
    let value = 0;
    for (let index = bytes - 1; index >= 0; index -= 1) {
      value = value * 256 + (this.bytes[address + index - FIRST_PAGE] ?? 0);
    }
    return value;
  }

  write(address: number, bytes: 1 | 2 | 4, value: number): void {
    if (!this.check(address, bytes, true)) return;
    for (let index = 0; index < bytes; index += 1) {
      this.bytes[address + index - FIRST_PAGE] = value >>> (8 * index);
    }
  }

  fetch(address: number): number {
    return this.code[address - CODE] ?? 0xcc;
  }

  private check(address: number, bytes: number, isWrite: boolean): boolean {
    for (let at = address; at < address + bytes; at += 1) {
      const isInside = at >= FIRST_PAGE && at < SECOND_PAGE + 0x1000;
      const isPresent = isInside && (at < SECOND_PAGE || this.rights !== 1);
      const isAllowed = isPresent && (at < SECOND_PAGE || !isWrite || this.rights === 0);
      if (isAllowed) continue;
      this.faulted = true;
      this.address = at;
      this.error = 4 | (isWrite ? 2 : 0) | (isPresent ? 1 : 0);
      return false;
    }
    return true;
  }
}

const VECTOR_PAGE_FAULT = 14;
const VECTORS: ReadonlyMap<number, number> = new Map([
  [USER_DIVIDE, 0],
  [USER_BREAKPOINT, 3],
  [USER_INVALID, 6],
  [USER_FAULT, VECTOR_PAGE_FAULT],
]);
const MOST_STEPS = 1000;

/** What our executor makes of a case. */
export function executeCase({ source, rights, registers: before, seed }: StateCase): StateOutcome {
  const cpu = createUserCpu();
  const bus = new WindowBus(codeOf(source), rights);
  memoryOf(seed).forEach((word, index) => {
    bus.write(FIRST_PAGE, 1, 0);
    new DataView(bus.bytes.buffer).setUint32(WINDOW - FIRST_PAGE + 4 * index, word, true);
  });
  const registers = new Int32Array(USER_REGISTER_COUNT);
  registers.set(before.slice(0, 8));
  registers[USER_EIP] = CODE;
  registers[USER_EFLAGS] = before[8] ?? 0;
  let fault: StateStop | undefined;
  for (let steps = 0; steps < MOST_STEPS;) {
    const result = cpu.step(registers, bus);
    if (result === USER_DONE || result === USER_REPEAT) {
      steps += 1;
      continue;
    }
    const isFault = result === USER_FAULT;
    const stop: StateStop = {
      vector: VECTORS.get(result) ?? -1,
      error: isFault ? bus.error : 0,
      address: isFault ? bus.address : 0,
      registers: Array.from(registers, (word) => word >>> 0),
    };
    if (isFault && bus.address >= SECOND_PAGE && fault === undefined) {
      fault = stop;
      bus.faulted = false;
      bus.rights = 0;
      continue;
    }
    const view = new DataView(bus.bytes.buffer);
    const memory = Array.from({ length: WINDOW_WORDS }, (_, index) =>
      view.getUint32(WINDOW - FIRST_PAGE + 4 * index, true),
    );
    return { steps, fault, last: stop, memory };
  }
  throw new Error(`${source} does not end`);
}

const TRAP_AND_RESUME = 0x10100;

/**
 * One outcome as text, without what the manual leaves undefined: some flags, the flags in the middle of
 * a repeated comparison, the resume and trap flags, and registers that a faulting `popa` has popped.
 * Memory is told where it changed.
 */
export function describeOutcome(item: StateCase, outcome: StateOutcome): string {
  const { steps, fault, last, memory } = outcome;
  const toText = (stop: StateStop, hidden: number): string => {
    const isInPopa = stop.vector === VECTOR_PAGE_FAULT && item.source.startsWith('popa');
    const words = stop.registers.map((word, index) => {
      if (isInPopa && index < USER_EIP && index !== USER_ESP) return 0;
      return index === USER_EFLAGS ? word & ~(hidden | TRAP_AND_RESUME) : word;
    });
    const all = [stop.vector, stop.error, stop.address, ...words];
    return all.map((word) => (word >>> 0).toString(16)).join(' ');
  };
  const compares = /rep\w* (?:cmps|scas)/.test(item.source);
  const changed = memoryOf(item.seed).flatMap((word, index) =>
    word === memory[index] ? [] : [`${String(index)}:${(memory[index] ?? 0).toString(16)}`],
  );
  return [
    item.isTraced ? String(steps) : '-',
    fault === undefined ? '-' : toText(fault, compares ? 0x8d5 : item.undefinedFlags),
    toText(last, item.undefinedFlags),
    changed.join(' ') || '-',
  ].join('\t');
}

/** A line of `states.txt`: the case, then the outcome. */
export function formatCase(item: StateCase, outcome: string): string {
  const { source, rights, isTraced, registers, seed, undefinedFlags } = item;
  const numbers = [rights, isTraced ? 1 : 0, undefinedFlags, seed, ...registers];
  return `${source}\t${numbers.map((word) => (word >>> 0).toString(16)).join(' ')}\t${outcome}\n`;
}

/** The case and the outcome of a line. */
export function parseCase(line: string): { readonly item: StateCase; readonly outcome: string } {
  const [source = '', numbers = '', ...outcome] = line.split('\t');
  const words = numbers.split(' ').map((digits) => Number.parseInt(digits, 16));
  const [rights = 0, traced = 0, undefinedFlags = 0, seed = 0, ...registers] = words;
  const item: StateCase = {
    source,
    rights: rights === 1 ? 1 : rights === 2 ? 2 : 0,
    isTraced: traced === 1,
    registers,
    seed,
    undefinedFlags,
  };
  return { item, outcome: outcome.join('\t') };
}
