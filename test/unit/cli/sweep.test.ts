/**
 * `faultline sweep`: its table, its JSON, its plot, and what it says to wrong input.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { drawSweep } from '../../../src/cli/sweepPlot.ts';
import { loadBuiltInScenario } from '../../../src/scenario/catalog.ts';
import type { Outcome } from '../../../src/scenario/scenarioSchema.ts';
import { media } from '../../support/nodeMedia.ts';
import { Scratch, type CommandResult } from '../../support/commandLine.ts';

let scratch: Scratch;
beforeEach(() => {
  scratch = new Scratch();
});
afterEach(() => scratch.remove());

interface SweepJson {
  readonly over: Readonly<Record<string, readonly number[]>>;
  readonly runs: readonly {
    readonly kernel: string;
    readonly settings: Readonly<Record<string, number>>;
    readonly outcome: string;
    readonly tasks: readonly { readonly name: string; readonly mmapSemWaitMaxNs: number }[];
  }[];
}

const DISKS = ['--over', 'diskReadNs=80000,12500000'];

function sweep(...values: readonly string[]): Promise<CommandResult> {
  return scratch.run(['sweep', ...values]);
}

/** A scenario of two loops that end by themselves, with a title that XML would not like. */
function writeLoops(): void {
  scratch.write(
    'loops.jsonc',
    JSON.stringify({
      version: 1,
      title: 'Loops & <more>',
      notes: ['A note.'],
      parameters: {
        rounds: { default: 3, min: 1, max: 900 },
        tasks: { default: 1, min: 1, max: 4 },
      },
      processes: [{ name: 'p' }],
      tasks: [
        { name: 'loop', process: 'p', count: '$tasks', program: 'loop.task.s', args: ['$rounds'] },
      ],
    }),
  );
  scratch.write(
    'loop.task.s',
    'iteration: subl $1, %eax\n jnz iteration\n xorl %ebx, %ebx\n movl $1, %eax\n int $0x80\n',
  );
}

