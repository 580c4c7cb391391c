// What a launch can ask for: patches, schedules, random decisions, the stop on entry.
import { afterEach, describe, expect, it } from 'vitest';
import type { PanelState } from '../../src/view/panelState.ts';
import { shippedKernel } from '../support/adapterHost.ts';
import { DapStory } from '../support/dapStory.ts';
import { prepare, shippedTree } from '../support/preparedRun.ts';

describe('a launch', () => {
  let story = new DapStory();
  afterEach(() => {
    expect(story.bugs).toEqual([]);
    expect(story.client.violations).toEqual([]);
    story = new DapStory();
  });

  it('applies patches in their order and serves the result by reference', async () => {
    const stop = await story.launch({
      scenario: 'cold-fault',
      kernel: 'unpatched',
      patches: ['release-mmap-sem'],
    });
    expect(stop).toMatch(/^entry toucher — do_page_fault \(attempt 1\)/);
    const source = await story.sourceOf('mm/filemap.c');
    expect(source.sourceReference).toBeGreaterThan(0);
    expect(await story.lineWith(source, 'VM_FAULT_RELEASED')).toBeGreaterThan(0);
  });

  it('replays a schedule to the same state', async () => {
    await story.launch({ scenario: 'cold-fault-with-mmap', seed: 7 });
    await story.seek('fault_done', 'toucher');
    const { schedule } = (await story.client.ask('faultline/schedule')) as { schedule: string };
    const state = (await story.client.ask('faultline/state')) as { state: PanelState };
    const replay = new DapStory();
    await replay.launch({ scenario: 'cold-fault-with-mmap', schedule });
    await replay.seek('fault_done', 'toucher');
    const again = (await replay.client.ask('faultline/state')) as { state: PanelState };
    const { position, clockNs, locks, tasks } = state.state;
    expect(again.state).toMatchObject({ position, clockNs, locks, tasks });
  });

  it('replays what users did in the recorded run', async () => {
    const { machine, tasks } = prepare('cold-fault', shippedTree('patched'));
    machine.run({ budget: 20_000, breakpoints: false, untilPosition: 20_000 });
    const [task] = tasks;
    if (task === undefined) expect.unreachable();
    machine.intervene({ kind: 'signal', task: task.id, signal: 9 });
    const schedule = machine.schedule();
    await story.launch({ scenario: 'cold-fault', schedule, stopOnEntry: false });
    expect(story.client.output).toContain('SIGKILL');
  });

  it('ends with an error that says where a changed schedule does not fit', async () => {
    const { machine } = prepare('cold-fault', shippedTree('patched'));
    const text = machine.schedule().replace('schedule 1', 'schedule 2');
    await story.client.ask('initialize', {});
    const answer = await story.client.send('launch', {
      scenario: 'cold-fault',
      schedule: `${text} interventions=5@0:kernel:0xe0000000:00`,
    });
    expect(answer.message).toContain('position 5 does not fit: There is no memory');
    const other = new DapStory();
    await other.client.ask('initialize', {});
    await other.client.start({
      scenario: 'cold-fault',
      schedule: `${text} interventions=5@0:signal:63:9`,
    });
    expect(other.client.output).toContain('position 5 does not fit: ');
    expect(other.client.events.at(-1)?.event).toBe('terminated');
    expect(other.bugs).toEqual([]);
  });

  it('refuses a schedule of another kernel and says what differs', async () => {
    await story.launch({ scenario: 'cold-fault' });
    const { schedule } = (await story.client.ask('faultline/schedule')) as { schedule: string };
    await story.client.ask('initialize', {});
    const other = new DapStory();
    await other.client.ask('initialize', {});
    const answer = await other.client.send('launch', {
      scenario: 'cold-fault',
      kernel: 'unpatched',
      schedule,
    });
    expect(answer.message).toContain('another kernel');
  });

  it('takes a lab folder for the kernel in it', async () => {
    const folders: Record<string, Map<string, string>> = {
      '/home/lab': new Map([['faultline.lab.jsonc', '{}']]),
      '/home/lab/kernel': shippedKernel(),
    };
    const lab = new DapStory({
      readFolder: (path) => {
        const files = folders[path];
        return Promise.resolve(files === undefined ? undefined : { path, files });
      },
    });
    await lab.launch({ scenario: 'cold-fault', kernel: '/home/lab' });
    expect((await lab.sourceOf('mm/filemap.c')).path).toBe('/home/lab/kernel/mm/filemap.c');
  });

  it('stops at the first user instruction, at an anchor, or nowhere', async () => {
    expect(await story.launch({ scenario: 'cold-fault', stopOnEntry: 'user' })).toMatch(
      /^entry toucher — .*: movl\s/,
    );
    const anchored = new DapStory();
    expect(await anchored.launch({ scenario: 'cold-fault', stopOnEntry: 'retry' })).toBe(
      'entry toucher — do_page_fault (attempt 1): release_flag = 0;',
    );
    const free = new DapStory();
    expect(await free.launch({ scenario: 'cold-fault', stopOnEntry: false })).toBe('terminated');
  });

  it('without debugging runs to the end past breakpoints', async () => {
    const stop = await story.launch({ scenario: 'cold-fault', noDebug: true });
    expect(stop).toBe('terminated');
    expect(story.client.events.some((event) => event.event === 'stopped')).toBe(false);
  });

  it('names the files of shipped trees by URI for VS Code', async () => {
    const vscode = new DapStory({ sourceNaming: 'uri' });
    await vscode.launch({ scenario: 'cold-fault', kernel: 'unpatched' });
    expect((await vscode.sourceOf('mm/filemap.c')).path).toBe('faultline:/unpatched/mm/filemap.c');
    expect((await vscode.sourceOf('toucher.task.s')).path).toBe(
      'faultline:/scenarios/toucher.task.s',
    );
  });
});
