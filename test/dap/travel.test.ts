// Comparing with the run without a change, checkpoints of the user, lock statistics and traces in the console.
import { afterEach, describe, expect, it } from 'vitest';
import type { CheckpointView, CompareResult } from '../../src/view/protocol.ts';
import { formatFtrace } from '../../src/view/ftraceText.ts';
import { formatLockStat } from '../../src/view/lockStatText.ts';
import { LockTally } from '../../src/view/lockTally.ts';
import { createTestHost, shippedKernel } from '../support/adapterHost.ts';
import { DapStory } from '../support/dapStory.ts';
import { prepare, shippedTree } from '../support/preparedRun.ts';
import { record } from '../support/recordedRun.ts';

const SCENARIO = 'cold-fault-with-mmap';

let story = new DapStory();
afterEach(() => {
  expect(story.bugs).toEqual([]);
  expect(story.client.violations).toEqual([]);
  story = new DapStory();
});

async function positionNow(): Promise<number> {
  const { state } = (await story.client.ask('faultline/state')) as { state: { position: number } };
  return state.position;
}

/** Stands where the fault is resolved, after `release_flag = 0` before the call of `handle_mm_fault`. */
async function changeTheFlag(): Promise<void> {
  await story.launch({ scenario: SCENARIO, rules: 'off' });
  await story.breakAt('mm/fault.c', 'fault = handle_mm_fault');
  await story.move('continue');
  await story.client.ask('setExpression', { expression: 'release_flag', value: '0' });
  await story.seek('fault_done', 'toucher');
}

async function compare(args: object = {}): Promise<CompareResult> {
  return (await story.client.ask('faultline/compare', args)) as CompareResult;
}

function valuesOf({ differences }: CompareResult, section: string): Record<string, unknown> {
  return Object.fromEntries(
    differences
      .filter((item) => item.section === section)
      .map(({ name, before, now }) => [name, [before, now]]),
  );
}

