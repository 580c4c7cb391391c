// The picture of the locks from stop to stop: what changed in words, rows that stay, one scale that only grows,
// groups of pages, numbers of the chain, the layout of a ring.
import { describe, expect, it } from 'vitest';
import type { LockState, PageState, PanelState, TaskState } from '../../../src/view/panelState.ts';
import { chainSteps, stepKey } from '../../../src/webview/locks/chainSteps.ts';
import { placeText } from '../../../src/webview/locks/changeWords.ts';
import { nextPicture, type LocksPicture } from '../../../src/webview/locks/lockPicture.ts';
import { groupPages } from '../../../src/webview/locks/pageGroups.ts';
import { layOutRing } from '../../../src/webview/locks/ringLayout.ts';
import { barPercent, fullBar } from '../../../src/webview/locks/timeBar.ts';

const NAMES = ['toucher', 'mapper', 'bystander'];

function task(name: string, sinceNs?: number): TaskState {
  const id = NAMES.indexOf(name) + 1;
  return { id, name, activity: 'sleeping', sinceNs } as TaskState;
}

interface Lock {
  readonly count?: string;
  readonly inside?: string;
  readonly queue?: string;
}

/** `toucher/read`, several with spaces between. */
function lock({ count = '0x00000000', inside = '', queue = '' }: Lock): LockState {
  const list = (text: string) =>
    text
      .split(' ')
      .filter((word) => word !== '')
      .map((word) => {
        const [name = '', mode] = word.split('/');
        const how: 'read' | 'write' = mode === 'write' ? 'write' : 'read';
        return { name, mode: how, taskId: NAMES.indexOf(name) + 1 };
      });
  return {
    name: 'mmap_sem',
    rawCount: count,
    countMeaning: '',
    holders: list(inside).map(({ name, ...more }) => ({ owner: name, sinceNs: 0, ...more })),
    queue: list(queue).map(({ name, ...more }) => ({ task: name, sinceNs: 10, ...more })),
  };
}

function page(index: number, lockedBy?: string, ...waiters: string[]): PageState {
  return {
    label: `f:${String(index)}`,
    file: 'f',
    index,
    isLocked: lockedBy !== undefined,
    lockedBy,
    isUpToDate: false,
    count: 1,
    mappings: [],
    references: [],
    flags: [],
    address: 0xc0100000,
    mapCount: 0,
    waiters,
  };
}

function stateWith(rev: number, more: Partial<PanelState>): PanelState {
  return {
    rev,
    scenario: 's',
    kernel: 'k',
    position: rev,
    clockNs: 1000 * rev,
    locks: [],
    pages: [],
    tasks: NAMES.map((name) => task(name)),
    disk: [],
    ...more,
  } as PanelState;
}

function pictures(...states: readonly PanelState[]): readonly LocksPicture[] {
  let last: LocksPicture | undefined;
  return states.map((state) => (last = nextPicture(last, state)));
}

describe('what has changed', () => {
  it('is told in sentences: queueing, leaving, being let in', () => {
    const shown = pictures(
      stateWith(1, { locks: [lock({ inside: 'toucher/read' })] }),
      stateWith(2, { locks: [lock({ inside: 'toucher/read', queue: 'mapper/write' })] }),
      stateWith(3, { locks: [lock({ inside: 'mapper/write', queue: 'bystander/read' })] }),
      stateWith(4, { locks: [lock({})] }),
    );
    expect(shown.map(({ rooms }) => rooms[0]?.changes)).toEqual([
      [],
      ['mapper now waits for mmap_sem to write, first in the queue'],
      [
        'toucher has left mmap_sem',
        'mapper has been let into mmap_sem to write',
        'bystander now waits for mmap_sem to read, first in the queue',
      ],
      ['mapper has left mmap_sem', 'bystander waits for mmap_sem no longer'],
    ]);
  });

  it('is nothing when a stop is told again, at a first stop, and in another run', () => {
    const first = stateWith(5, { locks: [lock({ inside: 'toucher/read' })] });
    const second = stateWith(6, { locks: [lock({})] });
    const [, told, again] = pictures(first, second, second);
    expect(again).toBe(told);
    const [, other] = pictures(second, { ...first, rev: 1 });
    expect(other?.rooms[0]?.changes).toEqual([]);
    const [, kernel] = pictures(first, { ...second, kernel: 'other' });
    expect(kernel?.rooms[0]?.changes).toEqual([]);
  });

  it('says where the run went back', () => {
    const [one, two] = pictures(stateWith(1, {}), stateWith(2, { position: 0 }));
    expect([one?.isBack, two?.isBack]).toEqual([false, true]);
  });

  it('counts pages that are locked and unlocked, and names who sleeps on one', () => {
    const shown = pictures(
      stateWith(1, {}),
      stateWith(2, { pages: [page(0, 'disk read #1', 'toucher'), page(1, 'disk read #1')] }),
      stateWith(3, { pages: [page(0), page(1)] }),
    );
    expect(shown.map(({ pageChanges }) => pageChanges)).toEqual([
      [],
      ['toucher now sleeps on the page lock of f:0', '2 pages now locked'],
      ['toucher sleeps on the page lock of f:0 no longer', '2 pages unlocked'],
    ]);
  });

  it('numbers places beyond the first few', () => {
    expect(placeText(2)).toBe('third in the queue');
    expect(placeText(11)).toBe('number 12 in the queue');
  });
});

