// Values as people read them: flags and enumerations by name, strings, pointers, members, elements.
import { describe, expect, it } from 'vitest';
import { asAddress } from '../../../src/base/brand.ts';
import { DATA_BASE, type Program } from '../../../src/bytecode/program.ts';
import { flagsPrefixOfVariable, formatFlags } from '../../../src/debugger/flagNames.ts';
import type { TypedValue } from '../../../src/debugger/typedValue.ts';
import { countMembers, listMembers } from '../../../src/debugger/valueMembers.ts';
import { valueText, type ValueContext } from '../../../src/debugger/valueText.ts';
import { compileTexts } from '../../support/compileText.ts';

const TEXT = `
#define VM_READ 0x01
#define VM_WRITE 0x02
#define VM_BOTH 0x03
#define VM_FAULT_OOM 0x01
#define VM_FAULT_RELEASED 0x0400
enum bits { PG_locked, PG_error, PG_uptodate };
enum color { RED, GREEN = 7 };
struct inner { int a; };
struct item {
	//@ flags flags PG_
	unsigned long flags;
	enum color color;
	struct inner inner;
	const char *name;
	unsigned low : 3;
	int high : 5;
	union { int whole; char parts[4]; };
	struct item *next;
};
int plus_one(int x) { return x + 1; }
//@ flags vm_flags VM_
unsigned long vm_flags = 0x13;
//@ flags fault VM_FAULT_
int fault = 0x0401;
struct item second = { 0x2, GREEN, { -3 }, "two", 5, -4, { 0x41424344 }, 0 };
struct item first = { 0x5, RED, { 4 }, "one\\n", 1, 2, { 0 }, &second };
int (*function)(int) = plus_one;
int numbers[300] = { 1, 2, 3 };
char text[8] = "hi";
signed char letter = 'x';
_Bool yes = 1;
long count = -65535;
long long wide = -5000000000LL;
unsigned int big = 0x40014123;
int small = -3;
void *nothing = 0;
int *wild = (int *)0x12345678;
int *pointer = &small;
enum word { LAST = 1, TOP = 0x80000000 };
enum pair { BELOW = -1, ABOVE = 0x80000000, FAR = 1LL << 60 | 1 };
enum word top = TOP;
enum word between = 0x90000000;
enum pair below = BELOW;
enum pair above = ABOVE;
enum pair far = FAR;
enum pair other = -5000000000LL;
struct { enum word word : 32; enum pair pair : 32; } packed = { TOP, BELOW };
`;

/** With one warning: a bit-field of `packed` is too narrow for FAR, which nobody puts there. */
function programWithWarning(): Program {
  const { program: made, diagnostics } = compileTexts({ 'test.c': TEXT });
  const codes = diagnostics.map(({ code }) => code);
  if (made === undefined || codes.join() !== 'enum-bit-field') throw new Error(codes.join());
  return made;
}

const program = programWithWarning();
const context: ValueContext = {
  program,
  memory: {
    readByte: (address) => {
      const offset = address - DATA_BASE;
      if (offset < 0 || address >= program.dataEnd) return undefined;
      return program.data[offset] ?? 0;
    },
  },
};

function itemOf(name: string): TypedValue {
  const variable = program.globals.find((item) => item.name === name);
  if (variable?.storage.kind !== 'static') throw new Error(`no variable ${name}`);
  const flagsPrefix = flagsPrefixOfVariable(program, name, undefined);
  return { type: variable.type, address: variable.storage.address, flagsPrefix };
}

