/**
 * What a report has in place of a debugger: a slider over the places of its run, and what it left out.
 *
 * A step of the slider is a place at which something happened, however far apart in time.
 */
import type { PanelState } from '../view/panelState.ts';
import type { Port } from './port.ts';
import { reportCut, reportPlaces } from './staticReport.ts';
import './reportBar.css';

/** The number of the last place that is not behind a position. */
export function placeOf(positions: readonly number[], position: number): number {
  const next = positions.findIndex((item) => item > position);
  return Math.max(0, (next < 0 ? positions.length : next) - 1);
}

/** The slider; the arrow keys move it by one place. */
export function ReportBar({ panel, port }: { panel: PanelState; port: Port }) {
  const positions = reportPlaces.value;
  const index = placeOf(positions, panel.position);
  return (
    <div class="report-bar">
      <label for="report-place">Place in the run</label>
      <input
        id="report-place"
        type="range"
        min={0}
        max={positions.length - 1}
        value={index}
        aria-valuetext={`${String(index + 1)} of ${String(positions.length)}: ${panel.reason}`}
        onInput={(event) => {
          const position = positions[Number(event.currentTarget.value)];
          if (position !== undefined) void port.query('faultline/seek', { position });
        }}
      />
      <span class="report-count" aria-hidden="true">
        {index + 1} of {positions.length}
      </span>
      {reportCut.value === undefined ? null : <p class="report-cut">{reportCut.value}</p>}
    </div>
  );
}
