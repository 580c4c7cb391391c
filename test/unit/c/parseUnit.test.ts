/** The typed tree: what lowering is handed, looked at where programs that run cannot show it. */
import { describe, expect, it } from 'vitest';
import { spanText } from '../../../src/base/span.ts';
import { typeName } from '../../../src/bytecode/ctype.ts';
import type { TranslationUnit } from '../../../src/c/translationUnit.ts';
import type { Expression, Initializer, Statement } from '../../../src/c/ast.ts';
import { DiagnosticSink } from '../../../src/c/diagnosticSink.ts';
import { parseUnit } from '../../../src/c/parseUnit.ts';
import { preprocess } from '../../../src/c/preprocessor.ts';
import { kernelLanguage } from '../../../src/kernel/kernelLanguage.ts';

function parse(text: string): TranslationUnit {
  const sink = new DiagnosticSink();
  const file = { path: 'test.c', text };
  const language = kernelLanguage;
  const { tokens } = preprocess(file, { resolveInclude: () => undefined, language }, sink);
  const unit = parseUnit(tokens, { file, unit: 0, language }, sink);
  expect(sink.diagnostics.map(({ message }) => message)).toEqual([]);
  return unit;
}

function bodyOf(text: string): readonly Statement[] {
  return parse(text).functions.at(-1)?.body.statements ?? [];
}

/** The expression in brackets, with every implicit conversion as `TYPE(…)`. */
function show(expression: Expression): string {
  switch (expression.kind) {
    case 'integer':
      return String(expression.value);
    case 'variable':
    case 'function':
      return expression.symbol.name;
    case 'cast':
      return `${typeName(expression.type)}(${show(expression.operand)})`;
    case 'decay':
      return `decay(${show(expression.operand)})`;
    case 'binary':
    case 'compare':
    case 'logical':
      return `(${show(expression.left)} ${expression.operator} ${show(expression.right)})`;
    case 'pointerAdd': {
      const sign = expression.isSubtraction ? '-' : '+';
      const index = show(expression.index);
      return `(${show(expression.pointer)} ${sign} ${index} * ${String(expression.elementSize)})`;
    }
    case 'dereference':
      return `*${show(expression.operand)}`;
    case 'addressOf':
      return `&${show(expression.operand)}`;
    case 'assign':
      return `${show(expression.target)} = ${show(expression.value)}`;
    case 'compoundAssign': {
      const { target, operator, value, computationType } = expression;
      return `${show(target)} ${operator}= ${show(value)} as ${typeName(computationType)}`;
    }
    case 'member':
      return `${show(expression.record)}.${expression.field.name ?? ''}@${String(expression.field.offset)}`;
    case 'call':
      return `${show(expression.callee)}(${expression.arguments.map(show).join(', ')})`;
    default:
      return expression.kind;
  }
}

const DECLARATIONS = `
struct inner { int x; short y; };
struct outer { char c; struct { struct inner in; }; int array[4]; struct outer *next; };
char c; short s; unsigned u; long long ll; int i; int *p; struct outer o; struct outer *q;
int call(long a, char b, ...);
`;

function showStatement(text: string): string {
  const [statement] = bodyOf(`${DECLARATIONS} void f(void) { ${text} }`);
  return statement?.kind === 'expression' ? show(statement.expression) : String(statement?.kind);
}

function showItems(initializer: Initializer | undefined): string[] {
  return (initializer?.items ?? []).map((item) => {
    const bits = item.bits === undefined ? '' : ` bits ${String(item.bits.start)}`;
    return `${String(item.offset)}${bits}: ${typeName(item.type)} = ${show(item.value)}`;
  });
}

function itemsOf(text: string): string[] {
  return showItems(parse(text).variables.at(-1)?.initializer);
}