describe('valueText', () => {
  it('is whole for the clipboard: all members and elements', () => {
    const whole = { ...context, isWhole: true };
    expect(valueText(whole, itemOf('second'))).toMatch(
      /^\{flags = 0x\d* ?PG_error, color = GREEN, inner = \{a = -3\}, name = 0x\w+ "two", low = 5, high = -4, \{whole = 1094861636, parts = "DCBA".?\}, next = NULL\}$/,
    );
    const numbers = valueText(whole, itemOf('numbers'));
    expect(numbers.split(', ')).toHaveLength(300);
    expect(numbers).not.toContain('…');
  });

  it.each([
    ['vm_flags', '0x13 VM_READ | VM_WRITE | 0x10'],
    ['fault', '0x0401 VM_FAULT_OOM | VM_FAULT_RELEASED'],
    ['numbers', '[300] {1, 2, 3, 0, 0, 0, 0, 0, …}'],
    ['text', '"hi"'],
    ['letter', "120 'x'"],
    ['yes', 'true'],
    ['count', '-65535 (0xffff0001)'],
    ['wide', '-5000000000'],
    ['big', '0x40014123'],
    ['small', '-3'],
    ['nothing', 'NULL'],
    ['wild', '0x12345678'],
    ['top', 'TOP'],
    ['between', '2415919104'],
    ['below', 'BELOW'],
    ['above', 'ABOVE'],
    ['far', 'FAR'],
    ['other', '-5000000000'],
    ['packed', '{word = TOP, pair = BELOW}'],
  ])('shows %s as %s', (name, text) => {
    expect(valueText(context, itemOf(name))).toBe(text);
  });

  it('names the function that a pointer points to', () => {
    expect(valueText(context, itemOf('function'))).toMatch(/^0xf[0-9a-f]+ <plus_one>$/);
  });

  it('previews a struct with flags, enumerations and strings', () => {
    expect(valueText(context, itemOf('first'))).toMatch(
      /^\{flags = 0x05 PG_locked \| PG_uptodate, color = RED, inner = \{a = 4\}, name = 0xc[0-9a-f]+ "one\\n", …\}$/,
    );
  });

  it('says which memory it cannot read', () => {
    const item: TypedValue = { type: itemOf('small').type, address: asAddress(16) };
    expect(valueText(context, item)).toBe('<cannot read memory at 0x10>');
  });
});

describe('formatFlags', () => {
  it('keeps unknown bits in hexadecimal and shows zero as a word', () => {
    expect(formatFlags(program, 'VM_', 0n)).toBe('0x00');
    expect(formatFlags(program, 'VM_', 0x1000n)).toBe('0x1000');
  });

  it('takes neither names of several bits nor those of a longer prefix', () => {
    expect(formatFlags(program, 'VM_', 3n)).toBe('0x03 VM_READ | VM_WRITE');
  });
});

describe('members', () => {
  it('of a struct come with the expressions that name them', () => {
    const members = listMembers(context, itemOf('second'), 'first.next');
    expect(members.map((member) => [member.expression, valueText(context, member.item)])).toEqual([
      ['first.next.flags', '0x02 PG_error'],
      ['first.next.color', 'GREEN'],
      ['first.next.inner', '{a = -3}'],
      ['first.next.name', expect.stringContaining('"two"')],
      ['first.next.low', '5'],
      ['first.next.high', '-4'],
      ['first.next.whole', '1094861636 (0x41424344)'.replace(/ .*/, '')],
      ['first.next.parts', '"DCBA"…'],
      ['first.next.next', 'NULL'],
    ]);
  });

  it('of a pointer to a struct are those of the struct', () => {
    const next = listMembers(context, itemOf('first'), 'first').find(({ name }) => name === 'next');
    const members = next === undefined ? [] : listMembers(context, next.item, next.expression);
    expect(members[0]?.expression).toBe('first.next->flags');
    expect(members).toHaveLength(9);
  });

  it('of a pointer to a number is what it points to', () => {
    const [member] = listMembers(context, itemOf('pointer'), 'pointer');
    expect(member?.name).toBe('*pointer');
    expect(member === undefined ? '' : valueText(context, member.item)).toBe('-3');
  });

  it('of a null or wild pointer are none', () => {
    expect(countMembers(context, itemOf('nothing'))).toEqual({ named: 0, indexed: 0 });
    expect(listMembers(context, itemOf('wild'), 'wild')).toEqual([]);
  });

  it('of an array come by range', () => {
    expect(countMembers(context, itemOf('numbers'))).toEqual({ named: 0, indexed: 300 });
    const part = listMembers(context, itemOf('numbers'), 'numbers', { start: 298, count: 10 });
    expect(part.map((member) => member.expression)).toEqual(['numbers[298]', 'numbers[299]']);
    expect(listMembers(context, itemOf('numbers'), 'numbers')).toHaveLength(256);
  });
});
