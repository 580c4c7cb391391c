/**
 * Headers that several units include are read and parsed once, as far as nobody can tell.
 *
 * The oracle is the same compilation with a pragma in every header: a header that begins with one is read anew in each unit. Beside it stand the cases in which a header does mean something else in another unit.
 */
import { describe, expect, it } from 'vitest';
import { lineText, positionOf } from '../../../src/base/span.ts';
import { findFunction } from '../../../src/bytecode/program.ts';
import type { CompileResult } from '../../../src/c/compile.ts';
import { compileKernel } from '../../../src/scenario/compileKernel.ts';
import { loadKernelTree } from '../../../src/scenario/kernelTree.ts';
import { compileTexts, messagesOf, programOfTexts } from '../../support/compileText.ts';
import { kernelFiles } from '../../support/kernelMedia.ts';
import { media } from '../../support/nodeMedia.ts';

/** The text with a pragma instead of its first line, which is a comment. */
function withPragma(text: string): string {
  return text.replace(/^\/[/*].*/, '#pragma nothing');
}

function compileTree(files: ReadonlyMap<string, string>): Pick<CompileResult, 'diagnostics'> & {
  readonly hash: string | undefined;
} {
  const { tree } = loadKernelTree(media, { path: '', files });
  if (tree === undefined) throw new Error('no kernel tree');
  const { kernel, diagnostics } = compileKernel(tree);
  return { hash: kernel?.program.hash, diagnostics };
}

/** Everything of a result that does not count characters. */
function outcomeOf(files: ReadonlyMap<string, string>): readonly string[] {
  const { hash, diagnostics } = compileTree(files);
  const lines = diagnostics.flatMap(({ code, message, span, notes }) =>
    [{ message, span }, ...notes].map((item) => {
      if (item.span === undefined) return `${code}: ${item.message}`;
      const { file, start } = item.span;
      const text = lineText(file, positionOf(file, start).line1);
      return `${code}: ${item.message} at ${file.path}: ${text}`;
    }),
  );
  return [`hash ${String(hash)}`, ...lines];
}

function withPragmaInHeaders(files: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  return new Map(
    [...files].map(([path, text]) => [path, path.endsWith('.h') ? withPragma(text) : text]),
  );
}

/** Replaces the first occurrence in one file of the kernel. */
function editedKernel(path: string, from: string, to: string): ReadonlyMap<string, string> {
  const files = new Map(kernelFiles());
  const text = files.get(path) ?? '';
  if (!text.includes(from)) throw new Error(`${path} has no "${from}"`);
  return files.set(
    path,
    text.replace(from, () => to),
  );
}

describe('headers of several units', () => {
  it('give the program that reading them anew gives', () => {
    const files = kernelFiles();
    const outcome = outcomeOf(files);
    expect(outcome).toHaveLength(1);
    expect(outcome[0]).not.toContain('undefined');
    expect(outcome).toEqual(outcomeOf(withPragmaInHeaders(files)));
  });

  it.each([
    ['include/linux/mm.h', '#include <linux/mm_types.h>', ''],
    ['include/linux/mm_types.h', 'struct page {', 'struct pages {'],
    ['include/linux/list.h', 'struct list_head *next', 'struct list_heads *next'],
    ['include/linux/rwsem.h', ';', ''],
    ['include/linux/rwsem_types.h', 'struct rw_semaphore {', 'union rw_semaphore {'],
    ['include/linux/types.h', 'typedef', 'typedeff'],
    ['mm/filemap.c', '#include <linux/pagemap.h>', ''],
    ['mm/filemap.c', 'page_cache_get(', 'page_cach_get('],
    ['mm/swap.c', '#include <linux/mm.h>', 'struct page { int x; };\n#include <linux/mm.h>'],
    ['mm/slab.c', '#include <linux/mm.h>', 'struct early { int x; }\n#include <linux/mm.h>'],
    ['fs/inode.c', '#include', 'static void f(void) {\n#include'],
  ])(
    'give the complaints that reading them anew gives: %s with an edit of `%s`',
    (path, from, to) => {
      const files = editedKernel(path, from, to);
      const outcome = outcomeOf(files);
      expect(outcome.length).toBeGreaterThan(0);
      expect(outcome).toEqual(outcomeOf(withPragmaInHeaders(files)));
    },
  );

  it('follow the macros of each unit', () => {
    const header =
      '#ifdef WIDE\n#define STEP 2\n#else\n#define STEP 1\n#endif\nenum { step = STEP };';
    const program = programOfTexts({
      'h.h': header,
      'a.c': '#include "h.h"\nint a[step]; int size_a = sizeof a;',
      'b.c': '#define WIDE\n#include "h.h"\nint b[step]; int size_b = sizeof b;',
      'c.c': '#include "h.h"\nint c[step]; int size_c = sizeof c;',
    });
    const lengths = program.globals
      .filter(({ type }) => type.kind === 'array')
      .map(({ name, type }) => [name, type.kind === 'array' ? type.length : 0]);
    expect(lengths).toEqual([
      ['a', 1],
      ['b', 2],
      ['c', 1],
    ]);
  });

  it('count on in each unit with `__COUNTER__`', () => {
    const program = programOfTexts({
      'h.h': 'enum { first = __COUNTER__ };',
      'a.c': '#include "h.h"\nint a[first + 1];',
      'b.c': 'int n = __COUNTER__;\n#include "h.h"\nint b[first + 1];',
    });
    const lengths = program.globals.map(({ name, type }) => [
      name,
      type.kind === 'array' ? type.length : 0,
    ]);
    expect(new Map(lengths as [string, number][])).toEqual(
      new Map([
        ['n', 0],
        ['a', 1],
        ['b', 2],
      ]),
    );
  });

  it('are complained of once', () => {
    const texts = {
      'h.h': 'struct s { missing_t x; };',
      'a.c': '#include "h.h"\nint a;',
      'b.c': '#include "h.h"\nint b;',
    };
    expect(messagesOf(texts)).toEqual(['unknown type name `missing_t`']);
  });

  it('are complained of where one that they need is missing', () => {
    const texts = {
      'types.h': 'typedef int number;',
      'use.h': 'extern number count;',
      'a.c': '#include "types.h"\n#include "use.h"\nint a;',
      'b.c': '#include "use.h"\nint b;',
    };
    expect(messagesOf(texts)).toEqual(['unknown type name `number`']);
    const own = { ...texts, 'a.c': 'typedef int number;\n#include "use.h"\nint a;' };
    expect(messagesOf(own)).toEqual(['unknown type name `number`']);
  });

  it('are compared where they declare one name', () => {
    const texts = {
      'one.h': 'extern int f(int);',
      'two.h': 'extern int f(long long);',
      'a.c': '#include "one.h"\nint a;',
      'b.c': '#include "two.h"\nint b;',
      'c.c': '#include "one.h"\n#include "two.h"\nint c;',
    };
    expect(messagesOf(texts)[0]).toContain('but was declared as `int (int)` before');
  });

  it('suggest names that a unit does not use', () => {
    const texts = {
      'h.h': 'static inline void release_flag(void) {}\nextern int other;',
      'a.c': '#include "h.h"\nint a;',
      'b.c': '#include "h.h"\nvoid b(void) { releas_flag(); }',
    };
    expect(messagesOf(texts)).toContain('note: did you mean `release_flag`?');
  });

  it('are compared with a second body of a function', () => {
    const texts = {
      'h.h': 'static inline int least(int a, int b) { return a < b ? a : b; }\nextern int x;',
      'g.h': '#include "h.h"\nstatic inline int least(int a, int b) { return 7; }',
      'a.c': '#include "h.h"\nint x; int a(void) { return least(1, 2); }',
    };
    const own = 'static inline int least(int a, int b) { return 8; }';
    for (const unit of [
      '#include "g.h"\nint b(void) { return x; }',
      '#include "g.h"\nint b(void) { return least(x, 2); }',
      `#include "h.h"\n${own}\nint b(void) { return x; }`,
      `#include "h.h"\n${own}\nint b(void) { return least(x, 2); }`,
    ]) {
      const { diagnostics } = compileTexts({ ...texts, 'b.c': unit });
      const places = diagnostics.map(({ message, span, notes }) => {
        return [message, span?.file.path, notes[0]?.span?.file.path];
      });
      const second = unit.includes('g.h') ? 'g.h' : 'b.c';
      expect(places).toEqual([['`least` is defined again', second, 'h.h']]);
    }
  });

  it('keep the definitions that every unit gets', () => {
    expect(
      messagesOf({ 'h.h': 'int x = 1;', 'a.c': '#include "h.h"', 'b.c': '#include "h.h"' }),
    ).toContain('`x` is defined twice');
    expect(messagesOf({ 'h.h': 'int x = 1;', 'a.c': '#include "h.h"' })).toEqual([]);
  });

  it('may be included in the middle of something', () => {
    const program = programOfTexts({
      'fields.h': 'int x; int y;',
      'a.c': '#include "fields.h"\nint a(void) { return x; }',
      'b.c': 'struct s {\n#include "fields.h"\n};\nint b(struct s *p) { return p->y; }',
    });
    expect(findFunction(program, 'b')).toBeDefined();
    expect(program.records.get('s')?.fields?.map(({ name }) => name)).toEqual(['x', 'y']);
  });

  it('are complained of in the middle of something', () => {
    const texts = {
      'h.h': 'extern int x;',
      'a.c': '#include "h.h"\nint a;',
      'b.c': 'struct s {\nint y;\n#include "h.h"\n};\nint b;',
    };
    expect(messagesOf(texts)).toHaveLength(1);
  });

  it('complete a struct only for the units that include its body', () => {
    const texts = {
      'name.h': 'struct s; extern struct s *first;',
      'body.h': '#include "name.h"\nstruct s { int x; };',
      'a.c': '#include "name.h"\nint a(void) { return first != 0; }',
      'b.c': '#include "body.h"\nint b(void) { return first->x; }',
      'c.c': '#include "name.h"\nint c(void) { return first->x; }',
      'd.c': '#include "body.h"\nint d(void) { return first->x; }',
    };
    const messages = messagesOf(texts);
    expect(messages.filter((text) => !text.startsWith('note'))).toHaveLength(1);
    expect(messages[0]).toContain('struct s');
    const early = {
      ...texts,
      'c.c': '#include "name.h"\nint c(void) { return first->x; }\n#include "body.h"',
    };
    expect(messagesOf(early)).toEqual(messages);
  });

  it('let every unit have its own body of a struct', () => {
    const program = programOfTexts({
      'name.h': 'struct s; extern int take(struct s *p);',
      'a.c':
        '#include "name.h"\nstruct s { int x; }; int a[sizeof(struct s)]; int take(struct s *p) { return p->x; }',
      'b.c': '#include "name.h"\nstruct s { int x, y; }; int b[sizeof(struct s)];',
      'c.c': '#include "name.h"\nint c(struct s *p) { return take(p); }',
      'd.c': 'struct s { int x, y, z; }; int d[sizeof(struct s)];\n',
      'e.c': 'struct s { int x, y, z, u; };\n#include "name.h"\nint e[sizeof(struct s)];',
    });
    const lengths = program.globals.map(({ name, type }) => [
      name,
      type.kind === 'array' ? type.length : 0,
    ]);
    expect(lengths).toEqual([
      ['a', 4],
      ['b', 8],
      ['d', 12],
      ['e', 16],
    ]);
  });

  it('follow `#pragma pack` of each unit', () => {
    const program = programOfTexts({
      'h.h': 'struct s { char c; int x; };',
      'a.c': '#include "h.h"\nint a[sizeof(struct s)];',
      'b.c': '#pragma pack(1)\n#include "h.h"\nint b[sizeof(struct s)];',
      'c.c': '#include "h.h"\nint c[sizeof(struct s)];',
    });
    expect(program.globals.map(({ type }) => (type.kind === 'array' ? type.length : 0))).toEqual([
      8, 5, 8,
    ]);
  });

  it('are compared with what a unit declares before them', () => {
    const texts = {
      'h.h': 'extern int f(int); typedef int number; enum { one = 1 };',
      'a.c': '#include "h.h"\nint a;',
    };
    const clash = (line: string): readonly string[] =>
      messagesOf({ ...texts, 'b.c': `${line}\n#include "h.h"\nint b;` });
    expect(clash('extern int f(int);')).toEqual([]);
    expect(clash('extern int f(long long);')[0]).toContain('`f`');
    expect(clash('typedef long long number;')[0]).toContain('`number`');
    expect(clash('int one;')[0]).toContain('`one`');
    expect(messagesOf({ ...texts, 'b.c': 'number b;\n#include "h.h"' })[0]).toContain('`number`');
  });

  it('give each unit its own functions and variables', () => {
    const program = programOfTexts({
      'h.h':
        'extern int x; static inline int twice(int n) { static int calls; calls++; return 2 * n; }',
      'a.c': '#include "h.h"\nint x = 1; int a(void) { return twice(x); }',
      'b.c': '#include "h.h"\nint b(void) { return twice(x); }',
      'c.c': '#include "h.h"\nint c(void) { return twice(x); }',
    });
    expect(program.globals.map(({ name }) => name)).toEqual(['x', 'calls', 'calls', 'calls']);
  });

  it('are read anew in every compilation', () => {
    const lengthOf = (text: string): number | undefined => {
      const unit = '#include "h.h"\nint a[n];';
      const { program } = compileTexts({ 'h.h': text, 'a.c': unit, 'b.c': '#include "h.h"' });
      const type = program?.globals[0]?.type;
      return type?.kind === 'array' ? type.length : undefined;
    };
    expect(lengthOf('enum { n = 3 };')).toBe(3);
    expect(lengthOf('enum { n = 4 };')).toBe(4);
  });
});
