/**
 * What has no value yet at a row of the call stack: memory of which the machine's checks know that it was
 * never written, and locals that nothing on the way to the row's place has assigned.
 *
 * A scalar whose address nobody takes is a slot that only instructions of its function write. Where the
 * compiler was not sure that it is assigned before it is read, a flag of the frame says so exactly.
 * Otherwise the code tells: the local has no value where no way leads from a write of its slot. With
 * checks off only this is known.
 */
import { asAddress, type Address, type Pc } from '../base/brand.ts';
import { isScalar, sizeOf } from '../bytecode/ctype.ts';
import { INSTRUCTION_WORDS, OP, OPCODE_MASK } from '../bytecode/instruction.ts';
import { readUnsigned } from '../bytecode/memoryReader.ts';
import type { FunctionInfo, Program, Scope, Variable } from '../bytecode/program.ts';
import { jumpTarget } from '../machine/unitGraph.ts';
import { findValueFlag } from '../machine/valueFlags.ts';
import type { DebugTarget } from './debugTarget.ts';
import { slotOf, writesOfLocal } from './slotWrites.ts';
import type { StackRow } from './stackRows.ts';
import { type TypedValue } from './typedValue.ts';

type KernelRow = Extract<StackRow, { kind: 'kernel' }>;

/** Bytes of memory from an address on. */
interface Range {
  readonly address: number;
  readonly bytes: number;
}

const ENDINGS: ReadonlySet<number> = new Set([
  OP.jump,
  OP.return,
  OP.return32,
  OP.return64,
  OP.trap,
]);

function opcodeAt({ code }: Program, pc: number): number {
  return (code[pc] ?? 0) & OPCODE_MASK;
}

/** Whether some way leads from a write of the variable to a place in its scope. */
function mayBeAssigned(program: Program, scope: Scope, variable: Variable, place: number): boolean {
  if (variable.storage.kind !== 'frame') return true;
  const writes = writesOfLocal(program, scope, variable);
  // Without an initializer it loses its value where it is declared.
  const hasInitializer = writes.some((pc) => pc < variable.declaredAt);
  const first = hasInitializer ? scope.start : variable.declaredAt + INSTRUCTION_WORDS;
  const seen = new Set<number>();
  const pending: number[] = writes.map((pc) => pc + INSTRUCTION_WORDS);
  for (let pc = pending.pop(); pc !== undefined; pc = pending.pop()) {
    if (pc < first || pc >= scope.end || seen.has(pc)) continue;
    if (pc === place) return true;
    seen.add(pc);
    const target = jumpTarget(program.code, pc);
    if (target >= 0) pending.push(target);
    if (!ENDINGS.has(opcodeAt(program, pc))) pending.push(pc + INSTRUCTION_WORDS);
  }
  return false;
}

/** Whether a local lies in a slot of its own that only the function itself writes. */
function isPrivate(info: FunctionInfo, variable: Variable): boolean {
  return !variable.isParameter && slotOf(info, variable) !== undefined;
}

/** A local that may lack a value at a place. */
interface Doubtful {
  /** Byte offset from the frame address. */
  readonly offset: number;
  readonly bytes: number;
  /** The slot that says whether it has one; without a flag it has none. */
  readonly flag: number | undefined;
}

/** What the code says about the locals of each place that was looked at; it says the same every time. */
const doubtfulLocals = new WeakMap<Program, Map<number, readonly Doubtful[]>>();

/** The locals around a place of a function that may lack a value. Cost: the function, the first time. */
function doubtfulAt(program: Program, info: FunctionInfo, pc: Pc): readonly Doubtful[] {
  const known = doubtfulLocals.get(program) ?? new Map<number, readonly Doubtful[]>();
  doubtfulLocals.set(program, known);
  const found = known.get(pc);
  if (found !== undefined) return found;
  const scopes = info.scopes.filter((scope) => scope.start <= pc && pc < scope.end);
  const doubtful = scopes.flatMap((scope) =>
    scope.variables.flatMap((variable): Doubtful[] => {
      const { storage, type, declaredAt } = variable;
      if (storage.kind !== 'frame' || declaredAt > pc || !isPrivate(info, variable)) return [];
      const flag = findValueFlag(program, scope, storage.offset);
      if (flag === undefined && mayBeAssigned(program, scope, variable, pc)) return [];
      return [{ offset: storage.offset, bytes: sizeOf(type) ?? 4, flag }];
    }),
  );
  known.set(pc, doubtful);
  return doubtful;
}

/** The locals around a row's place that nothing has assigned. */
function missingLocals({ program, machine }: DebugTarget, row: KernelRow): readonly Range[] {
  const { pc, frame } = row;
  const info = program.functions[frame.functionIndex];
  if (info === undefined) return [];
  return doubtfulAt(program, info, pc)
    .filter(
      ({ flag }) =>
        flag === undefined || readUnsigned(machine, asAddress(frame.fp + 4 * flag), 4) === 0,
    )
    .map(({ offset, bytes }) => ({ address: frame.fp + offset, bytes }));
}

/** Tells what has no value yet at a row. */
export class MissingValues {
  private readonly target: DebugTarget;
  private readonly row: StackRow | undefined;
  private locals: readonly Range[] | undefined;

  constructor(target: DebugTarget, row: StackRow | undefined) {
    this.target = target;
    this.row = row;
  }

  /** Whether some of the bytes from an address on have no value. Cost: the function, the first time. */
  has(address: Address, bytes: number): boolean {
    if (this.target.machine.lacksValue(address, bytes)) return true;
    this.locals ??= this.row?.kind === 'kernel' ? missingLocals(this.target, this.row) : [];
    return this.locals.some(
      (local) => address < local.address + local.bytes && address + bytes > local.address,
    );
  }

  /** The same for the bytes of a scalar; of a bit-field those in which it has bits. */
  isMissing({ type, address, bits, lacksValue }: TypedValue): boolean {
    if (lacksValue === true) return true;
    if (address === undefined || !isScalar(type)) return false;
    if (bits === undefined) return this.has(address, sizeOf(type) ?? 1);
    const first = bits.start >> 3;
    const last = (bits.start + bits.width - 1) >> 3;
    return this.has(asAddress(address + first), last - first + 1);
  }
}
