// The words for every state of the count in the table of the fact sheet, section 5.
import { describe, expect, it } from 'vitest';
import { describeRwsemCount } from '../../../src/view/rwsemMeaning.ts';

describe('describeRwsemCount', () => {
  it.each([
    [0, [], 'free'],
    [1, [], '1 reader inside, nobody waits'],
    [3, [], '3 readers inside, nobody waits'],
    [0xffff0001, [], 'a writer inside, nobody waits'],
    [0xffff0002, ['mapper'], '2 readers inside, mapper waits'],
    [0xfffe0001, ['a', 'b'], 'a writer inside, a, b wait'],
  ] as const)('says what %i means with the queue %j', (count, queue, words) => {
    expect(describeRwsemCount(count, queue)).toBe(words);
  });

  it('tells the two meanings of 0xffff0001 apart by the wait list', () => {
    expect(describeRwsemCount(0xffff0001, ['mapper'])).toBe(
      '1 reader inside, mapper waits (without the queue, the same count would be a writer inside)',
    );
  });

  it('says that a lock nobody is inside will be handed over', () => {
    expect(describeRwsemCount(0xffff0000, ['mapper'])).toBe(
      'nobody inside; mapper waits: the first in line is about to be let in',
    );
  });

  it('does not guess while a task is between two changes', () => {
    expect(describeRwsemCount(0xffff0002, [])).toContain('in the middle of a change');
    expect(describeRwsemCount(0xffffffff, [])).toContain('in the middle of a change');
  });
});
