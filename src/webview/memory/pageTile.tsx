/**
 * A page frame as a small drawing: a sheet, written when its content is up to date, dashed and empty while it is not
 * read, with a closed padlock over it while it is locked; `D` for dirty, `!` for a read that failed.
 *
 * It says nothing that the words beside it do not say, so it is hidden from screen readers.
 */
import type { PageState } from '../../view/panelState.ts';

function Padlock() {
  return (
    <g class="tile-lock">
      <path class="tile-shackle" d="M11.5 20 v-4 a5 5 0 0 1 10 0 v4" />
      <rect class="tile-body" x="8.5" y="20" width="16" height="12" rx="2" />
      <path class="tile-keyhole" d="M16.5 24 v4" />
    </g>
  );
}

/** The sheet of one page, 34 by 40. */
export function PageTile({ page }: { page: PageState }) {
  const isDirty = page.flags.includes('dirty');
  const hasFailed = page.flags.includes('error');
  return (
    <svg
      class="tile"
      width="34"
      height="40"
      viewBox="0 0 34 40"
      aria-hidden="true"
      focusable="false"
    >
      <path
        class={page.isUpToDate ? 'tile-sheet tile-written' : 'tile-sheet'}
        d="M3.5 1.5 h19 l8 8 v29 h-27 z"
      />
      <path class="tile-ear" d="M22.5 1.5 v8 h8" />
      {page.isUpToDate ? (
        <path class="tile-lines" d="M8 9.5 h10 M8 15.5 h18 M8 21.5 h18 M8 27.5 h18 M8 33.5 h12" />
      ) : null}
      {page.isLocked ? <Padlock /> : null}
      {isDirty || hasFailed ? (
        <g>
          <circle class="tile-badge" cx="27" cy="33" r="6.5" />
          <text class="tile-letter" x="27" y="36.5" text-anchor="middle">
            {hasFailed ? '!' : 'D'}
          </text>
        </g>
      ) : null}
    </svg>
  );
}
