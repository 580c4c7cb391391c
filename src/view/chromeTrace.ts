/**
 * A trace as Chrome trace events (JSON), which Perfetto, chrome://tracing and speedscope open.
 *
 * Groups ("processes" of the format) and their rows ("threads"): tasks with their functions, sleeps and readiness;
 * for each `mmap_sem` and for the locks of pages, who holds them and who waits; the disk. Slices are pairs of a
 * beginning and an end (`B`, `E`), sorted by time, properly nested on each row; arrows (`s`, `f`) lead from wakers
 * to woken tasks. Times are microseconds with three digits behind the point, virtual.
 *
 * Complete events (`X`) would be shorter, but speedscope adds up their time and duration, and the rounding of
 * such sums takes nested slices that end together for overlapping ones. It also cannot nest a slice without
 * duration in another without; those stand one behind the other.
 * Source: "Trace Event Format" (the Chromium project's documentation of it).
 */
import { collectSlices, PAGE_LOCKS, type Slice } from './traceSlices.ts';
import { describeLoss, type TracedRun } from './tracedRun.ts';

/** An event of the format; fields as its documentation names them. */
interface ChromeEvent {
  readonly ph: 'B' | 'E' | 'i' | 's' | 'f' | 'M';
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts?: number;
  readonly cat?: string;
  readonly id?: number;
  readonly s?: 't';
  readonly bp?: 'e';
  readonly args?: Readonly<Record<string, string | number | boolean>>;
}

/** Numbers rows and groups as they come up. */
class Rows {
  readonly events: ChromeEvent[] = [];
  private readonly groups = new Map<string, number>();
  private readonly rows = new Map<string, number>();

  /** The group and row with these names; `tid` is a wish for the row's number. */
  place(group: string, row: string, wish?: number): { readonly pid: number; readonly tid: number } {
    const pid = this.groups.get(group) ?? this.groups.size + 1;
    if (!this.groups.has(group)) {
      this.groups.set(group, pid);
      this.name('process', pid, 0, group, pid);
    }
    const key = `${String(pid)} ${row}`;
    const tid = this.rows.get(key) ?? wish ?? this.rows.size + 1;
    if (!this.rows.has(key)) {
      this.rows.set(key, tid);
      this.name('thread', pid, tid, row, this.rows.size);
    }
    return { pid, tid };
  }

  private name(
    what: 'process' | 'thread',
    pid: number,
    tid: number,
    name: string,
    order: number,
  ): void {
    this.events.push({ ph: 'M', name: `${what}_name`, pid, tid, args: { name } });
    this.events.push({
      ph: 'M',
      name: `${what}_sort_index`,
      pid,
      tid,
      args: { sort_index: order },
    });
  }
}

/** The text in pieces, one event a line. */
export function* formatChromeTrace(run: TracedRun): Generator<string> {
  const rows = new Rows();
  const events = listEvents(run, rows);
  const loss = describeLoss(run);
  const other = {
    scenario: run.title,
    clock: 'virtual',
    ...(loss === undefined ? {} : { incomplete: loss }),
  };
  yield `{"displayTimeUnit":"ns","otherData":${JSON.stringify(other)},"traceEvents":[\n`;
  let separator = '';
  for (const event of [...rows.events, ...events]) {
    yield `${separator}${JSON.stringify(event)}`;
    separator = ',\n';
  }
  yield '\n]}\n';
}

