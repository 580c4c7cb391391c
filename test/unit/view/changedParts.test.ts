// What the panel marks as changed between two stops of real runs.
import { describe, expect, it } from 'vitest';
import { changedParts, changeText, NO_CHANGES, partId } from '../../../src/view/changedParts.ts';
import type { PanelState } from '../../../src/view/panelState.ts';
import { panelStateOf, runTo } from '../../support/panelStates.ts';
import { prepare, shippedTree } from '../../support/preparedRun.ts';

const PAGE = 'data.bin:20';

/** States of one run, in the order in which they come to be. */
function storyOf(
  scenario: string,
  ...conditions: readonly ((state: PanelState) => boolean)[]
): readonly PanelState[] {
  const run = prepare(scenario, shippedTree('patched'));
  let position = 0;
  return conditions.map((isMeant, index) => {
    for (;;) {
      if (!runTo(run, position)) throw new Error('the run never comes to such a state');
      const state = panelStateOf(run, index + 1);
      if (isMeant(state)) return state;
      position += 23;
    }
  });
}

const sleeps = ({ pages }: PanelState): boolean => pages.some(({ waiters }) => waiters.length > 0);
const isMapped = ({ pages }: PanelState): boolean =>
  pages.some(({ label, isLocked, mappings }) => label === PAGE && !isLocked && mappings.length > 0);

describe('changed parts', () => {
  const [asleep, mapped] = storyOf('cold-fault-with-mmap', sleeps, isMapped) as [
    PanelState,
    PanelState,
  ];

  it('are fields with what they were', () => {
    const changes = changedParts(asleep, mapped);
    expect(changes.was.get(partId.page(PAGE, 'locked'))).toMatch(/^locked/);
    expect(changes.was.get(partId.page(PAGE, 'waiters'))).toBe('toucher');
    expect(changes.was.get(partId.page(PAGE, 'mappings'))).toBe('');
    expect(changes.was.get(partId.vma('demo', 0x40000000, 'resident'))).toBe('0');
    expect(changes.was.get(partId.page(PAGE, 'flags'))).toBe('locked lru');
    expect(changes.was.has(partId.page(PAGE))).toBe(false);
    expect(changes.was.has(partId.vma('demo', 0x40000000, 'range'))).toBe(false);
  });

  it('are the same parts the other way round, with what they are', () => {
    const back = changedParts({ ...mapped, rev: 1 }, { ...asleep, rev: 2 });
    const forth = changedParts(asleep, mapped);
    const both = (one: typeof back, other: typeof back): string[] =>
      [...one.was.keys()].filter((id) => other.was.has(id));
    expect(both(forth, back).length).toBeGreaterThan(5);
    expect(forth.gone).toEqual(
      [...back.was].filter(([, was]) => was === undefined).map(([id]) => id),
    );
    expect(back.was.get(partId.page(PAGE, 'locked'))).toBe('unlocked');
  });

  it('of a state and itself are none', () => {
    expect(changedParts(asleep, { ...asleep, rev: 2 })).toEqual(NO_CHANGES);
  });

  it('are none between sessions, or when a state is sent again', () => {
    expect(changedParts(mapped, { ...asleep, rev: 1 })).toBe(NO_CHANGES);
    expect(changedParts(asleep, asleep)).toBe(NO_CHANGES);
    expect(changedParts(asleep, { ...mapped, kernel: 'unpatched' })).toBe(NO_CHANGES);
    expect(changedParts(undefined, asleep)).toBe(NO_CHANGES);
  });

  it('say in words what was, or that a part is new', () => {
    const changes = changedParts(asleep, {
      ...mapped,
      pages: [...mapped.pages, { ...(mapped.pages[0] as PanelState['pages'][0]), label: 'new:1' }],
    });
    expect(changeText(changes, partId.page(PAGE, 'waiters'))).toBe('was toucher');
    expect(changeText(changes, partId.page(PAGE, 'mappings'))).toBe('was nothing');
    expect(changeText(changes, partId.page('new:1'))).toBe('new since the last stop');
    expect(changeText(changes, partId.page(PAGE))).toBeUndefined();
  });

  it('leave out longest times that only grow because they still last', () => {
    const waits =
      (ns: number) =>
      ({ numbers }: PanelState): boolean =>
        numbers.locks.some(({ task, waitNs = 0 }) => task === 'toucher' && waitNs > ns);
    const [first, later] = storyOf('cold-fault-with-mmap', waits(0), waits(6000)) as [
      PanelState,
      PanelState,
    ];
    const waitOf = ({ numbers }: PanelState): number =>
      numbers.locks.find(({ task, waitNs }) => task === 'toucher' && waitNs !== undefined)
        ?.longestWaitNs ?? 0;
    expect(waitOf(later)).toBeGreaterThan(waitOf(first));
    const { was } = changedParts(first, later);
    expect(was.has(partId.time('page locks', 'toucher', 'wait'))).toBe(false);
  });
});
