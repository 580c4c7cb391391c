/**
 * Which locals of a function are watched while it runs, and how the frame provides for it.
 *
 * Guarded locals that may lack a value are counted, and so are parameters that are records: each read asks
 * the shadow and each assignment tells it, so that it knows at any time which of their bytes have one.
 *
 * Arrays, structs and scalars whose address is taken lie together at the top of the frame with red
 * zones around them: they are guarded. The flow of control tells which reads of other scalars may come
 * too early; such a variable gets a word of its own, its flag, that says whether it has a value.
 */
import { alignOf, sizeOf, type CType } from '../bytecode/ctype.ts';
import { LOCAL_ZONE_BYTES, type GuardedObject } from '../bytecode/program.ts';
import { analyzeAssignments, type AssignmentFlow } from './assignmentFlow.ts';
import type { Expression, FunctionDefinition, VariableExpression, VariableSymbol } from './ast.ts';
import type { FrameLayout } from './frameLayout.ts';
import { valueRuns } from './valueBytes.ts';

/**
 * A variable that is aligned to more than a word. There is room for it wherever the frame is, and a slot
 * gets its address when the function starts.
 */
export interface AlignedLocal {
  /** In bytes, a power of two. */
  readonly align: number;
  readonly baseSlot: number;
}

/** What the words of a frame are aligned to, in bytes. */
const FRAME_ALIGNMENT = 4;

/** What lowering knows of the watched locals of one function. */
export interface FunctionChecks {
  /** By growing offset. */
  readonly guarded: readonly GuardedObject[];
  /** Byte offsets of guarded variables from the frame pointer. */
  readonly offsets: ReadonlyMap<VariableSymbol, number>;
  /** Guarded variables and parameters that ask for more alignment than the frame has. */
  readonly aligned: ReadonlyMap<VariableSymbol, AlignedLocal>;
  /** Guarded variables and parameters that may lack a value. */
  readonly counted: ReadonlySet<VariableSymbol>;
  /** Those of them that begin to live without a value. */
  readonly withoutValue: ReadonlySet<VariableSymbol>;
  /** The slots of flags. */
  readonly flags: ReadonlyMap<VariableSymbol, number>;
  /** Mentions whose read is checked. */
  readonly reads: ReadonlySet<Expression>;
  /** Reads of variables that nothing gives a value. */
  readonly hopeless: readonly VariableExpression[];
}

/** Whether pointers can lead to a variable, or to parts of it. */
function isGuarded({ type, isAddressTaken }: VariableSymbol): boolean {
  return isAddressTaken || type.kind === 'array' || type.kind === 'record';
}

/** Whether a variable that begins to live with a value may come to lack some of it: by a copy. */
function canLoseValue({ copied }: AssignmentFlow, symbol: VariableSymbol): boolean {
  if (symbol.type.kind === 'record') return symbol.isAddressTaken || copied.has(symbol);
  return symbol.type.kind === 'array' && innermost(symbol.type).kind === 'record';
}

function innermost(type: CType): CType {
  return type.kind === 'array' ? innermost(type.element) : type;
}

function paddingOf({ type }: VariableSymbol, bytes: number): Pick<GuardedObject, 'padding'> {
  if (type.kind !== 'record' && type.kind !== 'array') return {};
  const runs = valueRuns(type);
  if (runs.length === 1 && runs[0]?.bytes === bytes) return {};
  const padding: number[] = [];
  let from = 0;
  for (const { start, bytes: count } of [...runs, { start: bytes, bytes: 0 }]) {
    for (; from < start; from += 1) padding.push(from);
    from = start + count;
  }
  return { padding };
}

function alignmentOf({ align, type }: VariableSymbol): number {
  return Math.max(align, alignOf(type));
}

/** The locals, and the parameters that must be copied to where they are aligned. */
function placedVariables({ locals, parameters }: FunctionDefinition): readonly VariableSymbol[] {
  return [...locals, ...parameters.filter((symbol) => alignmentOf(symbol) > FRAME_ALIGNMENT)];
}

/** Looks the locals over and reserves their places, which must be the first of the frame. */
export function planChecks(definition: FunctionDefinition, frame: FrameLayout): FunctionChecks {
  const flow = analyzeAssignments(definition);
  const alignments = new Map<VariableSymbol, number>();
  const offsets = new Map<VariableSymbol, number>();
  const counted = new Set(definition.parameters.filter(({ type }) => type.kind === 'record'));
  const withoutValue = new Set<VariableSymbol>();
  const guarded: GuardedObject[] = [];
  for (const symbol of placedVariables(definition)) {
    const bytes = sizeOf(symbol.type) ?? 0;
    if (!isGuarded(symbol) || bytes === 0) continue;
    frame.allocate(LOCAL_ZONE_BYTES / 4);
    const align = Math.max(alignmentOf(symbol), FRAME_ALIGNMENT);
    const offset = 4 * frame.allocate(Math.ceil(bytes / 4) + (align - FRAME_ALIGNMENT) / 4);
    const asked = align === FRAME_ALIGNMENT ? {} : { align };
    if (asked.align !== undefined) alignments.set(symbol, align);
    // A compound literal has no name and is always initialized; a temporary is when it is read.
    const hasName = symbol.name !== '';
    const isTemporary = symbol.isTemporary === true;
    const isUndefined = hasName && !symbol.isParameter && !flow.initialized.has(symbol);
    // An aligned one is reached by its address, so the shadow is told anyway.
    const isCounted =
      asked.align !== undefined ||
      isUndefined ||
      isTemporary ||
      (hasName && canLoseValue(flow, symbol));
    const kept = isTemporary ? { isTemporary } : {};
    const object = { offset, bytes, isUndefined, isCounted, ...asked, ...kept };
    guarded.unshift({ ...object, ...paddingOf(symbol, bytes) });
    offsets.set(symbol, offset);
    if (isCounted) counted.add(symbol);
    if (isUndefined) withoutValue.add(symbol);
  }
  if (guarded.length > 0) frame.allocate(LOCAL_ZONE_BYTES / 4);
  const flags = new Map<VariableSymbol, number>();
  for (const symbol of flow.flagged) flags.set(symbol, frame.allocate(1));
  const aligned = new Map<VariableSymbol, AlignedLocal>();
  for (const [symbol, align] of alignments) {
    aligned.set(symbol, { align, baseSlot: frame.allocate(1) });
  }
  const { reads, hopeless } = flow;
  return { guarded, offsets, aligned, counted, withoutValue, flags, reads, hopeless };
}
