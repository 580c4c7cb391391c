/**
 * The strip of an address space: its VMAs from low to high addresses, gaps folded, a tick for each page that is
 * there, a needle at each address at which a task faults.
 *
 * The pointer on a page of a file marks its row in the table of pages, and the other way round. By keyboard the
 * strip is one stop; the arrow keys go from VMA to VMA and mark all pages of it that the table lists.
 */
import { useRef, useState } from 'preact/hooks';
import { hex } from '../../base/brand.ts';
import { changeText, partId } from '../../view/changedParts.ts';
import type { AddressSpaceState } from '../../view/memoryModel.ts';
import type { PageState } from '../../view/panelState.ts';
import { changes } from '../panelModel.ts';
import { addressOfPage, pageAt, pagesOf, residentWords } from './pageWords.ts';
import { pointAt, pointedPages } from './pointedPages.ts';
import {
  addressAt,
  fitText,
  GAP,
  layoutSpace,
  type Needle,
  type PlacedVma,
  xOfAddress,
} from './spaceLayout.ts';

/** Heights of a line of the strip: two rows of labels, the bar, three rows of text, and air. */
const BAR_TOP = 36;
const BAR_HEIGHT = 30;
const LINE_HEIGHT = 118;
const ROW = 15;
/** The place of the diamond behind the name. */
const CHANGE = 12;
/** A pointer is at a page that is not further away. */
const NEAR = 4;

function barTop(line: number): number {
  return line * LINE_HEIGHT + BAR_TOP;
}

/** Two slanted strokes: here addresses are left out. */
function Fold({ x, line }: { x: number; line: number }) {
  const y = barTop(line) + BAR_HEIGHT / 2;
  const at = (shift: number): string => `M${String(x + shift - 3)} ${String(y + 7)} l6 -14`;
  return <path class="space-fold" d={`${at(-3)} ${at(3)}`} />;
}

/** One tick for each cell with pages; a cell of many pages is as high as it is full. */
function Ticks({ placed }: { placed: PlacedVma }) {
  const { vma, x, width, line } = placed;
  const cells = Math.ceil(pagesOf(vma) / vma.pagesPerCell);
  const cell = width / cells;
  const d = vma.cells
    .map(([index, pages]) => {
      const share = 0.35 + 0.65 * (pages / vma.pagesPerCell);
      const height = (BAR_HEIGHT - 4) * share;
      const left = x + index * cell;
      const bar = Math.max(1.5, cell - (cell > 4 ? 1 : 0));
      return `M${left.toFixed(1)} ${(barTop(line) + BAR_HEIGHT - 2 - height).toFixed(1)} h${bar.toFixed(1)} v${height.toFixed(1)} h-${bar.toFixed(1)} z`;
    })
    .join(' ');
  return d === '' ? null : <path class="space-ticks" d={d} />;
}

/** Where the pointed pages lie in a VMA, mapped or not. */
function Pointed({ placed, pages }: { placed: PlacedVma; pages: readonly PageState[] }) {
  const { vma, line, width } = placed;
  const marks = pages
    .filter(({ label }) => pointedPages.value.has(label))
    .flatMap((page) => addressOfPage(vma, page) ?? []);
  const page = width / pagesOf(vma);
  const size = Math.max(4, page);
  return (
    <>
      {marks.map((address) => (
        <rect
          key={address}
          class="space-pointed"
          x={xOfAddress(placed, address) + (page - size) / 2 - 1}
          y={barTop(line) - 3}
          width={size + 2}
          height={BAR_HEIGHT + 6}
        />
      ))}
    </>
  );
}

/** The diamond at a VMA of which something has changed. */
function VmaChange({ placed, process }: { placed: PlacedVma; process: string }) {
  const { vma, x, width, line } = placed;
  const texts = ([undefined, 'range', 'rights', 'resident'] as const).flatMap(
    (field) => changeText(changes.value, partId.vma(process, vma.start, field)) ?? [],
  );
  const [first] = texts;
  if (first === undefined) return null;
  const y = barTop(line) + BAR_HEIGHT + ROW;
  return (
    <text class="space-change" x={x + width - 1} y={y} text-anchor="end">
      ◆<title>{first.startsWith('was') ? `pages present: ${first}` : first}</title>
    </text>
  );
}

function VmaBlock({ placed, process }: { placed: PlacedVma; process: string }) {
  const { vma, x, width, line } = placed;
  const top = barTop(line);
  const below = top + BAR_HEIGHT;
  // The whole word finds no room in the narrowest range.
  const [name, owner] = vma.kind === 'anonymous' ? ['anon'] : vma.name.split(' of ');
  const second = owner ?? `${vma.rights} ${pagesOf(vma).toLocaleString('en-US')} p.`;
  return (
    <g>
      <title>{`${vma.name}, ${vma.rights}, ${hex(vma.start, 8)}–${hex(vma.end, 8)}, ${residentWords(vma)}`}</title>
      <rect class={`space-vma space-${vma.kind}`} x={x} y={top} width={width} height={BAR_HEIGHT} />
      <Ticks placed={placed} />
      <text class="space-name" x={x} y={below + ROW}>
        {fitText(name ?? '', width - CHANGE)}
      </text>
      <text class="space-small" x={x} y={below + 2 * ROW - 1}>
        {fitText(second, width)}
      </text>
      <text class="space-small" x={x} y={below + 3 * ROW - 2}>
        {hex(vma.start, 8)}
      </text>
      <VmaChange placed={placed} process={process} />
    </g>
  );
}

