/**
 * Ordinary C programs on our machine: what `faultline cc` compiles and runs.
 *
 * The program is one file of the user with the headers and units of `media/libc`. It runs as the boot
 * code of a machine with one CPU and no tasks: `__start` of the library receives a table with the
 * arguments of `main` and the memory for the heap.
 */
import path from 'node:path';
import { BugError } from '../base/errors.ts';
import type { SourceFile } from '../base/span.ts';
import { findFunction, type Program } from '../bytecode/program.ts';
import { compile, type CompileResult } from '../c/compile.ts';
import { encodeText } from '../c/literal.ts';
import { Machine } from '../machine/machine.ts';
import type { CostTable, TierConfig } from '../machine/machineConfig.ts';
import type { FinalStop } from '../machine/stop.ts';
import { USER_INVALID } from '../machine/userCpu.ts';
import type { MediaFiles } from '../scenario/mediaFiles.ts';

const HEADERS = 'libc/include/';
const UNITS = 'libc/src/';
/** The function of the library that calls `main`. */
const START = '__start';
const RAM_BYTES = 64 * 1024 * 1024;
const STACK_BYTES = 8 * 1024 * 1024;
/** Instructions between two looks at the bounds. */
const SLICE_STEPS = 20_000_000;

/** Time means nothing to an ordinary program. */
const COSTS: CostTable = {
  statementNs: 2,
  userInstructionNs: 1,
  trapNs: 1,
  systemCallNs: 1,
  interruptNs: 1,
  contextSwitchNs: 1,
  diskReadNs: 1,
  diskSeekNs: 0,
  diskPageNs: 1,
  named: new Map(),
};

/** Reads a file of the user by its path; `undefined` when there is none. */
export type ReadSource = (name: string) => SourceFile | undefined;

/** Files that were read, one object for each. */
class SourceCache {
  readonly #read: ReadSource;
  readonly #files = new Map<string, SourceFile | undefined>();

  constructor(read: ReadSource) {
    this.#read = read;
  }

  read(name: string): SourceFile | undefined {
    if (!this.#files.has(name)) this.#files.set(name, this.#read(name));
    return this.#files.get(name);
  }

  has(file: SourceFile): boolean {
    return this.#files.get(file.path) === file;
  }
}

/**
 * Compiles a program of one file together with the library. Headers are looked for beside the file
 * that includes them, in `includeFolders`, and among those of the library.
 */
export function compileHosted(
  file: SourceFile,
  media: MediaFiles,
  readSource: ReadSource,
  includeFolders: readonly string[] = [],
): CompileResult {
  const shipped = new SourceCache((name) => {
    const text = media.read(name);
    return text === undefined ? undefined : { path: name, text };
  });
  const own = new SourceCache((name) => (name === file.path ? file : readSource(name)));
  const units = media.list(UNITS).filter((name) => name.endsWith('.c'));
  const library = units.flatMap((name) => shipped.read(name) ?? []);
  return compile({
    units: [file, ...library],
    resolveInclude: (name, form, from) => {
      const isShipped = shipped.has(from);
      const files = isShipped ? shipped : own;
      const rules = isShipped ? path.posix : path;
      const beside =
        form === 'quote' ? files.read(rules.join(rules.dirname(from.path), name)) : undefined;
      if (beside !== undefined) return beside;
      for (const root of isShipped ? [] : includeFolders) {
        const found = own.read(path.join(root, name));
        if (found !== undefined) return found;
      }
      return shipped.read(HEADERS + name);
    },
    listIncludes: () => media.list(HEADERS).map((name) => name.slice(HEADERS.length)),
    language: { forms: [], owners: [], queries: [] },
  });
}

/** The table that `__start` receives: argc, argv, then the pointers and the texts of the arguments. */
function argumentTable(base: number, values: readonly string[]): Uint8Array {
  const texts = values.map((value) => [...encodeText(value), 0]);
  const pointers = 8;
  const strings = pointers + 4 * (texts.length + 1);
  const table = new Uint8Array(strings + texts.reduce((sum, text) => sum + text.length, 0));
  const view = new DataView(table.buffer);
  view.setUint32(0, texts.length, true);
  view.setUint32(4, base + pointers, true);
  let at = strings;
  for (const [index, text] of texts.entries()) {
    view.setUint32(pointers + 4 * index, base + at, true);
    table.set(text, at);
    at += text.length;
  }
  return table;
}

/** How a program ended, and the machine at its end. */
export interface HostedRun {
  readonly stop: FinalStop;
  readonly machine: Machine;
}

/** How a program is run. */
export interface HostedOptions extends TierConfig {
  /** Instructions after which the outcome is `limit`. */
  readonly maxSteps: number;
  /** Whether undefined behavior is caught; true when left out. */
  readonly checks?: boolean;
  /** Memory and its part for the stack; 64 and 8 MiB when left out. */
  readonly ramBytes?: number;
  readonly stackBytes?: number;
}

/** A machine for a program, about to boot; parameters as for `runHosted`. */
export function createHostedMachine(
  program: Program,
  values: readonly string[],
  output: (fd: number, bytes: Uint8Array) => void,
  options: HostedOptions,
): Machine {
  const {
    maxSteps,
    checks = true,
    ramBytes = RAM_BYTES,
    stackBytes = STACK_BYTES,
    ...tier
  } = options;
  const start = findFunction(program, START);
  if (start === undefined) throw new BugError(`the C library has no ${START}`);
  return new Machine({
    program,
    scenarioHash: '',
    cpuCount: 1,
    ramBytes,
    costs: COSTS,
    entries: {
      boot: start.index,
      pageFault: start.index,
      systemCall: start.index,
      diskInterrupt: start.index,
      timerInterrupt: start.index,
    },
    bootTable: argumentTable(program.dataEnd, values),
    disk: { readPage: () => 0 },
    userCpu: { step: () => USER_INVALID },
    outputBytes: output,
    triggers: [],
    limits: { steps: maxSteps, bootStackBytes: stackBytes },
    checks,
    ...tier,
  });
}

/**
 * Runs a program to its end. `output` gets what it writes, bytes that are valid only during the call;
 * `values` are the arguments with the program's name first.
 */
export function runHosted(
  program: Program,
  values: readonly string[],
  output: (fd: number, bytes: Uint8Array) => void,
  options: HostedOptions,
): HostedRun {
  const machine = createHostedMachine(program, values, output, options);
  for (;;) {
    const stop = machine.boot(SLICE_STEPS);
    if (stop === undefined) throw new BugError('the start of a hosted program returned');
    switch (stop.kind) {
      case 'fault':
      case 'finished':
      case 'deadlock':
        return { stop, machine };
      case 'budget':
        continue;
      default:
        throw new BugError(`a hosted program stopped with ${stop.kind}`);
    }
  }
}
