/** Expressions of the debugger, over the memory of a program that stands in its first statement. */
import { describe, expect, it } from 'vitest';
import { asPc } from '../../../src/base/brand.ts';
import type { MemoryReader } from '../../../src/bytecode/memoryReader.ts';
import { DATA_BASE, findFunction, type Program } from '../../../src/bytecode/program.ts';
import { evaluate, type EvaluationResult } from '../../../src/c/evaluate.ts';
import { programOf } from '../../support/compileText.ts';

const program = programOf(`
#define SHIFT 4
#define MASK ((1 << SHIFT) - 1)
#define SCALE(x) ((x) * SHIFT)
#define FLAG(name) FLAG_##name
enum state { IDLE, BUSY = 7, FLAG_HIGH = 32 };
enum far { NEAR = -1, TOP = 0x80000000, FAR = 1LL << 60 | 1 };
#define FARTHER (FAR + 1)
enum far far = FAR;
typedef unsigned char u8;
struct node { struct node *next; int value; unsigned low : 3; int high : 5; u8 bytes[4]; };
struct node second = { 0, -2, 5, -3, { 250, 1, 2, 3 } };
struct node first = { &second, 100, 1, 2, { 9 } };
long long wide = -0x123456789abLL;
unsigned int big = 0xffffffffu;
struct { unsigned long long up : 40; long long down : 40; } split = { -1, -0x8000000000LL };
short table[] = { 1, -2, 3 };
static int hidden = 11;
_Bool truth = 1;
enum state state = BUSY;
int callee(int x) { return x; }
int (*handler)(int) = callee;
int f(int a, struct node *p)
{
	int inner = 1;
	{
		int inner = 2;
		short narrow = -3;
		static int count = 40;

		a += inner + narrow + count + hidden;
	}
	return a + inner + p->value;
}
`);

const FP = 0xc0800000;

/** Data as the program starts with it; a frame of f(5, &first) with inner -1, 6 and narrow. */
function createMemory(of: Program): MemoryReader {
  const frame = new Map<number, number>();
  const write = (address: number, value: number): void => {
    for (let at = 0; at < 4; at += 1) frame.set(address + at, (value >> (8 * at)) & 0xff);
  };
  const p = of.globals.find(({ name }) => name === 'first')?.storage;
  write(FP + 8, 5);
  write(FP + 12, p?.kind === 'static' ? p.address : 0);
  const owner = findFunction(of, 'f');
  for (const [index, scope] of (owner?.scopes ?? []).entries()) {
    for (const { name, storage } of scope.variables) {
      if (storage.kind !== 'frame') continue;
      if (name === 'inner') write(FP + storage.offset, index === 0 ? -1 : 6);
      if (name === 'narrow') write(FP + storage.offset, -3);
    }
  }
  return {
    readByte: (address) => frame.get(address) ?? of.data[address - DATA_BASE],
  };
}

const memory = createMemory(program);
const owner = findFunction(program, 'f');
/** The last instruction of a scope, where all its variables are declared. */
function lastPc(scope: number): number {
  return (owner?.scopes[scope]?.end ?? 4) - 4;
}

function at(text: string, pc: number = lastPc(1)): EvaluationResult {
  return evaluate(text, { program, pc: asPc(pc), fp: FP, memory });
}

function valueOf(text: string, pc?: number): bigint | undefined | string {
  const result = at(text, pc);
  return result.kind === 'ok' ? result.value.value : result.diagnostics[0]?.message;
}

