// What a `racy` annotation of a statement is about: exactly the accesses to its place, and at least one of them.
import { describe, expect, it } from 'vitest';
import { disassembleFunction } from '../../../src/bytecode/disassembler.ts';
import { findFunction } from '../../../src/bytecode/program.ts';
import { messagesOf, programOf } from '../../support/compileText.ts';

const DECLARATIONS = `
struct node { int key; long long size; struct node *slots[4]; struct { int bit : 3; } flags; };
struct box { int value; };
int ticks;
int look(struct node *n) { return n->key; }
`;

function bodyOf(racy: string, statement: string): string {
  return `${DECLARATIONS}
int f(struct node *n, struct node **slot, struct box *b, int i) {
  struct box copy;
  long long size = 0;
  //@ racy ${racy} : the test looks
  ${statement}
  return copy.value + (int)size + (n == 0);
}
`;
}

/** How many instructions of `f` are visible operations. */
function visibleOf(racy: string, statement: string): number {
  const program = programOf(bodyOf(racy, statement));
  const info = findFunction(program, 'f');
  if (info === undefined) throw new Error('there is no f');
  return [...disassembleFunction(program, info).matchAll(/^[> ]\*/gm)].length;
}

describe('a `racy` annotation', () => {
  it.each([
    ['a member, of whichever object', 'n->key', 'if (n->key > 1 || slot[0]->key) ticks++;', 2],
    ['a member that is written', 'n->key', 'n->key += 2;', 2],
    ['a member of two words', 'n->size', 'size = n->size;', 1],
    ['a bit-field', 'n->flags.bit', 'ticks = n->flags.bit;', 1],
    ['a variable of the file', 'ticks', 'if (ticks) n->key = 1;', 1],
    ['what a pointer points to', '*slot', 'if (*slot != n) ticks++;', 1],
    ['it and not its neighbor', '*slot', 'if (slot[1] != n) n = *slot;', 1],
    ['an element', 'n->slots[i & 3]', 'n = n->slots[i & 3] ? n : n->slots[0];', 1],
    ['any element', 'n->slots', 'n = n->slots[i & 3] ? n : n->slots[0];', 2],
    ['a record that is copied', '*b', 'copy = *b;', 1],
    ['a member of a record behind a pointer', '*b', 'if (b->value) ticks++;', 1],
  ] as const)('makes accesses to %s visible', (_what, racy, statement, visible) => {
    expect(visibleOf(racy, statement)).toBe(visible);
  });

  it.each([
    ['n->key', 'ticks++;'],
    ['*slot', 'n = slot[1];'],
    ['n->key', 'ticks = look(n);'],
    ['n->key', 'ticks = *look_at(&n->key);'],
  ])('about %s is warned of before `%s`', (racy, statement) => {
    const text = bodyOf(racy, statement).replace(
      'int f(',
      'int *look_at(int *p) { return p; } int f(',
    );
    expect(messagesOf({ 'test.c': text })).toEqual([
      `the statement behind this annotation does not access \`${racy}\` itself`,
    ]);
  });

  it.each(['i', 'i + 1', 'copy', 'look(n)'])('names no place in `%s`', (racy) => {
    expect(messagesOf({ 'test.c': bodyOf(racy, 'ticks++;') })).toHaveLength(1);
  });
});