describe('conversions in the tree', () => {
  it.each([
    ['c = s + c;', 'c = char((int(s) + int(c)))'],
    ['ll = u + i;', 'll = long long((u + unsigned int(i)))'],
    ['i = ll < u;', 'i = (ll < long long(u))'],
    ['c += ll;', 'c += ll as long long'],
    ['c <<= ll;', 'c <<= ll as int'],
    ['p = p + s;', 'p = (p + long(int(s)) * 4)'],
    ['p += 3;', 'p += 3 as int *'],
    ['i = p[2];', 'i = *(p + 2 * 4)'],
    ['i = o.array[i];', 'i = *(decay(o.array@12) + long(i) * 4)'],
    ['i = q->next->in.y;', 'i = int(**q.next@28.in@4.y@4)'],
    ['i = q->in.x;', 'i = *q.in@4.x@0'],
    ['p = &q->in.x;', 'p = &*q.in@4.x@0'],
    ['call(1, 2, c, ll);', 'call(1, 2, int(c), ll)'],
    ['i = 1 + 2 * 3 - (4 << 1);', 'i = -1'],
    ['i = sizeof(struct outer) + sizeof o.array;', 'i = 48'],
    ['u = -1;', 'u = 4294967295'],
  ])('%s', (text, expected) => {
    expect(showStatement(text)).toBe(expected);
  });
});

describe('initializers in the tree', () => {
  it('are flat lists of offsets and values', () => {
    const items = itemsOf(
      `${DECLARATIONS} struct outer x = { 1, { { 2, 3 } }, { 4, [3] = 5 }, &x };`,
    );
    expect(items).toEqual([
      '0: char = 1',
      '4: int = 2',
      '8: short = 3',
      '12: int = 4',
      '24: int = 5',
      '28: struct outer * = &x',
    ]);
  });

  it('go on behind a designator, without braces of their own', () => {
    expect(
      itemsOf(`${DECLARATIONS} struct outer x[] = { [1].in.y = 1, 2, 3, [0] = { .next = 0 } };`),
    ).toEqual(['28: struct outer * = 0', '40: short = 1', '44: int = 2', '48: int = 3']);
  });

  it('repeat the value of a range and drop what a later designator replaces', () => {
    expect(itemsOf('int x[4] = { [0 ... 3] = 7, [1] = 8 };')).toEqual([
      '0: int = 7',
      '4: int = 8',
      '8: int = 7',
      '12: int = 7',
    ]);
  });

  it('place bit-fields in their storage units', () => {
    expect(itemsOf('struct b { int a : 3, : 4; unsigned c : 5; } x = { 1, 2 };')).toEqual([
      '0 bits 0: int = 1',
      '0 bits 7: unsigned int = 2',
    ]);
  });

  it('give arrays without a length the length they need', () => {
    const unit = parse(
      'int a[] = { [5] = 1 }; char t[] = "abc"; struct { int n; } r[] = { { 1 }, { 2 } };',
    );
    expect(unit.variables.map(({ type }) => typeName(type))).toEqual([
      'int [6]',
      'char [4]',
      'struct {…} [2]',
    ]);
  });

  it('know addresses before the program runs', () => {
    const { variables } = parse(`${DECLARATIONS} int *x = &o.array[2]; int *y = o.array - 1;`);
    const constants = variables.slice(-2).map(({ initializer }) => initializer?.items[0]?.constant);
    expect(constants).toMatchObject([
      { kind: 'address', offset: 20 },
      { kind: 'address', offset: 8 },
    ]);
  });
});

