/**
 * The headline scenario in each format of traces, for the kernel without and with the patch.
 *
 * What is compared is the story: names, order, nesting, and times only where they are of the size of a disk read,
 * so that a statement more or less in the kernel changes nothing.
 */
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { formatChromeTrace } from '../../../src/view/chromeTrace.ts';
import { formatFtrace } from '../../../src/view/ftraceText.ts';
import { formatLockStat } from '../../../src/view/lockStatText.ts';
import { LockTally } from '../../../src/view/lockTally.ts';
import { runTraced } from '../../../src/scenario/traceRun.ts';
import { pairSlices, type FileEvent } from '../../support/chromeTraceRules.ts';
import { prepare, shippedTree } from '../../support/preparedRun.ts';
import { record } from '../../support/recordedRun.ts';

const HEADLINE = 'cold-fault-with-mmap';
const golden = (name: string): string =>
  path.join(import.meta.dirname, '../../golden/traces', name);

/** A time in µs, as far as a golden may know it. */
function size(us: number): string {
  return us < 1000 ? 'short' : `${String(Math.round(us / 1000))} ms`;
}

/** Comments, markers and the outer calls, without times and columns. */
function storyOf(text: string): string {
  return text
    .split('\n')
    .filter((line) => !line.startsWith('#') && !/^[ -]*$/.test(line))
    .filter((line) => !/ page (?:frame|data)/.test(line) || /contended|waited/.test(line))
    .flatMap((line) => {
      const switched = /^ +(\d+\) .*)$/.exec(line);
      if (switched !== null) return [`---- ${(switched[1] ?? '').replace(/ +/g, ' ')}`];
      const [, task = '', duration = '', body = ''] =
        /\d\) +(\S+) +\| (.{15})\|(.*)$/.exec(line) ?? [];
      const indent = /^ */.exec(body)?.[0].length ?? 0;
      if (indent > 10 && !body.includes('/* ')) return [];
      if (/\} \/\* /.test(body) && indent > 10) return [];
      const time = /([\d.]+) us/.exec(duration)?.[1];
      const marker = /[=<>]{5,}/.exec(duration)?.[0] ?? '';
      const words = `${marker}${body}`
        .replace(/[\d.]+ (?:ns|µs)/g, 'short')
        .replace(/([\d.]+) ms/g, (_, ms: string) => `${String(Math.round(Number(ms)))} ms`)
        .replace(/0x[0-9a-f]{5,}/g, 'ADDRESS');
      const lasted = time === undefined ? '' : ` (${size(Number(time))})`;
      return [`${task}: ${words}${lasted}`];
    })
    .join('\n');
}

/** All but functions: rows, slices with the size of their duration, marks, arrows. */
function picturesOf(text: string): string {
  const { traceEvents } = JSON.parse(text) as { traceEvents: FileEvent[] };
  const named = (name: string, key: string): ReadonlyMap<string, unknown> =>
    new Map(
      traceEvents
        .filter((event) => event.name === name)
        .map(({ pid, tid, args }) => [
          `${String(pid)}/${key === 'row' ? String(tid) : ''}`,
          args?.['name'],
        ]),
    );
  const groups = named('process_name', 'group');
  const rows = named('thread_name', 'row');
  const durations = pairSlices(traceEvents).map(({ dur }) => dur);
  return traceEvents
    .map((event) => ({ ...event, dur: event.ph === 'B' ? durations.shift() : undefined }))
    .filter(({ ph, cat }) => ph !== 'M' && ph !== 'E' && cat !== 'function')
    .map(({ ph, name, pid, tid, dur, id, args }) => {
      const row = `${String(groups.get(`${String(pid)}/`))} / ${String(rows.get(`${String(pid)}/${String(tid)}`))}`;
      const lasted = dur === undefined ? '' : ` (${size(dur)})`;
      const where = args?.['in'] === undefined ? '' : ` in ${JSON.stringify(args['in'])}`;
      const arrow = id === undefined ? '' : ` ${ph === 's' ? 'from' : 'to'} here, ${String(id)}`;
      return `${row}: ${name.replace(/0x[0-9a-f]{5,}/, 'ADDRESS')}${where}${lasted}${arrow}`;
    })
    .filter((line) => !/page data\.bin:(?!20)\d+/.test(line))
    .join('\n');
}

/** Times in ms, no addresses. */
function figuresOf(text: string): string {
  return text
    .replace(/\[<[0-9a-f]+>\] (\w+)\+\S+/g, '$1')
    .replace(/ +(\d+\.\d\d)/g, (_, us: string) => `  ${size(Number(us))}`)
    .replace(/-{5,}/g, '-----');
}

describe('the headline scenario', () => {
  it.each(['unpatched', 'patched'])('tells its story as ftrace on %s', async (kernel) => {
    const run = record(prepare(HEADLINE, shippedTree(kernel)));
    const text = storyOf([...formatFtrace(run)].join(''));
    await expect(`${text}\n`).toMatchFileSnapshot(golden(`${kernel}.ftrace.txt`));
  });

  it.each(['unpatched', 'patched'])('shows it in Chrome trace events on %s', async (kernel) => {
    const run = record(prepare(HEADLINE, shippedTree(kernel)));
    const text = picturesOf([...formatChromeTrace(run)].join(''));
    await expect(`${text}\n`).toMatchFileSnapshot(golden(`${kernel}.perfetto.txt`));
  });

  it.each(['unpatched', 'patched'])('counts its locks on %s', async (kernel) => {
    const run = prepare(HEADLINE, shippedTree(kernel));
    const tally = new LockTally();
    runTraced(run, tally, 'none');
    const text = formatLockStat(run.program, tally.finish(run.machine.nowNs()));
    await expect(figuresOf(text)).toMatchFileSnapshot(golden(`${kernel}.lock_stat.txt`));
  });
});
