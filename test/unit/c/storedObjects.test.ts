/**
 * Compiling with the objects of an earlier compilation.
 *
 * The oracle is compiling everything: each case stores the objects of some texts, edits the texts, and
 * compares program and diagnostics of both ways. Beside it stands whether objects were used at all, since
 * compiling everything whenever in doubt is right too, but slow.
 */
import { describe, expect, it } from 'vitest';
import { finishSteps } from '../../../src/base/steps.ts';
import { compile } from '../../../src/c/compile.ts';
import { compileChanged } from '../../../src/c/compileChanged.ts';
import { createObjects } from '../../../src/c/createObjects.ts';
import { editing, inputOf, threeUnits } from '../../support/storedTexts.ts';

function replaced(path: string, from: string, to: string): Record<string, string> {
  const text = threeUnits[path] ?? '';
  if (!text.includes(from)) throw new Error(`${path} has no "${from}"`);
  return { [path]: text.replace(from, () => to) };
}

describe('stored objects', () => {
  it('give the same program for the same texts', () => {
    expect(editing(threeUnits, {})).toBe('reused');
  });

  it.each([
    ['a body', 'a.c', 'sum += ', 'sum -= '],
    [
      'a body of the first unit, longer',
      'a.c',
      'return sum;',
      'if (sum < 0) add(sum);\n  return sum;',
    ],
    ['a comment that moves everything', 'b.c', '#include', '/* more\n text */\n#include'],
    [
      'a new function that others do not use',
      'c.c',
      'int main',
      'int more(void) { return 1; }\nint main',
    ],
    [
      'a new static function',
      'b.c',
      'void add',
      'static int s(void) { return 2; }\nint s2(void) { return s(); }\nvoid add',
    ],
    ['a function that becomes used', 'c.c', 'return total', 'return unused(1) + total'],
    ['a function that is no longer used', 'a.c', 'least(n->value, LIMIT)', 'n->value'],
    ['a static that changes its size', 'b.c', 'nodes[LIMIT]', 'nodes[2 * LIMIT]'],
    ['an initial value', 'a.c', '{ 0, 0 }', '{ 0, 7 }'],
    ['a string', 'b.c', '*"b"', '*"c"'],
    ['another price', 'a.c', 'cost atomic', 'cost evict'],
    ['a new price in front of others', 'c.c', 'int main', '//@ cost free\nint main'],
    ['an anchor', 'c.c', 'return total', '//@ anchor here : Here\n  return total'],
    ['a new global', 'c.c', 'int main', 'int x = 3; char y[100];\nint main'],
    ['an own macro', 'c.c', 'int main', '#define THREE 3\nint main'],
    ['another meaning of a macro', 'c.c', 'int main', '#undef LIMIT\n#define LIMIT 11\nint main'],
    ['an own type', 'c.c', 'int main', 'struct own { int x; }; struct own o;\nint main'],
    ['a header that it did not include', 'c.c', '"types.h"', '"node.h"'],
    ['assembly of nothing', 'a.c', 'return sum', ';;return sum'],
  ])('serve the units that did not change: %s', (_what, path, from, to) => {
    expect(editing(threeUnits, replaced(path, from, to))).toBe('reused');
  });

  it.each([
    ['another body of a struct', 'c.c', 'int main', 'struct node { int x; };\nint main'],
    ['a syntax error', 'b.c', 'static int used;', 'static int used'],
    ['an unknown name', 'c.c', 'add(3)', 'ad(3)'],
    ['a warning', 'a.c', 'return sum', 'if (sum = 1) return 2;\n  return sum'],
    ['a function that another unit needs and that is gone', 'b.c', 'void add', 'void added'],
    ['a function that became static', 'a.c', 'struct list all', 'static struct list all'],
    ['a variable that is defined twice', 'c.c', 'int main', 'struct list all;\nint main'],
    ['a function that is defined twice', 'c.c', 'int main', 'void add(int v) { }\nint main'],
    ['another type than others declare', 'c.c', 'int main', 'extern char name_of(void);\nint main'],
    ['an anchor that is there twice', 'c.c', 'return', '//@ anchor a\n;//@ anchor a\nreturn'],
    ['a header that is not there', 'c.c', '"types.h"', '"typos.h"'],
    ['a wrong header', 'types.h', 'word_t count;', 'word_t count'],
    ['a header that every unit includes', 'types.h', 'LIMIT 10', 'LIMIT 12'],
  ])('say what compiling everything says: %s', (_what, path, from, to) => {
    expect(['whole', 'reused']).toContain(editing(threeUnits, replaced(path, from, to)));
  });

  it('do not hide that units disagree about a type', () => {
    const stored = {
      'a.c': 'int x; int f(int a) { return a; }',
      'b.c': 'extern int x, f(int a); int b(void) { return f(x); }',
    };
    expect(editing(stored, { 'a.c': 'int x; int f(long long a) { return a != 0; }' })).toBe(
      'whole',
    );
    expect(editing(stored, { 'a.c': 'char x; int f(int a) { return a; }' })).toBe('whole');
    expect(editing(stored, { 'a.c': 'int x; int f(int b) { return b + 1; }' })).toBe('reused');
  });

  it('follow a header that some units include', () => {
    expect(editing(threeUnits, replaced('node.h', 'int value;', 'int value; int more;'))).toBe(
      'reused',
    );
    expect(editing(threeUnits, replaced('node.h', 'int value;', 'char value;'))).toBe('reused');
  });

  it('know a struct by the body that it has now', () => {
    const stored = {
      's.h': 'struct s; extern struct s *get(void);',
      'a.c': '#include "s.h"\nstruct s { int x; } one;\nstruct s *get(void) { return &one; }',
      'b.c': '#include "s.h"\nstruct s *kept; int b(void) { kept = get(); return kept != 0; }',
    };
    const edit = { 'a.c': stored['a.c'].replace('int x;', 'char c; long y;') };
    expect(editing(stored, edit)).toBe('reused');
    expect(editing(stored, { 'a.c': '#include "s.h"\nstruct s *get(void) { return 0; }' })).toBe(
      'reused',
    );
  });

  it('know a struct whose body only a later unit has', () => {
    const stored = {
      's.h': 'struct s; struct t { struct s *s; }; extern struct t *get(void);',
      'a.c': '#include "s.h"\nstruct t *kept; int a(void) { kept = get(); return kept->s != 0; }',
      'b.c':
        '#include "s.h"\nstruct s { struct t *t; int x; } s; struct t t = { &s };\nstruct t *get(void) { return &t; }',
      'c.c': 'int c;',
    };
    expect(editing(stored, {})).toBe('reused');
    expect(editing(stored, { 'c.c': 'int d;' })).toBe('reused');
    const edit = stored['b.c'].replace('int x;', 'char c; struct t *more;');
    expect(editing(stored, { 'b.c': edit })).toBe('reused');
    expect(editing(stored, { 'a.c': `${stored['a.c']}\nint more;` })).toBe('reused');
  });

  it('serve when files come and go', () => {
    expect(editing(threeUnits, { 'aa.c': 'int aa(void) { return 1; }' })).toBe('reused');
    expect(editing(threeUnits, { 'other.h': 'int z;' })).toBe('reused');
    expect(editing(threeUnits, { 'c.c': undefined })).toBe('reused');
    expect(editing(threeUnits, { 'b.c': undefined })).toBe('whole');
    expect(
      editing(threeUnits, { 'a.c': undefined, 'b.c': undefined, 'c.c': undefined, 'd.c': '' }),
    ).toBe('whole');
  });

  it('see that an include finds another file', () => {
    const stored = {
      'h.h': 'enum { n = 1 };',
      'x/a.c': '#include "h.h"\nint a[n];',
      'b.c': 'int b;',
    };
    expect(editing(stored, { 'x/h.h': 'enum { n = 2 };' })).toBe('reused');
    const objects = createObjects(inputOf(stored));
    const edited = inputOf({ ...stored, 'x/h.h': 'enum { n = 2 };' });
    expect(compile({ ...edited, objects }).program?.globals[0]?.type).toMatchObject({ length: 2 });
  });

  it('stand aside when macros come from outside', () => {
    const stored = { 'a.c': '#ifndef N\n#define N 1\n#endif\nint a[N];' };
    const objects = createObjects(inputOf(stored));
    const { program } = compile({ ...inputOf(stored), objects, defines: { N: '4' } });
    expect(program?.globals[0]?.type).toMatchObject({ length: 4 });
    expect(createObjects({ ...inputOf(stored), defines: { N: '4' } })).toBeUndefined();
  });

  it('are not made of what is complained of or has several meanings', () => {
    expect(createObjects(inputOf({ 'a.c': 'int a(void) { }' }))).toBeUndefined();
    expect(
      createObjects(inputOf({ 'a.c': 'extern inline int a(void) { return 1; }' })),
    ).toBeUndefined();
    const twoMeanings = {
      'h.h': 'struct s { T x; };',
      'a.c': 'typedef int T;\n#include "h.h"\nstruct s a;',
      'b.c': 'typedef char T;\n#include "h.h"\nstruct s b;',
    };
    expect(createObjects(inputOf(twoMeanings))).toBeUndefined();
  });

  it('name a file as its tree does', () => {
    const text = 'const char *name = __FILE__;';
    const file = { path: '/home/lab/mm/a.c', text, nameInTree: 'mm/a.c' };
    const input = { ...inputOf({}), units: [file] };
    expect(new TextDecoder().decode(compile(input).program?.data)).toContain('mm/a.c');
    expect(new TextDecoder().decode(compile(input).program?.data)).not.toContain('lab');
    const objects = createObjects(inputOf({ 'mm/a.c': text }));
    expect(objects && finishSteps(compileChanged(input, objects))?.files).toEqual([file]);
  });
});
