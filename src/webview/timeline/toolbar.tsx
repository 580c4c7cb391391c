/** The buttons of the timeline: zoom, scale, table. */
import { changeLook, look } from './timelineSignals.ts';

/** The buttons. */
export function Toolbar({ onZoom }: { onZoom: (zoom: 'in' | 'out' | 'fit') => void }) {
  const { scale, isTableShown } = look.value;
  return (
    <div class="tl-toolbar detail" role="toolbar" aria-label="Timeline">
      <button
        type="button"
        aria-label="Zoom Out"
        title="Zoom Out (−)"
        onClick={() => onZoom('out')}
      >
        −
      </button>
      <button type="button" aria-label="Zoom In" title="Zoom In (+)" onClick={() => onZoom('in')}>
        +
      </button>
      <button type="button" title="Show the Whole Run (0)" onClick={() => onZoom('fit')}>
        Fit
      </button>
      <button
        type="button"
        aria-pressed={scale === 'folded'}
        title="Draw idle time shorter than it is"
        onClick={() => {
          changeLook({ scale: scale === 'folded' ? 'linear' : 'folded' });
        }}
      >
        Fold Idle Time
      </button>
      <button
        type="button"
        aria-pressed={isTableShown}
        onClick={() => {
          changeLook({ isTableShown: !isTableShown });
        }}
      >
        Show as Table
      </button>
    </div>
  );
}
