/**
 * A model of C's integers that shares nothing with the compiler: random statements over variables and
 * bit-fields of all integer types, as text and as what they do, computed with BigInt.
 *
 * Signed overflow wraps, shifts to the right keep the sign. Divisors and shift counts are kept in
 * the range that C defines. Source: C99 6.3.1 and 6.5 for ILP32; gcc's bit-fields.
 */
import fc from 'fast-check';

interface IntegerKind {
  readonly name: string;
  readonly bits: number;
  readonly isSigned: boolean;
  /** Of the integer conversions; 3 is that of `int`, that of `long long` 5. */
  readonly rank: number;
}

function kind(name: string, bits: number, isSigned: boolean, rank: number): IntegerKind {
  return { name, bits, isSigned, rank };
}

const INT = kind('int', 32, true, 3);
const UNSIGNED = kind('unsigned', 32, false, 3);
const UNSIGNED_LONG = kind('unsigned long', 32, false, 4);
const UNSIGNED_LONG_LONG = kind('unsigned long long', 64, false, 5);
const BOOL = kind('_Bool', 1, false, 0);
const KINDS = [
  BOOL,
  kind('char', 8, true, 1),
  kind('signed char', 8, true, 1),
  kind('unsigned char', 8, false, 1),
  kind('short', 16, true, 2),
  kind('unsigned short', 16, false, 2),
  INT,
  UNSIGNED,
  kind('long', 32, true, 4),
  UNSIGNED_LONG,
  kind('long long', 64, true, 5),
  UNSIGNED_LONG_LONG,
];

/** A variable or a bit-field; `width` is set for the latter. */
interface Cell {
  readonly text: string;
  readonly type: IntegerKind;
  readonly width: number | undefined;
}

const FIELDS: readonly (readonly [string, number])[] = [
  ['unsigned', 5],
  ['int', 7],
  ['_Bool', 1],
  ['unsigned', 32],
  ['long long', 20],
  ['unsigned long long', 31],
  ['signed char', 3],
  ['unsigned short', 9],
  ['long', 32],
  ['unsigned char', 8],
  ['short', 15],
  ['long long', 40],
  ['unsigned long long', 40],
  ['long long', 33],
  ['unsigned long long', 35],
  ['long long', 63],
  ['unsigned long long', 63],
  ['unsigned long long', 64],
];

function kindNamed(name: string): IntegerKind {
  return KINDS.find((item) => item.name === name) ?? INT;
}

const CELLS: readonly Cell[] = [
  ...KINDS.map((type, index) => ({ text: `v${String(index)}`, type, width: undefined })),
  ...FIELDS.map(([name, width], index) => ({
    text: `s.f${String(index)}`,
    type: kindNamed(name),
    width,
  })),
];

/** A value with the type that C gives it. */
interface Value {
  readonly value: bigint;
  readonly type: IntegerKind;
}

/** What all cells hold. */
type Memory = bigint[];

interface Expression {
  readonly text: string;
  evaluate(memory: Memory): Value;
}

function wrap(value: bigint, type: IntegerKind, width = type.bits): bigint {
  if (type === BOOL) return value === 0n ? 0n : 1n;
  return type.isSigned ? BigInt.asIntN(width, value) : BigInt.asUintN(width, value);
}

function convert({ value }: Value, type: IntegerKind): Value {
  return { value: wrap(value, type), type };
}

function promoted(type: IntegerKind, width?: number): IntegerKind {
  if (width !== undefined && width <= 32) return width < 32 || type.isSigned ? INT : UNSIGNED;
  // One that is wider than `int` keeps its width.
  if (width !== undefined) return kind(type.name, width, type.isSigned, 4 + width / 64);
  return type.rank < 3 ? INT : type;
}

function common(left: IntegerKind, right: IntegerKind): IntegerKind {
  if (left.isSigned === right.isSigned) return left.rank >= right.rank ? left : right;
  const [signed, unsigned] = left.isSigned ? [left, right] : [right, left];
  if (unsigned.rank >= signed.rank) return unsigned;
  if (signed.bits > unsigned.bits) return signed;
  return signed.rank === 4 ? UNSIGNED_LONG : UNSIGNED_LONG_LONG;
}

function promote({ value, type }: Value): Value {
  return convert({ value, type }, promoted(type));
}

function combine(operator: string, a: bigint, b: bigint): bigint {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
    case '%':
      return a % b;
    case '&':
      return a & b;
    case '|':
      return a | b;
    default:
      return a ^ b;
  }
}

