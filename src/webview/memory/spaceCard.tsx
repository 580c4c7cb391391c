/**
 * The address space of a process: the strip of its VMAs and, behind a click, the same as a table.
 */
import { useRef } from 'preact/hooks';
import { hex } from '../../base/brand.ts';
import { partId } from '../../view/changedParts.ts';
import type { AddressSpaceState, VmaState } from '../../view/memoryModel.ts';
import type { PageState } from '../../view/panelState.ts';
import { ChangeMark } from '../changes.tsx';
import { faultWords, residentWords } from './pageWords.ts';
import './space.css';
import { SpaceStrip } from './spaceStrip.tsx';
import { useWidth } from '../useWidth.ts';

function VmaRow({ vma, space }: { vma: VmaState; space: AddressSpaceState }) {
  const { process, faults } = space;
  const here = faults.filter(({ address }) => vma.start <= address && address < vma.end);
  return (
    <tr>
      <th scope="row">
        {vma.name}
        <ChangeMark id={partId.vma(process, vma.start)} />
      </th>
      <td>
        <code>
          {hex(vma.start, 8)}–{hex(vma.end, 8)}
        </code>
        <ChangeMark id={partId.vma(process, vma.start, 'range')} />
      </td>
      <td>
        <code>{vma.rights}</code>
        <ChangeMark id={partId.vma(process, vma.start, 'rights')} />
      </td>
      <td class="number">
        {residentWords(vma)}
        <ChangeMark id={partId.vma(process, vma.start, 'resident')} />
      </td>
      <td>{here.map((fault) => faultWords(fault, vma)).join(', ')}</td>
    </tr>
  );
}

function VmaTable({ space }: { space: AddressSpaceState }) {
  return (
    <details class="space-table">
      <summary>As a table</summary>
      <div class="scroll" tabIndex={0} role="region" aria-label={`VMAs of ${space.process}`}>
        <table>
          <thead>
            <tr>
              <th scope="col">VMA</th>
              <th scope="col">Addresses</th>
              <th scope="col">Rights</th>
              <th scope="col">Present</th>
              <th scope="col">Faults at</th>
            </tr>
          </thead>
          <tbody>
            {space.vmas.map((vma) => (
              <VmaRow key={vma.start} vma={vma} space={space} />
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

/** What the strip leaves out. */
function Caveats({ space }: { space: AddressSpaceState }) {
  const outside = space.faults.filter(({ address }) =>
    space.vmas.every(({ start, end }) => address < start || address >= end),
  );
  return (
    <>
      {outside.map((fault) => (
        <p class="space-note" key={fault.task}>
          {faultWords(fault, undefined)}, which no VMA covers
        </p>
      ))}
      {space.unlisted === 0 ? null : (
        <p class="space-note">{space.unlisted} more VMAs at higher addresses are not drawn</p>
      )}
      {space.isCut ? (
        <p class="space-note">
          There are more page tables than were looked at: pages may be present that have no tick
        </p>
      ) : null}
      {space.stray === 0 ? null : (
        <p class="space-note">
          {space.stray} {space.stray === 1 ? 'page table entry is' : 'page table entries are'}{' '}
          outside of every VMA
        </p>
      )}
    </>
  );
}

function Legend() {
  return (
    <p class="space-legend">
      <svg width="8" height="11" aria-hidden="true" focusable="false">
        <rect class="space-ticks" width="7" height="11" />
      </svg>
      a page is present
      <svg width="16" height="11" aria-hidden="true" focusable="false">
        <path class="space-fold" d="M1 11 l5 -11 M7 11 l5 -11" />
      </svg>
      addresses are left out; each range is to scale in itself only
    </p>
  );
}

/** In pixels, until it is known. */
const USUAL_WIDTH = 600;

/** One process. */
export function SpaceCard({
  space,
  pages,
}: {
  space: AddressSpaceState;
  pages: readonly PageState[];
}) {
  const element = useRef<HTMLDivElement>(null);
  const width = useWidth(element, USUAL_WIDTH);
  return (
    <section
      class="card space detail"
      data-part={`space ${space.process}`}
      aria-label="Address space"
    >
      <h2>
        Address space of <code>{space.process}</code>
      </h2>
      <div ref={element}>
        <SpaceStrip space={space} pages={pages} width={width} />
      </div>
      <Legend />
      <Caveats space={space} />
      <VmaTable space={space} />
    </section>
  );
}
