/**
 * Undefined behavior that the machine catches, one small program each: with checks it stops with an
 * explanation at the right place; without them the same program goes on, as a real machine would.
 */
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { asPc } from '../../../src/base/brand.ts';
import { renderDiagnostic } from '../../../src/base/diagnostic.ts';
import { positionOf } from '../../../src/base/span.ts';
import { statementAt } from '../../../src/bytecode/program.ts';
import { compileHosted, runHosted } from '../../../src/cli/hostedProgram.ts';
import { createNodeMedia } from '../../../src/cli/nodeMedia.ts';

const media = createNodeMedia(path.join(import.meta.dirname, '../../../media'));

/** What a program does: its exit status, or the fault with the line of the program it names. */
function outcomeOf(text: string, checks: boolean): string {
  const file = { path: 'a.c', text };
  const { program, diagnostics } = compileHosted(file, media, () => undefined);
  if (program === undefined) throw new Error(diagnostics.map(renderDiagnostic).join('\n'));
  const { stop, machine } = runHosted(program, ['a'], () => undefined, {
    maxSteps: 1_000_000,
    checks,
  });
  if (stop.kind === 'finished') return `status ${String(stop.exitStatus)}`;
  if (stop.kind !== 'fault') return stop.kind;
  const span = machine
    .frames(stop.task)
    .map(({ pc }, index) => statementAt(program, asPc(index === 0 ? pc : pc - 4))?.span)
    .find((item) => item?.file === file);
  const line = span === undefined ? 0 : positionOf(file, span.start).line1;
  return `line ${String(line)}: ${stop.fault.kind}: ${stop.fault.message.replace(/0x[\da-f]+/g, '0x…')}`;
}

interface Case {
  readonly name: string;
  readonly text: string;
  readonly fault: RegExp;
}

