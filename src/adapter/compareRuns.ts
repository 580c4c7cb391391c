/**
 * *Compare With Before*: the run as it is beside the run without what the user has changed.
 *
 * The debugger brings the machine to the same moment in both; here the machine is looked at, and what was seen
 * becomes two texts to lay side by side and a list of what differs.
 */
import type { Comparison, ComparisonRequest } from '../debugger/comparison.ts';
import { kernelView } from '../debugger/debugTarget.ts';
import { compareMemory, MemoryPicture } from '../debugger/memoryPicture.ts';
import type { PanelState } from '../view/panelState.ts';
import type { CompareResult } from '../view/protocol.ts';
import {
  differencesOf,
  differencesText,
  COUNTERS,
  MEMORY,
  pictureRun,
  pictureText,
  type PictureLine,
} from '../view/runPicture.ts';
import { readRunFacts } from '../view/runFacts.ts';
import type { LaunchedRun } from './launchedRun.ts';
import type { SessionControl } from './sessionControl.ts';

/** Lines of memory that are shown. */
const MOST_MEMORY = 200;

interface Seen {
  readonly lines: readonly PictureLine[];
  readonly memory: MemoryPicture;
}

/** Looks at the machine where it stands. */
function look(run: LaunchedRun): Seen {
  const { debugger: debug } = run;
  const { target } = debug;
  const state = { ...run.buildState(debug.lastStop, 0), end: endOf(run) };
  const lines = pictureRun(readRunFacts(kernelView(target), state));
  return { lines, memory: new MemoryPicture(target) };
}

/** How the run has ended where the machine stands, if it has. */
export function endOf({ debugger: { target } }: LaunchedRun): PanelState['end'] {
  const { places } = target.machine;
  const place = places.keep();
  const { end } = place.checkpoint;
  places.drop(place);
  if (end === undefined) return undefined;
  return { outcome: end.kind === 'finished' ? end.outcome : end.kind, exitCode: 0 };
}

function toResult({ changes, moment, before, now }: Comparison<Seen>): CompareResult {
  const all = compareMemory(before.memory, now.memory);
  const shown = all.slice(0, MOST_MEMORY);
  const more =
    all.length > shown.length
      ? [
          {
            section: MEMORY,
            name: 'and more',
            text: `${String(all.length - shown.length)} other places`,
          },
        ]
      : [];
  const memoryLines = (pick: 'before' | 'now'): PictureLine[] => [
    ...shown.flatMap((item) => {
      const text = item[pick];
      return text === undefined ? [] : [{ section: MEMORY, name: item.name, text }];
    }),
    ...more,
  ];
  const counted = new Set(
    [...before.lines, ...now.lines]
      .filter(({ section, text }) => section !== COUNTERS || text !== '0')
      .map(({ section, name }) => `${section} ${name}`),
  );
  const isShown = ({ section, name }: PictureLine): boolean => counted.has(`${section} ${name}`);
  const lines = {
    before: [...before.lines.filter(isShown), ...memoryLines('before')],
    now: [...now.lines.filter(isShown), ...memoryLines('now')],
  };
  const differences = differencesOf(lines.before, lines.now);
  const without = `without ${changes.join(', ')}`;
  return {
    changes,
    moment,
    before: pictureText([`The run ${without}`, moment], lines.before),
    now: pictureText(['The run as it is', moment], lines.now),
    differences,
  };
}

/** Compares; `undefined` when it was given up. Errors: `UserError` when there is nothing to compare with. */
export async function compareRuns(
  session: SessionControl,
  run: LaunchedRun,
  request: ComparisonRequest,
): Promise<CompareResult | undefined> {
  const compared = await session.inquire(run.debugger.compare(request, () => look(run)));
  return compared && toResult(compared.result);
}

/** The comparison for the console. */
export function compareText({ changes, moment, differences }: CompareResult): string {
  const heading = `Without ${changes.join(', ')} → as it is, ${moment}:`;
  return differences.length === 0
    ? `${heading}\n  Nothing differs.`
    : `${heading}\n${differencesText(differences)}`;
}
