/**
 * The pages in play: each with a drawing of its state, its count as dots with owners, the page table entries
 * that map it and the tasks that wait for it.
 *
 * What the kernel stores stands first; whose the references are is known to the debugger only, and says so.
 */
import { hex } from '../../base/brand.ts';
import { partId } from '../../view/changedParts.ts';
import type { PageState, PanelState } from '../../view/panelState.ts';
import { ChangeMark } from '../changes.tsx';
import { useHighlight } from '../highlight.ts';
import type { Send } from '../panelModel.ts';
import './pages.css';
import { PageTile } from './pageTile.tsx';
import { bitWords, countProblem, lockWords, mappingSentence, placeWords } from './pageWords.ts';
import { pointAt, pointedPages } from './pointedPages.ts';
import { ReferenceDots } from './referenceDots.tsx';

function PageName({ page, send }: { page: PageState; send: Send }) {
  const { label, address } = page;
  return (
    <th scope="row">
      <div class="page-name">
        <PageTile page={page} />
        <span>
          <button
            type="button"
            class="link"
            title={`Show the memory of its struct page at ${hex(address, 8)}`}
            onFocus={() => {
              pointAt(label);
            }}
            onBlur={() => {
              pointAt();
            }}
            onClick={() => {
              send({ kind: 'showMemory', expression: `*(struct page *)${hex(address, 8)}` });
            }}
          >
            <code>{label}</code>
          </button>
          <ChangeMark id={partId.page(label)} />
        </span>
      </div>
    </th>
  );
}

function Flags({ page }: { page: PageState }) {
  const { label, flags } = page;
  const by = lockWords(page);
  return (
    <td>
      <span class="page-flags">
        {flags.map((flag) => (
          <code key={flag} class={flag === 'locked' ? 'page-flag page-flag-locked' : 'page-flag'}>
            {flag}
          </code>
        ))}
        <ChangeMark id={partId.page(label, 'flags')} />
      </span>
      <span class="page-second">
        {by}
        <ChangeMark id={partId.page(label, 'locked')} />
      </span>
    </td>
  );
}

function Count({ page }: { page: PageState }) {
  const { label, count, references } = page;
  const problem = countProblem(page);
  return (
    <td>
      <div class="page-count">
        <span class="page-sum">
          {count}
          <ChangeMark id={partId.page(label, 'count')} />
        </span>
        <ul class="references">
          {references.map((reference) => (
            <ReferenceDots key={`${reference.kind} ${reference.owner}`} reference={reference} />
          ))}
        </ul>
        <ChangeMark id={partId.page(label, 'references')} />
      </div>
      {problem === undefined ? null : (
        <span class={page.mismatch === 'counting' ? 'page-second' : 'page-second page-wrong'}>
          {page.mismatch === 'counting' ? '' : '⚠ '}
          {problem}
        </span>
      )}
    </td>
  );
}

function Mappings({ page, hasSeveral }: { page: PageState; hasSeveral: boolean }) {
  const { label, mapCount, mappings } = page;
  const more = mapCount - mappings.length;
  return (
    <td class="detail">
      {mappings.map((mapping) => (
        <span
          key={`${mapping.process} ${String(mapping.address)}`}
          class="page-mapping"
          title={mappingSentence(mapping)}
        >
          <code aria-hidden="true">{placeWords(mapping, hasSeveral)}</code>
          <code aria-hidden="true" class="page-bits">
            {bitWords(mapping)}
          </code>
          <span class="visually-hidden">{mappingSentence(mapping)}</span>
        </span>
      ))}
      {more > 0 ? <span class="page-second">_mapcount {mapCount}</span> : null}
      {mapCount === 0 && mappings.length === 0 ? <span class="aside">not mapped</span> : null}
      <ChangeMark id={partId.page(label, 'mappings')} />
    </td>
  );
}

function PageRow({ page, hasSeveral, send }: { page: PageState; hasSeveral: boolean; send: Send }) {
  const { label, waiters } = page;
  const isPointed = pointedPages.value.has(label);
  return (
    <tr
      data-page={label}
      class={isPointed ? 'page-pointed' : undefined}
      onPointerEnter={() => {
        pointAt(label);
      }}
      onPointerLeave={() => {
        pointAt();
      }}
      {...useHighlight<HTMLTableRowElement>('page', label)}
    >
      <PageName page={page} send={send} />
      <Flags page={page} />
      <Count page={page} />
      <Mappings page={page} hasSeveral={hasSeveral} />
      <td>
        {waiters.length === 0 ? <span class="aside">nobody</span> : waiters.join(', ')}
        <ChangeMark id={partId.page(label, 'waiters')} />
      </td>
    </tr>
  );
}

/** What is not listed, in sentences. */
function Unlisted({ panel }: { panel: PanelState }) {
  const { quietPages, loosePages } = panel;
  return (
    <>
      {quietPages.map(({ file, count }) => (
        <p class="empty" key={file}>
          {count} pages of <code>{file}</code> are mapped and up to date; nobody waits for them
        </p>
      ))}
      {loosePages === 0 ? null : (
        <p class="empty">
          {loosePages} pages of no file yet: allocated for a read that is being prepared
        </p>
      )}
    </>
  );
}

/** One row a page, in the order of files and indices. */
export function PagesCard({ panel, send }: { panel: PanelState; send: Send }) {
  const { pages, quietPages, loosePages, spaces } = panel;
  const isEmpty = pages.length + quietPages.length + loosePages === 0;
  return (
    <section class="card pages" data-part="pages" aria-label="Pages">
      <h2>Pages</h2>
      {isEmpty ? <p class="empty">no page is locked, mapped or waited for</p> : null}
      {pages.length === 0 ? null : (
        <div class="scroll" tabIndex={0} role="region" aria-label="Table of pages">
          <table>
            <thead>
              <tr>
                <th scope="col">Page</th>
                <th scope="col">Flags (PG_)</th>
                <th scope="col">
                  _count{' '}
                  <span
                    class="ghost-mark"
                    title="Known to the debugger only: the kernel stores the sum"
                  >
                    and whose
                  </span>
                  <span class="visually-hidden">, known to the debugger only</span>
                </th>
                <th scope="col" class="detail">
                  Mapped at
                </th>
                <th scope="col">Waiting</th>
              </tr>
            </thead>
            <tbody>
              {pages.map((page) => (
                <PageRow key={page.label} page={page} hasSeveral={spaces.length > 1} send={send} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      <Unlisted panel={panel} />
      {pages.length === 0 ? null : (
        <p class="page-legend detail" aria-hidden="true">
          Mapped at: w writable, d dirty, a accessed, as the page table entry has them
        </p>
      )}
    </section>
  );
}