describe('an expression of the debugger', () => {
  it.each([
    ['1 + 2 * 3', 7n],
    ['a', 5n],
    ['a + inner', 11n],
    ['narrow', -3n],
    ['count', 40n],
    ['hidden', 11n],
    ['p->value', 100n],
    ['p->next->value', -2n],
    ['(*p).next->low', 5n],
    ['p->next->high', -3n],
    ['p->next->next == 0', 1n],
    ['p->next->bytes[0]', 250n],
    ['*p->next->bytes + 1', 251n],
    ['&p->next->bytes[2] - p->next->bytes', 2n],
    ['table[1]', -2n],
    ['*(table + 2)', 3n],
    ['wide', -0x123456789abn],
    ['wide / 1000', -1250999896n],
    ['big + 1', 0n],
    ['split.up + 1', 0n],
    ['split.up + 1LL', 0x10000000000n],
    ['split.down - 1', 0x7fffffffffn],
    ['-split.down', -0x8000000000n],
    ['big + 1LL', 0x100000000n],
    ['(int)big', -1n],
    ['(unsigned char)a + 255', 260n],
    ['((struct node *)p->next)->value', -2n],
    ['((struct node *)(unsigned long)p)->value', 100n],
    ['sizeof(struct node)', 16n],
    ['sizeof(enum state)', 4n],
    ['(enum state)7 == BUSY', 1n],
    ['sizeof(enum far)', 8n],
    ['far', 0x1000000000000001n],
    ['far == FAR', 1n],
    ['FAR - 1', 0x1000000000000000n],
    ['FARTHER', 0x1000000000000002n],
    ['NEAR < TOP', 1n],
    ['sizeof TOP', 8n],
    ['((struct node *)&second)->value', -2n],
    ['&((struct node *)0xc0000000)->bytes == (u8 (*)[4])0xc0000009', 1n],
    ['sizeof table', 6n],
    ['sizeof(u8)', 1n],
    ['MASK', 15n],
    ['SCALE(a)', 20n],
    ['FLAG(HIGH) | BUSY', 39n],
    ['state == BUSY', 1n],
    ['truth ? -1 : 1', -1n],
    ['a && p->next || 0', 1n],
    ['!p', 0n],
    ['a > 3 ? p->value : *(int *)0', 100n],
    ['~a & 0xff', 250n],
    ['-wide >> 4', 0x123456789abn >> 4n],
    ['handler == callee', 1n],
    ['handler == &callee', 1n],
    ["'A'", 65n],
    ['a, inner', 6n],
  ])('%s', (text, expected) => {
    expect(valueOf(text)).toBe(expected);
  });

  it('means what it does at each place, in each frame and with the present values, however often it is asked', () => {
    const inner = (pc: number, fp: number | undefined, of: MemoryReader) => {
      const result = evaluate('inner', { program, pc: asPc(pc), fp, memory: of });
      return result.kind === 'ok' ? result.value.value : 'nothing';
    };
    const changed: MemoryReader = { readByte: () => 1 };
    for (let round = 0; round < 2; round += 1) {
      expect(inner(lastPc(1), FP, memory)).toBe(6n);
      expect(inner(lastPc(0), FP, memory)).toBe(-1n);
      expect(inner(lastPc(1), FP, changed)).toBe(0x01010101n);
      expect(inner(lastPc(1), FP + 0x1000, memory)).toBe('nothing');
      expect(inner(lastPc(1), undefined, memory)).toBe('nothing');
    }
  });

  it('sees the variable of the innermost scope that has been declared', () => {
    expect(valueOf('inner', lastPc(1))).toBe(6n);
    expect(valueOf('inner', lastPc(0))).toBe(-1n);
    expect(valueOf('inner', owner?.entry)).toBe('`inner` is not declared');
  });

  it('sees file scope without a frame', () => {
    expect(valueOf('first.next->value')).toBe(-2n);
    const result = evaluate('first.value', { program, pc: undefined, fp: undefined, memory });
    expect(result).toMatchObject({ kind: 'ok', value: { value: 100n } });
  });

  it('gives a struct by its address and a bit-field by its bits', () => {
    expect(at('*p->next')).toMatchObject({ value: { value: undefined, type: { kind: 'record' } } });
    expect(at('p->next->high')).toMatchObject({ value: { bits: { start: 3, width: 5 } } });
  });

  it.each([
    ['callee(1)', 'calls are not evaluated yet'],
    ['handler(1)', 'calls are not evaluated yet'],
    ['fl_read_cr2()', 'calls are not evaluated yet'],
    ['fl_read_cr2', 'this function has no address'],
    ['a = 3', 'assignments are not evaluated yet'],
    ['a += 3', 'assignments are not evaluated yet'],
    ['a++', '`++` and `--` would change the program and are not evaluated yet'],
    ['1 / (a - 5)', 'a division by zero has no value'],
    ['p->next->next->value', 'cannot read memory at 0x00000004'],
    ['"text"', 'a string literal has no address in the running program'],
  ])('%s is refused: %s', (text, message) => {
    expect(valueOf(text)).toBe(message);
  });

  it.each(['', 'a +', 'a b', 'nothing', 'p->nothing', ')', '#', '"open'])(
    '%j is a diagnostic, not a crash',
    (text) => {
      expect(at(text).kind).toBe('error');
    },
  );
});
