/**
 * The i386 executor: the state after instructions as a real CPU leaves it, and faults without traces.
 */
import { describe, expect, it } from 'vitest';
import { asAddress } from '../../../src/base/brand.ts';
import {
  USER_BREAKPOINT,
  USER_DIVIDE,
  USER_DONE,
  USER_EAX,
  USER_EBX,
  USER_ECX,
  USER_EDI,
  USER_EIP,
  USER_ESI,
  USER_ESP,
  USER_FAULT,
  USER_INVALID,
  USER_REGISTER_COUNT,
  USER_REPEAT,
  USER_SYSTEM_CALL,
  type UserBus,
} from '../../../src/machine/userCpu.ts';
import { assemble } from '../../../src/x86/assemble.ts';
import { createUserCpu } from '../../../src/x86/i386.ts';
import {
  EXECUTION_MEMORY,
  EXECUTION_SECOND_WORD,
  readExecutionCases,
} from '../../support/asmFixtures.ts';

const BASE = 0x08048000;

/** Flat memory in which only some ranges can be accessed. */
class TestBus implements UserBus {
  faulted = false;
  readonly bytes = new Map<number, number>();
  readonly accesses: string[] = [];
  /** Addresses that fault, by what is done there. */
  readonly missing = new Set<number>();

  read(address: number, bytes: 1 | 2 | 4, willWrite: boolean): number {
    this.accesses.push(`${willWrite ? 'update' : 'read'} ${address.toString(16)}`);
    if (this.missing.has(address)) {
      this.faulted = true;
      return 0;
    }
    let value = 0;
    for (let index = bytes - 1; index >= 0; index -= 1)
      value = value * 256 + (this.bytes.get(address + index) ?? 0);
    return value;
  }

  write(address: number, bytes: 1 | 2 | 4, value: number): void {
    this.accesses.push(`write ${address.toString(16)}`);
    if (this.missing.has(address)) {
      this.faulted = true;
      return;
    }
    for (let index = 0; index < bytes; index += 1)
      this.bytes.set(address + index, (value >>> (8 * index)) & 0xff);
  }

  fetch(address: number): number {
    if (this.missing.has(address)) {
      this.faulted = true;
      return 0;
    }
    return this.bytes.get(address) ?? 0;
  }
}

function load(source: string): { registers: Int32Array; bus: TestBus } {
  const symbols = new Map([['mem', EXECUTION_MEMORY]]);
  const { image, diagnostics } = assemble(
    { path: 't.s', text: source },
    { base: asAddress(BASE), symbols },
  );
  if (image === undefined) throw new Error(diagnostics[0]?.message);
  const bus = new TestBus();
  image.bytes.forEach((byte, index) => bus.bytes.set(BASE + index, byte));
  const registers = new Int32Array(USER_REGISTER_COUNT);
  registers[USER_EIP] = BASE;
  registers[USER_ESP] = 0x00900000;
  return { registers, bus };
}

const STACK_WORDS = [0x008fffe8, 0x008ffffc, 0x008ffffe, 0x00900000];
/** Instructions that need one of these places. */
const STACK_USERS = ['pushl %eax', 'call .', 'popl %eax', 'ret', 'pushf', 'leave', 'pusha', 'popa'];
STACK_USERS.push('enter $0, $0', 'enter $16, $0', 'enter $8, $3', 'pushw mem', 'popl mem');

const cpu = createUserCpu();

