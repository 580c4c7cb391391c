/**
 * What each instruction is in generated JavaScript: a table from opcode to emitter.
 *
 * An instruction without an emitter is left to the interpreter. Emitters write to memory what the
 * interpreter's case writes, and leave before whatever that case calls a fault. The generated text
 * contains numbers and fixed names only:
 *
 *   w, b, y, g words, bytes, dirty marks, shadow of memory  f     word index of the frame
 *   a, i, q    address and scratch                          n, s  budget left, statements to charge
 *   T          units by function index                      x     cells shared with the tier
 *   e, v, u    leave; leave from a write to a local's slot; leave because a callee left
 *
 * Jumps, calls and returns end blocks; they are written by `unitSource.ts`.
 */
import {
  FLAG_RAW,
  type InstructionName,
  INSTRUCTIONS,
  OP,
  OPCODE_MASK,
} from '../bytecode/instruction.ts';
import { INTRINSIC } from '../bytecode/intrinsic.ts';
import { type BlockWriter, slotText } from './blockWriter.ts';
import { IMAGE_BIAS } from './memory.ts';

/** Writes one instruction with its operands. */
type Emitter = (writer: BlockWriter, a: number, b: number, c: number) => void;

/** Marks of more words than these are not looked at one by one. */
const MOST_MARKS = 8;

/** The index of a slot in the words of memory. */
function indexText(slot: number): string {
  return slotText(slot).slice(2, -1);
}

/** `a = b OPERATOR c`. */
function binary(text: (left: string, right: string) => string): Emitter {
  return (writer, a, b, c) => {
    const left = writer.read(b);
    writer.write(a, text(left, writer.read(c)));
  };
}

/** The same with a literal. */
function withLiteral(text: (left: string, right: string) => string): Emitter {
  return (writer, a, b, c) => writer.write(a, text(writer.read(b), literal(c)));
}

function unary(text: (operand: string) => string): Emitter {
  return (writer, a, b) => writer.write(a, text(writer.read(b)));
}

function comparison(operator: string, isUnsigned: boolean): Emitter {
  return binary((left, right) => `${compare(left, operator, right, isUnsigned)} ? 1 : 0`);
}

/** A negative literal in parentheses, so that it can stand behind any operator. */
function literal(value: number): string {
  return value < 0 ? `(${String(value)})` : String(value);
}

function compare(left: string, operator: string, right: string, isUnsigned: boolean): string {
  return isUnsigned ? `${left} >>> 0 ${operator} ${right} >>> 0` : `${left} ${operator} ${right}`;
}

/** A division; `b / 0` is left to the interpreter, which raises it. */
function division(text: (left: string, right: string) => string): Emitter {
  return (writer, a, b, c) => {
    const left = writer.read(b);
    const right = writer.read(c);
    writer.leaveIf(`${right} === 0`);
    writer.write(a, text(left, right));
  };
}

function load(bytes: number, text: string): Emitter {
  return (writer, a, b, c) => {
    writer.locate(b, c, bytes, false);
    writer.write(a, text);
  };
}

/** A store of at most a word, in one page; the value is in `i`. */
function store(bytes: number, ...lines: readonly string[]): Emitter {
  return (writer, a, b, c) => {
    writer.locate(b, c, bytes, true);
    if (bytes > 1) writer.leaveIf(`(a & ${String(bytes - 1)}) !== 0`);
    const value = writer.read(a);
    writer.guardFrame(b, c, bytes);
    writer.line(`i = ${value};`);
    writer.line('y[a >> 12] = 3;');
    for (const line of lines) writer.line(line);
  };
}

/** An operation on pairs of slots by a function of `arithmetic64.ts` on word indices. */
function pair(name: string, kinds: string, ...flags: readonly boolean[]): Emitter {
  return (writer, a, b, c) => {
    const last = kinds === 'shift' ? writer.read(c) : indexText(c);
    const rest = flags.map((flag) => `, ${String(flag)}`).join('');
    writer.line(`${name}(w, ${indexText(a)}, ${indexText(b)}, ${last}${rest});`);
    writer.kill(a);
    writer.kill(a + 1);
  };
}

function pairDivision(isSigned: boolean, isRemainder: boolean): Emitter {
  const emit = pair('divide64', 'pair', isSigned, isRemainder);
  return (writer, a, b, c) => {
    writer.leaveIf(`(${writer.read(c)} | ${writer.read(c + 1)}) === 0`);
    emit(writer, a, b, c);
  };
}

function pairLess(isSigned: boolean, orEqual: boolean): Emitter {
  return (writer, a, b, c) =>
    writer.write(
      a,
      `isLess64(w, ${indexText(b)}, ${indexText(c)}, ${String(isSigned)}, ${String(orEqual)}) ? 1 : 0`,
    );
}

