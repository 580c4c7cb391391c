/** The pages of the page cache in play: locked and by whom, up to date, counts, waiters. */
import type { PageState, QuietPages } from '../view/panelState.ts';
import { useHighlight } from './highlight.ts';

function lockText(page: PageState): string {
  if (!page.isLocked) return 'no';
  return page.lockedBy === undefined ? 'locked' : `locked by ${page.lockedBy}`;
}

function PageRow({ page }: { page: PageState }) {
  return (
    <tr data-page={page.label} {...useHighlight<HTMLTableRowElement>('page', page.label)}>
      <th scope="row">
        <code>{page.label}</code>
      </th>
      <td class={page.isLocked ? 'strong' : undefined}>{lockText(page)}</td>
      <td>{page.isUpToDate ? 'yes' : 'no'}</td>
      <td class="number">{page.count}</td>
      <td class="number">{page.mapCount}</td>
      <td>{page.waiters.join(', ')}</td>
    </tr>
  );
}

/** One row a page, in the order of files and indices; below, how many are not listed. */
export function PageTable({
  pages,
  quietPages,
}: {
  pages: readonly PageState[];
  quietPages: readonly QuietPages[];
}) {
  return (
    <section class="card" data-part="pages" aria-label="Page cache">
      <h2>Page cache</h2>
      {pages.length + quietPages.length === 0 ? (
        <p class="empty">no page is locked, mapped or waited for</p>
      ) : null}
      {pages.length === 0 ? null : (
        <div class="scroll" tabIndex={0} role="region" aria-label="Table of pages">
          <table>
            <thead>
              <tr>
                <th scope="col">Page</th>
                <th scope="col">PG_locked</th>
                <th scope="col">Up to date</th>
                <th scope="col">Count</th>
                <th scope="col">Mapped</th>
                <th scope="col">Waiters</th>
              </tr>
            </thead>
            <tbody>
              {pages.map((page) => (
                <PageRow key={page.label} page={page} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {quietPages.map(({ file, count }) => (
        <p class="empty" key={file}>
          {count} pages of <code>{file}</code> are mapped and up to date; nobody waits for them
        </p>
      ))}
    </section>
  );
}
