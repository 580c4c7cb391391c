/**
 * The `faultline` command as a user types it: output, messages and exit codes.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { devNull } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BugError } from '../../../src/base/errors.ts';
import { runCommandLine } from '../../../src/cli/commandLine.ts';
import { Scratch } from '../../support/commandLine.ts';

let scratch: Scratch;
beforeEach(() => {
  scratch = new Scratch();
});
afterEach(() => scratch.remove());

describe('faultline', () => {
  it('explains itself and every command', async () => {
    const help = await scratch.run(['--help']);
    expect(help.code).toBe(0);
    for (const name of ['run', 'sweep', 'list', 'lab', 'cc', 'dap']) {
      expect(help.out).toMatch(new RegExp(`^  ${name} `, 'm'));
      const own = await scratch.run([name, '--help']);
      expect(own).toMatchObject({ code: 0, err: '' });
      expect(own.out).toContain(`Usage: faultline ${name}`);
    }
  });

  const wrong: readonly (readonly [string, readonly string[], string])[] = [
    ['no command', [], 'Usage: faultline'],
    ['an unknown command', ['rnu'], "unknown command 'rnu'"],
    ['an unknown option', ['list', '--nothing'], "unknown option '--nothing'"],
    ['a missing argument', ['cc'], "missing required argument 'file'"],
    ['a bad number', ['run', 'x', '--seed', 'many'], 'It must be a whole number from 0 on.'],
    ['a bad setting', ['run', 'x', '--set', 'pages'], 'It must have the form name=value.'],
    [
      'a bad format',
      ['run', 'x', '--format', 'xml'],
      'Allowed choices are table, json, html, ftrace, perfetto, lock_stat.',
    ],
    ['a bad port', ['dap', '--port', '70000'], 'It must be a port from 0 to 65535.'],
    ['an unknown scenario', ['run', 'cold-falt'], 'cold-fault'],
    ['a missing scenario file', ['run', 'missing.jsonc'], 'There is no file missing.jsonc.'],
    ['an unknown kernel', ['run', 'cold-fault', '--kernel', 'pached'], 'patched'],
    ['a missing patch', ['run', 'cold-fault', '--patch', 'no.patch'], 'There is no file no.patch.'],
    ['a missing C file', ['cc', 'missing.c'], 'There is no file missing.c.'],
    [
      'what is no schedule',
      ['run', 'cold-fault', '--schedule', 'no.txt'],
      '"no.txt" is neither a schedule nor a file with one.',
    ],
    [
      'a seed that the generator does not have',
      ['run', 'cold-fault', '--seed', '4294967296'],
      'It must be a whole number from 0 to 4294967295.',
    ],
    [
      'a report in a folder that is not there, before anything else',
      ['run', 'cold-fault', '--set', 'nothing=1', '-o', 'no/where.txt'],
      'The report cannot be written to no/where.txt: there is no folder no.',
    ],
    [
      'a report that is a folder',
      ['run', 'cold-fault', '--set', 'nothing=1', '-o', '.', '--force'],
      'The report cannot be written to .: it is a folder.',
    ],
    [
      'plumbing without a trace',
      ['run', 'cold-fault', '--plumbing'],
      '--plumbing says what a trace holds, and --format table writes none.',
    ],
    [
      'a number of events without a trace',
      ['run', 'cold-fault', '--format', 'lock_stat', '--max-events', '5'],
      '--max-events says what a trace holds, and --format lock_stat writes none.',
    ],
    [
      'a schedule of another version',
      ['run', 'cold-fault', '--schedule', 'faultline-schedule 7 program=a'],
      'this program reads the versions 1 and 2',
    ],
    ['a folder without a kernel', ['run', 'cold-fault', '--kernel', '.'], '`.` is no kernel tree'],
    ['a folder as C file', ['cc', '.'], '. is a folder, not a C file.'],
  ];
  it.each(wrong)('ends with 2 for %s', async (_name, values, message) => {
    const result = await scratch.run(values);
    expect(result.code).toBe(2);
    expect(result.err).toContain(message);
    expect(result.err).not.toContain('    at ');
  });
});

describe('a bug of ours', () => {
  it('ends with 70 and its stack', async () => {
    let err = '';
    const code = await runCommandLine(['list'], {
      write: (_fd, data) => {
        err += String(data);
      },
      workingFolder: '.',
      get mediaFolder(): string {
        throw new BugError('planted');
      },
      panelFolder: '.',
      input: process.stdin,
      output: process.stdout,
    });
    expect(code).toBe(70);
    expect(err).toMatch(
      /^This is a bug in Faultline, please report it\.\nBugError: planted\n {4}at /,
    );
  });
});

describe('faultline cc', () => {
  it('runs main with its arguments and gives its status', async () => {
    scratch.write(
      'hello.c',
      `#include <stdio.h>
int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		printf("%s|", argv[i]);
	return argc + 256;
}
`,
    );
    const result = await scratch.run(['cc', 'hello.c', 'one', '--two', 'ä']);
    expect(result).toEqual({ code: 4, out: 'one|--two|ä|', err: '' });
  });

  it('writes bytes as they are, also when a letter comes in two calls', async () => {
    scratch.write(
      'bytes.c',
      '#include <stdio.h>\nint main(void)\n{\n\tputchar(0xc3);\n\tputchar(0xa4);\n\treturn 0;\n}\n',
    );
    expect(await scratch.run(['cc', 'bytes.c'])).toEqual({ code: 0, out: 'ä', err: '' });
  });

  it('reads headers beside the file', async () => {
    scratch.write('sub/answer.h', '#define ANSWER 42\n');
    scratch.write('sub/main.c', '#include "answer.h"\nint main(void) { return ANSWER; }\n');
    expect(await scratch.run(['cc', 'sub/main.c'])).toEqual({ code: 42, out: '', err: '' });
  });

  it('shows what is wrong with a program, with place and caret', async () => {
    scratch.write('bad.c', 'int main(void)\n{\n\treturn 1.5;\n}\n');
    const result = await scratch.run(['cc', 'bad.c']);
    expect(result.code).toBe(2);
    expect(result.err).toBe(
      'bad.c:3:9: error: floating point is not supported; the modelled kernel uses integers only\n' +
        '\treturn 1.5;\n\t       ^~~\n1 error.\n',
    );
  });

  it('explains a machine fault with its place and the callers', async () => {
    scratch.write(
      'fault.c',
      'static int get(int *p)\n{\n\treturn *p;\n}\n\nint main(void)\n{\n\treturn get(0);\n}\n',
    );
    const result = await scratch.run(['cc', 'fault.c']);
    expect(result.code).toBe(134);
    expect(result.err).toContain('fault.c:3:10: error: machine fault: Null pointer');
    expect(result.err).toContain('\n\treturn *p;\n\t        ^\n');
    expect(result.err).toContain('  in get at fault.c:3:10\n  in main at fault.c:8:9\n');
  });

  it('shortens the callers of an endless recursion', async () => {
    scratch.write(
      'deep.c',
      'int f(int n)\n{\n\treturn f(n + 1) + 1;\n}\n\nint main(void)\n{\n\treturn f(0);\n}\n',
    );
    const result = await scratch.run(['cc', 'deep.c']);
    expect(result.code).toBe(134);
    expect(result.err).toMatch(/ {2}in f at deep\.c:3:9\n {2}… \d+ more callers\n/);
    expect(result.err.split('\n').length).toBeLessThan(30);
  });

  it('ends an assertion that fails like an abort', async () => {
    scratch.write('assert.c', '#include <assert.h>\nint main(void)\n{\n\tassert(1 > 2);\n}\n');
    const result = await scratch.run(['cc', 'assert.c']);
    expect(result.code).toBe(134);
    expect(result.err).toContain("assert.c:4: main: Assertion `1 > 2' failed.\n");
  });

  it('gives the same answer on either tier', async () => {
    scratch.write(
      'sum.c',
      'int main(void)\n{\n\tint s = 0;\n\tfor (int i = 0; i < 100000; i++)\n\t\ts = s * 3 + i;\n\treturn s & 127;\n}\n',
    );
    const generated = await scratch.run(['cc', 'sum.c']);
    expect(await scratch.run(['cc', '--tier', 'interpreter', 'sum.c'])).toEqual(generated);
    const { code, err } = await scratch.run(['cc', '--tier', 'jit', 'sum.c']);
    expect(code).toBe(2);
    expect(err).toContain('generated');
  });

  it('gives up at the bound it is given', async () => {
    scratch.write('loop.c', 'int main(void)\n{\n\tfor (;;)\n\t\t;\n}\n');
    const result = await scratch.run(['cc', '--max-steps', '10000', 'loop.c']);
    expect(result.code).toBe(3);
    expect(result.err).toContain('--max-steps');
  });

  it('shows of a very long line what is around the place', async () => {
    scratch.write('long.c', `int a[] = { ${'1, '.repeat(100_000)} x };\n`);
    const result = await scratch.run(['cc', 'long.c']);
    expect(result.code).toBe(2);
    expect(result.err.length).toBeLessThan(1000);
    const [, line = '', caret = ''] = result.err.split('\n');
    expect(line[caret.indexOf('^')]).toBe('x');
  });
});

describe('faultline lab', () => {
  it('creates a folder that holds the kernel', async () => {
    const result = await scratch.run(['lab', 'mine']);
    expect(result).toMatchObject({ code: 0, err: '' });
    const folder = path.join(scratch.folder, 'mine');
    expect(readdirSync(folder)).toEqual(
      expect.arrayContaining([
        '.vscode',
        'README.md',
        'compile_flags.txt',
        'faultline.lab.jsonc',
        'kernel',
      ]),
    );
    const shipped = path.join(import.meta.dirname, '../../../media/kernel/mm/filemap.c');
    expect(readFileSync(path.join(folder, 'kernel/mm/filemap.c'), 'utf8')).toBe(
      readFileSync(shipped, 'utf8'),
    );
  });

  it('never writes over anything', async () => {
    scratch.write('mine/own.txt', 'own');
    const result = await scratch.run(['lab', 'mine']);
    expect(result.code).toBe(2);
    expect(result.err).toContain('mine is there already and is not empty.');
    expect(readdirSync(path.join(scratch.folder, 'mine'))).toEqual(['own.txt']);
  });
});

describe('faultline lab --find', () => {
  it('creates a folder with a kernel that has a bug, and what is asked', async () => {
    const result = await scratch.run(['lab', 'mine', '--find', 'slow-but-minor']);
    expect(result).toMatchObject({ code: 0, err: '' });
    const read = (file: string): string =>
      readFileSync(path.join(scratch.folder, 'mine', file), 'utf8');
    expect(read('README.md')).toContain('# A fault that has read the disk is counted as minor');
    expect(read('kernel/mm/filemap.c')).toContain('return VM_FAULT_RELEASED;');
    const run = await scratch.run(['run', 'cold-fault', '--kernel', 'mine']);
    expect(run.code).toBe(1);
    expect(run.out).toContain('tasks.toucher.maj_flt');
  });

  it('knows only labs', async () => {
    const result = await scratch.run(['lab', 'mine', '--find', 'slow-but-mino']);
    expect(result.code).toBe(2);
    expect(result.err).toContain('There is no lab "slow-but-mino"; did you mean "slow-but-minor"?');
    expect(readdirSync(scratch.folder)).toEqual([]);
  });
});

describe('faultline list', () => {
  it('names scenarios, kernels and labs', async () => {
    const { code, out } = await scratch.run(['list']);
    expect(code).toBe(0);
    for (const name of ['cold-fault', 'patched', 'unpatched', 'mainline', 'slow-but-minor']) {
      expect(out).toMatch(new RegExp(`^${name} `, 'm'));
    }
  });
});

describe('faultline run', () => {
  it.each([
    ['mainline-rc1', /page 20 of data\.bin still has a reference of toucher, taken at filemap\.c:/],
    ['two-traps', /^counters\.SW_PAGE_FAULTS +1 +2$/m],
  ])('shows what is wrong with the kernel %s', async (kernel, line) => {
    const result = await scratch.run(['run', 'cold-fault', '--kernel', kernel]);
    expect(result.code).toBe(1);
    expect(result.out).toMatch(line);
  });

  for (const kernel of ['patched', 'unpatched']) {
    it(`gives the counters that are expected of the ${kernel} kernel`, async () => {
      const result = await scratch.run([
        'run',
        'cold-fault',
        '--kernel',
        kernel,
        '--format',
        'json',
      ]);
      expect(result.err).toBe('');
      expect(result.code).toBe(0);
      expect(JSON.parse(result.out)).toMatchObject({
        scenario: 'cold-fault',
        kernel,
        outcome: 'completed',
      });
    });
  }

  it('reports in JSON with the keys that scripts rely on, and no others', async () => {
    const { out } = await scratch.run(['run', 'cold-fault', '--format', 'json']);
    const report = JSON.parse(out) as {
      tasks: object[];
      counters: object;
      locks: Record<string, { perTask: Record<string, object> }>;
    };
    const words = (text: string): string[] => text.split(' ');
    expect(Object.keys(report)).toEqual(
      words(
        'scenario kernel outcome virtualNs steps schedule stateHash tasks counters locks violations reports',
      ),
    );
    expect(Object.keys(report.tasks[0] ?? {})).toEqual(
      words('name exit maj_flt min_flt iterations mmapSemWaitMaxNs'),
    );
    expect(Object.keys(report.counters)).toEqual(
      words('PGFAULT PGMAJFAULT SW_PAGE_FAULTS SW_PAGE_FAULTS_MAJ SW_PAGE_FAULTS_MIN'),
    );
    const figures = words('readHoldMaxNs readHoldTotalNs writeHoldMaxNs waitMaxNs contended');
    const lock = report.locks['mmap_sem'];
    expect(Object.keys(lock ?? {})).toEqual([...figures, 'perTask']);
    expect(Object.keys(lock?.perTask['toucher'] ?? {})).toEqual(figures);
  });

  it('ends with 1 for a rule that was violated, and says how to see it again', async () => {
    await scratch.run(['lab', 'mine']);
    const file = 'mine/kernel/mm/filemap.c';
    const text = readFileSync(path.join(scratch.folder, file), 'utf8');
    scratch.write(file, text.replace(/^\s*up_read\(&vma->vm_mm->mmap_sem\);\n/m, '\n'));
    const edited = ['run', 'cold-fault', '--kernel', 'mine'];
    const { code, out } = await scratch.run(edited);
    expect(code).toBe(1);
    expect(out).toMatch(/^cold-fault on mine\/kernel: violation after /);
    expect(out).toMatch(/^mine\/kernel\/mm\/memory\.c:\d+:\d+: .*mmap_sem/m);
    expect(out).toContain('run the same command with this schedule:\nfaultline-schedule 1 ');
    const json = await scratch.run([...edited, '--format', 'json']);
    const { violations } = JSON.parse(json.out) as { violations: object[] };
    expect(Object.keys(violations[0] ?? {})).toEqual(
      'rule message task file line column function excerpt schedule'.split(' '),
    );
  });

  it('writes a table to a file', async () => {
    const result = await scratch.run(['run', 'cold-fault-with-mmap', '-o', 'report.txt']);
    expect(result).toEqual({ code: 0, out: '', err: '' });
    const report = readFileSync(path.join(scratch.folder, 'report.txt'), 'utf8');
    expect(report).toMatch(/^cold-fault-with-mmap on patched: completed after /);
    expect(report).toContain('The expectation holds.');

    scratch.write('report.txt', 'mine');
    const again = ['run', 'cold-fault-with-mmap', '-o', 'report.txt'];
    const refused = await scratch.run(again);
    expect(refused).toMatchObject({ code: 2, out: '' });
    expect(refused.err).toContain('report.txt exists already. Name another file, or pass --force');
    expect(readFileSync(path.join(scratch.folder, 'report.txt'), 'utf8')).toBe('mine');
    expect((await scratch.run([...again, '--force'])).code).toBe(0);
    expect(readFileSync(path.join(scratch.folder, 'report.txt'), 'utf8')).toBe(report);
  });

  it('writes a report to what is no plain file', async () => {
    const result = await scratch.run(['run', 'cold-fault-with-mmap', '-o', devNull]);
    expect(result).toEqual({ code: 0, out: '', err: '' });
  });

  it('points at the place where a scenario is nested too deeply', async () => {
    scratch.write('deep.jsonc', '['.repeat(1_000_000));
    const result = await scratch.run(['run', 'deep.jsonc']);
    expect(result.code).toBe(2);
    expect(result.err).toContain('deep.jsonc:1:101: error: nested deeper than 100 levels');
  });

  it('refuses a folder far too large for a kernel', async () => {
    const result = await scratch.run([
      'run',
      'cold-fault',
      '--kernel',
      path.resolve('node_modules'),
    ]);
    expect(result.code).toBe(2);
    expect(result.err).toContain('is too large to be a kernel.');
  });

  it('runs the kernel of a lab folder', async () => {
    await scratch.run(['lab', 'mine']);
    for (const name of ['mine', 'mine/kernel']) {
      const result = await scratch.run(['run', 'cold-fault', '--kernel', name, '--format', 'json']);
      expect(result.err).toBe('');
      expect(JSON.parse(result.out)).toMatchObject({ kernel: 'mine/kernel', outcome: 'completed' });
    }
  });

  it('names the field that the host reads and a kernel lacks', async () => {
    await scratch.run(['lab', 'mine']);
    const file = 'mine/kernel/include/linux/sched.h';
    const text = readFileSync(path.join(scratch.folder, file), 'utf8');
    scratch.write(file, text.replace(/\bmaj_flt\b/, 'major_faults'));
    const result = await scratch.run(['run', 'cold-fault', '--kernel', 'mine/kernel']);
    expect(result.code).toBe(2);
    expect(result.err).toContain('maj_flt');
    expect(result.err).toMatch(/^mine\/kernel\/\S+:\d+:\d+: error: /m);
  });

  it('shows what is wrong with a scenario at its place', async () => {
    scratch.write('typo.jsonc', '{ "version": 1, "titel": "x" }\n');
    const result = await scratch.run(['run', 'typo.jsonc']);
    expect(result.code).toBe(2);
    expect(result.err).toMatch(/^typo\.jsonc:1:\d+: error: .*titel/m);
  });

  it('replays the schedule that it reports', async () => {
    const first = await scratch.run(['run', 'two-loaders', '--seed', '7', '--format', 'json']);
    const { schedule, stateHash } = JSON.parse(first.out) as {
      schedule: string;
      stateHash: string;
    };
    scratch.write('schedule.txt', schedule);
    const again = await scratch.run([
      'run',
      'two-loaders',
      '--schedule',
      'schedule.txt',
      '--format',
      'json',
    ]);
    expect(JSON.parse(again.out)).toMatchObject({ schedule, stateHash });
  });

  it('shows an error of C in a lab at its place', async () => {
    await scratch.run(['lab', 'mine']);
    const file = 'mine/kernel/mm/filemap.c';
    const text = readFileSync(path.join(scratch.folder, file), 'utf8');
    scratch.write(file, text.replace(/\n\}\n/, '\n\tnonsense(;\n}\n'));
    const result = await scratch.run(['run', 'cold-fault', '--kernel', 'mine/kernel']);
    expect(result.code).toBe(2);
    expect(result.err).toMatch(/^mine\/kernel\/mm\/filemap\.c:\d+:\d+: error: /m);
  });
});

describe('faultline dap', () => {
  it('answers over stdio and ends with the stream', async () => {
    const body = JSON.stringify({
      seq: 1,
      type: 'request',
      command: 'initialize',
      arguments: { adapterID: 'faultline' },
    });
    const frame = (text: string): string =>
      `Content-Length: ${String(Buffer.byteLength(text))}\r\n\r\n${text}`;
    const result = await scratch.run(['dap'], frame('{bad') + frame(body));
    expect(result.code).toBe(0);
    expect(result.out).toContain('"request_seq":0');
    expect(result.out).toContain('"command":"initialize"');
    expect(result.out).toContain('"supportsStepBack":true');
  });
});
