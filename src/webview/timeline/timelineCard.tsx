/**
 * The card of the timeline: buttons, the overview with its brush, the detail with its playhead, a line that says what is
 * under the pointer, the legend and the table.
 *
 * Before the first model it has the size that it will have, so nothing moves when the model comes.
 */
import { useId, useMemo } from 'preact/hooks';
import type { PanelState } from '../../view/panelState.ts';
import { DISK_LANE, type TimelineLane } from '../../view/timelineModel.ts';
import { selectedTask } from '../panelModel.ts';
import type { Port } from '../port.ts';
import { Detail } from './detailView.tsx';
import { geometryOf } from './geometry.ts';
import { Legend } from './legend.tsx';
import { Overview, overviewHeight } from './overview.tsx';
import './timeline.css';
import { TimelineTable } from './timelineTable.tsx';
import { detail, line, look, overview, refusal, scrubNs, showSpan } from './timelineSignals.ts';
import { Toolbar } from './toolbar.tsx';
import { useTimeline, zoom, type TimelineActions } from './useTimeline.ts';
import { wordsAt } from './words.ts';

/** The lanes that a run will have, without what they show. */
function emptyLanes({ tasks }: PanelState): TimelineLane[] {
  const nothing = { stretches: [], holds: [], marks: [] };
  return [
    ...tasks.map(({ id, name, cpu }) => ({ id, name, cpu, ...nothing })),
    { id: DISK_LANE, name: 'disk', ...nothing },
  ];
}

type Wishes = Pick<TimelineActions, 'onScrub' | 'moment'>;

function actionsOf(port: Port, wishes: Wishes): TimelineActions {
  return {
    ask: (query) => port.query('faultline/timeline', query),
    seek: (target) => port.query('faultline/seek', target),
    selectTask: (task) => {
      port.send({ kind: 'selectTask', task });
    },
    ...wishes,
  };
}

/** What was refused, what is under the pointer, or else at the playhead; always one line high. */
function Line({ presentNs }: { presentNs: number }) {
  const model = detail.value;
  const ns = scrubNs.value;
  const words = model === undefined ? '' : wordsAt(model, ns ?? presentNs);
  const text = refusal.value || (ns === undefined && line.value) || words;
  return (
    <p class="tl-line">
      <span aria-hidden="true">{text}</span>
      {refusal.value === '' ? null : (
        <span role="alert" class="visually-hidden">
          {refusal.value}
        </span>
      )}
    </p>
  );
}

/**
 * The card. `onScrub` is told the time that the user drags to, and `undefined` when it is the present again; `onMoment`
 * goes to the moment before or after.
 */
export function TimelineCard({
  port,
  panel,
  onScrub,
  onMoment,
}: {
  port: Port;
  panel: PanelState;
  onScrub: TimelineActions['onScrub'];
  onMoment: TimelineActions['moment'];
}) {
  const prefix = `tl-${useId()}`;
  const actions = useMemo(
    () => actionsOf(port, { onScrub, moment: onMoment }),
    [port, onScrub, onMoment],
  );
  const model = detail.value;
  const lanes = model?.lanes ?? emptyLanes(panel);
  const present = { position: panel.position, clockNs: panel.clockNs, stop: panel };
  const timeline = useTimeline(actions, present, lanes);
  const { width, zoom: pixel } = timeline.size;
  const geometry = useMemo(() => geometryOf(lanes, width), [model, width]);
  const whole = overview.value ?? model;
  const height = geometry.height + overviewHeight(lanes.length) + 6;
  return (
    <section class="card tl-card" data-part="timeline" aria-label="Timeline">
      <header class="tl-header">
        <h2>Timeline</h2>
        <Toolbar
          onZoom={(kind) => {
            zoom(kind, scrubNs.value ?? panel.clockNs);
          }}
        />
      </header>
      <div class="tl-body" ref={timeline.body}>
        {width === 0 || model === undefined || whole === undefined ? (
          <svg class="tl-detail" width={width * pixel} height={height * pixel} aria-hidden="true" />
        ) : (
          <>
            <Overview
              model={whole}
              left={geometry.left}
              plotWidth={geometry.plotWidth}
              width={geometry.width}
              zoom={pixel}
              prefix={prefix}
              presentNs={panel.clockNs}
              span={look.value.span}
              onSpan={showSpan}
            />
            <Detail
              model={model}
              geometry={geometry}
              prefix={prefix}
              present={present}
              selected={selectedTask.value}
              timeline={timeline}
              actions={actions}
            />
          </>
        )}
      </div>
      <Line presentNs={panel.clockNs} />
      {model?.lostFromNs === undefined ? null : (
        <p class="empty">The record is full: what came later is not drawn.</p>
      )}
      <Legend prefix={prefix} />
      {model !== undefined && look.value.isTableShown ? (
        <TimelineTable model={model} label="Table of the timeline" onSeek={timeline.go} />
      ) : null}
    </section>
  );
}
