// Which hold and wait times of two runs differ, in which order, and in which words.
import { describe, expect, it } from 'vitest';
import type { LockTimes, NumbersModel } from '../../../src/view/numbersModel.ts';
import { PAGE_LOCKS } from '../../../src/view/buildNumbers.ts';
import {
  describeDifference,
  differenceSentence,
  isHardlyDifferent,
} from '../../../src/view/differenceWords.ts';
import { compareTimes } from '../../../src/view/timeDifferences.ts';
import type { TimeDifference } from '../../../src/view/twoRunsModel.ts';

function times(task: string, read: number, write: number, wait: number): LockTimes {
  return {
    lock: 'mmap_sem',
    task,
    longestReadHoldNs: read,
    longestWriteHoldNs: write,
    longestWaitNs: wait,
    waits: 0,
  };
}

function numbers(...locks: LockTimes[]): NumbersModel {
  return { counters: [], faults: [], locks };
}

function difference(what: TimeDifference['what'], oneNs: number, otherNs: number): TimeDifference {
  return { lock: 'mmap_sem', task: 'bystander', what, oneNs, otherNs };
}

describe('the differences of two runs', () => {
  it('come with the largest first and what is equal last', () => {
    const one = numbers(times('toucher', 12_529_059, 0, 34_703), times('mapper', 53, 34_871, 9));
    const other = numbers(times('toucher', 20_717, 0, 0), times('mapper', 53, 34_871, 15_700));
    expect(compareTimes(one, other).map(({ task, what }) => `${what} ${task}`)).toEqual([
      'longest hold toucher',
      'longest wait toucher',
      'longest wait mapper',
      'longest hold mapper',
    ]);
  });

  it('take the longer of the two kinds of holds', () => {
    expect(compareTimes(numbers(times('mapper', 53, 34_871, 0)), numbers())).toEqual([
      { lock: 'mmap_sem', task: 'mapper', what: 'longest hold', oneNs: 34_871, otherNs: 0 },
    ]);
  });

  it('leave out what is 0 in both, and know tasks that only one run has', () => {
    const found = compareTimes(numbers(times('one', 5, 0, 0)), numbers(times('two', 7, 0, 0)));
    expect(found.map(({ task, oneNs, otherNs }) => [task, oneNs, otherNs])).toEqual([
      ['two', 0, 7],
      ['one', 5, 0],
    ]);
  });
});

describe('the words of a difference', () => {
  it('say the point of the patch', () => {
    expect(differenceSentence(difference('longest wait', 12_538_007, 29_024))).toBe(
      'Longest wait of bystander for mmap_sem: 12.5 ms → 29 µs (430 times shorter)',
    );
    expect(differenceSentence(difference('longest hold', 20_717, 12_529_059))).toBe(
      'Longest hold of mmap_sem by bystander: 20.7 µs → 12.5 ms (600 times longer)',
    );
  });

  it('speak of one page lock, although all stand together', () => {
    const page = { ...difference('longest hold', 7, 14), lock: PAGE_LOCKS };
    expect(describeDifference(page).what).toBe('Longest hold of a page lock by bystander');
  });

  it('know what is not worth a headline', () => {
    const isHardly = (one: number, other: number): boolean =>
      isHardlyDifferent(difference('longest hold', one, other));
    expect([isHardly(1030, 1021), isHardly(7, 7), isHardly(0, 0)]).toEqual([true, true, true]);
    expect([isHardly(1030, 1010), isHardly(0, 1), isHardly(9, 0)]).toEqual([false, false, false]);
  });

  it.each([
    [100, 100, 'the same'],
    [100, 0, 'no longer waits'],
    [0, 100, 'only now waits'],
    [100, 88, '12% shorter'],
    [100, 110, '10% longer'],
    [1000, 1001, 'less than 1% longer'],
    [100, 40, '2.5 times shorter'],
    [100, 50, '2 times shorter'],
    [1, 9.96, '10 times longer'],
    [25_400_000, 1000, '25,000 times shorter'],
  ])('from %d ns to %d ns: %s', (oneNs, otherNs, change) => {
    expect(describeDifference(difference('longest wait', oneNs, otherNs)).change).toBe(change);
  });
});
