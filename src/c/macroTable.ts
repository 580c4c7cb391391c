/**
 * The macros of a unit while it is preprocessed, by name.
 *
 * While a segment of a header is recorded the table notes what the segment learned of macros that
 * were defined before it, and what it changed. So the segment can be used again in another unit
 * where it would learn the same: a macro is an object that every use of its `#define` shares.
 */
import type { Macro } from './macro.ts';

/** What expansion and conditions ask. */
export interface MacroNames {
  get(name: string): Macro | undefined;
  has(name: string): boolean;
}

/** Names, and the macro of each at the same index; `undefined` where there is none. */
export interface MacroList {
  readonly names: readonly string[];
  readonly macros: readonly (Macro | undefined)[];
}

/** What a segment of a header had to do with macros. */
export interface MacroTrace {
  /** Names asked for, with the answers that came from outside of the segment. */
  readonly reads: Map<string, Macro | undefined>;
  /** Names defined and undefined, as they are at its end. */
  readonly writes: Map<string, Macro | undefined>;
}

/** A list of what a trace has noted; lists are gone through faster than maps. */
export function toMacroList(macros: ReadonlyMap<string, Macro | undefined>): MacroList {
  return { names: [...macros.keys()], macros: [...macros.values()] };
}

export class MacroTable implements MacroNames {
  readonly #macros = new Map<string, Macro>();
  /** Of the segment that is being recorded. */
  trace: MacroTrace | undefined;

  /** Everything that is defined, for readers; it changes with the table. */
  get all(): ReadonlyMap<string, Macro> {
    return this.#macros;
  }

  get(name: string): Macro | undefined {
    const macro = this.#macros.get(name);
    if (this.trace !== undefined) note(this.trace, name, macro);
    return macro;
  }

  has(name: string): boolean {
    return this.get(name) !== undefined;
  }

  set(macro: Macro): void {
    this.#macros.set(macro.name, macro);
    this.trace?.writes.set(macro.name, macro);
  }

  delete(name: string): void {
    this.#macros.delete(name);
    this.trace?.writes.set(name, undefined);
  }

  /** Whether all questions would be answered the same way here. */
  agreesWith({ names, macros }: MacroList): boolean {
    const table = this.#macros;
    for (let index = 0; index < names.length; index += 1) {
      if (table.get(names[index] ?? '') !== macros[index]) return false;
    }
    return true;
  }

  /** Makes the changes of a segment. */
  apply({ names, macros }: MacroList): void {
    const table = this.#macros;
    for (let index = 0; index < names.length; index += 1) {
      const macro = macros[index];
      if (macro === undefined) table.delete(names[index] ?? '');
      else table.set(macro.name, macro);
    }
  }
}

function note({ reads, writes }: MacroTrace, name: string, macro: Macro | undefined): void {
  if (!writes.has(name) && !reads.has(name)) reads.set(name, macro);
}