function pairBits(operator: string): Emitter {
  return (writer, a, b, c) => {
    const low = `${writer.read(b)} ${operator} ${writer.read(c)}`;
    const high = `${writer.read(b + 1)} ${operator} ${writer.read(c + 1)}`;
    writer.line(`i = ${low};`);
    writer.write(a + 1, high);
    writer.write(a, 'i');
  };
}

/** `low` is a double: beyond 32 bits there is a carry, below 0 a borrow. */
function pairSum(operator: string, carry: string): Emitter {
  return (writer, a, b, c) => {
    const low = `(${writer.read(b)} >>> 0) ${operator} (${writer.read(c)} >>> 0)`;
    const high = `${writer.read(b + 1)} ${operator} ${writer.read(c + 1)} ${operator} (${carry})`;
    writer.line(`q = ${low};`);
    writer.line(`i = ${high} | 0;`);
    writer.write(a, 'q | 0');
    writer.write(a + 1, 'i');
  };
}

function pairEqual(equal: number, different: number): Emitter {
  return (writer, a, b, c) => {
    const low = `${writer.read(b)} === ${writer.read(c)}`;
    const high = `${writer.read(b + 1)} === ${writer.read(c + 1)}`;
    writer.write(a, `${low} && ${high} ? ${String(equal)} : ${String(different)}`);
  };
}

