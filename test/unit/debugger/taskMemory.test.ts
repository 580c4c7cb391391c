/** Memory as a task sees it: a word is its four bytes, in the kernel's memory and through the page tables. */
import { describe, expect, it } from 'vitest';
import { asAddress, type Address } from '../../../src/base/brand.ts';
import { readByBytes, readUnsigned } from '../../../src/bytecode/memoryReader.ts';
import { TaskMemory } from '../../../src/debugger/scopes.ts';
import { prepare, shippedTree } from '../../support/preparedRun.ts';

const run = prepare('cold-fault', shippedTree('patched'));
const { machine } = run;
const [toucher] = run.tasks;
if (toucher === undefined) throw new Error('cold-fault has no task');
const memory = new TaskMemory(machine, toucher.id);
const text = asAddress(toucher.program.lines[0]?.address ?? 0);
const memMap = run.readers.layout.global('mem_map');
const endOfMemory = 0xc0000000 + machine.config.ramBytes;

describe('a word of memory', () => {
  it.each<readonly [string, Address]>([
    ['of a kernel variable', memMap],
    ['of a kernel variable, not aligned', asAddress(memMap + 1)],
    ['of a program', text],
    ['of a program, not aligned', asAddress(text + 1)],
  ])('%s is its four bytes', (_, address) => {
    const word = readByBytes(memory, address, 4);
    expect(word).not.toBe(0);
    expect(readUnsigned(memory, address, 4)).toBe(word);
  });

  it.each<readonly [string, number]>([
    ['that reaches behind the memory', endOfMemory - 2],
    ['behind it', endOfMemory],
    ['of a page that nobody has touched', 0x40000000],
  ])('%s is not there', (_, address) => {
    expect(readUnsigned(memory, asAddress(address), 4)).toBeUndefined();
  });
});

describe('the words of a stretch of memory', () => {
  it('are those that are read one by one', () => {
    const start = machine.task(toucher.id).cookie;
    const words = machine.wordsAt(start, 8) ?? new Int32Array();
    expect([...words].map((word) => word >>> 0)).toEqual(
      Array.from({ length: 8 }, (_, index) => machine.readWord(asAddress(start + 4 * index))),
    );
  });

  it('are not given where they are not aligned or not all there', () => {
    expect(machine.wordsAt(asAddress(0xc0100002), 1)).toBeUndefined();
    expect(machine.wordsAt(asAddress(endOfMemory - 4), 2)).toBeUndefined();
  });
});
