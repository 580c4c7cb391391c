// Numbers that a client holds: never used twice, dead once the machine moves.
import { describe, expect, it } from 'vitest';
import { HandleTable } from '../../../src/adapter/handleTable.ts';

describe('HandleTable', () => {
  it('gives the object for its number', () => {
    const table = new HandleTable<string>();
    const first = table.add('a');
    const second = table.add('b');
    expect(table.get(first)).toBe('a');
    expect(table.get(second)).toBe('b');
    expect(first).toBeGreaterThan(0);
  });

  it('does not know stale numbers, and never gives one out again', () => {
    const table = new HandleTable<string>();
    const stale = table.add('a');
    table.clear();
    expect(table.get(stale)).toBeUndefined();
    expect(table.add('b')).not.toBe(stale);
  });
});