describe('Compare With Before', () => {
  it('shows what differs at the same time: locks, tasks, counters, pages, memory', async () => {
    await changeTheFlag();
    const result = await compare();
    expect(result.changes).toEqual(['release_flag = 0']);
    expect(result.moment).toBe('at the same virtual time');
    expect(valuesOf(result, 'Locks')).toMatchObject({
      'mmap_sem held by': ['nobody', expect.stringMatching(/^toucher \(read since /)],
      'mmap_sem longest hold for reading': ['20.7 µs', '12.5 ms'],
    });
    expect(valuesOf(result, 'Tasks')).toMatchObject({
      mapper: ['exited 0', expect.stringMatching(/^waiting: mmap_sem, in rwsem_down/)],
    });
    expect(valuesOf(result, 'Counters')).toMatchObject({ PGFAULT: ['2', '1'] });
    const memory = valuesOf(result, 'Memory, where it differs');
    expect(memory).toMatchObject({
      '(struct mm_struct of demo).mmap_sem.count': ['0', '-65535 (0xffff0001)'],
      'toucher: do_page_fault: release_flag': ['0x08 FAULT_FLAG_RELEASE', '0x00'],
    });
    // The two texts are about the same things, in the same order, so that an editor can lay them side by side.
    for (const [name, [before, now]] of Object.entries(memory) as [
      string,
      (string | undefined)[],
    ][]) {
      if (before !== undefined) expect(result.before).toContain(`    ${name}: ${before}\n`);
      if (now !== undefined) expect(result.now).toContain(`    ${name}: ${now}\n`);
    }
  });

  it('shows it at the same place, where the other run comes later', async () => {
    await changeTheFlag();
    const { place } = (await story.client.ask('faultline/changes')) as { place: string };
    expect(place).toBe('toucher at "The fault is resolved: back to the program"');
    const result = await compare({ at: 'place', since: 'first' });
    expect(valuesOf(result, 'Tasks')).toMatchObject({
      toucher: [
        expect.stringMatching(/^running, in do_page_fault \(attempt 2\)/),
        expect.stringMatching(/^running, in do_page_fault \(attempt 1\)/),
      ],
    });
    expect(valuesOf(result, 'Counters')).toMatchObject({ 'toucher maj_flt': ['1', '0'] });
  });

  it('leaves the session as it is', async () => {
    await changeTheFlag();
    const seen = async (): Promise<unknown> => [
      await story.client.ask('faultline/state'),
      await story.client.ask('faultline/schedule'),
      (await story.stack()).map(({ name, text }) => [name, text]),
      await story.value('*mm'),
    ];
    const before = await seen();
    const events = story.client.events.length;
    await compare({ since: 'first' });
    await story.console('lockstat');
    expect(story.client.events).toHaveLength(events);
    expect(await seen()).toEqual(before);
    expect(await story.move('stepBack')).toMatch(/check_v8086_mode/);
    expect(await story.move('next')).toMatch(/up_read/);
  });

  it('is a command of the console, and refused where nothing was changed', async () => {
    await story.launch({ scenario: SCENARIO });
    const refused = await story.client.send('evaluate', { expression: 'compare', context: 'repl' });
    expect(refused.message).toMatch(/^Nothing has been changed in this run before here/);
    await story.client.ask('setExpression', { expression: 'error_code', value: 'error_code' });
    expect(await story.console('compare')).toBe(
      'Without error_code = error_code → as it is, at the same virtual time:\n  Nothing differs.',
    );
    await story.client.ask('setExpression', { expression: 'error_code', value: '6' });
    expect(await story.console('compare last time')).toMatch(
      /^Without error_code = 6 → as it is, .*\nMemory, where it differs\n {2}toucher: do_page_fault: error_code: 0x04 PF_USER → 0x06 PF_WRITE \| PF_USER$/,
    );
    expect(await story.console('compare first')).toMatch(
      /^Without error_code = error_code, error_code = 6 →/,
    );
    const wrong = { expression: 'compare yesterday', context: 'repl' };
    expect((await story.client.send('evaluate', wrong)).message).toMatch(
      /does not go on like that/,
    );
  });

  it('takes choices for changes, which Undo What-If takes back', async () => {
    await story.launch({ scenario: SCENARIO });
    const threadId = await story.thread('toucher');
    const arrival = story.client.waitFor('stopped');
    await story.client.ask('faultline/runUntilBlocked', { threadId });
    await arrival;
    const { changes } = (await story.client.ask('faultline/changes')) as { changes: string[] };
    expect(changes).toEqual(['toucher runs alone']);
    const undone = story.client.waitFor('stopped');
    await story.client.ask('faultline/undo');
    await undone;
    expect(await story.client.ask('faultline/changes')).toMatchObject({ changes: [] });
  });

  it('shows no text that the other run writes', async () => {
    await changeTheFlag();
    const { output } = story.client;
    await compare();
    expect(story.client.output).toBe(output);
  });
});

describe('a checkpoint', () => {
  async function list(): Promise<readonly CheckpointView[]> {
    const body = (await story.client.ask('faultline/checkpoints')) as {
      checkpoints: CheckpointView[];
    };
    return body.checkpoints;
  }

  async function go(name: string): Promise<string> {
    const arrival = story.client.waitFor('stopped');
    const move = (await story.client.ask('faultline/goToCheckpoint', { name })) as {
      reached: boolean;
      reason: string;
    };
    await arrival;
    expect(move.reached).toBe(true);
    return move.reason;
  }

  it('is named by its place, and gone to in both directions', async () => {
    await story.launch({ scenario: SCENARIO, stopOnEntry: 'fault_entry' });
    const first = (await story.client.ask('faultline/setCheckpoint')) as CheckpointView;
    expect(first).toMatchObject({ name: 'fault_entry', lies: 'here' });
    expect(first.text).toMatch(
      /^toucher in do_page_fault \(attempt 1\), fault\.c:\d+, at [\d.]+ .?s$/,
    );
    await story.seek('fault_done', 'toucher');
    const position = await positionNow();
    expect(await story.console('checkpoint the end')).toMatch(/^Checkpoint "the end" is set: /);
    expect(await go('fault_entry')).toBe('The run stands at checkpoint "fault_entry".');
    expect((await list()).map(({ name, lies }) => [name, lies])).toEqual([
      ['fault_entry', 'here'],
      ['the end', 'ahead'],
    ]);
    const arrival = story.client.waitFor('stopped');
    await story.console('go the end');
    await arrival;
    expect(await positionNow()).toBe(position);
    expect(await story.console('checkpoints')).toMatch(
      /^fault_entry — toucher in .* \(behind\)\nthe end — .* \(here\)$/,
    );
    expect(
      (await story.client.send('faultline/goToCheckpoint', { name: 'fault_entri' })).message,
    ).toBe('There is no checkpoint "fault_entri". Did you mean "fault_entry"?');
  });

  it('brings back a course that was left by a what-if, and says what is left in turn', async () => {
    await story.launch({ scenario: SCENARIO, rules: 'off' });
    await story.breakAt('mm/fault.c', 'fault = handle_mm_fault');
    await story.move('continue');
    await story.seek('fault_done', 'toucher');
    await story.console('checkpoint without');
    const retried: unknown = await story.client.ask('faultline/schedule');
    await story.move('reverseContinue');
    await story.move('reverseContinue');
    await story.client.ask('setExpression', { expression: 'release_flag', value: '0' });
    expect((await list())[0]?.lies).toBe('other');
    await story.move('next');
    expect(await go('without')).toBe(
      'The run stands at checkpoint "without". The run is as it was then, without release_flag = 0.',
    );
    expect(await story.client.ask('faultline/schedule')).toEqual(retried);
    const [frame] = await story.stack(await story.thread('toucher'));
    expect(frame?.name).toBe('do_page_fault (attempt 2)');
  });

  it('outlives a restart, but not another kernel', async () => {
    const LAB = '/lab/kernel';
    const files = shippedKernel();
    const host = createTestHost({}, { [LAB]: files });
    story = new DapStory(host);
    await story.launch({ scenario: SCENARIO, kernel: LAB });
    await story.seek('fault_done', 'toucher');
    const position = await positionNow();
    await story.console('checkpoint done');
    const restarted = story.client.waitFor('stopped');
    await story.client.ask('restart');
    await restarted;
    expect(await positionNow()).toBeLessThan(position);
    await go('done');
    expect(await positionNow()).toBe(position);
    const path = 'arch/x86/mm/fault.c';
    files.set(path, (files.get(path) ?? '').replace('release_flag = 0;\n', ';\n'));
    const edited = story.client.waitFor('stopped');
    await story.client.ask('restart');
    await edited;
    expect(await story.console('checkpoints')).toMatch(/in a run of another kernel or scenario\)$/);
    expect((await story.client.send('faultline/goToCheckpoint', { name: 'done' })).message).toMatch(
      /another kernel/,
    );
  });
});