it('reserves room for what was there once', () => {
  const queue = 'mapper/write bystander/read toucher/read a/read b/read';
  const full = lock({ inside: 'toucher/read', queue });
  const shown = pictures(
    stateWith(1, { locks: [lock({})] }),
    stateWith(2, { locks: [full], pages: [page(0, 'x', 'toucher'), page(5, 'x')] }),
    stateWith(3, { locks: [lock({})] }),
  );
  expect(shown.map(({ pageRows, sleeperRows }) => [pageRows, sleeperRows])).toEqual([
    [1, 0],
    [2, 1],
    [2, 1],
  ]);
  // From the start a seat for each of the three tasks.
  expect(shown.map(({ rooms }) => rooms[0]?.rows)).toEqual([3, 5, 5]);
});

describe('bars of time', () => {
  it('have one scale that only grows', () => {
    expect(fullBar(0, [20_000])).toBe(1e6);
    expect(fullBar(1e6, [12_500_000, 20_000])).toBe(20e6);
    expect(fullBar(20e6, [20_000])).toBe(20e6);
    expect(fullBar(0, [1e12])).toBe(1e12);
  });

  it('show 12.5 ms beside 20 µs as what they are, and lose nothing', () => {
    expect(barPercent(12_500_000, 20e6)).toBe(62.5);
    expect(barPercent(20_000, 20e6)).toBe(0.8);
    expect(barPercent(0, 20e6)).toBe(0);
    expect(barPercent(1e12, 20e6)).toBe(100);
  });
});

it('draws pages that one read has locked as one, and pages with sleepers alone', () => {
  const disk = [{ id: 1, what: 'f:0–3', state: 'active' as const, leftNs: 7 }];
  const pages = [
    page(0, 'disk read #1'),
    page(1, 'disk read #1', 'toucher'),
    page(2, 'disk read #1'),
    page(3, 'disk read #1'),
    page(4),
    page(5, 'mapper'),
  ];
  const tasks = [task('toucher', 42), task('mapper')];
  const groups = groupPages(stateWith(1, { disk, pages, tasks }));
  expect(groups.map(({ label, lockedById, leftNs }) => [label, lockedById, leftNs])).toEqual([
    ['f:0', undefined, 7],
    ['f:1', undefined, 7],
    ['f:2–3', undefined, 7],
    ['f:5', 2, undefined],
  ]);
  expect(groups[1]?.waiters).toEqual([{ name: 'toucher', taskId: 1, mode: 'write', sinceNs: 42 }]);
});

it('gives what a chain names the number of its first link', () => {
  const steps = chainSteps({
    task: 'a',
    text: '',
    links: [
      { kind: 'task', text: 'a', taskId: 1 },
      { kind: 'lock', text: 'mmap_sem', lock: 'mmap_sem' },
      { kind: 'task', text: 'held by a', taskId: 1 },
      { kind: 'disk', text: 'disk read #1', page: 'f:0', request: 1 },
    ],
  });
  expect(steps.get(stepKey.task(1))).toBe(1);
  expect(steps.get(stepKey.lock('mmap_sem'))).toBe(2);
  expect(steps.get(stepKey.page('f:0'))).toBe(4);
  expect(steps.get(stepKey.task(undefined))).toBeUndefined();
});

describe('the layout of a ring', () => {
  it.each([2, 3, 4, 5, 6, 8])('of %i nodes keeps boxes apart and inside', (count) => {
    const { width, height, boxes, arcs } = layOutRing(count);
    expect(arcs).toHaveLength(count);
    boxes.forEach((box, place) => {
      expect(box.x - box.width / 2).toBeGreaterThanOrEqual(0);
      expect(box.x + box.width / 2).toBeLessThanOrEqual(width);
      expect(box.y - box.height / 2).toBeGreaterThanOrEqual(0);
      expect(box.y + box.height / 2).toBeLessThanOrEqual(height);
      for (const other of boxes.slice(place + 1)) {
        const isApart =
          Math.abs(box.x - other.x) > box.width || Math.abs(box.y - other.y) > box.height;
        expect(isApart).toBe(true);
      }
    });
  });
});
