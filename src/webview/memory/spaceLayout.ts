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
export const GAP = 16;
const NARROWEST = 62;
/** A page gets no more, however much room there is. */
const WIDEST_PAGE = 22;
/** What a letter of a label takes. */
const LETTER = 6.7;
/** What it takes in the lines below the bar. */
const SMALL_LETTER = 6.1;
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

/**
 * Every line begins and ends with a gap's width, so that an address below or above all VMAs has a place, too; lines
 * get equally many VMAs.
 */
function breakLines(vmas: readonly VmaState[], width: number): readonly VmaState[][] {
  const most = Math.max(1, Math.floor((width - GAP) / (NARROWEST + GAP)));
  const lines = Math.ceil(vmas.length / most);
  const each = Math.ceil(vmas.length / Math.max(1, lines));
  return Array.from({ length: lines }, (_, line) => vmas.slice(line * each, (line + 1) * each));
}

function placeLine(line: readonly VmaState[], index: number, width: number): PlacedVma[] {
  const gaps = line.map((vma, place): number =>
    place === 0 || isApart(vma, line[place - 1]) ? GAP : 0,
  );
  const fixed = gaps.reduce((sum, gap) => sum + gap, GAP) + NARROWEST * line.length;
  const shares = shareOut(line, Math.max(0, width - fixed));
  let x = 0;
  return line.map((vma, place) => {
    const gap = gaps[place] ?? 0;
    x += gap;
    const placed = {
      vma,
      line: index,
      x,
      width: NARROWEST + (shares[place] ?? 0),
      isBehindGap: gap > 0,
    };
    x += placed.width;
    return placed;
  });
}

/** What each VMA gets of the room that is left: by the logarithm of its size, and not more than its pages need. */
function shareOut(line: readonly VmaState[], room: number): readonly number[] {
  const weights = line.map((vma) => Math.log2(pagesOf(vma)));
  const wanted = line.map((vma) => Math.max(0, pagesOf(vma) * WIDEST_PAGE - NARROWEST));
  const shares = line.map(() => 0);
  let left = room;
  // What one does not want goes to the others; each round satisfies one at least, or gives all away.
  for (let round = 0; round <= line.length && left > 0.5; round += 1) {
    const open = line.flatMap((_, place) =>
      (shares[place] ?? 0) < (wanted[place] ?? 0) ? [place] : [],
    );
    const all = open.reduce((sum, place) => sum + (weights[place] ?? 0), 0);
    if (all === 0) break;
    const part = left / all;
    for (const place of open) {
      const more = Math.min(
        part * (weights[place] ?? 0),
        (wanted[place] ?? 0) - (shares[place] ?? 0),
      );
      shares[place] = (shares[place] ?? 0) + more;
      left -= more;
    }
  }
  return shares;
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
  const most = Math.max(1, Math.floor(width / SMALL_LETTER));
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}