const CASES: readonly Case[] = [
  {
    name: 'an index behind an array',
    text: 'int a[4];\nint main(int n, char **v) {\nreturn a[n + 3];\n}',
    fault: /^line 3: outOfBounds: Out of bounds: index 4 of an array of 4 elements\.$/,
  },
  {
    name: 'an index before an array in a struct',
    text: 'struct s { int x; int a[2]; } s;\nint main(int n, char **v) {\ns.a[n - 2] = 1;\nreturn 0; }',
    fault: /^line 3: outOfBounds: .*index -1 of an array of 2/,
  },
  {
    name: 'the inner index of two',
    text: 'int a[2][3];\nint main(int n, char **v) {\nreturn a[0][n + 2];\n}',
    fault: /^line 3: outOfBounds: .*index 3 of an array of 3/,
  },
  {
    name: 'a constant index behind an array',
    text: 'int a[4], b[4];\nint main(void) {\nreturn a[5];\n}',
    fault: /^line 3: outOfBounds: .*index 5/,
  },
  {
    name: 'a pointer that runs off a local array',
    text: 'int sum(int *p, int n) { int s = 0; while (n--)\ns += *p++;\nreturn s; }\nint main(void) { int a[3] = { 1, 2, 3 }; return sum(a, 4); }',
    fault:
      /^line 2: outOfBounds: .*read of 4 bytes at 0x…, just behind `a` of main \(12 bytes\)\.$/,
  },
  {
    name: 'a pointer that runs off a static object',
    text: 'static char text[5] = "abcd";\nint main(void) { char *p = text;\np[5] = 1;\nreturn 0; }',
    fault: /^line 3: outOfBounds: .*write of 1 byte at 0x…, just behind `text` \(5 bytes\)\.$/,
  },
  {
    name: 'a read before a scalar whose address is taken',
    text: 'int get(int *p) { return\np[-1]; }\nint main(void) { int x = 1; return get(&x); }',
    fault: /^line 1: outOfBounds: .*4 bytes before `x` of main/,
  },
  {
    name: 'a pointer behind a heap object',
    text: '#include <stdlib.h>\nint main(void) {\nchar *p = malloc(3);\np[3] = 0;\nreturn 0; }',
    fault:
      /^line 4: outOfBounds: .*just behind an object of 3 bytes allocated at a\.c:3 in main\.$/,
  },
  {
    name: 'the use of a freed object',
    text: '#include <stdlib.h>\nint main(void) {\nint *p = calloc(2, 4);\nfree(p);\nreturn p[1]; }',
    fault:
      /^line 5: useAfterFree: .*4 bytes into an object of 8 bytes allocated at a\.c:3 in main and freed at a\.c:4 in main\.$/,
  },
  {
    name: 'the use of an object freed at a place that was used before',
    text: '#include <stdlib.h>\nint main(void) {\nint i, *p = 0;\nfor (i = 0; i < 3; i++) { free(p);\np = calloc(1, 4); }\nfree(p);\nreturn *p; }',
    fault: /^line 7: useAfterFree: .*object number 3 at its place, allocated at a\.c:5/,
  },
  {
    name: 'a copy that is longer than its target',
    text: '#include <string.h>\nint main(void) { char a[4], b[8] = "abcdefg";\nmemcpy(a, b, 8);\nreturn a[0]; }',
    fault: /^line 3: outOfBounds: .*write of 8 bytes at 0x…, just behind `a` of main/,
  },
  {
    name: 'a scalar without a value on one path',
    text: 'int main(int n, char **v) { int x;\nif (n > 1) x = 3;\nreturn x; }',
    fault: /^line 3: uninitialized: Read of `x`, which was never given a value\.$/,
  },
  {
    name: 'a scalar that loses its value when its block begins again',
    text: 'int main(void) { int i, s = 0;\nfor (i = 0; i < 2; i++) { int x; if (i == 0) x = 1;\ns += x; }\nreturn s; }',
    fault: /^line 3: uninitialized: Read of `x`/,
  },
  {
    name: 'a scalar that `+=` reads first',
    text: 'int main(int n, char **v) { long long x; if (n > 1) x = 1;\nx += 2;\nreturn x; }',
    fault: /^line 2: uninitialized: Read of `x`/,
  },
  {
    name: 'a scalar behind a goto over its assignment',
    text: 'int main(int n, char **v) { int x;\nif (n == 1) goto out;\nx = 1;\nout: return x; }',
    fault: /^line 4: uninitialized: Read of `x`/,
  },
  {
    name: 'a member without a value',
    text: 'struct s { int a, b; };\nint main(void) { struct s s; s.a = 1;\nreturn s.b; }',
    fault: /^line 3: uninitialized: .*in `s` of main\.$/,
  },
  {
    name: 'a variable whose address was given away, without a value',
    text: 'void keep(int *p) { }\nint main(void) { int x; keep(&x);\nreturn x; }',
    fault: /^line 3: uninitialized: .*in `x` of main\.$/,
  },
  {
    name: 'an element without a value, copied with its struct',
    text: 'struct s { int a[8]; };\nint main(void) { struct s s, t; s.a[1] = 2; t = s;\nreturn t.a[0]; }',
    fault: /^line 3: uninitialized: .*in `t` of main\.$/,
  },
  {
    name: 'heap memory without a value',
    text: '#include <stdlib.h>\nint main(void) { int *p = malloc(8);\nreturn p[1]; }',
    fault:
      /^line 3: uninitialized: .*4 bytes into an object of 8 bytes allocated at a\.c:2 in main\.$/,
  },
  {
    name: 'an array of a block that begins again',
    text: 'int main(void) { int i, s = 0;\nfor (i = 0; i < 2; i++) { int a[2]; if (i == 0) a[0] = 1;\ns += a[0]; }\nreturn s; }',
    fault: /^line 3: uninitialized: .*in `a` of main\.$/,
  },
  {
    name: 'a member that an initializer copied without a value',
    text: 'struct p { int a, b; };\nint main(void) { struct p x; x.a = 1; struct p y = x;\nreturn y.b; }',
    fault: /^line 3: uninitialized: .*read of 4 bytes at 0x… in `y` of main\.$/,
  },
  {
    name: 'a member without a value of a struct in another that was initialized with it',
    text: 'struct p { int a, b; };\nstruct q { struct p p; int c; };\nint main(void) { struct p x; x.a = 1; struct q y = { x, 1 };\nreturn y.p.b; }',
    fault: /^line 4: uninitialized: .*in `y` of main\.$/,
  },
  {
    name: 'a member that an assignment took the value of',
    text: 'struct p { int a, b; };\nint main(void) { struct p x, y = { 1, 2 }; x.a = 1; y = x;\nreturn y.b; }',
    fault: /^line 3: uninitialized: .*in `y` of main\.$/,
  },
  {
    name: 'a member without a value of an argument',
    text: 'struct p { int a, b; };\nint f(struct p s) {\nreturn s.b; }\nint main(void) { struct p x; x.a = 1; return f(x); }',
    fault: /^line 3: uninitialized: .*in `s` of f\.$/,
  },
  {
    name: 'a narrow member without a value of a large argument that is passed on',
    text: 'struct p { int a[9]; short b; };\nint g(struct p s) {\nreturn s.b; }\nint f(struct p s) { s.a[1] = 3; return g(s); }\nint main(void) { struct p x; x.a[0] = 1; return f(x); }',
    fault: /^line 3: uninitialized: .*read of 2 bytes at 0x… in `s` of g\.$/,
  },
  {
    name: 'a member without a value of an argument that is aligned',
    text: 'struct p { int a, b; } __attribute__((aligned(16)));\nint f(struct p s) {\nreturn s.b; }\nint main(void) { struct p x; x.a = 1; struct p y = x; return f(y); }',
    fault: /^line 3: uninitialized: .*in `s` of f\.$/,
  },
  {
    name: 'a member without a value of a result',
    text: 'struct p { int a, b; };\nstruct p f(void) { struct p x; x.a = 1; return x; }\nint main(void) { struct p y = f();\nreturn y.b; }',
    fault: /^line 4: uninitialized: .*in `y` of main\.$/,
  },
  {
    name: 'a member without a value that memcpy brought',
    text: '#include <string.h>\nstruct p { int a, b; };\nint main(void) { struct p x, y = { 1, 2 }; x.a = 1; memcpy(&y, &x, sizeof(y));\nreturn y.b; }',
    fault: /^line 4: uninitialized: .*in `y` of main\.$/,
  },
  {
    name: 'a member without a value that was copied from the heap',
    text: '#include <stdlib.h>\nstruct p { int a; long long b; };\nint main(void) { struct p *h = malloc(sizeof(*h)); h->a = 1; struct p y = *h;\nreturn y.b; }',
    fault: /^line 4: uninitialized: .*read of 8 bytes at 0x… in `y` of main\.$/,
  },
  {
    name: 'an atomic addition to memory without a value',
    text: '#include <stdlib.h>\nint fl_atomic_add(void *word, int by);\nint main(void) { int *p = malloc(8);\nfl_atomic_add(p + 1, 3);\nreturn 0; }',
    fault: /^line 4: uninitialized: .*read of 4 bytes at 0x…, 4 bytes into an object of 8 bytes/,
  },
  {
    name: 'a bit that is set in a word without a value',
    text: '#include <stdlib.h>\nvoid fl_set_bit(int bit, void *words);\nint main(void) { int *p = malloc(8);\nfl_set_bit(33, p);\nreturn 0; }',
    fault: /^line 4: uninitialized: .*4 bytes into an object of 8 bytes/,
  },
  {
    name: 'a member without a value of a result that is nowhere kept',
    text: 'struct p { int a, b; };\nstruct p f(void) { struct p x; x.a = 1; return x; }\nint main(void) {\nreturn f().b; }',
    fault:
      /^line 4: uninitialized: .*read of 4 bytes at 0x… in the value of an expression of main\.$/,
  },
  {
    name: 'an element without a value of a large result that is nowhere kept',
    text: 'struct p { char a[40]; };\nstruct p f(void) { struct p x; x.a[3] = 1; return x; }\nint main(int n, char **v) { int s = f().a[3];\nreturn s + f().a[n]; }',
    fault:
      /^line 4: uninitialized: .*read of 1 byte at 0x… in the value of an expression of main\.$/,
  },
  {
    name: 'a member without a value of one of two structs',
    text: 'struct p { int a, b; };\nint main(int n, char **v) { struct p x, y = { 1, 2 }; x.a = 1;\nreturn (n ? x : y).b; }',
    fault: /^line 3: uninitialized: .*in the value of an expression of main\.$/,
  },
];

