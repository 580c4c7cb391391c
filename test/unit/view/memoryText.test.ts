// Memory as lines of text: columns, long rows, gaps, what cannot be read.
import { expect, it } from 'vitest';
import { markChanges, memoryLines, type MemoryRow } from '../../../src/view/memoryText.ts';

function row(address: number, bytes: MemoryRow['bytes'], more: Partial<MemoryRow>): MemoryRow {
  return { address, bytes, name: '', value: undefined, isMarked: false, ...more };
}

it('memory stands in columns, eight bytes a line, with names and values', () => {
  const text = Array.from({ length: 10 }, (_, index) => 0x61 + index);
  expect(
    memoryLines([
      row(0xc0001000, [1, 0, 0xff, 0xff], { name: 'mmap_sem.count', value: '-65535' }),
      row(0xc0001004, text, { name: 'comm[0..9]', value: '"abcdefghij"' }),
      row(0xc000100e, [0, 0], {}),
      row(0xc0001010, [undefined, undefined], { name: 'gone', value: '?', isMarked: true }),
    ]),
  ).toEqual([
    '   c0001000  01 00 ff ff              mmap_sem.count  -65535',
    '   c0001004  61 62 63 64 65 66 67 68  comm[0..9]      "abcdefghij"',
    '   c000100c  69 6a',
    '   c000100e  00 00                    (padding)',
    '▶  c0001010  ?? ??                    gone            ?',
  ]);
});

it('lines that are not what they were are marked, of the same place only', () => {
  const before = ['▶  c0001000  01', '   c0001004  02', '   c0001008  03'];
  const after = ['   c0001000  01', '   c0001004  ff', '▶  c0001008  04'];
  expect(markChanges(before, after)).toEqual([
    '   c0001000  01',
    ' ● c0001004  ff',
    '▶● c0001008  04',
  ]);
  expect(markChanges(before.slice(1), after)).toBe(after);
  expect(markChanges(undefined, after)).toBe(after);
});
