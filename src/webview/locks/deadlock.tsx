/**
 * A deadlock that cannot be overlooked: a heading with a sign, the ring of waits drawn as a ring, and a sentence.
 */
import type { PanelState } from '../../view/panelState.ts';
import { ringText, type WaitRing } from '../../view/waitRing.ts';
import { Icon } from './icons.tsx';
import { layOutRing } from './ringLayout.ts';

function Ring({ ring }: { ring: WaitRing }) {
  const { width, height, boxes, arcs } = layOutRing(
    ring.length,
    Math.max(...ring.map(({ name }) => name.length)),
  );
  return (
    <svg
      class="locks-ring"
      viewBox={`0 0 ${String(width)} ${String(height)}`}
      role="img"
      aria-label={`A closed ring: ${ringText(ring)}`}
    >
      <defs>
        <marker
          id="locks-arrow"
          viewBox="0 0 8 8"
          refX="7"
          refY="4"
          markerWidth="8"
          markerHeight="8"
          orient="auto-start-reverse"
        >
          <path class="locks-arrow-head" d="M0 0L8 4L0 8z" />
        </marker>
      </defs>
      {arcs.map(({ path, textX, textY, anchor }, node) => (
        <g key={node}>
          <path class="locks-arrow" d={path} marker-end="url(#locks-arrow)" />
          <text class="locks-arrow-text" x={textX} y={textY} text-anchor={anchor}>
            {ring[node]?.toNext}
          </text>
        </g>
      ))}
      {boxes.map(({ x, y, width: w, height: h }, node) => (
        <g key={node}>
          <rect
            class={`locks-node locks-node-${ring[node]?.kind ?? 'task'}`}
            x={x - w / 2}
            y={y - h / 2}
            width={w}
            height={h}
            rx={ring[node]?.kind === 'task' ? 15 : 2}
          />
          <text class="locks-node-text" x={x} y={y + 5} text-anchor="middle">
            {ring[node]?.name}
          </text>
        </g>
      ))}
    </svg>
  );
}

/** Who sleeps for good where no ring explains it. */
function sleepersText({ tasks }: PanelState): string {
  const names = tasks.filter(({ activity }) => activity === 'sleeping').map(({ name }) => name);
  return `${names.join(', ')} ${names.length === 1 ? 'sleeps' : 'sleep'}, and nobody is left who could wake ${names.length === 1 ? 'it' : 'them'}.`;
}

/** Shown only where there is one. */
export function Deadlock({ ring, panel }: { ring: WaitRing | undefined; panel: PanelState }) {
  const isOver = panel.end?.outcome === 'deadlock';
  if (ring === undefined && !isOver) return null;
  return (
    <div class="locks-deadlock" role="alert" data-part="deadlock">
      <h3>
        <Icon name="stop" /> {ring === undefined ? 'Deadlock' : 'Deadlock: a closed ring of waits'}
      </h3>
      <p>
        {ring === undefined
          ? sleepersText(panel)
          : `${ringText(ring)} ${isOver ? 'Nothing can go on any more.' : 'Others may run on, but these never will.'}`}
      </p>
      {ring === undefined ? null : <Ring ring={ring} />}
    </div>
  );
}