describe('annotations in the tree', () => {
  it('attach to the statement or function that follows, or act where they stand', () => {
    const unit = parse(`
      struct sem { int count; } sem;
      //@ plumbing
      //@ note Just a function.
      void f(void)
      {
        //@ assert sem.count == 0 : not held
        //@ anchor start : The start
        if (sem.count) //@ anchor inner
          sem.count = 1;
        //@ acquire read &sem
      }`);
    const [definition] = unit.functions;
    expect(definition?.annotations.map(({ form }) => form.name)).toEqual(['plumbing', 'note']);
    const [check, test, acquire] = definition?.body.statements ?? [];
    expect(check?.kind === 'annotation' && check.annotation.form.name).toBe('assert');
    expect(acquire?.kind === 'annotation' && acquire.annotation.form.name).toBe('acquire');
    expect(test?.annotations?.map(({ roles }) => roles)).toEqual([
      { name: 'start', title: 'The start' },
    ]);
    const inner = test?.kind === 'if' ? test.whenTrue : undefined;
    expect(inner?.annotations?.map(({ roles }) => roles)).toEqual([{ name: 'inner' }]);
  });

  it('type their expressions in the scope they stand in', () => {
    const [, statement] = bodyOf(`
      int sem;
      void f(void)
      {
        char sem = 1;
        //@ assert sem == 1 && holds_read(&sem) : text
      }`);
    const operand = statement?.kind === 'annotation' ? statement.annotation.operands[0] : undefined;
    const shown = operand?.kind === 'expression' ? show(operand.expression) : '';
    expect(shown).toBe('((int(sem) == 1) && ghostQuery)');
  });

  it('say where flags belong', () => {
    const unit = parse(`
      struct page { unsigned long flags; //@ flags flags PG_
      };
      int state; //@ flags state STATE_
      int f(int mask /* both */, //@ flags mask MASK_
            int other)
      {
        int local = mask; //@ flags local LOCAL_
        return local + other;
      }`);
    const marks = unit.flags.map((mark) => [
      mark.name,
      mark.recordTag,
      mark.function?.name,
      mark.prefix,
    ]);
    expect(marks).toEqual([
      ['flags', 'page', undefined, 'PG_'],
      ['state', undefined, undefined, 'STATE_'],
      ['mask', undefined, 'f', 'MASK_'],
      ['local', undefined, 'f', 'LOCAL_'],
    ]);
  });
});

describe('spans in the tree', () => {
  it('cover a statement with its semicolon', () => {
    const spans = bodyOf('int f(int a) { a = a + 1; if (a) return a; return 0; }').map(
      ({ span }) => {
        return spanText(span);
      },
    );
    expect(spans).toEqual(['a = a + 1;', 'if (a) return a;', 'return 0;']);
  });

  it('of macros lie where they are used', () => {
    const text = '#define ADD(x) do { x += 1; } while (0)\nvoid f(int a) { ADD(a); a = 2; }';
    const [loop] = bodyOf(text);
    expect(loop === undefined ? '' : spanText(loop.span)).toBe('ADD(a);');
  });
});

describe('switch and goto in the tree', () => {
  it('share label objects between uses and definitions', () => {
    const statements = bodyOf('void f(int a) { goto out; again: a = 1; goto again; out: ; }');
    const [jump, again, back, out] = statements;
    expect(jump?.kind === 'goto' && out?.kind === 'labeled' && jump.label === out.label).toBe(true);
    expect(back?.kind === 'goto' && again?.kind === 'labeled' && back.label === again.label).toBe(
      true,
    );
  });

  it('collect the cases of a switch in its promoted type', () => {
    const [statement] = bodyOf(
      'void f(unsigned char a) { switch (a) { case -1: case 3 ... 5: default: ; } }',
    );
    const ranges = statement?.kind === 'switch' ? statement.labels.map(({ range }) => range) : [];
    expect(ranges).toEqual([{ low: -1n, high: -1n }, { low: 3n, high: 5n }, undefined]);
  });
});

describe('declarations in the tree', () => {
  it('merge into one symbol with the composite type', () => {
    const unit = parse(
      'extern int a[]; int a[3]; int f(); int f(int x); int g(void) { return a[0] + f(1); }',
    );
    const { symbols } = unit;
    const types = ['a', 'f'].map((name) => {
      const symbol = symbols.get(name);
      return symbol === undefined ? '' : typeName(symbol.type);
    });
    expect(types).toEqual(['int [3]', 'int (int)']);
  });

  it('keep local statics with their function', () => {
    const unit = parse('int f(void) { static int count = 3; return count; }');
    const [count] = unit.variables;
    expect([count?.name, count?.storage, count?.owner?.name]).toEqual(['count', 'static', 'f']);
  });

  it('note whose address is taken', () => {
    const [a, b] = bodyOf('int f(int *p) { int a = 1, b = 2; p = &b; return a + *p; }');
    const isTaken = [a, b].map(
      (item) => item?.kind === 'declaration' && item.symbol.isAddressTaken,
    );
    expect(isTaken).toEqual([false, true]);
  });
});
