/**
 * Flag words by name: `0x08 FAULT_FLAG_RELEASE`.
 *
 * A `//@ flags NAME PREFIX_` annotation says that the bits of a variable or field are named by the
 * macros (masks) or the enumeration constants (bit numbers) with that prefix. Only macros of a single
 * bit count; a name that belongs to a longer announced prefix (`VM_FAULT_OOM` beside `VM_`) does not.
 * Bits without a name stay hexadecimal.
 */
import type { Program } from '../bytecode/program.ts';

interface NamedBit {
  readonly name: string;
  readonly mask: bigint;
}

const bitsByPrefixOf = new WeakMap<Program, Map<string, readonly NamedBit[]>>();

function isSingleBit(value: bigint): boolean {
  return value > 0n && (value & (value - 1n)) === 0n;
}

function collectBits(program: Program, prefix: string): readonly NamedBit[] {
  const longer = program.flagsHints
    .map((hint) => hint.prefix)
    .filter((other) => other.length > prefix.length && other.startsWith(prefix));
  const belongs = (name: string): boolean =>
    name.startsWith(prefix) && !longer.some((other) => name.startsWith(other));
  const found = new Map<bigint, NamedBit>();
  const add = (name: string, mask: bigint): void => {
    if (isSingleBit(mask) && !found.has(mask)) found.set(mask, { name, mask });
  };
  for (const macro of program.macros.values()) {
    if (belongs(macro.name) && macro.value !== undefined) add(macro.name, macro.value);
  }
  for (const [name, { value: bit }] of program.enumConstants) {
    if (belongs(name) && bit >= 0n && bit < 64n) add(name, 1n << bit);
  }
  return [...found.values()].sort((one, other) => (one.mask < other.mask ? -1 : 1));
}

function bitsOf(program: Program, prefix: string): readonly NamedBit[] {
  const byPrefix = bitsByPrefixOf.get(program) ?? new Map<string, readonly NamedBit[]>();
  bitsByPrefixOf.set(program, byPrefix);
  const bits = byPrefix.get(prefix) ?? collectBits(program, prefix);
  byPrefix.set(prefix, bits);
  return bits;
}

function hexadecimal(value: bigint): string {
  const digits = value.toString(16);
  return `0x${digits.padStart(digits.length + (digits.length % 2), '0')}`;
}

/** The value in hexadecimal and the names of its bits; `value` is taken without sign in 32 or 64 bits. */
export function formatFlags(program: Program, prefix: string, value: bigint): string {
  let rest = BigInt.asUintN(value < 0n ? 32 : 64, value);
  const word = hexadecimal(rest);
  const parts: string[] = [];
  for (const bit of bitsOf(program, prefix)) {
    if ((rest & bit.mask) === 0n) continue;
    parts.push(bit.name);
    rest &= ~bit.mask;
  }
  if (parts.length === 0) return word;
  if (rest !== 0n) parts.push(hexadecimal(rest));
  return `${word} ${parts.join(' | ')}`;
}

/** The prefix announced for a variable: of a function when `functionIndex` is given, else a global one. */
export function flagsPrefixOfVariable(
  program: Program,
  name: string,
  functionIndex: number | undefined,
): string | undefined {
  return program.flagsHints.find(
    (hint) =>
      hint.name === name && hint.recordTag === undefined && hint.functionIndex === functionIndex,
  )?.prefix;
}

/** The prefix announced for a field of the struct or union with this tag. */
export function flagsPrefixOfField(
  program: Program,
  name: string,
  recordTag: string | undefined,
): string | undefined {
  if (recordTag === undefined) return undefined;
  return program.flagsHints.find((hint) => hint.name === name && hint.recordTag === recordTag)
    ?.prefix;
}
