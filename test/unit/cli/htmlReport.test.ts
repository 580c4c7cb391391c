/**
 * `faultline run --format html`: one page with everything inside, and what is said when there is none.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { embedJson, formatReportDocument } from '../../../src/cli/reportDocument.ts';
import { REPORT_VARIABLES, reportTheme } from '../../../src/cli/reportTheme.ts';
import { differenceSentence } from '../../../src/view/differenceWords.ts';
import { packStates, unpackState } from '../../../src/view/packedStates.ts';
import type { PanelState } from '../../../src/view/panelState.ts';
import type { ReportData } from '../../../src/view/reportModel.ts';
import { compareTimes } from '../../../src/view/timeDifferences.ts';
import { panelBundle } from '../../browser/harness/bundle.ts';
import { Scratch } from '../../support/commandLine.ts';

const HEADLINE = ['run', 'cold-fault-with-mmap', '--format', 'html'];
/** A panel with what a page could trip over. */
const SCRIPT = 'const end = "</script>", comment = "<!-- x";\n';
const STYLE = 'p{color:var(--vscode-foreground);content:"</style>"}';

let scratch: Scratch;
beforeEach(() => {
  scratch = scratchWithPanel();
});
afterEach(() => scratch.remove());

function scratchWithPanel(): Scratch {
  const made = new Scratch();
  made.write('panel/webview.js', SCRIPT);
  made.write('panel/webview.css', STYLE);
  return made;
}

/** What the usual command writes. */
let usual: string;
beforeAll(async () => {
  scratch = scratchWithPanel();
  usual = await report();
  scratch.remove();
});

async function report(...more: string[]): Promise<string> {
  const result = await scratch.run([...HEADLINE, '-o', 'report.html', '--force', ...more]);
  expect(result).toEqual({ code: 0, out: '', err: '' });
  return readFileSync(path.join(scratch.folder, 'report.html'), 'utf8');
}

function element(html: string, start: string, end: string): string {
  const from = html.indexOf(start) + start.length;
  return html.slice(from, html.indexOf(end, from));
}

function dataOf(html: string): ReportData {
  const start = '<script type="application/json" id="faultline-report">';
  return JSON.parse(element(html, start, '</script>')) as ReportData;
}

function statesOf({ states }: ReportData): PanelState[] {
  return states.rows.flatMap((_row, index) => unpackState(states, index) ?? []);
}

