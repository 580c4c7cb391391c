/**
 * Instructions for a disassembly view: i386 code of user programs with its bytes, and the machine's own
 * code that kernel functions are compiled to.
 */
import { asAddress, asPc, hex, type TaskId } from '../base/brand.ts';
import type { Span } from '../base/span.ts';
import { disassembleAt } from '../bytecode/disassembler.ts';
import { INSTRUCTION_WORDS } from '../bytecode/instruction.ts';
import { CODE_BASE, functionAt, statementAt } from '../bytecode/program.ts';
import { disassemble } from '../x86/disassemble.ts';
import type { DebugTarget, DebugTask } from './debugTarget.ts';
import { programPlaceName } from './stackRows.ts';

/** A row of the view. */
export interface DisassemblyRow {
  readonly address: number;
  /** In hexadecimal, with blanks between the bytes; absent for the machine's own code. */
  readonly bytes?: string;
  readonly text: string;
  /** A label or function that begins here. */
  readonly symbol?: string;
  readonly span?: Span | undefined;
  readonly isValid: boolean;
}

const WORD_BYTES = 4;
/** Bytes of an instruction of the machine's own code. */
const OWN_BYTES = WORD_BYTES * INSTRUCTION_WORDS;
/** No i386 instruction is longer. */
const LONGEST = 15;

/** The address by which a code place of the kernel is named. */
export function codeAddress(pc: number): number {
  return CODE_BASE + WORD_BYTES * pc;
}

/** The addresses of all the kernel's code; `end` is exclusive. */
export function kernelCodeRange({ program }: DebugTarget): {
  readonly start: number;
  readonly end: number;
} {
  return { start: CODE_BASE, end: codeAddress(program.code.length) };
}

function nothingAt(address: number): DisassemblyRow {
  return { address, text: '(nothing)', isValid: false };
}

/** `count` rows from the one that is `skip` instructions behind an address on. */
export function listDisassembly(
  target: DebugTarget,
  task: TaskId | undefined,
  address: number,
  skip: number,
  count: number,
): readonly DisassemblyRow[] {
  if (address >= CODE_BASE) return listOwnCode(target, address, skip, count);
  const program = target.tasks.find(({ id }) => id === task);
  return listUserCode(target, program, address, skip, count);
}

function listOwnCode(
  { program }: DebugTarget,
  address: number,
  skip: number,
  count: number,
): DisassemblyRow[] {
  const first = Math.floor((address - CODE_BASE) / OWN_BYTES) + skip;
  return Array.from({ length: count }, (_, index): DisassemblyRow => {
    const pc = asPc((first + index) * INSTRUCTION_WORDS);
    const at = codeAddress(pc);
    if (pc < 0 || pc >= program.code.length) return nothingAt(Math.max(0, at));
    const owner = functionAt(program, pc);
    const text = disassembleAt(program, pc);
    const span = statementAt(program, pc)?.span;
    const symbol = owner?.entry === pc ? { symbol: owner.name } : {};
    return { address: at, text, ...symbol, span, isValid: true };
  });
}

function listUserCode(
  target: DebugTarget,
  task: DebugTask | undefined,
  address: number,
  skip: number,
  count: number,
): DisassemblyRow[] {
  const lines = task?.program.lines ?? [];
  const behind = lines.findIndex((line) => line.address >= address);
  const start = (behind < 0 ? lines.length : behind) + skip;
  return Array.from({ length: count }, (_, index): DisassemblyRow => {
    const line = lines[start + index];
    if (line === undefined || task === undefined) {
      // Addresses must grow from row to row, whatever is there.
      const edge = start + index < 0 ? lines[0] : lines.at(-1);
      const distance = start + index < 0 ? start + index : start + index - lines.length + 1;
      return nothingAt(Math.max(0, (edge?.address ?? address) + distance));
    }
    const bytes = Uint8Array.from({ length: LONGEST }, (_item, at) => {
      return target.machine.readUserByte(task.id, asAddress(line.address + at)) ?? 0;
    });
    const [decoded] = disassemble(bytes, asAddress(line.address));
    const name = programPlaceName(task.program, line.address);
    return {
      address: line.address,
      text: decoded?.text ?? '(nothing)',
      bytes: Array.from(decoded?.bytes ?? [], (byte) => hex(byte, 2).slice(2)).join(' '),
      ...(name.includes('+') ? {} : { symbol: name }),
      span: line.span,
      isValid: decoded !== undefined,
    };
  });
}