/** Red zones around a local whose place depends on where the frame is. */
const BEHIND_ALIGNED: readonly Case[] = [16, 64, 4096].flatMap((align) => {
  const aligned = `__attribute__((aligned(${String(align)})))`;
  return [0, 1, 2, 3].map((depth): Case => {
    const down = `int down(int n) { return n ? down(n - 1) : use(); }\nint main(void) { return down(${String(depth)}); }`;
    return {
      name: `an access behind a local aligned to ${String(align)}, ${String(depth)} calls down`,
      text: `int get(int *p, int n) { return\np[n]; }\nint use(void) { int a[3] ${aligned} = { 1 }; char b; b = 1; return a[0] + *&b + get(a, 3); }\n${down}`,
      fault:
        /^line 1: outOfBounds: .*read of 4 bytes at 0x…, just behind `a` of use \(12 bytes\)\.$/,
    };
  });
});

/** The same with locals that are aligned to more than the frame. */
const ALIGNED_CASES: readonly Case[] = [
  ...BEHIND_ALIGNED,
  {
    name: 'an access before an aligned local',
    text: 'int get(int *p) { return\np[-1]; }\nint main(void) { int x __attribute__((aligned(64))) = 1; return get(&x); }',
    fault: /^line 1: outOfBounds: .*4 bytes before `x` of main/,
  },
  {
    name: 'an aligned array of a block that begins again',
    text: 'int main(void) { int i, s = 0;\nfor (i = 0; i < 2; i++) { int a[2] __attribute__((aligned(32))); if (i == 0) a[0] = 1;\ns += a[0]; }\nreturn s; }',
    fault: /^line 3: uninitialized: .*in `a` of main\.$/,
  },
  {
    name: 'a member of an aligned struct without a value',
    text: 'struct s { int a; char b; } __attribute__((aligned(16)));\nint main(void) { struct s s; s.b = 1;\nreturn s.a; }',
    fault: /^line 3: uninitialized: .*in `s` of main\.$/,
  },
  {
    name: 'an access behind an aligned parameter',
    text: 'struct s { int a; } __attribute__((aligned(16)));\nint f(int n, struct s s) {\nreturn (&s.a)[n]; }\nint main(void) { struct s s = { 1 }; return f(4, s); }',
    fault: /^line 3: outOfBounds: .*just behind `s` of f/,
  },
];