function listEvents(run: TracedRun, rows: Rows): ChromeEvent[] {
  const { slices, marks, wakes } = collectSlices(run);
  // Idle tasks and the many locks of pages come last, whatever happens first.
  for (const isIdle of [false, true]) {
    for (const { id, name } of run.tasks.filter((task) => task.isIdle === isIdle)) {
      rows.place('tasks', name, taskRow(run, id));
    }
  }
  for (const isLate of [false, true]) {
    for (const { group, row } of slices) {
      if (group !== 'tasks' && (group === PAGE_LOCKS) === isLate) rows.place(group, row);
    }
  }
  const place = ({ group, row, task }: Pick<Slice, 'group' | 'row' | 'task'>) =>
    rows.place(group, row, group === 'tasks' ? taskRow(run, task) : undefined);
  const sorted: Item[] = [];
  for (const slice of slices) {
    const { ns, name, category, order, args } = slice;
    const shown = args === undefined ? {} : { args };
    const event = {
      ph: 'B',
      name,
      cat: category,
      ts: ns / 1e3,
      ...place(slice),
      ...shown,
    } as const;
    sorted.push({ ns, order, event, slice });
  }
  for (const mark of marks) {
    const { ns, name, category, order } = mark;
    const event = { ph: 'i' as const, name, cat: category, ts: ns / 1e3, s: 't' as const };
    sorted.push({ ns, order, event: { ...event, ...place(mark) } });
  }
  wakes.forEach((wake, index) => {
    const common = { name: 'wake-up', cat: 'wake', id: index + 1 };
    const from = rows.place('tasks', wake.from, taskRow(run, wake.waker));
    const to = rows.place('tasks', wake.to, taskRow(run, wake.woken));
    const start: ChromeEvent = { ph: 's', ...common, ts: wake.ns / 1e3, ...from };
    const end: ChromeEvent = { ph: 'f', bp: 'e', ...common, ts: wake.runsNs / 1e3, ...to };
    sorted.push({ ns: wake.ns, order: wake.order, event: start });
    sorted.push({ ns: wake.runsNs, order: wake.runsOrder, event: end });
  });
  sorted.sort(inTime);
  return withEnds(sorted);
}

/** An event with its time; a slice with its beginning. */
interface Item {
  readonly ns: number;
  readonly order: number;
  readonly event: ChromeEvent;
  readonly slice?: Slice;
}

function inTime(one: Item, other: Item): number {
  return one.ns - other.ns || one.order - other.order;
}

/** Ends each slice where its time is over, or before the next one of its row that begins then. */
function withEnds(items: readonly Item[]): ChromeEvent[] {
  const byRow = new Map<string, Item[]>();
  for (const item of items) {
    const row = `${String(item.event.pid)} ${String(item.event.tid)}`;
    const known = byRow.get(row);
    if (known === undefined) byRow.set(row, [item]);
    else known.push(item);
  }
  const all = [...byRow.values()].flatMap((row) => rowWithEnds(row));
  return all.sort(inTime).map(({ event }) => event);
}

/** The items of one row with the ends among them; an end has the order of the item before it. */
function rowWithEnds(items: readonly Item[]): Item[] {
  const events: Item[] = [];
  const open: { readonly slice: Slice; readonly event: ChromeEvent }[] = [];
  const end = (isOver: (slice: Slice) => boolean): void => {
    for (let top = open.at(-1); top !== undefined && isOver(top.slice); top = open.at(-1)) {
      const { endNs } = top.slice;
      const { order } = events.at(-1) ?? top.slice;
      events.push({ ns: endNs, order, event: { ...top.event, ph: 'E', ts: endNs / 1e3 } });
      open.pop();
    }
  };
  for (const item of items) {
    const { ns, event, slice } = item;
    end((before) => before.endNs < ns || (slice !== undefined && isBefore(before, slice)));
    events.push(item);
    if (slice !== undefined) open.push({ slice, event });
  }
  end(() => true);
  return events;
}

/** Whether a slice that has begun ends before a later one begins. */
function isBefore(one: Slice, later: Slice): boolean {
  if (one.endNs > later.ns) return false;
  const isInside = one.endOrder !== undefined && later.order < one.endOrder;
  return !(isInside && later.endNs === one.endNs && one.ns < one.endNs);
}

/** Rows of tasks are numbered by the kernel's pids; idle tasks, all of pid 0, come behind them. */
function taskRow(run: TracedRun, id: number): number {
  const task = run.tasks[id];
  if (task === undefined) return 0;
  const most = Math.max(0, ...run.tasks.map(({ pid }) => pid));
  return task.isIdle ? most + 1 + task.cpu : task.pid;
}
