/**
 * The legend: every sign of the timeline, drawn by the components that draw the timeline, with its name.
 */
import type { ComponentChildren } from 'preact';
import type { HoldStretch, MarkKind, StretchKind } from '../../view/timelineModel.ts';
import { HoldGrounds, Holds, Marks, Stretches } from './laneParts.tsx';
import { breakPath } from './paths.ts';
import { scaleOf } from './scale.ts';
import { changeLook, look } from './timelineSignals.ts';
import { KIND_NAMES, MARK_NAMES } from './words.ts';

const WIDTH = 30;
const HEIGHT = 24;
const BAND = { bandTop: 6, bandHeight: 12 };
const SCALE = scaleOf(
  [
    { ns: 0, x: 0 },
    { ns: 1, x: 1 },
  ],
  3,
  WIDTH - 6,
);
const WHOLE_STRETCH = { fromNs: 0, toNs: 1 };

const KINDS: readonly StretchKind[] = [
  'user',
  'kernel',
  'interrupt',
  'ready',
  'asleep',
  'lockWait',
  'pageWait',
  'reading',
];
const HOLDS: readonly HoldStretch['mode'][] = ['read', 'write'];
const MARKS: readonly MarkKind[] = [
  'moment',
  'fault',
  'retry',
  'systemCall',
  'interrupt',
  'signal',
  'whatIf',
  'start',
  'exit',
];

function Item({ text, children }: { text: string; children: ComponentChildren }) {
  return (
    <li>
      <svg
        width={WIDTH}
        height={HEIGHT}
        viewBox={`0 0 ${String(WIDTH)} ${String(HEIGHT)}`}
        aria-hidden="true"
      >
        {children}
      </svg>
      {text}
    </li>
  );
}

function StretchItems({ prefix }: { prefix: string }) {
  return (
    <>
      {KINDS.map((kind) => (
        <Item key={kind} text={KIND_NAMES[kind]}>
          <Stretches
            stretches={[{ ...WHOLE_STRETCH, kind }]}
            band={BAND}
            scale={SCALE}
            prefix={prefix}
          />
        </Item>
      ))}
      {HOLDS.map((mode) => (
        <Item key={mode} text={`holds mmap_sem to ${mode} (${mode === 'read' ? 'R' : 'W'})`}>
          <HoldGrounds
            holds={[{ ...WHOLE_STRETCH, lock: 'mmap_sem', mode }]}
            band={BAND}
            scale={SCALE}
          />
          <Holds holds={[{ ...WHOLE_STRETCH, lock: 'mmap_sem', mode }]} band={BAND} scale={SCALE} />
        </Item>
      ))}
    </>
  );
}

function MarkItems() {
  return (
    <>
      {MARKS.map((kind) => (
        <Item key={kind} text={MARK_NAMES[kind]}>
          <Marks marks={[{ ns: 0.5, position: 0, kind, text: '' }]} y={HEIGHT / 2} scale={SCALE} />
        </Item>
      ))}
      <Item text="wakes up">
        <path class="tl-wake" d="M15 3V20M11.5 14L15 20L18.5 14" />
      </Item>
      <Item text="idle time folded">
        <path class="tl-asleep" d="M3 12H27" />
        <path class="tl-break" d={breakPath(15, 2, 22, 7).strip} />
        <path class="tl-break-edge" d={breakPath(15, 2, 22, 7).edges} />
      </Item>
      <Item text="ahead: what the run did before you went back">
        <path class="tl-kernel" d="M3 6H27V18H3Z" />
        <rect class="tl-veil" x="15" y="2" width="13" height="20" />
        <path class="tl-playhead-line" d="M15 2V22" />
      </Item>
    </>
  );
}

/** The legend; it can be folded away. */
export function Legend({ prefix }: { prefix: string }) {
  return (
    <details
      class="tl-legend detail"
      open={look.value.isLegendShown}
      onToggle={(event) => {
        changeLook({ isLegendShown: event.currentTarget.open });
      }}
    >
      <summary>Legend</summary>
      <ul>
        <StretchItems prefix={prefix} />
        <MarkItems />
      </ul>
    </details>
  );
}
