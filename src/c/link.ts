/**
 * Joins lowered objects into a program: places code and data, completes relocations and turns the
 * positions of debug information from relative to absolute.
 */
import { asAddress, asPc, type Pc } from '../base/brand.ts';
import { defined } from '../base/errors.ts';
import type { Span } from '../base/span.ts';
import type { Annotation } from '../bytecode/annotation.ts';
import { INSTRUCTIONS, INSTRUCTION_WORDS, OP, OPCODE_MASK } from '../bytecode/instruction.ts';
import {
  CODE_BASE,
  DATA_BASE,
  STATIC_ZONE_BYTES,
  type Anchor,
  type CallInfo,
  type GuardedAccess,
  type ExpressionTable,
  type FlagsHint,
  type FunctionInfo,
  type GlobalInfo,
  type Scope,
  type StatementInfo,
  type Variable,
} from '../bytecode/program.ts';
import type { DiagnosticSink } from './diagnosticSink.ts';
import {
  DATA_LIMIT_BYTES,
  type DataObject,
  type FunctionCode,
  type FrameVariable,
  type FunctionObject,
  type LinkTarget,
} from './objectCode.ts';
import { representativeOf, shareInlineFunctions } from './sharedInline.ts';
import type { UnitObject } from './unitObject.ts';

/** Everything of a program that linking determines. */
export interface LinkedProgram {
  readonly code: Int32Array;
  readonly data: Uint8Array;
  /** First address behind data and zeros, page-aligned. */
  readonly dataEnd: number;
  readonly functions: readonly FunctionInfo[];
  readonly globals: readonly GlobalInfo[];
  readonly dataObjects: Uint32Array;
  readonly statements: readonly StatementInfo[];
  readonly calls: readonly CallInfo[];
  readonly guardedAccesses: readonly GuardedAccess[];
  readonly expressions: ExpressionTable;
  readonly annotations: readonly Annotation[];
  readonly anchors: readonly Anchor[];
  readonly flagsHints: readonly FlagsHint[];
}

const PAGE_BYTES = 4096;
/** Objects start at words, since the checks know of memory by words. */
const WORD_BYTES = 4;

interface PlacedFunction {
  readonly object: FunctionObject;
  readonly code: FunctionCode;
}

/** Operand positions (1-3) of jump targets, by opcode. */
const targetPositions = INSTRUCTIONS.map(
  (shape) => [shape.a, shape.b, shape.c].indexOf('target') + 1,
);

/** Links the objects of all units. Errors: duplicate anchors and too much data go to the sink. */
export function linkProgram(units: readonly UnitObject[], sink: DiagnosticSink): LinkedProgram {
  const functions = units.flatMap((unit) => unit.functions);
  const data = units.flatMap((unit) => unit.data);
  shareInlineFunctions(functions);
  const placed = placeFunctions(functions);
  const dataBytes = placeData(data, sink);
  const annotations: Annotation[] = [];
  const code = assembleCode(placed, annotations);
  const functionNumber = (object: FunctionObject | undefined): number | undefined =>
    object === undefined ? undefined : representativeOf(object).index;
  addDeclarations(units, annotations);
  return {
    code,
    data: assembleData(data, dataBytes.initialized),
    dataEnd: DATA_BASE + Math.ceil(dataBytes.total / PAGE_BYTES) * PAGE_BYTES,
    functions: placed.map(describeFunction),
    globals: describeGlobals(data, functionNumber),
    dataObjects: listObjects(data),
    statements: placed.flatMap(describeStatements),
    calls: placed.flatMap(({ object, code: { calls } }) =>
      calls.map(({ pc, span }) => ({ pc: asPc(object.entry + pc), span })),
    ),
    guardedAccesses: placed.flatMap(({ object, code: { guardedAccesses } }) =>
      guardedAccesses.map(({ pc, guard }) => ({ pc: asPc(object.entry + pc), ...guard })),
    ),
    expressions: joinExpressions(placed),
    annotations,
    anchors: describeAnchors(placed, sink),
    flagsHints: describeFlags(units, functionNumber),
  };
}

function placeFunctions(functions: readonly FunctionObject[]): PlacedFunction[] {
  const placed: PlacedFunction[] = [];
  let entry = 4 * INSTRUCTION_WORDS;
  for (const object of functions) {
    const { code } = object;
    if (code === undefined || object.twin !== undefined) continue;
    object.index = placed.length;
    object.entry = entry;
    entry += code.words.length;
    placed.push({ object, code });
  }
  return placed;
}

