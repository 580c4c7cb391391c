/**
 * The rules of Chrome trace events (JSON object format), as far as our traces use them, and what viewers need
 * on top: named rows, times in order, slices that nest, arrows that begin and end in a slice.
 * Source: "Trace Event Format", the Chromium project's documentation of it; sections on duration, instant, flow and
 * metadata events.
 */

/** An event as it stands in the file. */
export interface FileEvent {
  readonly ph: string;
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts?: number;
  readonly id?: number;
  readonly s?: string;
  readonly bp?: string;
  readonly cat?: string;
  readonly args?: Readonly<Record<string, unknown>>;
}

const PHASES = new Set(['B', 'E', 'i', 's', 'f', 'M']);
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
  const nesting = rulesOfNesting(timed);
  const flows = nesting.length === 0 ? rulesOfFlows(timed) : [];
  return [...broken, ...rulesOfNames(events), ...nesting, ...flows];
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

/** A beginning with its end. */
export interface FileSlice extends FileEvent {
  readonly ts: number;
  /** In µs, to the nanosecond. */
  readonly dur: number;
}

/** What lasts, in the order of the beginnings. Errors: an end that does not end the innermost slice. */
export function pairSlices(events: readonly FileEvent[]): readonly FileSlice[] {
  const slices: { begin: FileEvent; end: FileEvent | undefined }[] = [];
  const open = new Map<string, typeof slices>();
  for (const event of events) {
    const stack = open.get(rowOf(event)) ?? [];
    open.set(rowOf(event), stack);
    if (event.ph === 'B') {
      const slice = { begin: event, end: undefined };
      slices.push(slice);
      stack.push(slice);
    } else if (event.ph === 'E') {
      const slice = stack.pop();
      if (slice?.begin.name !== event.name) throw new Error(`${event.name} ends out of turn`);
      slice.end = event;
    }
  }
  return slices.map(({ begin, end }) => {
    if (end === undefined) throw new Error(`${begin.name} does not end`);
    const ts = begin.ts ?? 0;
    return { ...begin, ts, dur: Math.round(((end.ts ?? 0) - ts) * 1e3) / 1e3 };
  });
}

/** In whole nanoseconds, as viewers count. */
function nsOf(us: number | undefined): number {
  return Math.round((us ?? 0) * 1e3);
}

/**
 * Each end ends the innermost slice of its row and repeats its arguments, by which speedscope finds it; and no
 * slice without duration is inside of another.
 */
function rulesOfNesting(timed: readonly FileEvent[]): string[] {
  const broken: string[] = [];
  const open = new Map<string, { readonly begin: FileEvent; hasInstant: boolean }[]>();
  for (const event of timed) {
    const stack = open.get(rowOf(event)) ?? [];
    open.set(rowOf(event), stack);
    if (event.ph === 'B') stack.push({ begin: event, hasInstant: false });
    if (event.ph !== 'E') continue;
    const at = `at ${String(event.ts)} µs`;
    const top = stack.pop();
    const around = stack.at(-1);
    if (top === undefined) broken.push(`${event.name} ends ${at} without a beginning`);
    else if (keyOf(top.begin) !== keyOf(event))
      broken.push(`${event.name} ends in ${top.begin.name} ${at}`);
    else if (top.begin.ts === event.ts) {
      if (top.hasInstant)
        broken.push(`${event.name} ${at} has no duration and a slice without one`);
      if (around !== undefined) around.hasInstant = true;
    }
  }
  for (const [row, stack] of open) {
    for (const { begin } of stack) broken.push(`row ${row}: ${begin.name} does not end`);
  }
  return broken;
}

function keyOf({ name, args }: FileEvent): string {
  return `${name} ${JSON.stringify(args ?? {})}`;
}

/** An arrow has one start and one end, not before it, and both lie in a slice of their row. */
function rulesOfFlows(timed: readonly FileEvent[]): string[] {
  const broken: string[] = [];
  const ends = timed.filter(({ ph }) => ph === 'f');
  const starts = timed.filter(({ ph }) => ph === 's');
  const slices = pairSlices(timed);
  const isInSlice = (flow: FileEvent): boolean =>
    slices.some(
      (slice) =>
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