function hash(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

describe('an HTML report', () => {
  it('is one page that loads nothing and runs its own script only', () => {
    const html = usual;
    expect(html).not.toMatch(/\b(?:src|href)=/);
    expect(html.match(/<script/g)).toHaveLength(2);
    expect(html.match(/<style/g)).toHaveLength(1);
    const script = element(html, '</script>\n<script>', '</script>');
    const style = element(html, '<style>', '</style>');
    const policy = element(html, 'Content-Security-Policy" content="', '">');
    expect(policy).toContain(`default-src 'none'; script-src ${hash(script)}; `);
    expect(policy).toContain(`style-src ${hash(style)}`);
    expect(runInNewContext(`${script}end + comment;`)).toBe('</script><!-- x');
  });

  it('has the run at what happened, and the kernel without the patch to compare with', () => {
    const data = dataOf(usual);
    expect(data.runs.map(({ kernel, outcome }) => [kernel, outcome])).toEqual([
      ['patched', 'completed'],
      ['unpatched', 'completed'],
    ]);
    const [patched, unpatched] = data.runs.map(({ numbers }) => numbers);
    if (patched === undefined || unpatched === undefined) throw new Error('no runs');
    const [first] = compareTimes(unpatched, patched);
    expect(first && differenceSentence(first)).toBe(
      'Longest wait of bystander for mmap_sem: 12.5 ms → 29 µs (430 times shorter)',
    );
    const states = statesOf(data);
    expect(states[0]).toMatchObject({ position: 0, kernel: 'patched', clockNs: 0 });
    expect(states.at(-1)?.end).toEqual({ outcome: 'completed', exitCode: 0 });
    const positions = states.map(({ position }) => position);
    expect(positions).toEqual([...new Set(positions)].sort((a, b) => a - b));
    expect(data.cut).toBeUndefined();
  });

  it('shows at each hold of the lock who is inside', () => {
    const states = statesOf(dataOf(usual));
    const holders = states
      .filter(({ reason }) => / takes mmap_sem /.test(reason))
      .map(({ reason, locks }) => [
        reason.replace(/ takes.*for (\w+)ing\.$/, ' $1'),
        locks[0]?.holders.map(({ owner, mode }) => `${owner} ${mode}`),
      ]);
    expect(holders.length).toBeGreaterThan(5);
    for (const [taken, inside] of holders) {
      expect(inside).toContain(String(taken).replace('writ', 'write'));
    }
  });

  it('says of each sleeping task why it sleeps', () => {
    const data = dataOf(usual);
    const states = statesOf(data);
    for (const [index, { tasks }] of states.entries()) {
      const asleep = tasks.filter(({ activity }) => activity === 'sleeping').map(({ id }) => id);
      const told = data.whys.filter(({ state }) => state === index).map(({ task }) => task);
      expect(told.filter((task) => asleep.includes(task))).toEqual(asleep);
    }
    expect(data.whyTexts.map(({ text }) => text).join('\n')).toMatch(/mapper.*held by toucher/);
  });

  it('is the same each time', async () => {
    expect(await report()).toBe(usual);
  });

  it('compares with the kernel that is asked for, or with none', async () => {
    const kernels = async (...more: string[]): Promise<string[]> =>
      dataOf(await report(...more)).runs.map(({ kernel }) => kernel);
    expect(await kernels('--compare', 'mainline')).toEqual(['patched', 'mainline']);
    expect(await kernels('--no-compare')).toEqual(['patched']);
    expect(await kernels('--kernel', 'unpatched')).toEqual(['unpatched', 'patched']);
  });

  it('goes to standard output without -o, and keeps what a setting changes', async () => {
    const { code, out } = await scratch.run([...HEADLINE, '--set', 'diskReadNs=1000000']);
    expect(code).toBe(0);
    expect(statesOf(dataOf(out)).at(-1)?.clockNs).toBeLessThan(2_000_000);
  });

  it('is what no title can break out of', async () => {
    const title = '</script><script>alert(1)</script>\u2028<!-- & ${x}';
    scratch.write('evil.jsonc', JSON.stringify({ ...SCENARIO, title }));
    scratch.write(
      'evil.task.s',
      'start:\n        movl $1, %eax\n        xorl %ebx, %ebx\n        int $0x80\n',
    );
    const { code, out } = await scratch.run(['run', 'evil.jsonc', '--format', 'html']);
    expect(code).toBe(0);
    expect(out.match(/<script/g)).toHaveLength(2);
    expect(out).not.toContain('\u2028');
    expect(dataOf(out).title).toBe(title);
  });
});

const SCENARIO = {
  version: 1,
  files: [],
  processes: [{ name: 'p', maps: [] }],
  tasks: [{ name: 'one', process: 'p', program: 'evil.task.s' }],
};

describe('no HTML report', () => {
  it('is written over a file, unless forced', async () => {
    scratch.write('report.html', 'mine');
    const result = await scratch.run([...HEADLINE, '-o', 'report.html']);
    expect(result).toMatchObject({ code: 2, out: '' });
    expect(result.err).toContain('report.html exists already.');
    expect(readFileSync(path.join(scratch.folder, 'report.html'), 'utf8')).toBe('mine');
  });

  it('is made without the panel', async () => {
    const empty = new Scratch();
    const result = await empty.run([...HEADLINE, '-o', 'report.html']);
    empty.remove();
    expect(result).toMatchObject({ code: 2, out: '' });
    expect(result.err).toMatch(/An HTML report needs the panel, and .*webview\.js is missing\./);
    expect(result.err).toContain('npm run build');
  });

  it('is what other formats can be told of', async () => {
    for (const [option, named] of [
      [['--compare', 'mainline'], '--compare'],
      [['--no-compare'], '--no-compare'],
    ] as const) {
      const result = await scratch.run(['run', 'cold-fault', ...option]);
      expect(result.code).toBe(2);
      expect(result.err).toContain(`${named} says what an HTML report compares with`);
    }
  });

  it('compares with a kernel that nobody knows', async () => {
    const result = await scratch.run([...HEADLINE, '--compare', 'unpached']);
    expect(result.code).toBe(2);
    expect(result.err).toContain('unpatched');
  });
});

describe('the page of a report', () => {
  it('gives every variable of the panel a value in all four themes', async () => {
    const css = new TextDecoder().decode((await panelBundle()).get('webview.css'));
    const used = [...css.matchAll(/var\(--vscode-([\w-]+)\s*([,)])/g)];
    expect(used.length).toBeGreaterThan(20);
    const unknown = used
      .filter(([, name = '', end]) => end === ')' && !REPORT_VARIABLES.includes(name))
      .map(([, name]) => name);
    expect(unknown).toEqual([]);
    const theme = reportTheme(css);
    expect(theme.match(/--vscode-editor-background:/g)).toHaveLength(4);
    expect(theme.match(/--vscode-contrastBorder:/g)).toHaveLength(2);
  });

  it('cannot be ended by its data', () => {
    expect(embedJson({ a: '</script>', b: '<!--', c: '\u2029&>' })).toBe(
      String.raw`{"a":"\u003c/script\u003e","b":"\u003c!--","c":"\u2029\u0026\u003e"}`,
    );
  });

  it('names scenario and kernel in its title, as text', () => {
    const data: ReportData = {
      ...{ version: 1, scenario: '<b>', title: '', runs: [], whys: [], whyTexts: [] },
      states: packStates([]),
    };
    const html = formatReportDocument({ script: '', style: '' }, data).join('');
    expect(html).toContain('<title>&lt;b&gt; — Faultline</title>');
  });
});
