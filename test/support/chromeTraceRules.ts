/**
 * The rules of Chrome trace events (JSON object format), as far as our traces use them, and what viewers need
 * on top: named rows, times in order, slices that nest, arrows that begin and end in a slice.
 * Source: "Trace Event Format", the Chromium project's documentation of it; sections on complete, instant, flow and
 * metadata events.
 */

/** An event as it stands in the file. */
export interface FileEvent {
  readonly ph: string;
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts?: number;
  readonly dur?: number;
  readonly id?: number;
  readonly s?: string;
  readonly bp?: string;
  readonly cat?: string;
  readonly args?: Readonly<Record<string, unknown>>;
}

const PHASES = new Set(['X', 'i', 's', 'f', 'M']);
const METADATA = new Set([
  'process_name',
  'process_sort_index',
  'thread_name',
  'thread_sort_index',
]);

/** All rules that a file breaks, in sentences; empty for a good one. */
export function brokenRules(text: string): string[] {
  const file = JSON.parse(text) as { traceEvents: FileEvent[]; displayTimeUnit?: string };
  const broken: string[] = [];
  if (!['ms', 'ns'].includes(file.displayTimeUnit ?? '')) broken.push('displayTimeUnit');
  const events = file.traceEvents;
  events.forEach((event, index) => {
    for (const rule of rulesOfEvent(event)) broken.push(`event ${String(index)}: ${rule}`);
  });
  const timed = events.filter((event) => event.ph !== 'M');
  timed.forEach((event, index) => {
    const before = timed[index - 1]?.ts ?? 0;
    if ((event.ts ?? 0) < before) broken.push(`timed event ${String(index)} is out of order`);
  });
  return [...broken, ...rulesOfNames(events), ...rulesOfNesting(timed), ...rulesOfFlows(timed)];
}

function rulesOfEvent(event: FileEvent): string[] {
  const broken: string[] = [];
  if (!PHASES.has(event.ph)) broken.push(`unknown phase ${event.ph}`);
  if (!Number.isInteger(event.pid) || !Number.isInteger(event.tid)) broken.push('no pid or tid');
  if (typeof event.name !== 'string' || event.name === '') broken.push('no name');
  if (event.ph === 'M') {
    if (!METADATA.has(event.name)) broken.push(`unknown metadata ${event.name}`);
    const value = event.args?.[event.name.endsWith('_name') ? 'name' : 'sort_index'];
    if (value === undefined) broken.push('metadata without its argument');
    return broken;
  }
  if (event.ts === undefined || !(event.ts >= 0)) broken.push('no time');
  if (event.cat === undefined) broken.push('no category');
  if ((event.ph === 'X') !== (event.dur !== undefined))
    broken.push('a duration is for X, and X has one');
  if (event.dur !== undefined && !(event.dur >= 0)) broken.push('negative duration');
  if (event.ph === 'i' && !['g', 'p', 't'].includes(event.s ?? ''))
    broken.push('instant without scope');
  if ((event.ph === 's' || event.ph === 'f') !== (event.id !== undefined))
    broken.push('flows have ids');
  return broken;
}

function rowOf({ pid, tid }: FileEvent): string {
  return `${String(pid)}/${String(tid)}`;
}

/** Each group and each row with events has exactly one name. */
function rulesOfNames(events: readonly FileEvent[]): string[] {
  const names = events.filter(({ name }) => name === 'thread_name').map(rowOf);
  const groups = events.filter(({ name }) => name === 'process_name').map(({ pid }) => pid);
  const broken: string[] = [];
  if (new Set(names).size !== names.length) broken.push('a row is named twice');
  if (new Set(groups).size !== groups.length) broken.push('a group is named twice');
  for (const event of events) {
    if (event.ph === 'M') continue;
    if (!names.includes(rowOf(event))) broken.push(`row ${rowOf(event)} has no name`);
    if (!groups.includes(event.pid)) broken.push(`group ${String(event.pid)} has no name`);
  }
  return [...new Set(broken)];
}

/** In whole nanoseconds, as viewers count. */
function nsOf(us: number | undefined): number {
  return Math.round((us ?? 0) * 1e3);
}

/** On a row a slice begins inside of those that are open and does not last longer. */
function rulesOfNesting(timed: readonly FileEvent[]): string[] {
  const broken: string[] = [];
  const open = new Map<string, { readonly name: string; readonly end: number }[]>();
  for (const event of timed) {
    if (event.ph !== 'X') continue;
    const stack = open.get(rowOf(event)) ?? [];
    open.set(rowOf(event), stack);
    const start = nsOf(event.ts);
    const end = start + nsOf(event.dur);
    while ((stack.at(-1)?.end ?? Infinity) <= start && stack.length > 0) stack.pop();
    const outer = stack.at(-1);
    if (outer !== undefined && end > outer.end) {
      broken.push(`${event.name} at ${String(start)} ns lasts longer than ${outer.name} around it`);
    }
    stack.push({ name: event.name, end });
  }
  return broken;
}

/** An arrow has one start and one end, not before it, and both lie in a slice of their row. */
function rulesOfFlows(timed: readonly FileEvent[]): string[] {
  const broken: string[] = [];
  const ends = timed.filter(({ ph }) => ph === 'f');
  const starts = timed.filter(({ ph }) => ph === 's');
  const isInSlice = (flow: FileEvent): boolean =>
    timed.some(
      (slice) =>
        slice.ph === 'X' &&
        rowOf(slice) === rowOf(flow) &&
        nsOf(slice.ts) <= nsOf(flow.ts) &&
        nsOf(flow.ts) <= nsOf(slice.ts) + nsOf(slice.dur),
    );
  if (new Set(starts.map(({ id }) => id)).size !== starts.length)
    broken.push('ids of flows repeat');
  if (starts.length !== ends.length) broken.push('a flow lacks its start or end');
  for (const start of starts) {
    const end = ends.find(({ id }) => id === start.id);
    if (end === undefined || (end.ts ?? 0) < (start.ts ?? 0))
      broken.push(`flow ${String(start.id)}`);
    else if (end.bp !== 'e') broken.push('an end is bound to the slice around it');
    else if (!isInSlice(start) || !isInSlice(end))
      broken.push(`flow ${String(start.id)} in no slice`);
  }
  return broken;
}