describe('the i386 executor', () => {
  it('leaves registers, flags and memory as a real CPU does', () => {
    const order = [0, 1, 2, 3, 5, 6, 7];
    const differences: string[] = [];
    for (const { source, before, after } of readExecutionCases()) {
      const { registers, bus } = load(source);
      order.forEach((register, index) => (registers[register] = before[index] ?? 0));
      registers[9] = before[7] ?? 0;
      bus.write(EXECUTION_MEMORY, 4, before[8] ?? 0);
      bus.write(EXECUTION_MEMORY + 4, 4, EXECUTION_SECOND_WORD);
      for (let steps = 0; registers[USER_EIP] === BASE && steps < 10; steps += 1) {
        expect([USER_DONE, USER_REPEAT]).toContain(cpu.step(registers, bus));
      }
      const words = [...order.map((register) => registers[register] ?? 0), registers[9]];
      words.push(bus.read(EXECUTION_MEMORY, 4, false), bus.read(EXECUTION_MEMORY + 4, 4, false));
      const hex = (list: readonly number[]): string =>
        list
          .map((word, index) =>
            ((index === 7 ? word & definedFlags(source, before) : word) >>> 0).toString(16),
          )
          .join(' ');
      if (hex(words) !== hex(after))
        differences.push(
          `${source}\n before ${hex(before)}\n ours ${hex(words)}\n real ${hex(after)}`,
        );
    }
    expect(differences).toEqual([]);
  });

  it('changes nothing when an access fails', () => {
    const instructions = [
      'movl mem, %eax',
      'movl %eax, mem',
      'incl mem',
      'pushl mem',
      'popl mem',
      'xchgl %eax, mem',
      'call *mem',
      'rep movsl',
      'addl %eax, mem',
      'lock addl %eax, mem',
      'cmpxchgl %eax, mem',
      'cmpxchg8b mem',
      'lock cmpxchg8b mem - 4',
      'xaddl %eax, mem',
      'btsl $1, mem',
      'shldl $3, %eax, mem',
      'cmovel mem, %eax',
      'bsfl mem, %eax',
      'stosb',
      'lodsb',
    ];
    for (const source of instructions) {
      const { registers, bus } = load(source);
      registers.set([7, 2, 3, 4], 0);
      registers[6] = EXECUTION_MEMORY;
      registers[7] = source === 'stosb' ? EXECUTION_MEMORY : EXECUTION_MEMORY + 4;
      bus.missing.add(EXECUTION_MEMORY);
      const bytes = new Map(bus.bytes);
      const saved = [...registers];
      expect(cpu.step(registers, bus), source).toBe(USER_FAULT);
      expect([...registers], source).toEqual(saved);
      expect(bus.bytes, source).toEqual(bytes);
    }
  });

  it('changes nothing when the stack is missing', () => {
    for (const source of STACK_USERS) {
      const { registers, bus } = load(source);
      registers[5] = 0x00900000;
      const bytes = new Map(bus.bytes);
      for (const at of STACK_WORDS) bus.missing.add(at);
      const saved = [...registers];
      expect(cpu.step(registers, bus), source).toBe(USER_FAULT);
      expect([...registers], source).toEqual(saved);
      expect(bus.bytes, source).toEqual(bytes);
    }
  });

  it('restarts a repeated move at the element that faulted', () => {
    const { registers, bus } = load('rep movsl');
    registers.set([7, 5, 6, 8], 0);
    registers[USER_ECX] = 4;
    registers[USER_ESI] = 0x1000;
    registers[USER_EDI] = 0x2000;
    for (let at = 0; at < 16; at += 4) bus.write(0x1000 + at, 4, 0x11110000 + at);
    bus.missing.add(0x2008);
    const state = (): number[] => [
      registers[USER_ECX] ?? 0,
      registers[USER_ESI] ?? 0,
      registers[USER_EDI] ?? 0,
      (registers[USER_EIP] ?? 0) - BASE,
    ];
    expect([cpu.step(registers, bus), ...state()]).toEqual([USER_REPEAT, 3, 0x1004, 0x2004, 0]);
    expect([cpu.step(registers, bus), ...state()]).toEqual([USER_REPEAT, 2, 0x1008, 0x2008, 0]);
    expect([cpu.step(registers, bus), ...state()]).toEqual([USER_FAULT, 2, 0x1008, 0x2008, 0]);
    bus.faulted = false;
    bus.missing.clear();
    expect([cpu.step(registers, bus), ...state()]).toEqual([USER_REPEAT, 1, 0x100c, 0x200c, 0]);
    expect([cpu.step(registers, bus), ...state()]).toEqual([USER_DONE, 0, 0x1010, 0x2010, 2]);
    expect([0, 4, 8, 12].map((at) => bus.read(0x2000 + at, 4, false))).toEqual(
      [0, 4, 8, 12].map((at) => 0x11110000 + at),
    );
    registers[USER_EIP] = BASE;
    expect([cpu.step(registers, bus), ...state()]).toEqual([USER_DONE, 0, 0x1010, 0x2010, 2]);
  });

  it('has no locked form of what does not change memory', () => {
    const refused = ['addl %eax, %ebx', 'movl %eax, mem', 'cmpl %eax, mem', 'btl $1, mem', 'nop'];
    for (const source of [
      ...refused,
      'addl mem, %eax',
      'rep movsb',
      'xchgl %ecx, %ebx',
      'shll mem',
    ]) {
      const { registers, bus } = load(`.byte 0xf0\n${source}`);
      const saved = [...registers];
      expect(cpu.step(registers, bus), source).toBe(USER_INVALID);
      expect([...registers], source).toEqual(saved);
    }
    const { registers, bus } = load('lock incl mem\nlock; addl $5, mem\nlock notl mem');
    for (let step = 0; step < 3; step += 1) expect(cpu.step(registers, bus)).toBe(USER_DONE);
    expect(bus.read(EXECUTION_MEMORY, 4, false)).toBe(~6 >>> 0);
  });

  it('faults when a byte of the instruction is missing', () => {
    const { registers, bus } = load('movl $0x12345678, %eax');
    bus.missing.add(BASE + 3);
    expect(cpu.step(registers, bus)).toBe(USER_FAULT);
    expect(registers[USER_EAX]).toBe(0);
  });

  it('says of a read whether the same place is written afterwards', () => {
    const { registers, bus } = load('incl mem\ncmpl $0, mem\nshll mem\naddl mem, %eax');
    for (let step = 0; step < 4; step += 1) cpu.step(registers, bus);
    expect(bus.accesses).toEqual([
      'update 8100000',
      'write 8100000',
      'read 8100000',
      'update 8100000',
      'write 8100000',
      'read 8100000',
    ]);
  });

  it('reports system calls, breakpoints, division and what it does not know', () => {
    const cases: [string, number, number][] = [
      ['int $0x80', USER_SYSTEM_CALL, 2],
      ['int3', USER_BREAKPOINT, 1],
      ['divl %ecx', USER_DIVIDE, 0],
      ['int $0x21', USER_INVALID, 0],
      ['.byte 0xf4', USER_INVALID, 0],
      ['.byte 0x0f, 0x0b', USER_INVALID, 0],
      ['.byte 0x66, 0xeb, 0', USER_INVALID, 0],
      [
        '.byte 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66',
        USER_INVALID,
        0,
      ],
    ];
    for (const [source, result, bytes] of cases) {
      const { registers, bus } = load(source);
      expect(cpu.step(registers, bus), source).toBe(result);
      expect(registers[USER_EIP], source).toBe(BASE + bytes);
    }
  });

  it('runs loops, calls and strings', () => {
    const { registers, bus } = load(`
        movl $5, %ecx
        xorl %ebx, %ebx
1:      call twice
        loop 1b
        movl $3, %ecx
        movl $mem, %edi
        movb $'x', %al
        rep stosb
        int $0x80
twice:  addl %ecx, %ebx
        addl %ecx, %ebx
        ret`);
    let result: number = USER_DONE;
    for (let step = 0; step < 100 && (result === USER_DONE || result === USER_REPEAT); step += 1)
      result = cpu.step(registers, bus);
    expect(result).toBe(USER_SYSTEM_CALL);
    expect([registers[USER_EBX], registers[USER_ECX], registers[USER_ESP]]).toEqual([
      30, 0, 0x00900000,
    ]);
    expect(bus.read(EXECUTION_MEMORY, 4, false)).toBe(0x787878);
  });
});

/** The flags that the instruction defines for these operands. */
function definedFlags(source: string, before: readonly number[]): number {
  if (source.includes('div')) return 0;
  if (source.includes('mul')) return 0x801;
  if (/^(?:and|or|xor|test)/.test(source)) return 0x8c5;
  if (!/^(?:sh[lr]|sar|ro[lr])/.test(source)) return 0x8d5;
  const count = source.includes('$')
    ? Number(/\$(\d+)/.exec(source)?.[1])
    : source.includes('%cl,')
      ? (before[1] ?? 0)
      : 1;
  const bits = { b: 8, w: 16, l: 32 }[source[3] ?? ''] ?? 32;
  const overflow = (count & 31) === 1 || (count & 31) === 0 ? 0x800 : 0;
  if (source.startsWith('ro')) return 0xd5 | overflow;
  const carry = (count & 31) > bits ? 0 : 1;
  return ((count & 31) === 0 ? 0xd4 : 0xc4) | carry | overflow;
}
