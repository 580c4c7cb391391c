// At every single step of real runs the count of mmap_sem is read: it adds up, and most of the time it is settled.
import { expect, it } from 'vitest';
import type { Address } from '../../src/base/brand.ts';
import { listTasks } from '../../src/kernel/taskWaits.ts';
import { readRwsemCount, type RwsemReading } from '../../src/view/rwsemReading.ts';
import { prepare, shippedTree } from '../support/preparedRun.ts';

/** Step by step, a run takes seconds, on a busy machine several times as many. */
const STEPS_MS = 90_000;

/** The distinct readings of a run, by what was read, in the order in which they first came. */
function readingsOf(scenario: string, kernel: string): ReadonlyMap<string, RwsemReading> {
  const run = prepare(scenario, shippedTree(kernel), { rules: 'off' });
  const { machine, readers } = run;
  const locks = new Map<Address, Address>();
  /** The locks of the address spaces that tasks still have. */
  const liveLocks = (): ReadonlySet<Address> => {
    const live = new Set<Address>();
    for (const { cookie, isIdle } of listTasks(machine)) {
      const mm = isIdle ? 0 : readers.readMmOfTask(machine, cookie);
      if (mm === 0) continue;
      const lock = locks.get(mm) ?? readers.readMm(machine, mm).mmapSem;
      locks.set(mm, lock);
      live.add(lock);
    }
    return live;
  };
  const found = new Map<string, RwsemReading>();
  for (;;) {
    for (const address of liveLocks()) {
      const { count, waiters } = readers.readRwsem(machine, address);
      const inside = machine.ghost.holds().filter(({ lock }) => lock === address);
      const modes = inside.map(({ mode }) => mode[0]).join('');
      const queue = waiters.map(({ isWriter }) =>
        isWriter ? ({ name: 'w', mode: 'write' } as const) : ({ name: 'r', mode: 'read' } as const),
      );
      const names = queue.map(({ name }) => name).join('');
      const key = `${count.toString(16)} ${modes} ${names}`;
      if (!found.has(key)) found.set(key, readRwsemCount({ count, waiters: queue, inside }));
    }
    const { kind } = machine.run({ budget: 1, breakpoints: false });
    if (kind !== 'budget' && kind !== 'position') return found;
  }
}

it.each([
  ['cold-fault-with-mmap', 'unpatched'],
  ['cold-fault-with-mmap', 'patched'],
  ['cold-fault-with-mmap', 'everybody-sleeps'],
  ['retry-behind-writers', 'patched'],
  ['two-loaders', 'unpatched'],
] as const)('%s on %s', { timeout: STEPS_MS }, (scenario, kernel) => {
  const readings = readingsOf(scenario, kernel);
  for (const [key, reading] of readings) {
    const [count = ''] = key.split(' ');
    const sum = reading.terms.reduce((total, { word }) => total + Number(word), 0);
    expect([key, sum >>> 0]).toEqual([key, parseInt(count, 16)]);
    expect(reading.meaning).not.toContain('sound kernel');
    // One kind of change at a time, or two by one operation; never a story of many.
    const motion = reading.terms.find(({ part }) => part === 'motion');
    expect(motion?.text.split(', ').length ?? 0).toBeLessThanOrEqual(2);
  }
  const settled = [...readings.values()].filter(({ isSettled }) => isSettled);
  expect(settled.length).toBeGreaterThan(2);
});

it('meets both meanings of 0xffff0001', { timeout: STEPS_MS }, () => {
  const readings = readingsOf('cold-fault-with-mmap', 'unpatched');
  const meanings = [...readings].flatMap(([key, { meaning, isSettled }]) =>
    key.startsWith('ffff0001') && isSettled ? [`${key}: ${meaning}`] : [],
  );
  expect(meanings).toEqual([
    expect.stringMatching(/^ffff0001 r w: 1 reader inside, w waits/),
    expect.stringMatching(/^ffff0001 r wr: 1 reader inside, w, r wait/),
  ]);
  const alone = readingsOf('cold-fault-with-mmap', 'patched').get('ffff0001 w ');
  expect(alone?.meaning).toBe('a writer inside, nobody waits');
});
