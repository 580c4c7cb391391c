/**
 * A page's count as a row of dots, one for each reference, each with its owner.
 *
 * The shape of a dot tells the kind of its owner: a circle for a task, a square for the page cache, a triangle for
 * page table entries, a ring for the disk, a bar for what waits in a pagevec.
 */
import type { OwnerKind, PageReference } from '../../view/memoryModel.ts';
import { dotsOf } from './pageWords.ts';

const SHAPES: Readonly<Record<OwnerKind, string>> = {
  task: 'M5 1 a4 4 0 1 0 0.01 0 z',
  cache: 'M1.5 1.5 h7 v7 h-7 z',
  pte: 'M5 0.5 L9.5 9 H0.5 z',
  io: 'M5 1 a4 4 0 1 0 0.01 0 z M5 3.4 a1.6 1.6 0 1 1 -0.01 0 z',
  pagevec: 'M3 1 h4 v8 h-4 z',
  other: 'M1 1 L9 9 M9 1 L1 9',
};

/** The references of one owner. */
export function ReferenceDots({ reference }: { reference: PageReference }) {
  const { kind, owner, isLeaked } = reference;
  const { dots, more } = dotsOf(reference);
  return (
    <li class={`reference reference-${kind}${isLeaked ? ' reference-lost' : ''}`}>
      <svg
        class="dots"
        width={dots * 12 - 2}
        height="10"
        viewBox={`0 0 ${String(dots * 12 - 2)} 10`}
        aria-hidden="true"
        focusable="false"
      >
        {Array.from({ length: dots }, (_, index) => (
          <path key={index} d={SHAPES[kind]} transform={`translate(${String(index * 12)} 0)`} />
        ))}
      </svg>
      <span class="reference-owner">{owner}</span>
      {more === '' ? null : <span>{more}</span>}
      {reference.count > 1 && more === '' ? (
        <span class="visually-hidden">, {reference.count} times</span>
      ) : null}
      {isLeaked ? <span class="visually-hidden">, lost</span> : null}
    </li>
  );
}
