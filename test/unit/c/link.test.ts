/** Several units: what they share, what they must agree on, what the debugger is told. */
import { describe, expect, it } from 'vitest';
import { spanText } from '../../../src/base/span.ts';
import { DATA_BASE, findFunction } from '../../../src/bytecode/program.ts';
import { verifyProgram } from '../../../src/bytecode/verifier.ts';
import { messagesOf, programOf, programOfTexts } from '../../support/compileText.ts';

describe('linking of units', () => {
  it('names a function that nobody defines at its first use', () => {
    expect(messagesOf({ 'a.c': 'int f(int);\nint main(void) { return f(1) + f(2); }' })).toEqual([
      'function `f` is used but not defined in any file of the program',
      'note: it is declared here',
    ]);
  });

  it('refuses two definitions of one name', () => {
    expect(messagesOf({ 'a.c': 'int f(void) { return 1; }', 'b.c': 'int f;' })).toEqual([
      '`f` is defined twice',
      'note: the other definition is here',
    ]);
  });

  it('refuses a declaration that contradicts the definition in another file', () => {
    expect(
      messagesOf({
        'a.c': 'struct s;\nint f(struct s *p, int x);\nint g(void) { return f(0, 1); }',
        'b.c': 'struct s; int f(struct s *p, long long x) { return !p + x; }',
      }),
    ).toEqual([
      '`f` is declared as `int (struct s *, int)`, but another file defines it differently',
      'note: it is defined as `int (struct s *, long long)` here',
    ]);
  });

  it('keeps statics of the same name apart', () => {
    const program = programOfTexts({
      'a.c': 'static int n = 1; int a(void) { return n; }',
      'b.c': 'static int n = 2; int b(void) { return n; }',
    });
    const values = program.globals.map(({ storage }) =>
      storage.kind === 'static' ? program.data[storage.address - DATA_BASE] : -1,
    );
    expect(values).toEqual([1, 2]);
  });

  it('leaves out static functions that nobody uses', () => {
    const program = programOf(
      'static inline int unused(void) { return missing(); }\nint missing(void);\nint main(void) { return 0; }'
        .split('\n')
        .reverse()
        .join('\n'),
    );
    expect(program.functions.map(({ name }) => name)).toEqual(['main']);
  });

  it('shares an inline function of a header between units', () => {
    const program = programOfTexts({
      'h.h':
        'static inline int twice(int x) { return 2 * x; }\nstatic inline int four(int x) { return twice(twice(x)); }',
      'a.c': '#include "h.h"\nint a(int x) { return four(x); }',
      'b.c': '#include "h.h"\nint b(int x) { return four(x) + twice(x); }',
    });
    expect(program.functions.map(({ name }) => name)).toEqual(['twice', 'four', 'a', 'b']);
    expect(verifyProgram(program)).toEqual([]);
  });

  it('does not share one that refers to a static of its unit or that macros made different', () => {
    const program = programOfTexts({
      'h.h':
        'static int state;\nstatic inline int next(void) { return state++; }\nstatic inline int scale(int x) { return x * FACTOR; }',
      'a.c': '#define FACTOR 2\n#include "h.h"\nint a(void) { return next() + scale(1); }',
      'b.c': '#define FACTOR 3\n#include "h.h"\nint b(void) { return next() + scale(1); }',
    });
    const names = program.functions.map(({ name }) => name).sort();
    expect(names).toEqual(['a', 'b', 'next', 'next', 'scale', 'scale']);
  });

  it('refuses an anchor that names two places', () => {
    const text = 'void f(void) {\n//@ anchor here\nf();\n//@ anchor here\nf();\n}';
    expect(messagesOf({ 'a.c': text })).toEqual([
      'anchor `here` names two places',
      'note: the other place is here',
    ]);
  });

  it('refuses variables that no machine has room for', () => {
    for (const initializer of ['', ' = { 1 }']) {
      expect(messagesOf({ 'a.c': `int huge[100000000]${initializer};` })).toEqual([
        'variables take 400000032 bytes; at most 67108864 are supported',
      ]);
    }
  });

  it('refuses a frame that no stack has room for', () => {
    const text = 'int f(int i) { char a[2000000000], b[2000000000]; return a[i] + b[i]; }';
    expect(messagesOf({ 'a.c': text })).toEqual([
      'the variables of `f` take 4000000044 bytes; at most 67108864 are supported',
    ]);
  });

  it('refuses a goto into a statement with a price', () => {
    const text = 'void f(int x) {\nif (x) goto in;\n//@ cost MAP\nwhile (x) {\nin:\nx--;\n}\n}';
    expect(messagesOf({ 'a.c': text })).toEqual([
      'a jump into a statement with `//@ cost` would miss where its time starts',
    ]);
  });

  it('gives another hash to another program, and the same for another comment', () => {
    const hash = programOf('int f(void) { return 1; }').hash;
    expect(hash).toMatch(/^[0-9a-f]{16}$/);
    expect(programOf('/* new */ int f(void) { return 1; }').hash).toBe(hash);
    expect(programOf('int f(void) { return 2; }').hash).not.toBe(hash);
  });
});

describe('debug information', () => {
  const program = programOf(`
enum { LOW = 1, HIGH = 8 };
#define FLAG_A 0x01
#define FLAG_B (FLAG_A << 1)
typedef unsigned int word;
struct s { word flags; };
//@ flags total FLAG_
static int total;
int f(int a)
{
	int b = a;
	//@ anchor middle : In the middle
	{
		int c = b;
		static int calls;

		b += c + calls++;
	}
	while (b > 3)
		b--;
	return b + total;
}
`);
  const f = findFunction(program, 'f');

  it('marks the first executed statement as the entry', () => {
    const entry = program.statements.find(({ isEntry }) => isEntry);
    expect(entry && spanText(entry.span)).toBe('int b = a');
  });

  it('lets a variable begin after its declaration and end with its block', () => {
    const scopes = f?.scopes.map(({ variables }) => variables.map(({ name }) => name));
    expect(scopes).toEqual([['a', 'b'], ['c']]);
    const [outer, inner] = f?.scopes ?? [];
    expect(outer?.start).toBe(f?.entry);
    expect(inner?.parent).toBe(0);
    const c = inner?.variables[0];
    expect(c !== undefined && inner !== undefined && c.declaredAt > inner.start).toBe(true);
  });

  it('puts an anchor on the statement that follows, inside a block too', () => {
    const [anchor] = program.anchors;
    expect(anchor).toMatchObject({ name: 'middle', title: 'In the middle' });
    const statement = program.statements.find(({ pc }) => pc === anchor?.pc);
    expect(statement && spanText(statement.span)).toBe('int c = b');
  });

  it('knows macros with values, typedefs, structs, constants and statics of functions', () => {
    expect(program.macros.get('FLAG_B')?.value).toBe(2n);
    expect(program.typedefs.get('word')).toMatchObject({ kind: 'integer', size: 4 });
    expect(program.records.get('s')?.size).toBe(4);
    expect(program.enumConstants.get('HIGH')).toMatchObject({ type: { name: 'int' }, value: 8n });
    const calls = program.globals.find(({ name }) => name === 'calls');
    expect(calls?.functionIndex).toBe(f?.index);
    expect(program.flagsHints).toMatchObject([{ name: 'total', prefix: 'FLAG_' }]);
  });
});