function NeedleMark({ needle }: { needle: Needle }) {
  const { x, line, text, label, isInside, fault } = needle;
  const top = barTop(line);
  const tip = top + BAR_HEIGHT;
  const labelY = top - 10 - (1 - (label?.row ?? 1)) * ROW;
  const from = label === undefined ? top - 6 : labelY - 4;
  const isNew = changeText(changes.value, partId.fault(fault.task)) !== undefined;
  return (
    <g class={isInside ? 'space-needle' : 'space-needle space-needle-outside'}>
      <path class="space-needle-halo" d={`M${String(x)} ${String(from)} V${String(tip)}`} />
      <path class="space-needle-line" d={`M${String(x)} ${String(from)} V${String(tip)}`} />
      <path
        class="space-needle-head"
        d={`M${String(x - 4.5)} ${String(top - 5)} h9 L${String(x)} ${String(top + 3)} z`}
      />
      {label === undefined ? null : (
        <text
          class="space-needle-label"
          x={label.anchor === 'start' ? x + 6 : x - 6}
          y={labelY}
          text-anchor={label.anchor}
        >
          {isNew ? '◆ ' : ''}
          {text}
          {isInside ? '' : ', in no VMA'}
        </text>
      )}
      <title>{text}</title>
    </g>
  );
}

/** The labels of pages that the table lists and a VMA can show. */
function listedIn(placed: PlacedVma | undefined, pages: readonly PageState[]): readonly string[] {
  if (placed === undefined) return [];
  return pages
    .filter((page) => addressOfPage(placed.vma, page) !== undefined)
    .map(({ label }) => label);
}

/** The page at a place of the strip; near it, one that the table lists: pages can be narrower than a pixel. */
function pageNear(placed: PlacedVma, x: number, pages: readonly PageState[]): string | undefined {
  const half = placed.width / pagesOf(placed.vma) / 2;
  const distances = pages.flatMap((page) => {
    const address = addressOfPage(placed.vma, page);
    if (address === undefined) return [];
    return [{ label: page.label, far: Math.abs(xOfAddress(placed, address) + half - x) }];
  });
  const [nearest] = distances.sort((one, other) => one.far - other.far);
  if (nearest !== undefined && nearest.far <= Math.max(half, NEAR)) return nearest.label;
  return pageAt(placed.vma, addressAt(placed, x));
}

interface StripProps {
  readonly space: AddressSpaceState;
  readonly pages: readonly PageState[];
  readonly width: number;
}

/** The strip, as wide as is given. */
export function SpaceStrip({ space, pages, width }: StripProps) {
  const { vmas, needles, lines } = layoutSpace(space, width);
  const [active, setActive] = useState<number | undefined>(undefined);
  const svg = useRef<SVGSVGElement>(null);
  const activate = (index: number | undefined): void => {
    setActive(index);
    pointAt(...listedIn(index === undefined ? undefined : vmas[index], pages));
  };
  const pointerAt = (event: PointerEvent): void => {
    const box = svg.current?.getBoundingClientRect();
    if (box === undefined) return;
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    const line = Math.floor(y / LINE_HEIGHT);
    const placed = vmas.find(
      (item) => item.line === line && x >= item.x && x <= item.x + item.width,
    );
    const page = placed === undefined ? undefined : pageNear(placed, x, pages);
    pointAt(...(page === undefined ? [] : [page]));
  };
  const onKey = (event: KeyboardEvent): void => {
    const last = vmas.length - 1;
    const here = active ?? 0;
    const targets: Readonly<Record<string, number>> = {
      ArrowLeft: Math.max(0, here - 1),
      ArrowRight: Math.min(last, here + 1),
      Home: 0,
      End: last,
    };
    const target = targets[event.key];
    if (target === undefined) return;
    event.preventDefault();
    activate(target);
  };
  const marked = active === undefined ? undefined : vmas[active];
  const spoken =
    marked === undefined
      ? `${String(space.vmas.length)} mapped ranges; arrow keys go from one to the next`
      : `${marked.vma.name}, ${hex(marked.vma.start, 8)}, ${residentWords(marked.vma)}`;
  return (
    <svg
      ref={svg}
      class="space-strip"
      width={width}
      height={lines * LINE_HEIGHT}
      viewBox={`0 0 ${String(width)} ${String(lines * LINE_HEIGHT)}`}
      role="img"
      aria-label={`Address space of ${space.process}: ${spoken}`}
      tabIndex={0}
      onKeyDown={onKey}
      onFocus={() => {
        activate(active ?? 0);
      }}
      onBlur={() => {
        activate(undefined);
      }}
      onPointerMove={pointerAt}
      onPointerLeave={() => {
        pointAt();
      }}
    >
      {vmas.map((placed) => (
        <g key={placed.vma.start}>
          {placed.isBehindGap ? <Fold x={placed.x - GAP / 2} line={placed.line} /> : null}
          <VmaBlock placed={placed} process={space.process} />
        </g>
      ))}
      {vmas.map((placed) => (
        <Pointed key={placed.vma.start} placed={placed} pages={pages} />
      ))}
      {needles.map((needle) => (
        <NeedleMark key={needle.fault.task} needle={needle} />
      ))}
      {marked === undefined ? null : (
        <rect
          class="space-active"
          x={marked.x - 3}
          y={barTop(marked.line) - 3}
          width={marked.width + 6}
          height={BAR_HEIGHT + 3 * ROW + 8}
        />
      )}
    </svg>
  );
}
