// Lines of one kernel found in another variant, by text and by anchor.
import { describe, expect, it } from 'vitest';
import { moveLine } from '../../../src/scenario/moveLine.ts';

const UNPATCHED = `find();
//@ anchor lock-page : The page is locked
lock_page(page);
check();`;

const PATCHED = `find();
extra();
//@ anchor lock-page : The page is locked
//@ note Tried, not waited for.
if (!trylock_page(page))
  wait();
check();`;

describe('moveLine', () => {
  it('follows a line that both variants have', () => {
    expect(moveLine(UNPATCHED, PATCHED, 1)).toBe(1);
    expect(moveLine(UNPATCHED, PATCHED, 4)).toBe(7);
    expect(moveLine(PATCHED, UNPATCHED, 7)).toBe(4);
  });

  it('follows the anchor of a line that was changed', () => {
    expect(moveLine(UNPATCHED, PATCHED, 3)).toBe(5);
    expect(moveLine(PATCHED, UNPATCHED, 5)).toBe(3);
  });

  it('says when a line has no counterpart', () => {
    expect(moveLine(PATCHED, UNPATCHED, 2)).toBeUndefined();
    expect(moveLine(PATCHED, UNPATCHED, 6)).toBeUndefined();
    expect(moveLine(PATCHED, UNPATCHED, 99)).toBeUndefined();
  });
});
