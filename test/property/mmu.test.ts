/**
 * The TLB against a plain walk: where the kernel flushes after every change of a present entry, accesses are what the
 * page tables say; where it does not, they are what the entry said when it was last walked.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { flushAll, flushOthers, flushPage } from '../../src/machine/tlb.ts';
import {
  ACCESSED,
  DIRTY,
  FRAMES,
  type Outcome,
  PageTables,
  PRESENT,
  USER,
  WRITE,
} from '../support/pageTables.ts';

const CPUS = 2;
/** In two page tables; the last page has the place of the first one in the TLB. */
const PAGES = [0x08048000, 0x08049000, 0x0804a000, 0x40001000, 0x40002000, 0x08088000] as const;
/** Without two pages that share a place: nothing is ever thrown out of the TLB. */
const APART = PAGES.slice(0, 5);
const UPPER_RIGHTS: Readonly<Record<number, number>> = { 0x20: PRESENT | WRITE | USER };

type Act =
  | { readonly kind: 'set'; readonly page: number; readonly frame: number; readonly rights: number }
  | { readonly kind: 'flushPage' | 'flushAll'; readonly page: number; readonly cpu: number }
  | {
      readonly kind: 'access';
      readonly page: number;
      readonly cpu: number;
      readonly isWrite: boolean;
      readonly isUser: boolean;
    };

function someActs(pages: readonly number[]): fc.Arbitrary<Act[]> {
  const page = fc.constantFrom(...pages);
  const cpu = fc.integer({ min: 0, max: CPUS - 1 });
  const access = fc.record({
    kind: fc.constant('access' as const),
    page,
    cpu,
    isWrite: fc.boolean(),
    isUser: fc.boolean(),
  });
  return fc.array(
    fc.oneof(
      { weight: 6, arbitrary: access },
      {
        weight: 3,
        arbitrary: fc.record({
          kind: fc.constant('set' as const),
          page,
          frame: fc.integer({ min: 0, max: 3 }),
          // Map, protect, unmap; the kernel may leave marks or clear them.
          rights: fc.constantFrom(
            ...[0, 1, 1, 3, 5, 5, 7, 7, 7].flatMap((rights) => [
              rights,
              rights === 0 ? 0 : rights | ACCESSED | DIRTY,
            ]),
          ),
        }),
      },
      {
        weight: 1,
        arbitrary: fc.record({
          kind: fc.constantFrom('flushPage' as const, 'flushAll' as const),
          page,
          cpu,
        }),
      },
    ),
    { minLength: 20, maxLength: 120 },
  );
}

function freshTables(): PageTables {
  const tables = new PageTables(CPUS);
  for (const page of PAGES) {
    // One of the two tables is for reading only, as far as the directory has a say.
    tables.setUpper(page, UPPER_RIGHTS[page >>> 22] ?? PRESENT | USER);
  }
  return tables;
}

/** What a CPU without a TLB would do: an entry's new marks, and the outcome. */
function walk(
  entry: number,
  upper: number,
  { page, isWrite, isUser }: Extract<Act, { kind: 'access' }>,
): { outcome: Outcome; entry: number } {
  const code = (isWrite ? 2 : 0) | (isUser ? 4 : 0);
  const rights = entry & upper;
  if ((entry & PRESENT) === 0) return { outcome: { fault: code }, entry };
  if ((isUser && (rights & USER) === 0) || (isWrite && (rights & WRITE) === 0)) {
    return { outcome: { fault: code | 1 }, entry };
  }
  return {
    outcome: { physical: (entry & ~0xfff) + (page & 0xfff) },
    entry: entry | ACCESSED | (isWrite ? DIRTY : 0),
  };
}

describe('the TLB', () => {
  it('is not to be seen where every change is flushed on every CPU', () => {
    fc.assert(
      fc.property(someActs(PAGES), (acts) => {
        const tables = freshTables();
        const entries = new Map<number, number>();
        for (const act of acts) {
          const before = entries.get(act.page) ?? 0;
          if (act.kind === 'set') {
            const entry = act.rights === 0 ? 0 : (FRAMES + act.frame * 0x1000) | act.rights;
            entries.set(act.page, entry);
            tables.setLower(act.page, entry);
            // What was absent is in no TLB.
            if ((before & PRESENT) === 0) continue;
            tables.state.words[0] = act.frame % CPUS;
            flushPage(tables.state, tables.state.currentCpu, act.page);
            flushOthers(tables.state, -1, act.page);
          } else if (act.kind === 'access') {
            const { outcome, entry } = walk(before, tables.upper(act.page), act);
            entries.set(act.page, entry);
            expect(tables.access(act.page, act.isWrite, act.isUser, act.cpu)).toEqual(outcome);
          }
          expect(tables.lower(act.page)).toBe(entries.get(act.page) ?? 0);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('answers by the entry as it was walked until a flush or a fault, whatever was written since', () => {
    let stale = 0;
    fc.assert(
      fc.property(someActs(APART), (acts) => {
        const tables = freshTables();
        /** By CPU: page → what the walk found. */
        const known = Array.from({ length: CPUS }, () => new Map<number, number>());
        for (const act of acts) {
          if (act.kind === 'set') {
            const entry = act.rights === 0 ? 0 : (FRAMES + act.frame * 0x1000) | act.rights;
            tables.setLower(act.page, entry);
            continue;
          }
          const ofCpu = known[act.cpu] as Map<number, number>;
          if (act.kind !== 'access') {
            if (act.kind === 'flushPage') {
              flushPage(tables.state, act.cpu, act.page);
              ofCpu.delete(act.page);
            } else {
              flushAll(tables.state, act.cpu);
              ofCpu.clear();
            }
          } else {
            const written = tables.lower(act.page);
            const remembered = ofCpu.get(act.page);
            const upper = tables.upper(act.page);
            const byMemory = walk(remembered ?? 0, upper, act);
            const isWalked =
              remembered === undefined ||
              ('physical' in byMemory.outcome && act.isWrite && (remembered & DIRTY) === 0);
            const { outcome, entry } = isWalked ? walk(written, upper, act) : byMemory;
            if (!isWalked && ((remembered ^ written) & ~(ACCESSED | DIRTY)) !== 0) stale += 1;
            expect(tables.access(act.page, act.isWrite, act.isUser, act.cpu)).toEqual(outcome);
            expect(tables.lower(act.page)).toBe(isWalked ? entry : written);
            if ('fault' in outcome) ofCpu.delete(act.page);
            else ofCpu.set(act.page, entry);
          }
        }
      }),
      { numRuns: 150 },
    );
    expect(stale).toBeGreaterThan(10);
  });
});