const EMITTERS: Partial<Record<InstructionName, Emitter>> = {
  nop: () => undefined,
  const: (writer, a, b) => writer.write(a, String(b)),
  move: (writer, a, b) => writer.write(a, writer.read(b)),
  move64: (writer, a, b) => {
    const low = writer.read(b);
    const high = writer.read(b + 1);
    writer.line(`i = ${low};`);
    writer.write(a + 1, high);
    writer.write(a, 'i');
  },
  frameAddress: (writer, a, b) => {
    writer.write(a, `(f << 2) + ${literal((b - IMAGE_BIAS) | 0)} | 0`);
    writer.noteFrameAddress(a, b);
  },
  load8s: load(1, 'b[a] << 24 >> 24'),
  load8u: load(1, 'b[a]'),
  load16s: load(2, '(b[a] | b[a + 1] << 8) << 16 >> 16'),
  load16u: load(2, 'b[a] | b[a + 1] << 8'),
  load32: load(4, '(a & 3) === 0 ? w[a >> 2] : wordAt(a)'),
  load64: (writer, a, b, c) => {
    writer.locate(b, c, 8, false);
    writer.leaveIf('(a & 3) !== 0');
    writer.line('i = w[a >> 2];');
    writer.write(a + 1, 'w[(a >> 2) + 1]');
    writer.write(a, 'i');
  },
  store8: store(1, 'b[a] = i;'),
  store16: store(2, 'b[a] = i;', 'b[a + 1] = i >> 8;'),
  store32: store(4, 'w[a >> 2] = i;'),
  store64: (writer, a, b, c) => {
    writer.locate(b, c, 8, true);
    writer.leaveIf('(a & 3) !== 0');
    const low = writer.read(a);
    const high = writer.read(a + 1);
    writer.guardFrame(b, c, 8);
    writer.line('y[a >> 12] = 3;');
    writer.line('y[a + 4 >> 12] = 3;');
    writer.line(`i = ${high};`);
    writer.line(`w[a >> 2] = ${low};`);
    writer.line('w[(a >> 2) + 1] = i;');
  },
  copy: (writer, a, b, c) => {
    const isCounted = String(writer.hasFlag(FLAG_RAW));
    writer.leaveIf(`copy(${writer.read(a)}, ${writer.read(b)}, ${String(c)}, ${isCounted}) === 0`);
    writer.killAll();
  },
  zero: (writer, a, _b, c) => {
    writer.leaveIf(`fill(${writer.read(a)}, 0, ${String(c)}) === 0`);
    writer.killAll();
  },
  add: binary((left, right) => `${left} + ${right} | 0`),
  sub: binary((left, right) => `${left} - ${right} | 0`),
  mul: binary((left, right) => `Math.imul(${left}, ${right})`),
  divs: division((left, right) => `${left} / ${right} | 0`),
  divu: division((left, right) => `(${left} >>> 0) / (${right} >>> 0) | 0`),
  rems: division((left, right) => `${left} % ${right} | 0`),
  remu: division((left, right) => `(${left} >>> 0) % (${right} >>> 0) | 0`),
  and: binary((left, right) => `${left} & ${right}`),
  or: binary((left, right) => `${left} | ${right}`),
  xor: binary((left, right) => `${left} ^ ${right}`),
  shl: binary((left, right) => `${left} << ${right}`),
  shrs: binary((left, right) => `${left} >> ${right}`),
  shru: binary((left, right) => `${left} >>> ${right} | 0`),
  addi: withLiteral((left, right) => `${left} + ${right} | 0`),
  muli: withLiteral((left, right) => `Math.imul(${left}, ${right})`),
  andi: withLiteral((left, right) => `${left} & ${right}`),
  ori: withLiteral((left, right) => `${left} | ${right}`),
  xori: withLiteral((left, right) => `${left} ^ ${right}`),
  shli: withLiteral((left, right) => `${left} << ${right}`),
  shrsi: withLiteral((left, right) => `${left} >> ${right}`),
  shrui: withLiteral((left, right) => `${left} >>> ${right} | 0`),
  neg: unary((operand) => `-${operand} | 0`),
  not: unary((operand) => `~${operand}`),
  ext8s: unary((operand) => `${operand} << 24 >> 24`),
  ext8u: unary((operand) => `${operand} & 255`),
  ext16s: unary((operand) => `${operand} << 16 >> 16`),
  ext16u: unary((operand) => `${operand} & 65535`),
  eq: comparison('===', false),
  ne: comparison('!==', false),
  lts: comparison('<', false),
  ltu: comparison('<', true),
  les: comparison('<=', false),
  leu: comparison('<=', true),
  eqi: withLiteral((left, right) => `${left} === ${right} ? 1 : 0`),
  nei: withLiteral((left, right) => `${left} !== ${right} ? 1 : 0`),
  extend64s: (writer, a, b) => {
    writer.line(`i = ${writer.read(b)};`);
    writer.write(a, 'i');
    writer.write(a + 1, 'i >> 31');
  },
  extend64u: (writer, a, b) => {
    writer.write(a, writer.read(b));
    writer.write(a + 1, '0');
  },
  add64: pairSum('+', 'q > 4294967295 ? 1 : 0'),
  sub64: pairSum('-', 'q < 0 ? 1 : 0'),
  mul64: pair('multiply64', 'pair'),
  divs64: pairDivision(true, false),
  divu64: pairDivision(false, false),
  rems64: pairDivision(true, true),
  remu64: pairDivision(false, true),
  and64: pairBits('&'),
  or64: pairBits('|'),
  xor64: pairBits('^'),
  shl64: pair('shiftLeft64', 'shift'),
  shrs64: pair('shiftRight64', 'shift', true),
  shru64: pair('shiftRight64', 'shift', false),
  neg64: (writer, a, b) => {
    writer.line(`i = -${writer.read(b)} | 0;`);
    writer.write(a + 1, `~${writer.read(b + 1)} + (i === 0 ? 1 : 0) | 0`);
    writer.write(a, 'i');
  },
  not64: (writer, a, b) => {
    writer.line(`i = ~${writer.read(b)};`);
    writer.write(a + 1, `~${writer.read(b + 1)}`);
    writer.write(a, 'i');
  },
  eq64: pairEqual(1, 0),
  ne64: pairEqual(0, 1),
  lts64: pairLess(true, false),
  ltu64: pairLess(false, false),
  les64: pairLess(true, true),
  leu64: pairLess(false, true),
  intrinsic: (writer, a, b, c) => INTRINSIC_EMITTERS[b]?.(writer, a, b, c),
  // Inside of a region of a caller they do nothing.
  costBegin: (writer) => writer.leaveIf('region(f) !== 0'),
  costEnd: (writer) => writer.leaveIf('region(f) !== 0'),
  checkIndex: (writer, a, b) => writer.leaveIf(`${writer.read(a)} >>> 0 >= ${String(b >>> 0)}`),
  checkAssigned: (writer, a) => writer.leaveIf(`${writer.read(a)} === 0`),
  guardFrame: (writer, a) => writer.line(`guard(${String(a)}, f);`),
  unguardFrame: (writer, a) => writer.line(`unguard(${String(a)}, f);`),
  undefine: (writer, a, b) => writer.line(`undefine((f << 2) + ${literal(a)}, ${String(b)});`),
  undefineLocal: (writer, a, b) => writer.line(`undefineLocal(${String(a)}, ${String(b)}, f);`),
  define: (writer, a, b) => {
    writer.line(`if ((${marksText(a, b)}) !== 0) define((f << 2) + ${literal(a)}, ${String(b)});`);
  },
  carry: (writer, a, b, c) => {
    const places = `(f << 2) + ${literal(a)}, (f << 2) + ${literal(b)}`;
    writer.line(
      `if ((${marksText(a, c)} | ${marksText(b, c)}) !== 0) carry(${places}, ${String(c)});`,
    );
  },
  checkValue: (writer, a, b) => {
    const lacks = `lacks((f << 2) + ${literal(a)}, ${String(b)})`;
    writer.leaveIf(`(${marksText(a, b)}) !== 0 && ${lacks}`);
  },
};

