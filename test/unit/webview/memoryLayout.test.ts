// The strip of an address space and the texts of numbers: arithmetic and words without a browser.
import { describe, expect, it } from 'vitest';
import type { AddressSpaceState, FaultAddress, VmaState } from '../../../src/view/memoryModel.ts';
import type { NumbersModel } from '../../../src/view/numbersModel.ts';
import { faultWords, pageAt } from '../../../src/webview/memory/pageWords.ts';
import {
  addressAt,
  fitText,
  layoutSpace,
  xOfAddress,
  type PlacedVma,
} from '../../../src/webview/memory/spaceLayout.ts';
import { figureOf, numbersAsText } from '../../../src/webview/numbers/numbersText.ts';

function vma(start: number, pages: number, name = 'data.bin'): VmaState {
  const kind = name.endsWith('.bin') ? 'file' : 'anonymous';
  const end = start + pages * 4096;
  const cells = { resident: 0, pagesPerCell: 1, cells: [] };
  return { start, end, kind, name, filePage: 0, rights: 'rw-p', ...cells };
}

function fault(task: string, address: number): FaultAddress {
  return { task, taskId: 1, address, isWrite: false, isOfKernel: false };
}

function space(vmas: readonly VmaState[], faults: readonly FaultAddress[] = []): AddressSpaceState {
  return { process: 'p', vmas, unlisted: 0, faults, stray: 0 };
}

const MIXED = [vma(0x8048000, 1, 'text'), vma(0x40000000, 262_144), vma(0xbfefb000, 5, 'stack')];

describe('the layout of an address space', () => {
  for (const [count, width] of [
    [3, 590],
    [7, 590],
    [7, 1150],
    [41, 590],
    [96, 300],
  ] as const) {
    it(`puts ${String(count)} VMAs side by side into ${String(width)} pixels, in lines`, () => {
      const many = Array.from({ length: count }, (_, i) => vma(0x8000000 + i * 0x100000, 1 + i));
      const { vmas, lines } = layoutSpace(space(many), width);
      expect(vmas.map((item) => item.vma)).toEqual(many);
      expect(vmas.at(-1)?.line).toBe(lines - 1);
      for (const [index, item] of vmas.entries()) {
        const next = vmas[index + 1];
        expect(item.x + item.width).toBeLessThanOrEqual(width);
        if (next?.line === item.line) expect(item.x + item.width).toBeLessThanOrEqual(next.x);
      }
    });
  }

  it('gives large VMAs more room, and small ones never too little', () => {
    const [text, data, stack] = layoutSpace(space(MIXED), 900).vmas as [
      PlacedVma,
      PlacedVma,
      PlacedVma,
    ];
    expect(text.width).toBeGreaterThanOrEqual(60);
    expect(data.width).toBeGreaterThan(stack.width);
    expect(stack.width).toBeGreaterThan(text.width);
  });

  it('folds gaps, and draws neighbors without one', () => {
    const { vmas } = layoutSpace(space([vma(0x1000, 1), vma(0x2000, 1), vma(0x9000, 1)]), 500);
    expect(vmas.map(({ isBehindGap }) => isBehindGap)).toEqual([true, false, true]);
    expect(vmas[1]?.x).toBe((vmas[0]?.x ?? 0) + (vmas[0]?.width ?? 0));
  });

  it('is to scale inside of a VMA, both ways', () => {
    const placed = layoutSpace(space(MIXED), 900).vmas[1] as PlacedVma;
    const middle = placed.x + placed.width / 2;
    expect(xOfAddress(placed, 0x60000000)).toBeCloseTo(middle);
    expect(addressAt(placed, middle)).toBe(0x60000000);
    expect(addressAt(placed, -100)).toBe(placed.vma.start);
    expect(addressAt(placed, 10_000)).toBe(placed.vma.end - 1);
  });

  it('puts needles where tasks fault: in a VMA, between two, below and above all', () => {
    const addresses = [0x50000000, 0x20000000, 0x10, 0xbfff0000];
    const { needles, vmas } = layoutSpace(
      space(
        MIXED,
        addresses.map((address, index) => fault(`t${String(index)}`, address)),
      ),
      900,
    );
    const [text, data, stack] = vmas as [PlacedVma, PlacedVma, PlacedVma];
    expect(needles.map(({ isInside }) => isInside)).toEqual([true, false, false, false]);
    const [inside = 0, between = 0, below = 0, above = 0] = needles.map(({ x }) => x);
    expect(inside).toBeCloseTo(data.x + data.width / 4);
    expect(between).toBeGreaterThan(text.x + text.width);
    expect(between).toBeLessThan(data.x);
    expect(below).toBeLessThan(text.x);
    expect(above).toBeGreaterThan(stack.x + stack.width);
  });

  it('lets no labels lie over each other', () => {
    const faults = Array.from({ length: 6 }, (_, index) => fault(`t${String(index)}`, 0x50000000));
    const { needles } = layoutSpace(space(MIXED, faults), 900);
    const rows = needles.flatMap(({ label }) => label?.row ?? []);
    expect(rows).toEqual([0, 1]);
    expect(needles).toHaveLength(6);
  });

  it('draws nothing of a process without VMAs', () => {
    expect(layoutSpace(space([], [fault('t', 0x10)]), 600)).toMatchObject({ vmas: [], lines: 1 });
  });
});

describe('words', () => {
  it('name the page that a VMA shows at an address', () => {
    const shifted = { ...vma(0x40000000, 4), filePage: 8 };
    expect(pageAt(shifted, 0x40001fff)).toBe('data.bin:9');
    expect(pageAt(shifted, 0x40004000)).toBeUndefined();
    expect(faultWords(fault('toucher', 0x40001fff), shifted)).toBe(
      'toucher reads data.bin:9 at 0x40001fff',
    );
    expect(
      faultWords({ ...fault('reader', 0x10), isOfKernel: true, isWrite: true }, undefined),
    ).toBe('the kernel, for reader, writes 0x00000010');
  });

  it('are cut to a width', () => {
    expect(fitText('bystander', 62)).toBe('bystander');
    expect(fitText('random-reader', 62)).toBe('random-re…');
  });
});

describe('numbers as text', () => {
  it('say of a time whether it still runs', () => {
    expect(figureOf(0, undefined)).toMatchObject({ text: '–', isRunning: false });
    expect(figureOf(5000, 5000)).toEqual({ text: '5 µs', isRunning: true, present: undefined });
    expect(figureOf(5000, 700)).toEqual({ text: '5 µs', isRunning: false, present: 'now 700 ns' });
  });

  it('are tables with tabs', () => {
    const numbers: NumbersModel = {
      counters: [['PGFAULT', 3]],
      faults: [{ task: 't', major: 1, minor: 2 }],
      locks: [
        {
          ...{ lock: 'mmap_sem', task: 't', waits: 1, waitNs: 12_500_000 },
          ...{ longestReadHoldNs: 20_600, longestWriteHoldNs: 0, longestWaitNs: 12_500_000 },
        },
      ],
    };
    expect(numbersAsText(numbers, 42_000, 'demo, kernel patched')).toBe(
      [
        'demo, kernel patched',
        'virtual time\t42 µs',
        '',
        'Lock\tTask\tLongest read hold\tLongest write hold\tLongest wait\tWaits',
        'mmap_sem\tt\t20.6 µs\t–\t12.5 ms and counting\t1',
        '',
        'Task\tmaj_flt\tmin_flt',
        't\t1\t2',
        '',
        'Counter\tCount',
        'PGFAULT\t3',
        '',
      ].join('\n'),
    );
  });
});
