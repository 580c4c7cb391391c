// The count of an rwsem taken apart: every settled state of the fact sheet (section 5), and the changes between.
import { describe, expect, it } from 'vitest';
import { readRwsemCount, type RwsemFacts } from '../../../src/view/rwsemReading.ts';

function facts(count: number, inside: string, waiters: readonly string[] = []): RwsemFacts {
  return {
    count,
    // As in the stories: mapper writes, others read.
    waiters: waiters.map((name) => ({ name, mode: name.startsWith('m') ? 'write' : 'read' })),
    inside: Array.from(inside, (mode) => ({ mode: mode === 'R' ? 'read' : 'write' })),
  };
}

describe('a settled count', () => {
  it.each([
    [0, '', [], 0, 'no writer inside, nobody waits', 'nobody inside', []],
    [2, 'RR', [], 0, 'no writer inside, nobody waits', '2 readers inside', ['2 readers']],
    [0xffff0001, 'W', [], -1, 'a writer inside', 'one inside: the writer', ['1 writer']],
    [
      ...([0xffff0001, 'R', ['m'], -1, 'somebody waits', '1 reader inside'] as const),
      ['1 reader', 'somebody waits'],
    ],
    [0xffff0000, '', ['m'], -1, 'somebody waits', 'nobody inside', ['somebody waits']],
    [
      ...([0xfffe0001, 'W', ['b'], -2, 'a writer inside, somebody waits'] as const),
      ...(['one inside: the writer', ['1 writer', 'somebody waits']] as const),
    ],
  ] as const)('%i with %j inside and %j waiting', (count, inside, waiters, ...expected) => {
    const reading = readRwsemCount(facts(count, inside, waiters));
    expect(reading.isSettled).toBe(true);
    expect([
      reading.waiting,
      reading.waitingText,
      reading.activeText,
      reading.terms.map(({ text }) => text),
    ]).toEqual(expected);
  });

  it('of 0xffff0001 has two meanings, and the wait list tells which', () => {
    const before = readRwsemCount(facts(0xffff0001, 'R', ['mapper']));
    const after = readRwsemCount(facts(0xffff0001, 'W'));
    expect(before.twins).toEqual(after.twins);
    expect([before.hasQueue, after.hasQueue]).toEqual([true, false]);
    expect(readRwsemCount(facts(0xffff0002, 'RR', ['mapper'])).twins).toBeUndefined();
  });

  it('says what a newcomer would meet: a queue closes the door to readers too', () => {
    const newcomers = (count: number): string[] => {
      const { newReader, newWriter } = readRwsemCount(facts(count, ''));
      return [newReader, newWriter];
    };
    expect(newcomers(0)).toEqual(['comes in', 'comes in']);
    expect(newcomers(1)).toEqual(['comes in', 'queues']);
    expect(newcomers(0xffff0001)).toEqual(['queues', 'queues']);
    expect(newcomers(0xffff0000)).toEqual(['queues', 'queues']);
  });
});

describe('a count on its way', () => {
  it.each([
    ['a reader has tried the fast path', 0xffff0002, 'W', [], '1 reader more'],
    ['a writer has tried the fast path', 0xffff0002, 'R', [], '1 writer more'],
    [
      'granted to the last of the queue',
      0xffff0001,
      '',
      ['m'],
      'or the writer that is being let in',
    ],
    ['one up_read too many', 0xffffffff, '', [], '1 reader fewer'],
  ] as const)('%s', (_, count, inside, waiters, text) => {
    const reading = readRwsemCount(facts(count, inside, waiters));
    expect(reading.isSettled).toBe(false);
    expect(reading.meaning).toContain('in the middle of a change');
    expect(reading.meaning).toContain(text);
    expect([reading.waitingText, reading.activeText]).toEqual(['changing', 'changing']);
  });

  it('still adds up, and makes nothing up for a word that no kernel makes', () => {
    for (const count of [0, 1, 0xffff0001, 0xffff0002, 0xfffe0003, 0x12345678]) {
      const { terms } = readRwsemCount(facts(count, 'RR', ['m']));
      const sum = terms.reduce((total, { word }) => total + Number(word), 0);
      expect(sum >>> 0).toBe(count);
    }
    expect(readRwsemCount(facts(0x12345678, '')).meaning).toContain('nothing that a sound kernel');
  });
});
