/**
 * What small pieces of C are lowered to, as disassembly. The goldens show code quality and statement
 * marks; whether the code is right is shown by the programs that run (test/fixtures/c).
 */
import { describe, expect, it } from 'vitest';
import { disassembleFunction } from '../../../src/bytecode/disassembler.ts';
import { verifyProgram } from '../../../src/bytecode/verifier.ts';
import { programOf } from '../../support/compileText.ts';

const CASES: Readonly<Record<string, string>> = {
  scalars: `
int add(int a, int b) { return a + b; }
int constants(int a) { int b = a * 3; b += 7; b <<= 2; return b - 1; }
short narrow(short s, unsigned char c) { s += c; c++; return s; }
long long wide(long long x, int y) { x += y; return x * 2; }
int taken(void) { char c = 1; char *p = &c; *p = 2; return c; }
`,
  conditions: `
int test(int a, unsigned b, char *p) {
  if (a < 3 && p) return 1;
  if (!(a == 5 || b > 7)) return 2;
  return p ? a : a > 0;
}
`,
  loops: `
int sum(int n) {
  int total = 0;
  for (int i = 0; i < n; i++) total += i;
  while (total > 100) total -= 7;
  do total++; while (total & 3);
  return total;
}
void forever(void) { for (;;) ; }
void once(int *p) { do { *p = 1; } while (0); }
`,
  memory: `
struct node { struct node *next; int value; char small; unsigned bits : 3; };
int global;
static int table[8];
int walk(struct node *node, int i) {
  while (node->next) node = node->next;
  node->value = table[i] + global;
  node->small = 5;
  node->bits = i;
  table[2]++;
  return node->bits;
}
`,
  calls: `
void fl_irq_enable(void);
int fl_atomic_add(volatile int *p, int v);
struct pair { int a, b; };
struct pair make(int a, int b) { struct pair p = { a, b }; return p; }
int use(struct pair p, int (*f)(int)) { return f(p.a) + f(f(p.b)); }
int counter;
int call(int x) {
  struct pair p = make(x, make(1, 2).b);
  fl_irq_enable();
  fl_atomic_add(&counter, 1);
  return use(p, 0);
}
`,
  switches: `
int few(int x) { switch (x) { case 1: return 5; case 3 ... 4: x++; default: break; } return x; }
`,
  visible: `
struct pair { int a, b; };
struct mm {
  int lock;
  int users; //@ guard users read by lock write by lock
  unsigned state : 3;
  int plain;
  struct pair pair; //@ racy pair : nobody cares
  //@ racy state : looked at without the lock
};
int clock;
int look(struct mm *mm) { return mm->users + mm->plain; }
void change(struct mm *mm) { mm->users++; mm->pair.b = 1; mm->state = 2; mm->lock = 1; }
struct pair copy(struct mm *mm) { return mm->pair; }
int *where(struct mm *mm) { return &mm->users; }
void wait_for(struct mm *mm) { mm->lock++; }
int table[4];
int wake(struct mm *mm, int *flag, int index) {
  struct mm own;
  own.plain = 1;
  wait_for(&own);
  //@ racy own.plain : others have its address
  while (own.plain)
    wait_for(mm);
  //@ racy *flag : whoever acts on it looks again
  if (*flag > 1 || flag[1] > 1)
    return *flag;
  //@ racy table[index] : the one of this index only
  return table[index] + table[index + 1] + *flag;
}
int quick(struct mm *mm) {
  struct mm own = *mm;
  //@ racy clock : late is soon enough
  own.users = clock;
  //@ racy mm->plain : it is only a hint
  if (mm->plain) return mm->plain;
  //@ assert mm->users > 0 : nobody sees that
  return mm->plain + clock + own.users;
}
`,
  annotations: `
int lock;
//@ plumbing
void primitive(int *l) {
  *l = 1;
  //@ acquire write l
}
//@ cost MAP
int priced(int x) {
  //@ anchor start : The start
  if (x)
    return 1;
  //@ cost READ
  while (x < 5) {
    if (x == 3)
      break;
    x++;
  }
  //@ assert holds(&lock) : it is held
  return 0;
}
`,
};

describe('lowering', () => {
  it.each(Object.entries(CASES))('of %s is short and marks each statement', async (name, text) => {
    const program = programOf(text);
    expect(verifyProgram(program)).toEqual([]);
    const listing = program.functions.map((owner) => disassembleFunction(program, owner));
    await expect(listing.join('\n')).toMatchFileSnapshot(`../../golden/lowering/${name}.txt`);
  });
});
