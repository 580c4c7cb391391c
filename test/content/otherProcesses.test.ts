/**
 * Looking into other processes: get_user_pages() by way of ptrace, with all that can be wrong.
 */
import { describe, expect, it } from 'vitest';
import { EXIT, registerOf, runCalls, systemCall } from '../support/callScenario.ts';
import { shippedTree, type FinishedRun } from '../support/preparedRun.ts';

const PEEK = 2;
const POKE = 5;
/** The number of the first task, and an address far below its stack pointer. */
const FIRST = 100;
const BELOW_STACK = 0xbfef0000;
const DATA = 0x50000000;

const sleeper = `        movl    $20000000, room + 4
${systemCall(162, 'room', 0)}
        movzbl  data + 9, %edx
${EXIT}`;

/** Lets the second task do something to the first one, which sleeps; its result is in edi. */
function doTo(kernel: string, calls: string, prot = 'rw', flags = 'private'): FinishedRun {
  const room = { name: 'room', anon: true, pages: 1, prot: 'rw', flags: 'private' };
  const data = { name: 'data', file: 'f', at: DATA, pages: 4, prot, flags };
  return runCalls(
    shippedTree(kernel),
    [
      { name: 'first', program: sleeper },
      {
        name: 'second',
        process: 'other',
        program: `${calls}        movl    %eax, %edi\n        movl    room, %esi\n${EXIT}`,
        atNs: 1_000_000,
      },
    ],
    { demo: [room, data], other: [room] },
    [{ name: 'f', pages: 2, content: { text: 'A page of a file.' } }],
  );
}

describe('ptrace', () => {
  it.each(['patched', 'unpatched'])('peeks at a word, also on %s', (kernel) => {
    const done = doTo(kernel, systemCall(26, PEEK, FIRST, DATA + 2, 'room'));
    expect(registerOf(done, 'second', 'edi')).toBe(0);
    expect(registerOf(done, 'second', 'esi')).toBe(Buffer.from('page').readInt32LE());
    expect(done.summary.tasks.map(({ maj_flt: major, min_flt: minor }) => [major, minor])).toEqual([
      [1, 1],
      [0, 1],
    ]);
  });

  it('peeks at a word that lies on two pages', () => {
    const done = doTo('patched', systemCall(26, PEEK, FIRST, DATA + 4094, 'room'));
    expect(registerOf(done, 'second', 'edi')).toBe(0);
    expect(registerOf(done, 'second', 'esi')).toBe(0);
    expect(done.summary.counters.PGMAJFAULT).toBe(2);
  });

  it.each([
    ['nobody', PEEK, 77, DATA, -3],
    ['itself', PEEK, FIRST + 1, DATA, -1],
    ['where nothing is mapped', PEEK, FIRST, 0x70000000, -5],
    ['behind the end of the file', PEEK, FIRST, DATA + 2 * 4096, -5],
    ['in a way that does not exist', 99, FIRST, DATA, -5],
  ])('fails for %s', (_, request, pid, address, error) => {
    const done = doTo('patched', systemCall(26, request, pid, address, 'room'));
    expect(registerOf(done, 'second', 'edi')).toBe(error);
    expect(done.summary).toMatchObject({ outcome: 'completed', violations: [] });
  });

  it('writes what it has read only where it may', () => {
    const done = doTo('patched', systemCall(26, PEEK, FIRST, DATA, 0x70000000));
    expect(registerOf(done, 'second', 'edi')).toBe(-14);
  });

  it('makes a stack longer', () => {
    const done = doTo('patched', systemCall(26, POKE, FIRST, BELOW_STACK, 5));
    expect(registerOf(done, 'second', 'edi')).toBe(0);
  });

  it.each([
    ['shared', 'rw', 'shared'],
    ['private', 'rw', 'private'],
    ['private and read only', 'r', 'private'],
  ])('pokes into a mapping that is %s', (_, prot, flags) => {
    const done = doTo('patched', systemCall(26, POKE, FIRST, DATA + 8, 0x5a00), prot, flags);
    expect(registerOf(done, 'second', 'edi')).toBe(0);
    expect(registerOf(done, 'first', 'edx')).toBe(0x5a);
    expect(done.summary).toMatchObject({ outcome: 'completed', violations: [] });
  });
});