function alignUp(value: number, align: number): number {
  return Math.ceil(value / align) * align;
}

/**
 * Places what has bytes first, so that the zeros behind need no room in the program. A red zone lies
 * before, between and behind the objects.
 */
function placeData(
  data: readonly DataObject[],
  sink: DiagnosticSink,
): { readonly initialized: number; readonly total: number } {
  let end = STATIC_ZONE_BYTES;
  const place = (object: DataObject): void => {
    end = alignUp(end, Math.max(WORD_BYTES, object.align));
    object.address = DATA_BASE + end;
    end += object.size + STATIC_ZONE_BYTES;
  };
  data.filter(({ bytes }) => bytes !== undefined).forEach(place);
  const initialized = end;
  data.filter(({ bytes }) => bytes === undefined).forEach(place);
  if (end > DATA_LIMIT_BYTES) {
    const largest = data.reduce((a, b) => (b.size > a.size ? b : a));
    sink.report('data-too-large', largest.debug?.span, end, DATA_LIMIT_BYTES);
    return { initialized: 0, total: 0 };
  }
  return { initialized, total: end };
}

/** Address and size of each object, by growing address. */
function listObjects(data: readonly DataObject[]): Uint32Array {
  const sorted = [...data].sort((one, other) => one.address - other.address);
  return Uint32Array.from(sorted.flatMap(({ address, size }) => [address, size]));
}

/** The virtual address of an object. */
function addressOf(target: LinkTarget): number {
  if (target.kind === 'data') return target.address;
  return CODE_BASE + 4 * representativeOf(target).entry;
}

function assembleCode(placed: readonly PlacedFunction[], annotations: Annotation[]): Int32Array {
  const last = placed.at(-1);
  const stubs = 4 * INSTRUCTION_WORDS;
  const length = last === undefined ? stubs : last.object.entry + last.code.words.length;
  const code = new Int32Array(length);
  for (const [index, opcode] of [
    OP.trap,
    OP.trapReturn,
    OP.interruptReturn,
    OP.bootReturn,
  ].entries()) {
    code[index * INSTRUCTION_WORDS] = opcode;
  }
  for (const { object, code: unplaced } of placed) {
    const { entry } = object;
    code.set(unplaced.words, entry);
    relocateTargets(code, entry, unplaced.words.length);
    for (const { kind, word, target } of unplaced.relocations) {
      const at = entry + word;
      if (kind === 'annotation') code[at] = (code[at] ?? 0) + annotations.length;
      else code[at] = relocatedWord(kind, code[at] ?? 0, defined(target, 'relocation target'));
    }
    for (const { pc, ...annotation } of unplaced.annotations) {
      const place = pc === undefined ? undefined : asPc(entry + pc);
      annotations.push({ ...annotation, functionIndex: object.index, pc: place });
    }
  }
  return code;
}

function relocatedWord(kind: 'address' | 'function', word: number, target: LinkTarget): number {
  if (kind === 'address') return (word + addressOf(target)) | 0;
  return target.kind === 'function' ? representativeOf(target).index : -1;
}

function relocateTargets(code: Int32Array, entry: number, length: number): void {
  for (let pc = entry; pc < entry + length; pc += INSTRUCTION_WORDS) {
    const position = targetPositions[(code[pc] ?? 0) & OPCODE_MASK] ?? 0;
    if (position > 0) code[pc + position] = (code[pc + position] ?? 0) + entry;
  }
}

function assembleData(data: readonly DataObject[], length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  for (const object of data) {
    if (object.bytes === undefined || object.address + object.size - DATA_BASE > length) continue;
    const start = object.address - DATA_BASE;
    bytes.set(object.bytes, start);
    for (const { offset, target } of object.relocations) {
      const at = start + offset;
      view.setInt32(at, view.getInt32(at, true) + addressOf(target), true);
    }
  }
  return bytes;
}

function describeFunction({ object, code }: PlacedFunction): FunctionInfo {
  const entry = asPc(object.entry);
  return {
    index: object.index,
    name: object.name,
    type: object.type,
    entry,
    end: asPc(entry + code.words.length),
    frameSize: code.frameSize,
    nameSpan: code.nameSpan,
    span: code.span,
    scopes: code.scopes.map((scope) => describeScope(scope, entry)),
    isStatic: object.isStatic,
    isPlumbing: code.isPlumbing,
    unit: object.unit,
    ...(code.guarded.length === 0 ? {} : { guarded: code.guarded }),
  };
}

