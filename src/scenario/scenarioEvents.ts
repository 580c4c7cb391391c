/**
 * Events of a scenario: what happens to its programs from outside.
 *
 * Most of them are work of the kernel. Each of those is a kernel task of its own, made at boot behind
 * the scenario's tasks and started when the event is due; it is listed only while it runs. A page of the
 * disk that goes bad is no work of the kernel: the machine sees to that.
 */
import type { PlacedTask } from './addressSpace.ts';
import { firstSectorsOf, SECTORS_PER_PAGE } from './fileContent.ts';
import type { ScenarioData, ScenarioEvent, SignalName } from './scenarioSchema.ts';

/** Source: include/asm-generic/signal.h of 2.6.36. */
const SIGNAL_NUMBERS: Readonly<Record<SignalName, number>> = {
  SIGILL: 4,
  SIGBUS: 7,
  SIGFPE: 8,
  SIGKILL: 9,
  SIGSEGV: 11,
  SIGTERM: 15,
};

/** `enum fl_event_kind` of `media/kernel/include/faultline/scenario.h`. */
const KINDS = { truncate: 0, evict: 1, signal: 2, pressure: 3 } as const;

/** The kernel task of an event, as the boot table wants it. */
export interface EventTask {
  /** The index of its event in the scenario. */
  readonly event: number;
  /** What lists call it: `[truncate]`, as `ps` shows kernel tasks; numbered where there are several. */
  readonly name: string;
  readonly cpu: number;
  readonly kind: number;
  /** Index of the file, 0 where there is none. */
  readonly file: number;
  /** Index of the task that gets a signal, 0 where there is none. */
  readonly task: number;
  /** New size in pages, number of the signal, or free frames. */
  readonly number: number;
  readonly pages: readonly number[];
}

/** The kernel tasks of a scenario's events, in the order of the events. */
export function placeEvents(
  data: ScenarioData,
  cpuCount: number,
  tasks: readonly PlacedTask[],
): readonly EventTask[] {
  const events = data.events ?? [];
  const quietCpu = findQuietCpu(cpuCount, tasks);
  return events.flatMap((event, index): EventTask[] => {
    if (event.do === 'failRead') return [];
    const alike = events.filter((other) => other.do === event.do);
    const suffix = alike.length === 1 ? '' : `-${String(alike.indexOf(event) + 1)}`;
    const common = { event: index, name: `[${event.do}${suffix}]`, cpu: event.cpu ?? quietCpu };
    return [{ ...common, kind: KINDS[event.do], ...describeWork(event, data) }];
  });
}

/** The last CPU without a task of the scenario, or the last one. */
function findQuietCpu(cpuCount: number, tasks: readonly PlacedTask[]): number {
  for (let cpu = cpuCount - 1; cpu >= 0; cpu -= 1) {
    if (tasks.every((task) => task.cpu !== cpu)) return cpu;
  }
  return cpuCount - 1;
}

type KernelEvent = Exclude<ScenarioEvent, { do: 'failRead' }>;
type Work = Pick<EventTask, 'file' | 'task' | 'number' | 'pages'>;

function describeWork(event: KernelEvent, data: ScenarioData): Work {
  const nothing: Work = { file: 0, task: 0, number: 0, pages: [] };
  switch (event.do) {
    case 'truncate':
      return { ...nothing, file: indexOfFile(data, event.file), number: event.pages };
    case 'evict': {
      const file = indexOfFile(data, event.file);
      const all = Array.from({ length: data.files?.[file]?.pages ?? 0 }, (_, page) => page);
      return { ...nothing, file, pages: event.pages === 'all' ? all : event.pages };
    }
    case 'signal': {
      const task = data.tasks.findIndex(({ name }) => name === event.task);
      return { ...nothing, task, number: SIGNAL_NUMBERS[event.signal] };
    }
    case 'pressure':
      return { ...nothing, number: event.frames };
  }
}

function indexOfFile(data: ScenarioData, name: string): number {
  return data.files?.findIndex((file) => file.name === name) ?? -1;
}

/** The sector of the page that an event lets go bad, and how many reads of it fail. */
export function failingReads(
  event: Extract<ScenarioEvent, { do: 'failRead' }>,
  data: ScenarioData,
): { readonly sector: number; readonly times: number } {
  const first = firstSectorsOf(data.files ?? [])[indexOfFile(data, event.file)] ?? 0;
  return { sector: first + SECTORS_PER_PAGE * event.page, times: event.times ?? 1 };
}
