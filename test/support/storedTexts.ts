/**
 * Small programs that are compiled, stored, edited and compiled again, with the stored objects and without.
 */
import { renderDiagnostic } from '../../src/base/diagnostic.ts';
import type { SourceFile } from '../../src/base/span.ts';
import { finishSteps } from '../../src/base/steps.ts';
import { compile } from '../../src/c/compile.ts';
import { compileChanged } from '../../src/c/compileChanged.ts';
import type { CompileInput } from '../../src/c/compileInput.ts';
import { createObjects } from '../../src/c/createObjects.ts';
import { kernelLanguage } from '../../src/kernel/kernelLanguage.ts';
import { firstDifference } from './storedKernels.ts';

/** Texts by path. */
export type Texts = Readonly<Record<string, string>>;

/** How texts are put before the compiler: headers are found beside who includes them, then by path. */
export function inputOf(texts: Texts): CompileInput {
  const files = new Map<string, SourceFile>(
    Object.entries(texts).map(([path, text]) => [path, { path, text }]),
  );
  return {
    units: [...files.values()].filter(({ path }) => path.endsWith('.c')),
    resolveInclude: (path, _form, from) =>
      files.get(from.path.replace(/[^/]*$/, '') + path) ?? files.get(path),
    language: kernelLanguage,
  };
}

/** What an edit of stored texts gives: `reused`, `whole` (everything was compiled), or how the two ways differ. */
export function editing(stored: Texts, edit: Readonly<Record<string, string | undefined>>): string {
  const objects = createObjects(inputOf(stored));
  if (objects === undefined) return 'not stored';
  const texts = Object.fromEntries(
    Object.entries({ ...stored, ...edit }).flatMap(([path, text]) =>
      text === undefined ? [] : [[path, text]],
    ),
  );
  const input = inputOf(texts);
  const whole = compile(input);
  const changed = compile({ ...input, objects });
  const difference =
    firstDifference(
      whole.diagnostics.map(renderDiagnostic),
      changed.diagnostics.map(renderDiagnostic),
    ) ?? firstDifference(whole.program, changed.program);
  if (difference !== undefined) return difference;
  return finishSteps(compileChanged(input, objects)) === undefined ? 'whole' : 'reused';
}

/** A program of three units and two headers. */
export const threeUnits: Texts = {
  'types.h': [
    '#ifndef TYPES_H',
    '#define TYPES_H',
    'struct node; typedef unsigned long word_t;',
    'struct list { struct node *first; word_t count; };',
    'enum color { RED, GREEN = 5 };',
    '#define LIMIT 10',
    '#define TWICE(x) ((x) + (x))',
    'extern struct list all; extern int total(struct list *l); extern void add(int value);',
    'static inline int least(int a, int b) { return a < b ? a : b; }',
    'static inline int unused(int a) { return TWICE(a); }',
    '#endif',
    '',
  ].join('\n'),
  'node.h': '#include "types.h"\nstruct node { struct node *next; int value; };\n',
  'a.c': [
    '#include "node.h"',
    'struct list all = { 0, 0 };',
    'static int calls;',
    '//@ cost atomic',
    'int total(struct list *l) {',
    '  int sum = 0; struct node *n; calls++;',
    '  for (n = l->first; n; n = n->next) sum += least(n->value, LIMIT);',
    '  return sum;',
    '}',
    'static int local(void) { return calls; }',
    'int (*table[])(void) = { local };',
    '',
  ].join('\n'),
  'b.c': [
    '#include "node.h"',
    'static struct node nodes[LIMIT]; static const char *name = "b";',
    '//@ cost find_vma',
    'void add(int value) {',
    '  static int used; enum color c = GREEN;',
    '  nodes[used].value = least(value, c); nodes[used].next = all.first; all.first = &nodes[used++];',
    '  if (name[0] != *"b") all.count = 0;',
    '}',
    '',
  ].join('\n'),
  'c.c': '#include "types.h"\nint main(void) { add(3); add(20); return total(&all); }\n',
};