/** Faults that no switch turns off, since the machine could not go on. */
const ALWAYS: readonly Case[] = [
  {
    name: 'a null pointer',
    text: 'int *p;\nint main(void) {\nreturn *p; }',
    fault: /^line 3: nullPointer: Null pointer: read of 4 bytes/,
  },
  {
    name: 'a member of a null pointer',
    text: 'struct s { int a, b; } *p;\nint main(void) {\nreturn p->b; }',
    fault: /^line 3: nullPointer: .*a member at offset 0x…/,
  },
  {
    name: 'a wild pointer',
    text: 'int main(void) {\nreturn *(int *)0x12345678; }',
    fault: /^line 2: wildPointer/,
  },
  {
    name: 'a division by zero',
    text: 'int zero;\nint main(void) {\nreturn 5 / zero; }',
    fault: /^line 3: divideByZero/,
  },
];

/** Legal C that careless checks would complain of. */
const LEGAL: Readonly<Record<string, string>> = {
  'the address behind an array':
    'int main(void) { int a[4] = { 1, 2, 3, 4 }, *p, s = 0; for (p = a; p != &a[4]; p++) s += *p; return s; }',
  container_of:
    'struct list { struct list *next; };\nstruct item { int v; struct list l; };\nint main(void) { struct item i = { 10, { 0 } }; struct list *l = &i.l; return ((struct item *)((char *)l - __builtin_offsetof(struct item, l)))->v; }',
  'a flexible array':
    '#include <stdlib.h>\nstruct s { int n; int a[]; };\nint main(void) { struct s *s = malloc(sizeof(*s) + 16); s->a[3] = 10; return s->a[3]; }',
  'an array of one at the end of a struct':
    '#include <stdlib.h>\nstruct s { int n; char a[1]; };\nint main(int n, char **v) { struct s *s = calloc(1, sizeof(*s) + 9); s->a[n + 7] = 10; return s->a[n + 7]; }',
  'a copy of a struct with padding and members without values':
    'struct s { char c; int x; int y; } f(struct s s) { s.y = 4; return s; }\nint main(void) { struct s a, b; a.c = 3; a.x = 3; b = f(a); return b.c + b.x + b.y; }',
  'a look at padding as characters':
    'struct s { char c; int x; struct { short a; char b; } t[2]; };\nint main(void) { int n = 0, i, j; for (j = 0; j < 2; j++) { struct s s; unsigned char *p = (void *)&s; s.c = 1; s.x = 2; s.t[0].a = s.t[1].a = 3; s.t[0].b = s.t[1].b = 4; for (i = 0; i < sizeof(s); i++) n += p[i] < 256; } return n - 22; }',
  'a look at padding of an aligned struct, round after round':
    'struct s { char c; int x; } __attribute__((aligned(32)));\nint main(void) { int n = 0, i, j; for (j = 0; j < 2; j++) { struct s s; unsigned char *p = (void *)&s; s.c = 1; s.x = 2; for (i = 0; i < sizeof(s); i++) n += p[i] < 256; } return n - 54; }',
  'a bit-field beside one without a value':
    'struct s { unsigned a : 5, b : 20, c : 7; };\nint main(void) { struct s s; s.b = 10; return s.b; }',
  'a bit-field in a union':
    'union u { unsigned char c; unsigned b : 8; };\nint main(void) { union u u; u.c = 10; return u.b; }',
  'a variable that a loop always assigns':
    'int main(void) { int x, i = 0; do { x = i; } while (i++ < 10); return x; }',
  'a switch with a value on every path':
    'int f(int n) { int x; switch (n) { case 0: x = 1; break; case 1: x = 9; break; default: return 0; } return x; }\nint main(void) { return f(0) + f(1); }',
  'a value that a goto loop brings':
    'int main(void) { int x, n = 0;\nagain: if (n == 10) return x; x = ++n; goto again; }',
  'variable arguments':
    '#include <stdarg.h>\nint sum(int n, ...) { va_list l; int s = 0; va_start(l, n); while (n--) s += va_arg(l, int); va_end(l); return s; }\nint main(void) { return sum(4, 1, 2, 3, 4); }',
  recursion:
    'int sum(int *p, int n) { int a[2]; if (n == 0) return *p; a[0] = *p + n; a[1] = 0; return sum(a, n - 1); }\nint main(void) { int x = 0; return sum(&x, 4); }',
  'an exchange as the first write':
    '#include <stdlib.h>\nint fl_atomic_xchg(void *word, int to);\nint main(void) { int *p = malloc(4); fl_atomic_xchg(p, 10); return *p; }',
  'words of arguments that a struct without a value was passed in':
    'struct p { int a, b; };\nint f(struct p s) { return s.a; }\nint g(int u, int v) { int *p = &v; return *p; }\nint main(void) { struct p x; x.a = 1; f(x); return g(1, 10); }',
  'a struct with values in the place of one without':
    'struct p { int a, b; };\nint f(struct p s) { int *q = &s.b; s.b = 10; return *q; }\nint main(void) { struct p x, y = { 1, 2 }; int *q = &y.b; x.a = 1; y = x; y.b = f(x); return *q; }',
  'a scalar after a copy without a value':
    '#include <string.h>\nstruct p { int a, b; };\nint main(void) { struct p x; int v = 0, w[2] = { 1, 2 }, *q = &v, *r = w; x.a = 1; memcpy(&v, &x.b, 4); v = 3; memcpy(w, &x, 8); w[1] = 7; return *q + r[1]; }',
  'a struct that is initialized again in each round':
    'struct p { int a, b; };\nstruct q { struct p p; int c; };\nint main(void) { struct p x; int i, n = 0; x.a = 1; for (i = 0; i < 2; i++) { struct q y = { { 1, 2 }, 3 }, *r = &y; n += y.p.b + r->c; y.p = x; } return n; }',
  'a struct among variable arguments':
    '#include <stdarg.h>\nstruct p { int a, b; };\nint f(int n, ...) { va_list l; va_start(l, n); struct p s = va_arg(l, struct p); return s.a + va_arg(l, int); }\nint main(void) { struct p x; x.a = 1; return f(1, x, 9); }',
  'an aligned struct with values in the place of one without':
    'struct p { int a, b; } __attribute__((aligned(16)));\nint f(struct p s) { int *q = &s.b; s.b = 10; return *q; }\nint main(void) { struct p x, y = { 1, 2 }; int i, n = 0; x.a = 1; for (i = 0; i < 2; i++) { struct p z = { 3, i }; n += z.b; z = x; y = z; y.b = f(z); } return y.b + n - 1; }',
  'a member of a result that lacks another':
    'struct p { int a, b; };\nstruct p f(int n) { struct p x; if (n) x.a = 5; else x.b = 5; return x; }\nint main(void) { int i, s = 0; for (i = 0; i < 2; i++) s += i ? f(i).a : f(i).b; return s; }',
  'a struct in the result of a call, and one in that':
    'struct p { int a[2]; };\nstruct q { int n; struct p p; };\nstruct q f(int n) { struct q q = { n, { { 1, n } } }; return q; }\nint g(struct p p) { return p.a[1]; }\nint main(void) { return g(f(5).p) + f(4).p.a[1] + f(1).p.a[0]; }',
  'a struct among arguments that call':
    'struct p { int a, b; };\nint one(void) { return 1; }\nint f(struct p s, int n, struct p t) { return s.a + n + t.a; }\nint main(void) { struct p x; x.a = 4; return f(x, one() + one(), x); }',
};

