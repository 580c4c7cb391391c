/**
 * Where the strip of an address space puts its VMAs: pure arithmetic, in pixels.
 *
 * An address space is sparse: a VMA of one page and one of a gigabyte stand three gigabytes apart. So gaps are
 * folded to a mark of one width, a VMA gets a width that grows with the logarithm of its size, and only inside of
 * a VMA is the strip to scale. Where a line is full the next one begins.
 */
import type { AddressSpaceState, FaultAddress, VmaState } from '../../view/memoryModel.ts';
import { faultWords, pagesOf } from './pageWords.ts';

/** The width of a folded gap. */
export const GAP = 22;
const NARROWEST = 74;
/** What a letter of a label takes. */
const LETTER = 6.4;
/** Lines of labels above the strip; a needle that finds no room has none. */
export const LABEL_LINES = 2;

/** A VMA in the strip. */
export interface PlacedVma {
  readonly vma: VmaState;
  readonly line: number;
  readonly x: number;
  readonly width: number;
  /** Whether a folded gap lies before it. */
  readonly isBehindGap: boolean;
}

/** An address at which somebody faults. */
export interface Needle {
  readonly fault: FaultAddress;
  readonly line: number;
  readonly x: number;
  readonly text: string;
  /** Where the label begins or ends; `undefined` where it has no room. */
  readonly label:
    { readonly x: number; readonly row: number; readonly anchor: 'start' | 'end' } | undefined;
  /** Whether a VMA covers the address. */
  readonly isInside: boolean;
}

/** The whole strip. */
export interface SpaceLayout {
  readonly vmas: readonly PlacedVma[];
  readonly needles: readonly Needle[];
  readonly lines: number;
}

/** Lays an address space out in a width. */
export function layoutSpace(space: AddressSpaceState, width: number): SpaceLayout {
  const lines = breakLines(space.vmas, width);
  const vmas = lines.flatMap((line, index) => placeLine(line, index, width));
  return { vmas, needles: placeNeedles(space, vmas, width), lines: Math.max(1, lines.length) };
}

function isApart(vma: VmaState, before: VmaState | undefined): boolean {
  return before?.end !== vma.start;
}

/** Every line begins with a gap's width, so that an address below all VMAs has a place, too; it ends with one. */
function breakLines(vmas: readonly VmaState[], width: number): VmaState[][] {
  const lines: VmaState[][] = [];
  let used = Infinity;
  for (const [index, vma] of vmas.entries()) {
    const needed = NARROWEST + (isApart(vma, vmas[index - 1]) ? GAP : 0);
    if (used + needed + GAP > width) {
      lines.push([]);
      used = 0;
    }
    used += needed;
    lines.at(-1)?.push(vma);
  }
  return lines;
}

function placeLine(line: readonly VmaState[], index: number, width: number): PlacedVma[] {
  const isFirst = (place: number): boolean => place === 0;
  const gaps = line.map((vma, place): number =>
    isFirst(place) || isApart(vma, line[place - 1]) ? GAP : 0,
  );
  const weights = line.map((vma) => Math.log2(pagesOf(vma)));
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  const fixed = gaps.reduce((sum, gap) => sum + gap, GAP) + NARROWEST * line.length;
  const rest = Math.max(0, width - fixed);
  let x = 0;
  return line.map((vma, place) => {
    const share = all === 0 ? 1 / line.length : (weights[place] ?? 0) / all;
    const gap = gaps[place] ?? 0;
    x += gap;
    const placed = { vma, line: index, x, width: NARROWEST + rest * share, isBehindGap: gap > 0 };
    x += placed.width;
    return placed;
  });
}

/** Where an address lies in a placed VMA, to scale. */
export function xOfAddress({ vma, x, width }: PlacedVma, address: number): number {
  return x + ((address - vma.start) / (vma.end - vma.start)) * width;
}

/** The address at a place of the strip inside of a VMA. */
export function addressAt({ vma, x, width }: PlacedVma, at: number): number {
  const share = Math.min(1, Math.max(0, (at - x) / width));
  return Math.min(vma.end - 1, Math.floor(vma.start + share * (vma.end - vma.start)));
}

/** In the VMA that covers the address, or in the middle of the gap that it lies in. */
function placeAddress(
  vmas: readonly PlacedVma[],
  address: number,
): { readonly x: number; readonly line: number; readonly vma: VmaState | undefined } {
  const inside = vmas.find(({ vma }) => vma.start <= address && address < vma.end);
  if (inside !== undefined) {
    return { x: xOfAddress(inside, address), line: inside.line, vma: inside.vma };
  }
  const next = vmas.find(({ vma }) => vma.start > address);
  if (next !== undefined) return { x: next.x - GAP / 2, line: next.line, vma: undefined };
  const last = vmas.at(-1);
  const x = last === undefined ? 0 : last.x + last.width;
  return { x: x + GAP / 2, line: last?.line ?? 0, vma: undefined };
}

/** Labels stand in the first line that has room for them, to the right of the needle or to the left. */
function placeNeedles(
  { faults }: AddressSpaceState,
  vmas: readonly PlacedVma[],
  width: number,
): readonly Needle[] {
  const taken: { line: number; row: number; from: number; to: number }[] = [];
  return faults.map((fault): Needle => {
    const { x, line, vma } = placeAddress(vmas, fault.address);
    const text = faultWords(fault, vma);
    const length = text.length * LETTER;
    const anchor: 'start' | 'end' = x + length <= width ? 'start' : 'end';
    const from = anchor === 'start' ? x : x - length;
    const isFree = (row: number): boolean =>
      taken.every(
        (item) =>
          item.line !== line ||
          item.row !== row ||
          item.to + 8 < from ||
          item.from - 8 > from + length,
      );
    const row = Array.from({ length: LABEL_LINES }, (_, index) => index).find(isFree);
    if (row !== undefined) taken.push({ line, row, from, to: from + length });
    const label = row === undefined ? undefined : { x, row, anchor: anchor };
    return { fault, line, x, text, label, isInside: vma !== undefined };
  });
}

/** A text that fits into a width, cut with an ellipsis. */
export function fitText(text: string, width: number): string {
  const most = Math.max(1, Math.floor(width / LETTER));
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}