/** Marks of the words of a piece of the frame, or some number other than 0 for a large one. */
function marksText(offset: number, bytes: number): string {
  const first = offset >> 2;
  const last = (offset + bytes - 1) >> 2;
  if (last - first >= MOST_MARKS) return '1';
  const marks: string[] = [];
  for (let word = first; word <= last; word += 1) {
    marks.push(slotText(word).replace('w', 'g'));
  }
  return marks.join(' | ');
}

/** An intrinsic that only looks at the machine and cannot fail. */
function ask(writer: BlockWriter, a: number, b: number, c: number): void {
  writer.write(a, `ask(${String(b)}, ${indexText(c)})`);
}

/** `memcpy` or `memset` by a function that gives 0 when the interpreter must raise a fault. */
function moveBytes(name: string, rest = ''): Emitter {
  return (writer, a, _b, c) => {
    writer.line(`i = ${writer.read(c)};`);
    writer.leaveIf(`${name}(i, ${writer.read(c + 1)}, ${writer.read(c + 2)}${rest}) === 0`);
    writer.killAll();
    writer.write(a, 'i');
  };
}

/** Intrinsics that generated code performs, by number; it leaves the others to the interpreter. */
const INTRINSIC_EMITTERS: Readonly<Record<number, Emitter>> = {
  [INTRINSIC.fl_memcpy]: moveBytes('copy', ', false'),
  [INTRINSIC.fl_memset]: moveBytes('fill'),
  [INTRINSIC.fl_current]: ask,
  [INTRINSIC.fl_cpu]: ask,
  [INTRINSIC.fl_irqs_enabled]: ask,
  [INTRINSIC.fl_read_cr2]: ask,
};

/** When a conditional jump jumps. */
type Condition = (writer: BlockWriter, a: number, b: number) => string;

function jumpCompare(operator: string, isUnsigned = false): Condition {
  return (writer, a, b) => {
    const left = writer.read(a);
    return compare(left, operator, writer.read(b), isUnsigned);
  };
}

const CONDITIONS: Partial<Record<InstructionName, Condition>> = {
  jumpIfZero: (writer, a) => `${writer.read(a)} === 0`,
  jumpIfNot: (writer, a) => `${writer.read(a)} !== 0`,
  jumpEq: jumpCompare('==='),
  jumpNe: jumpCompare('!=='),
  jumpLts: jumpCompare('<'),
  jumpLtu: jumpCompare('<', true),
  jumpLes: jumpCompare('<='),
  jumpLeu: jumpCompare('<=', true),
  jumpEqi: (writer, a, b) => `${writer.read(a)} === ${literal(b)}`,
};

/** Instructions that `unitSource.ts` writes as the ends of blocks. */
const ENDINGS: ReadonlySet<InstructionName> = new Set([
  'jump',
  'call',
  'callPointer',
  'return',
  'return32',
  'return64',
] as const);

const EMITTER_BY_OPCODE = INSTRUCTIONS.map(({ name }) => EMITTERS[name]);
const CONDITION_BY_OPCODE = INSTRUCTIONS.map(({ name }) => CONDITIONS[name]);
const HAS_SOURCE = INSTRUCTIONS.map(
  ({ name }) => EMITTERS[name] !== undefined || CONDITIONS[name] !== undefined || ENDINGS.has(name),
);

/** Whether there is generated code for the instruction at `pc`. */
export function canGenerate(code: Int32Array, pc: number): boolean {
  const opcode = (code[pc] as number) & OPCODE_MASK;
  if (opcode === OP.intrinsic) return INTRINSIC_EMITTERS[code[pc + 2] as number] !== undefined;
  return HAS_SOURCE[opcode] ?? false;
}

/** Writes the instruction at `pc` unless it ends a block. */
export function emitInstruction(writer: BlockWriter, pc: number): void {
  const { code } = writer.layout;
  EMITTER_BY_OPCODE[(code[pc] as number) & OPCODE_MASK]?.(
    writer,
    code[pc + 1] as number,
    code[pc + 2] as number,
    code[pc + 3] as number,
  );
}

/** The condition of the jump at `pc`. */
export function emitCondition(writer: BlockWriter, pc: number): string {
  const { code } = writer.layout;
  const condition = CONDITION_BY_OPCODE[(code[pc] as number) & OPCODE_MASK];
  return condition?.(writer, code[pc + 1] as number, code[pc + 2] as number) ?? 'true';
}
