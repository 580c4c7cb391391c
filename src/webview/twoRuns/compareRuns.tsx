/**
 * Two runs one above the other: the difference in large type, both timelines on one scale, all differences as a table.
 *
 * It is opened by a button, or by the editor's command. Runs are asked for when it opens, when another run, scale
 * or stretch of time is chosen, and, if the session's own run is shown, at each stop.
 */
import { useEffect, useRef } from 'preact/hooks';
import type { RunOption } from '../../view/twoRunsModel.ts';
import { state } from '../panelModel.ts';
import type { Port } from '../port.ts';
import { runCount } from '../runCount.ts';
import { isReport } from '../staticReport.ts';
import {
  askForComparison,
  comparison,
  isComparing,
  isWaiting,
  refusal,
  showComparison,
  view,
} from './comparison.ts';
import { DifferenceTable } from './differenceTable.tsx';
import { Headline } from './headline.tsx';
import { RunPictures } from './runPictures.tsx';
import {
  choiceKey,
  dependsOnSession,
  findOption,
  groupOptions,
  USUAL_OPTIONS,
} from './runChoices.ts';
import { useWidth } from '../useWidth.ts';
import './twoRuns.css';

function RunSelect({
  label,
  side,
  options,
}: {
  label: string;
  side: 'one' | 'other';
  options: readonly RunOption[];
}) {
  const { runs } = view.value;
  const chosen = choiceKey(runs[side]);
  return (
    <span class="tworuns-select">
      <label for={`tworuns-${side}`}>{label}</label>
      <select
        id={`tworuns-${side}`}
        value={chosen}
        onChange={(event) => {
          const option = findOption(options, event.currentTarget.value);
          if (option === undefined) return;
          view.value = {
            runs: { ...runs, [side]: option.choice },
            scale: view.value.scale,
          };
        }}
      >
        {groupOptions(options).map((group) => (
          <optgroup key={group.name} label={group.name}>
            {group.options.map(({ choice, label: text, title }) => (
              <option
                key={choiceKey(choice)}
                value={choiceKey(choice)}
                selected={choiceKey(choice) === chosen}
                title={title}
              >
                {text}
              </option>
            ))}
          </optgroup>
        ))}
      </select>
    </span>
  );
}

function Choices() {
  const options = comparison.value?.options ?? USUAL_OPTIONS;
  const { scale } = view.value;
  return (
    <div class="tworuns-choices">
      <RunSelect label="Compare" side="one" options={options} />
      <RunSelect label="with" side="other" options={options} />
      <label class="tworuns-check">
        <input
          type="checkbox"
          checked={scale === 'folded'}
          onChange={(event) => {
            const isFolded = event.currentTarget.checked;
            view.value = { runs: view.value.runs, scale: isFolded ? 'folded' : 'linear' };
          }}
        />
        Fold idle time
      </label>
    </div>
  );
}

function Answer({ width }: { width: number }) {
  const model = comparison.value;
  if (refusal.value !== undefined) return <p class="tworuns-refusal">{refusal.value}</p>;
  if (model === undefined) return <div class="tworuns-room" />;
  return (
    <div class={isWaiting.value ? 'tworuns-waiting' : undefined} aria-busy={isWaiting.value}>
      <Headline model={model} />
      <RunPictures model={model} width={width} />
      <h3 class="detail">All hold and wait times</h3>
      <DifferenceTable model={model} />
    </div>
  );
}

function statusText(): string {
  if (isWaiting.value) return comparison.value === undefined ? 'Running both …' : 'Running …';
  return refusal.value === undefined ? '' : 'The runs cannot be compared.';
}

function Comparison({ port }: { port: Port }) {
  const room = useRef<HTMLElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const width = useWidth(room);
  const { runs } = view.value;
  const stop = dependsOnSession(runs) ? state.value : undefined;
  const run = runCount.value;
  useEffect(() => {
    if (width > 0) void askForComparison(port.query, width);
  }, [port, view.value, width, stop, run]);
  useEffect(() => {
    if (!isReport.value) heading.current?.focus();
  }, []);
  return (
    <section class="card tworuns" data-part="two-runs" aria-label="Two runs" ref={room}>
      <header class="tworuns-header">
        <h2 tabIndex={-1} ref={heading}>
          Two runs of one scenario
        </h2>
        <span class="tworuns-status" role="status">
          {statusText()}
        </span>
        {isReport.value ? null : (
          <button
            type="button"
            onClick={() => {
              showComparison(false);
            }}
          >
            Close
          </button>
        )}
      </header>
      <Choices />
      <Answer width={width} />
    </section>
  );
}

/** The comparison, or the button that opens it. */
export function CompareRuns({ port }: { port: Port }) {
  if (isComparing.value) return <Comparison port={port} />;
  return (
    <div class="buttons">
      <button
        type="button"
        onClick={() => {
          showComparison(true);
        }}
      >
        Compare Runs
      </button>
    </div>
  );
}