function describeVariable(variable: FrameVariable, entry: Pc): Variable {
  const { name, type, span, offset, align, isParameter, declaredAt } = variable;
  const storage = { kind: 'frame', offset, ...(align === undefined ? {} : { align }) } as const;
  return { name, type, span, storage, isParameter, declaredAt: asPc(entry + declaredAt) };
}

function describeScope(scope: FunctionCode['scopes'][number], entry: Pc): Scope {
  return {
    start: asPc(entry + scope.start),
    end: asPc(entry + scope.end),
    parent: scope.parent,
    variables: scope.variables.map((variable) => describeVariable(variable, entry)),
  };
}

function describeStatements({ object, code }: PlacedFunction): StatementInfo[] {
  return code.statements.map(({ pc, span, isEntry }) => ({
    pc: asPc(object.entry + pc),
    span,
    functionIndex: object.index,
    isEntry,
  }));
}

/** A function begins without an expression, whatever the one before it ended in. */
function joinExpressions(placed: readonly PlacedFunction[]): ExpressionTable {
  const pcs: number[] = [];
  const spans: (Span | undefined)[] = [];
  const pointers: (Span | undefined)[] = [];
  const add = (pc: number, span: Span | undefined, pointer: Span | undefined): void => {
    pcs.push(pc);
    spans.push(span);
    pointers.push(pointer);
  };
  for (const { object, code } of placed) {
    if (code.expressions[0]?.pc !== 0) add(object.entry, undefined, undefined);
    for (let index = 0; index < code.expressions.length; index += 1) {
      const mark = code.expressions[index];
      if (mark !== undefined) add(object.entry + mark.pc, mark.span, mark.pointer);
    }
  }
  return { pcs: Int32Array.from(pcs), spans, pointers };
}

function describeGlobals(
  data: readonly DataObject[],
  functionNumber: (object: FunctionObject | undefined) => number | undefined,
): GlobalInfo[] {
  const globals: GlobalInfo[] = [];
  for (const { name, unit, address, debug } of data) {
    if (debug === undefined) continue;
    globals.push({
      name,
      type: debug.type,
      span: debug.span,
      storage: { kind: 'static', address: asAddress(address) },
      isParameter: false,
      declaredAt: asPc(0),
      unit,
      isStatic: debug.isStatic,
      functionIndex: functionNumber(debug.owner),
    });
  }
  return globals;
}

function isSamePlace(one: Span, other: Span): boolean {
  return one.file.path === other.file.path && one.start === other.start;
}

function describeAnchors(placed: readonly PlacedFunction[], sink: DiagnosticSink): Anchor[] {
  const anchors = new Map<string, Anchor>();
  for (const { object, code } of placed) {
    for (const { name, title, span, pc } of code.anchors) {
      const known = anchors.get(name);
      if (known === undefined) {
        const place = asPc(object.entry + pc);
        anchors.set(name, { name, title, pc: place, span, functionIndex: object.index });
      } else if (!isSamePlace(known.span, span)) {
        const notes = [{ message: 'the other place is here', span: known.span }];
        sink.reportWithNotes('duplicate-anchor', span, notes, name);
      }
    }
  }
  return [...anchors.values()].sort((a, b) => a.pc - b.pc);
}

/** Annotations that belong to no function; those of headers once. */
function addDeclarations(units: readonly UnitObject[], annotations: Annotation[]): void {
  const seen = new Set<string>();
  for (const { declarations } of units) {
    for (const { form, action, span, roles } of declarations) {
      const key = `${span.file.path}:${String(span.start)}`;
      if (seen.has(key)) continue;
      seen.add(key);
      annotations.push({ form, action, span, roles, functionIndex: undefined, pc: undefined });
    }
  }
}

function describeFlags(
  units: readonly UnitObject[],
  functionNumber: (object: FunctionObject | undefined) => number | undefined,
): FlagsHint[] {
  const hints = new Map<string, FlagsHint>();
  for (const { flags } of units) {
    for (const { name, recordTag, owner, prefix } of flags) {
      const functionIndex = functionNumber(owner);
      const key = [name, recordTag, functionIndex, prefix].join(' ');
      hints.set(key, { name, recordTag, functionIndex, prefix });
    }
  }
  return [...hints.values()];
}