describe('faultline sweep', () => {
  it('runs every value on every kernel', async () => {
    const { code, out, err } = await sweep('cold-fault-with-mmap', ...DISKS, '--format', 'json');
    expect(code).toBe(0);
    expect(err).toContain('patched diskReadNs=12500000: completed (4 of 4)');
    const { over, runs } = JSON.parse(out) as SweepJson;
    expect(over).toEqual({ diskReadNs: [80_000, 12_500_000] });
    expect(runs.map(({ kernel, settings }) => [kernel, settings['diskReadNs']])).toEqual([
      ['unpatched', 80_000],
      ['patched', 80_000],
      ['unpatched', 12_500_000],
      ['patched', 12_500_000],
    ]);
    const waits = runs.map(
      ({ tasks }) => tasks.find(({ name }) => name === 'bystander')?.mmapSemWaitMaxNs ?? -1,
    );
    expect(waits[2]).toBeGreaterThan(12_000_000);
    expect(waits[3]).toBeLessThan(100_000);
  });

  it('prints a table with the copies of a task together', async () => {
    writeLoops();
    const { code, out } = await sweep(
      'loops.jsonc',
      ...['--over', 'rounds=5,50', '--over', 'tasks=1,4', '--kernel', 'patched'],
    );
    expect(code).toBe(0);
    const lines = out.trimEnd().split('\n');
    expect(lines[0]).toBe('Loops & <more>');
    expect(lines[2]?.split(/\s{2,}/)).toEqual([
      ...['rounds', 'tasks', 'kernel', 'loop/s', 'longest wait', 'outcome'],
    ]);
    expect(lines.slice(3, 7).map((line) => line.trim().split(/\s+/).slice(0, 3))).toEqual([
      ['5', '1', 'patched'],
      ['5', '4', 'patched'],
      ['50', '1', 'patched'],
      ['50', '4', 'patched'],
    ]);
    expect(lines.at(-1)).toBe('A note.');
    const { out: json } = await sweep(
      'loops.jsonc',
      ...['--over', 'rounds=7', '--set', 'tasks=3', '--kernel', 'patched', '--format', 'json'],
    );
    expect((JSON.parse(json) as { runs: unknown[] }).runs).toMatchObject([
      { settings: { rounds: 7 }, tasks: [{ name: 'loop', iterations: 21 }] },
    ]);
  });

  it('draws a plot with a line for each kernel and further value, and never over a file', async () => {
    writeLoops();
    const plot = path.join(scratch.folder, 'plot.svg');
    const values = [
      'loops.jsonc',
      '--over',
      'rounds=5,50,900',
      '--over',
      'tasks=1,4',
      '-o',
      'plot.svg',
    ];
    expect(await sweep(...values)).toMatchObject({ code: 0 });
    const svg = readFileSync(plot, 'utf8');
    expect(svg.match(/<polyline /g)).toHaveLength(4);
    expect(svg.match(/<circle /g)).toHaveLength(12);
    for (const words of [
      'unpatched, tasks 4',
      'rounds (logarithmic)',
      'iterations per second',
      'Loops &amp; &lt;more&gt;',
    ]) {
      expect(svg).toContain(words);
    }
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
    expect(unbalanced(svg)).toEqual([]);

    scratch.write('plot.svg', 'mine');
    const refused = await sweep(...values);
    expect(refused).toMatchObject({ code: 2, out: '' });
    expect(refused.err).toContain('plot.svg exists already. Name another file, or pass --force');
    expect(readFileSync(plot, 'utf8')).toBe('mine');
    expect((await sweep(...values, '--force')).code).toBe(0);
    expect(readFileSync(plot, 'utf8')).toBe(svg);
  });

  it('says once what the compiler says of the kernels, and goes on', async () => {
    expect((await scratch.run(['lab', 'own'])).code).toBe(0);
    const file = path.join(scratch.folder, 'own/kernel/mm/filemap.c');
    writeFileSync(file, `${readFileSync(file, 'utf8')}\nstatic int nobody(void) { return 0; }\n`);
    const { code, out, err } = await sweep('cold-fault', ...DISKS, '--kernel', 'own');
    expect({ code, err }).toMatchObject({ code: 0 });
    expect(err.split('`nobody`')).toHaveLength(2);
    expect(out).toContain('completed');
  });

  it('lets a kernel break rules that are off', async () => {
    expect((await scratch.run(['lab', 'own', '--find', 'counted-twice'])).code).toBe(0);
    const values = ['cold-fault', '--over', 'diskReadNs=5', '--kernel', 'own'];
    expect((await sweep(...values)).code).toBe(1);
    expect((await sweep(...values, '--rules', 'off')).code).toBe(0);
    const wrong = await sweep(...values, '--rules', 'guards');
    expect(wrong).toMatchObject({ code: 2, out: '' });
    expect(wrong.err).toContain('did you mean `guard`');
  });

  it('marks the runs that did not come to their end', () => {
    const { scenario } = loadBuiltInScenario(media, 'cold-fault');
    if (scenario === undefined) throw new Error('no scenario');
    const draw = (outcome: Outcome): string =>
      drawSweep({
        scenario,
        axes: [{ name: 'diskReadNs', values: [1, 2] }],
        runs: [outcome, 'completed' as const].map((ending, index) => ({
          kernel: 'patched',
          values: [index + 1],
          outcome: ending,
          virtualNs: 1e9,
          tasks: [{ name: 'loop', iterations: 5, perSecond: 5, mmapSemWaitMaxNs: 0 }],
          violations: [],
        })),
      });
    const whole = draw('completed');
    expect(whole.match(/<circle /g)).toHaveLength(2);
    expect(whole).not.toContain('did not come to its end');
    const broken = draw('limit');
    expect(broken.match(/<circle /g)).toHaveLength(1);
    expect(broken.match(/<path /g)).toHaveLength(2);
    expect(broken).toContain('>did not come to its end: limit<');
    expect(broken).toContain('<title>patched: 5/s (limit)</title>');
    expect(unbalanced(broken)).toEqual([]);
  });

  const wrong: readonly (readonly [string, readonly string[], string])[] = [
    ['nothing to sweep over', ['cold-fault'], "required option '--over <name=a,b,c>'"],
    ['a value that is no number', ['cold-fault', '--over', 'diskReadNs=1,x'], 'as in --over'],
    ['no values', ['cold-fault', '--over', 'diskReadNs='], 'does not say what to sweep over'],
    ['a value twice', ['cold-fault', '--over', 'diskReadNs=1,1'], 'different whole numbers'],
    [
      'an unknown parameter',
      ['cold-fault', '--over', 'diskReedNs=1'],
      'did you mean "diskReadNs"?',
    ],
    ['a value out of range', ['cold-fault', '--over', 'diskReadNs=-1'], '"-1" is not a value'],
    [
      'a parameter twice',
      ['cold-fault', ...DISKS, '--set', 'diskReadNs=3'],
      '"diskReadNs" is given twice.',
    ],
    [
      'an unknown kernel',
      ['cold-fault', ...DISKS, '--kernel', 'pached'],
      'did you mean "patched"?',
    ],
    ['a kernel twice', ['cold-fault', ...DISKS, '--kernel', 'patched,patched'], 'different names'],
    [
      'too many runs',
      [
        'cold-fault',
        '--over',
        `diskReadNs=${Array.from({ length: 129 }, (_, ns) => ns).join(',')}`,
      ],
      'That would be 258 runs; a sweep makes at most 256.',
    ],
    [
      'a plot in a folder that is not there',
      ['cold-fault', '--over', 'diskReadNs=5', '-o', 'no/where.svg'],
      'there is no folder no.',
    ],
  ];
  it.each(wrong)('refuses %s', async (_, values, message) => {
    const { code, err } = await sweep(...values);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });
});

/** Elements that are not closed in order, or quotes that do not match. */
function unbalanced(svg: string): string[] {
  const open: string[] = [];
  const wrong: string[] = [];
  for (const [, closing, name = '', rest = ''] of svg.matchAll(
    /<(\/?)([a-z]+)((?:[^<>"]|"[^"]*")*)>/g,
  )) {
    if (closing === '/') {
      if (open.pop() !== name) wrong.push(name);
    } else if (!rest.endsWith('/')) open.push(name);
  }
  return [...wrong, ...open];
}