/** Both operands have been promoted. */
function arithmetic(operator: string, left: Value, right: Value): Value {
  if (operator === '<<' || operator === '>>') {
    const moved = operator === '<<' ? left.value << right.value : left.value >> right.value;
    return { value: wrap(moved, left.type), type: left.type };
  }
  const type = common(left.type, right.type);
  const result = combine(operator, wrap(left.value, type), wrap(right.value, type));
  return { value: wrap(result, type), type };
}

function compare(operator: string, left: Value, right: Value): boolean {
  const type = common(left.type, right.type);
  const a = wrap(left.value, type);
  const b = wrap(right.value, type);
  switch (operator) {
    case '<':
      return a < b;
    case '>':
      return a > b;
    case '<=':
      return a <= b;
    case '>=':
      return a >= b;
    case '==':
      return a === b;
    default:
      return a !== b;
  }
}

const truth = (isTrue: boolean): Value => ({ value: isTrue ? 1n : 0n, type: INT });

function literal(value: bigint, type: IntegerKind): Expression {
  const result = { value: wrap(value, type), type };
  const text = `(${type.name})${String(result.value < 0n ? -result.value : result.value)}ULL`;
  return { text: result.value < 0n ? `(${type.name})-(${text})` : text, evaluate: () => result };
}

function read(index: number): Expression {
  const cell = CELLS[index % CELLS.length] ?? { text: '0', type: INT, width: undefined };
  return {
    text: cell.text,
    evaluate: (memory) => {
      const value = memory[index % CELLS.length] ?? 0n;
      // A bit-field is read with the type that it is promoted to.
      return {
        value,
        type: cell.width === undefined ? cell.type : promoted(cell.type, cell.width),
      };
    },
  };
}

function unary(operator: string, operand: Expression): Expression {
  return {
    text: `${operator}(${operand.text})`,
    evaluate: (memory) => {
      const value = promote(operand.evaluate(memory));
      if (operator === '!') return truth(value.value === 0n);
      const result = { '-': -value.value, '~': ~value.value }[operator] ?? value.value;
      return { value: wrap(result, value.type), type: value.type };
    },
  };
}

/** Shift counts become 0 to 7, divisors 1 to 255. */
function tame(operator: string, right: Expression): Expression {
  if (/<<|>>/.test(operator)) return binaryOf('&', right, literal(7n, INT));
  if (!/[/%]/.test(operator)) return right;
  return binaryOf('|', binaryOf('&', right, literal(255n, INT)), literal(1n, INT));
}

function binaryOf(operator: string, left: Expression, right: Expression): Expression {
  return {
    text: `(${left.text}) ${operator} (${right.text})`,
    evaluate: (memory) => {
      const a = promote(left.evaluate(memory));
      if (operator === '&&' && a.value === 0n) return truth(false);
      if (operator === '||' && a.value !== 0n) return truth(true);
      const b = promote(right.evaluate(memory));
      if (operator === '&&' || operator === '||') return truth(b.value !== 0n);
      if (/^(?:[<>]=?|[=!]=)$/.test(operator)) return truth(compare(operator, a, b));
      return arithmetic(operator, a, b);
    },
  };
}

function conditional(test: Expression, yes: Expression, no: Expression): Expression {
  return {
    text: `(${test.text}) ? (${yes.text}) : (${no.text})`,
    evaluate: (memory) => {
      const isTrue = test.evaluate(memory).value !== 0n;
      const both = [promote(yes.evaluate(memory)), promote(no.evaluate(memory))] as const;
      return convert(both[isTrue ? 0 : 1], common(both[0].type, both[1].type));
    },
  };
}

const index = fc.nat(CELLS.length - 1);
const anyKind = fc.constantFrom(...KINDS);
const anyValue = fc.oneof(
  fc.constantFrom(0n, 1n, -1n, 127n, 128n, 255n, 0x7fffn, 0x8000n, 0x7fffffffn, 0x80000000n),
  fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n }),
);
const ARITHMETIC = ['+', '-', '*', '/', '%', '&', '|', '^', '<<', '>>'];
const OTHERS = ['<', '>', '<=', '>=', '==', '!=', '&&', '||'];