describe('lockstat in the console', () => {
  it('counts the run up to here as the command line counts a whole one', async () => {
    await story.launch({ scenario: SCENARIO });
    await story.seek('fault_done', 'toucher');
    const position = await positionNow();
    const again = prepare(SCENARIO, shippedTree('patched'));
    const upTo = record(again, 'none');
    const counted = new LockTally();
    for (let index = 0; index < upTo.trace.buffer.length; index += 1) {
      const event = upTo.trace.buffer.at(index);
      if (event.position >= position) break;
      counted.note(event, upTo.trace.lockOf(index));
    }
    const { state } = (await story.client.ask('faultline/state')) as { state: { clockNs: number } };
    const classes = counted.finish(state.clockNs);
    expect(await story.console('lockstat')).toBe(formatLockStat(again.program, classes).trimEnd());
  });
});

describe('a trace in the console', () => {
  /** Lines with a time, without blanks. */
  function linesOf(text: string): string[] {
    return text
      .split('\n')
      .filter((line) => /^ +\d+\.\d{9} \|/.test(line))
      .map((line) => line.replace(/ +/g, ' ').trim());
  }

  it('tells what the run does, each thing once, also after going back', async () => {
    await story.launch({ scenario: SCENARIO, stopOnEntry: 'fault_entry' });
    expect(await story.console('trace on')).toMatch(/^The trace is on/);
    await story.breakAt('mm/fault.c', 'fault = handle_mm_fault');
    await story.move('continue');
    await story.move('stepIn');
    await story.move('stepOut');
    const once = linesOf(story.client.output);
    await story.move('reverseContinue');
    await story.move('stepBack');
    await story.move('next');
    expect(linesOf(story.client.output)).toEqual(once);
    await story.seek('retry', 'toucher');
    await story.console('trace off');
    await story.move('continue');
    expect(linesOf(story.client.output)).toEqual(once);
    const told = once;
    const all = linesOf(
      [...formatFtrace(record(prepare(SCENARIO, shippedTree('patched'))))].join(''),
    );
    expect(told.length).toBeGreaterThan(3);
    // A call that is cut by a stop has two lines instead of one.
    const comments = told.filter((line) => line.includes('/* ') && !line.includes('} /*'));
    for (const line of comments) expect(all).toContain(line);
  });

  it('tells nothing again of what a look back executes again', async () => {
    await story.launch({ scenario: SCENARIO, stopOnEntry: 'fault_entry' });
    await story.console('trace on');
    await story.move('stepIn');
    const once = linesOf(story.client.output);
    expect(once.length).toBeGreaterThan(0);
    const [frame] = await story.stack();
    await story.client.ask('faultline/inlineValues', { frameId: frame?.id });
    await story.client.ask('faultline/valueOrigin', {
      expression: 'current->mm->mmap_sem.count',
      frameId: frame?.id,
    });
    await story.move('stepIn');
    expect(linesOf(story.client.output)).toEqual(once);
  });

  it('tells all of a run', async () => {
    await story.launch({ scenario: SCENARIO, stopOnEntry: 'fault_entry' });
    await story.console('trace on');
    await story.move('continue');
    const told = linesOf(story.client.output);
    const all = linesOf(
      [...formatFtrace(record(prepare(SCENARIO, shippedTree('patched'))))].join(''),
    );
    const from = all.findIndex((line) => line.includes('fault_entry'));
    expect(told.length).toBeGreaterThan(200);
    const comments = (lines: readonly string[]): string[] =>
      lines.filter((line) => line.includes('/* ') && !line.includes('} /*')).sort();
    const missing = comments(all.slice(from)).filter((line) => !told.includes(line));
    expect(missing).toEqual([]);
    expect(
      await story.client.send('evaluate', { expression: 'trace on', context: 'repl' }),
    ).toMatchObject({
      success: false,
    });
  });

  it('is completed and explained', async () => {
    await story.launch({ scenario: SCENARIO });
    await story.console('checkpoint a place');
    const complete = async (text: string): Promise<string[]> => {
      const { targets } = (await story.client.ask('completions', {
        text,
        column: text.length + 1,
      })) as { targets: { label: string; type: string }[] };
      return targets.filter(({ type }) => type === 'keyword').map(({ label }) => label);
    };
    expect(await complete('trace o')).toEqual(['on', 'off']);
    expect(await complete('compare first pl')).toEqual(['place']);
    expect(await complete('check')).toEqual(['checkpoint', 'checkpoints']);
    expect(await complete('go a p')).toEqual(['a place']);
    expect(await complete('why map')).toEqual(['mapper']);
    const help = await story.console('help');
    for (const name of ['compare', 'checkpoint', 'checkpoints', 'go', 'lockstat', 'trace']) {
      expect(help).toMatch(new RegExp(`^${name} +\\w`, 'm'));
    }
    expect(await story.console('trace')).toBe('The trace is off.');
  });
});
