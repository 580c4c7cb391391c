// Rings of waits: which waits close, which only look like it, and the sentence that says so.
import { describe, expect, it } from 'vitest';
import type { LockState, PageState, TaskState } from '../../../src/view/panelState.ts';
import { findWaitRing, ringText } from '../../../src/view/waitRing.ts';

function lock(
  name: string,
  holders: readonly (readonly [string, number])[],
  queue: readonly (readonly [string, number | undefined])[],
): LockState {
  return {
    name,
    rawCount: '0x00000000',
    countMeaning: '',
    holders: holders.map(([owner, sinceNs]) => ({ owner, taskId: 1, mode: 'read', sinceNs })),
    queue: queue.map(([task, sinceNs]) => ({ task, taskId: 1, mode: 'write', sinceNs })),
  };
}

function page(label: string, lockedBy: string | undefined, ...waiters: string[]): PageState {
  const [file = '', index = ''] = label.split(':');
  const flags = { isLocked: lockedBy !== undefined, isUpToDate: false, count: 1, mapCount: 0 };
  const owned = { address: 0xc0100000, flags: [], references: [], mappings: [] };
  return { label, file, index: Number(index), ...flags, ...owned, lockedBy, waiters };
}

const tasks = ['a', 'b', 'c'].map((name, place) => ({ id: place + 1, name }) as TaskState);

function sentence(locks: readonly LockState[], pages: readonly PageState[] = []): string {
  return ringText(findWaitRing({ locks, pages, tasks }) ?? []);
}

describe('a ring', () => {
  it('closes over a lock that a task holds itself', () => {
    expect(sentence([lock('mmap_sem', [['a', 5]], [['a', 90]])])).toBe(
      'a waits for mmap_sem, which is held by a.',
    );
  });

  it('goes through the queue: each waits for the one ahead of it', () => {
    const queue = [['b', 10] as const, ['c', 20] as const, ['a', 90] as const];
    expect(sentence([lock('mmap_sem', [['a', 5]], queue)])).toBe(
      'a is queued behind c, which is queued behind b, which waits for mmap_sem, which is held by a.',
    );
  });

  it('closes over a page and a lock', () => {
    const ring = sentence([lock('mmap_sem', [['a', 5]], [['b', 9]])], [page('f:0', 'b', 'a')]);
    expect(ring).toBe(
      'a waits for f:0, which is held by b, which waits for mmap_sem, which is held by a.',
    );
  });
});

describe('no ring', () => {
  it('is a wait for a disk, whatever is queued behind it', () => {
    expect(
      sentence([lock('mmap_sem', [['a', 5]], [['b', 9]])], [page('f:0', 'disk read #1', 'a')]),
    ).toBe('');
  });

  it('is a task that has been granted the lock and is still in the wait list', () => {
    expect(sentence([lock('mmap_sem', [['a', 95]], [['a', 90]])])).toBe('');
    expect(sentence([lock('mmap_sem', [['a', 95]], [['a', undefined]])])).toBe('');
  });
});