/** Undefined behavior that the checks do not see; `shadow.ts` says why. */
const UNSEEN: Readonly<Record<string, string>> = {
  'a bit-field without a value that shares its byte with one that has one':
    'struct s { unsigned a : 3, b : 5; };\nint main(void) { struct s s; s.a = 2; return s.b * 0 + 10; }',
  'a local of a function that has returned':
    'int *keep(int *p) { return p; }\nint *f(void) { int x = 5; return keep(&x); }\nint main(void) { int *p = f(); return *p * 0 + 10; }',
};

describe('with checks', () => {
  it.each([...CASES, ...ALIGNED_CASES, ...ALWAYS])('$name stops the machine', ({ text, fault }) => {
    expect(outcomeOf(text, true)).toMatch(fault);
  });

  it.each(Object.entries(LEGAL))('%s is legal', (_name, text) => {
    expect(outcomeOf(text, true)).toBe('status 10');
  });
});

describe('what the checks do not see', () => {
  it.each(Object.entries(UNSEEN))('%s goes unnoticed', (_name, text) => {
    expect(outcomeOf(text, true)).toBe('status 10');
  });
});

describe('without checks', () => {
  it.each([...CASES, ...ALIGNED_CASES])('$name goes unnoticed', ({ text }) => {
    expect(outcomeOf(text, false)).toMatch(/^status /);
  });

  it.each(ALWAYS)('$name stops the machine all the same', ({ text, fault }) => {
    expect(outcomeOf(text, false)).toMatch(fault);
  });

  it.each(Object.entries(LEGAL))('%s gives the same', (_name, text) => {
    expect(outcomeOf(text, false)).toBe('status 10');
  });
});
