/**
 * What `/proc/vmstat` and `getrusage` would say about a run, as sections of its table.
 */
import { formatDuration } from '../base/duration.ts';
import type { UsageTally } from '../kernel/taskUsage.ts';
import { readVmEvents } from '../kernel/vmEvents.ts';
import type { PreparedRun } from '../scenario/prepareRun.ts';
import type { RunSummary } from '../scenario/runSummary.ts';
import { formatTable } from './textTable.ts';

/** The sections, as lines; none when the kernel has not booted. */
export function formatUsage(
  run: PreparedRun,
  summary: RunSummary,
  usage: UsageTally,
): readonly (readonly string[])[] {
  if (run.bootStop !== undefined) return [];
  const { program, readers, machine } = run;
  const events = readVmEvents(program, readers, machine, machine.config.cpuCount);
  const vmstat = events.map(([name, count]) => [name.toLowerCase(), String(count)]);
  const rows = run.tasks.map(({ id, name }, index) => {
    const { userNs, kernelNs, voluntarySwitches, involuntarySwitches } = usage.usageOf(id);
    const task = summary.tasks[index];
    return [
      name,
      formatDuration(userNs),
      formatDuration(kernelNs),
      String(task?.min_flt ?? 0),
      String(task?.maj_flt ?? 0),
      String(voluntarySwitches),
      String(involuntarySwitches),
    ];
  });
  const columns = ['utime', 'stime', 'minflt', 'majflt', 'nvcsw', 'nivcsw'];
  return [
    formatTable([['/proc/vmstat', 'count'], ...vmstat]),
    formatTable([['getrusage', ...columns], ...rows]),
  ];
}
