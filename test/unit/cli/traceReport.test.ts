/**
 * `faultline run` in the formats of traces, and what the table says of memory and tasks.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Scratch } from '../../support/commandLine.ts';
import { brokenRules } from '../../support/chromeTraceRules.ts';

let scratch: Scratch;
beforeEach(() => {
  scratch = new Scratch();
});
afterEach(() => scratch.remove());

const HEADLINE = ['run', 'cold-fault-with-mmap'];

describe('faultline run --format', () => {
  it('ftrace prints calls by time and CPU, plumbing only when asked', async () => {
    const usual = await scratch.run([...HEADLINE, '--format', 'ftrace']);
    expect(usual).toMatchObject({ code: 0, err: '' });
    expect(usual.out).toMatch(/^# tracer: function_graph\n#\n# cold-fault-with-mmap on patched;/);
    expect(usual.out).toMatch(
      /^ {4}0\.0000\d{5} \| {3}0\) {4}toucher-100 .* do_page_fault\(\) \{$/m,
    );
    expect(usual.out).not.toContain('might_sleep');
    const all = await scratch.run([...HEADLINE, '--format', 'ftrace', '--plumbing']);
    expect(all.out).toContain('might_sleep();');
  });

  it('perfetto writes a file that keeps the rules of the format', async () => {
    const result = await scratch.run([...HEADLINE, '--format', 'perfetto', '-o', 'trace.json']);
    expect(result).toEqual({ code: 0, out: '', err: '' });
    expect(brokenRules(readFileSync(path.join(scratch.folder, 'trace.json'), 'utf8'))).toEqual([]);
  });

  it('lock_stat prints the columns of /proc/lock_stat', async () => {
    const { code, out } = await scratch.run([...HEADLINE, '--format', 'lock_stat']);
    expect(code).toBe(0);
    expect(out).toMatch(/class name +con-bounces +contentions +waittime-min .* holdtime-total$/m);
    expect(out).toMatch(/^ +mmap_sem-W:( +[\d.]+){10}$/m);
    expect(out).toMatch(
      /^ +mmap_sem +1 +\[<[0-9a-f]{8}>\] sys_mmap_pgoff\+0x[0-9a-f]+\/0x[0-9a-f]+$/m,
    );
  });

  it('says in the trace and beside it that the trace is not whole', async () => {
    const { code, out, err } = await scratch.run([
      ...HEADLINE,
      ...['--format', 'ftrace', '--max-events', '30'],
    ]);
    expect(code).toBe(0);
    expect(out).toContain('# The trace is full: it has the first 30 events, up to 0.0000');
    expect(err).toMatch(/^The trace is full: .* Ask for more with --max-events\.\n$/);
  });

  it('says beside the trace what was wrong with the run', async () => {
    const media = path.join(import.meta.dirname, '../../../media');
    const lab = await scratch.run(['lab', 'own']);
    expect(lab.code, lab.err + media).toBe(0);
    const file = path.join(scratch.folder, 'own/kernel/arch/x86/mm/fault.c');
    const text = readFileSync(file, 'utf8');
    const last = text.lastIndexOf('up_read(&mm->mmap_sem);');
    writeFileSync(
      file,
      `${text.slice(0, last)};${text.slice(last + 'up_read(&mm->mmap_sem);'.length)}`,
    );
    const result = await scratch.run([
      'run',
      'cold-fault',
      '--kernel',
      'own',
      '--format',
      'ftrace',
    ]);
    expect(result.code).toBe(1);
    expect(result.err).toContain('goes back to user mode and still holds mmap_sem');
    expect(result.out).toMatch(/^# The run ended at [\d.]+; calls without a closing brace/m);
  });

  it('refuses a file that cannot be written', async () => {
    const result = await scratch.run([...HEADLINE, '--format', 'ftrace', '-o', 'none/trace.txt']);
    expect(result.code).toBe(2);
    expect(result.err).toContain('The report cannot be written to none/trace.txt');
  });

  it('table says what /proc/vmstat and getrusage would', async () => {
    const { out } = await scratch.run(HEADLINE);
    expect(out).toMatch(/^\/proc\/vmstat +count\npgfault +3\npgmajfault +1\npgpgin +32\n/m);
    expect(out).toMatch(/^getrusage +utime +stime +minflt +majflt +nvcsw +nivcsw$/m);
    expect(out).toMatch(/^bystander +\d+ ns +[\d.]+ µs +1 +0 +2 +0$/m);
  });
});