const { expression } = fc.letrec<{ expression: Expression }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    index.map(read),
    fc.tuple(anyValue, anyKind).map(([value, type]) => literal(value, type)),
    fc
      .tuple(tie('expression'), fc.constantFrom(...ARITHMETIC, ...OTHERS), tie('expression'))
      .map(([a, operator, b]) => binaryOf(operator, a, tame(operator, b))),
    fc
      .tuple(fc.constantFrom('-', '~', '!', '+'), tie('expression'))
      .map(([operator, a]) => unary(operator, a)),
    fc.tuple(anyKind, tie('expression')).map(([type, a]): Expression => ({
      text: `(${type.name})(${a.text})`,
      evaluate: (memory) => convert(a.evaluate(memory), type),
    })),
    fc
      .tuple(tie('expression'), tie('expression'), tie('expression'))
      .map(([a, b, c]) => conditional(a, b, c)),
    fc.tuple(tie('expression'), tie('expression')).map(([a, b]): Expression => ({
      text: `(${a.text}, ${b.text})`,
      evaluate: (memory) => b.evaluate(memory),
    })),
  ),
}));

/** One statement: its text, and what it prints when it runs on the memory, which it may change. */
export interface ModelStatement {
  readonly text: string;
  run(memory: Memory): bigint;
}

function store(at: number, value: bigint, memory: Memory): bigint {
  const cell = CELLS[at];
  if (cell === undefined) return 0n;
  const stored = wrap(value, cell.type, cell.width);
  memory[at] = stored;
  return stored;
}

/** Prints the value, and the size and sign of the type after promotion. */
function show(operand: Expression): ModelStatement {
  const whole = `+(${operand.text})`;
  return {
    text: `out((long long)(${operand.text}) ^ (sizeof(${whole}) * 2 + ((typeof(${whole}))-1 < 0)));`,
    run: (memory) => {
      const { value, type } = promote(operand.evaluate(memory));
      const bytes = type.bits <= 32 ? type.bits / 8 : 8;
      const shape = BigInt(bytes * 2 + (type.isSigned ? 1 : 0));
      return BigInt.asIntN(64, BigInt.asUintN(64, value) ^ shape);
    },
  };
}

function assign(at: number, operator: string, operand: Expression): ModelStatement {
  const cell = CELLS[at];
  const value = operator === '=' ? operand : tame(operator, operand);
  return {
    text: `out(${cell?.text ?? ''} ${operator} ${value.text});`,
    run: (memory) => {
      const given = value.evaluate(memory);
      if (operator === '=') return BigInt.asIntN(64, store(at, given.value, memory));
      const before = promote(read(at).evaluate(memory));
      const result = arithmetic(operator.slice(0, -1), before, promote(given));
      return BigInt.asIntN(64, store(at, result.value, memory));
    },
  };
}

function step(at: number, operator: '++' | '--', isPrefix: boolean): ModelStatement {
  const text = CELLS[at]?.text ?? '';
  return {
    text: `out(${isPrefix ? operator + text : text + operator});`,
    run: (memory) => {
      const before = memory[at] ?? 0n;
      const after = store(at, before + (operator === '++' ? 1n : -1n), memory);
      return BigInt.asIntN(64, isPrefix ? after : before);
    },
  };
}

/** Random statements. */
export const modelStatement: fc.Arbitrary<ModelStatement> = fc.oneof(
  { weight: 3, arbitrary: expression.map(show) },
  {
    weight: 4,
    arbitrary: fc
      .tuple(index, fc.constantFrom('', '', ...ARITHMETIC), expression)
      .map(([at, operator, operand]) => assign(at, `${operator}=`, operand)),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(index, fc.constantFrom('++', '--'), fc.boolean())
      .map(([at, operator, isPrefix]) => step(at, operator, isPrefix)),
  },
);

/** The statements as a C program, and what it prints. */
export function modelProgram(statements: readonly ModelStatement[]): {
  readonly text: string;
  readonly output: string;
} {
  const memory: Memory = CELLS.map(() => 0n);
  const lines = statements.map((statement) => String(statement.run(memory)));
  const variables = KINDS.map(({ name }, at) => `static ${name} v${String(at)};`);
  const fields = FIELDS.map(([name, width], at) => `${name} f${String(at)} : ${String(width)};`);
  const text = [
    '#include <stdio.h>',
    ...variables,
    `static struct { ${fields.join(' ')} } s;`,
    'static void out(long long value) { printf("%lld\\n", value); }',
    'int main(void)',
    '{',
    ...statements.map((statement) => `\t${statement.text}`),
    '\treturn 0;',
    '}',
    '',
  ].join('\n');
  return { text, output: lines.map((line) => `${line}\n`).join('') };
}
