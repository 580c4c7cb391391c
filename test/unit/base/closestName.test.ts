/**
 * Suggestions for misspelt names: near ones are found, far ones are not guessed.
 */
import { describe, expect, it } from 'vitest';
import { closestName, didYouMean } from '../../../src/base/closestName.ts';

describe('closestName', () => {
  const names = ['patched', 'unpatched', 'mainline'];

  it('finds a name with a letter missing, added, wrong or swapped', () => {
    for (const typo of ['unpached', 'unpattched', 'unparched', 'unpacthed', 'UNPATCHED']) {
      expect(closestName(typo, names)).toBe('unpatched');
    }
  });

  it('suggests nothing for a name that is far from all', () => {
    expect(closestName('vanilla', names)).toBeUndefined();
    expect(closestName('x', names)).toBeUndefined();
    expect(closestName('', names)).toBeUndefined();
  });

  it('suggests nothing when there is nothing', () => {
    expect(closestName('patched', [])).toBeUndefined();
  });
});

describe('didYouMean', () => {
  it('is the end of a message, or nothing', () => {
    expect(didYouMean('mainlin', ['mainline'])).toBe('; did you mean `mainline`?');
    expect(didYouMean('other', ['mainline'])).toBe('');
  });
});
