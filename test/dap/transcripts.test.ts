// Recorded conversations: the demo on both kernels, one line per move. Places are told by function and
// source line. Refresh on purpose with `npx vitest run test/dap/transcripts.test.ts -u`.
import { describe, expect, it } from 'vitest';
import type { LockState, PanelState } from '../../src/view/panelState.ts';
import { DapStory } from '../support/dapStory.ts';

function describeLock({ rawCount, countMeaning, holders, queue }: LockState): string {
  const inside = holders.map((holder) => `${holder.owner} (${holder.mode})`).join(', ');
  const waiting = queue.map((waiter) => `${waiter.task} (${waiter.mode})`).join(', ');
  return `mmap_sem ${rawCount}: ${countMeaning}; inside: ${inside || 'nobody'}; queue: ${waiting || 'nobody'}`;
}

/** What the panel shows, in a few lines; times are left out. */
function describePanel(state: PanelState): string[] {
  const tasks = state.tasks.map((task) => `${task.name} ${task.stateWords}`).join('; ');
  const disk = state.disk.map(
    (request) => `#${String(request.id)} ${request.what} ${request.state}`,
  );
  return [
    ...state.locks.map(describeLock),
    `tasks: ${tasks}`,
    `disk: ${disk.join('; ') || 'idle'}`,
  ];
}

class Recorder {
  readonly lines: string[] = [];
  readonly story = new DapStory();

  async note(what: string, move: Promise<string>): Promise<string> {
    const where = await move;
    this.lines.push(`${what} → ${where}`);
    return where;
  }

  async panel(): Promise<void> {
    const body = (await this.story.client.ask('faultline/state')) as { state: PanelState };
    this.lines.push(...describePanel(body.state).map((line) => `    ${line}`));
  }

  async value(expression: string): Promise<void> {
    this.lines.push(`    ${expression} = ${await this.story.value(expression, 'do_page_fault')}`);
  }

  get text(): string {
    return `${this.lines.join('\n')}\n`;
  }
}

describe('the demo', () => {
  it('on the unpatched kernel: a sleep inside mmap_sem', async () => {
    const recorder = new Recorder();
    const { story } = recorder;
    await recorder.note(
      'launch',
      story.launch({ scenario: 'cold-fault-with-mmap', kernel: 'unpatched' }),
    );
    for (let count = 0; count < 60; count += 1) {
      const where = await recorder.note('next moment', story.moment('next'));
      if (where.includes('bystander') && where.includes('rwsem_down_failed_common')) break;
      if (where === 'terminated') break;
    }
    await recorder.panel();
    await recorder.note('pause', story.seek('disk_interrupt'));
    await recorder.panel();
    await expect(recorder.text).toMatchFileSnapshot('../golden/dap/unpatched.txt');
    expect(story.bugs).toEqual([]);
  });

  it('on the patched kernel: the lock drop, the retry, the byte', async () => {
    const recorder = new Recorder();
    const { story } = recorder;
    await recorder.note(
      'launch',
      story.launch({ scenario: 'cold-fault-with-mmap', kernel: 'patched' }),
    );
    await recorder.note('seek drop_mmap_sem', story.seek('drop_mmap_sem'));
    await recorder.panel();
    for (let count = 0; count < 4; count += 1) await recorder.note('next', story.move('next'));
    await recorder.panel();
    await recorder.note('seek retry', story.seek('retry', 'toucher'));
    await recorder.value('fault');
    await recorder.value('release_flag');
    await recorder.note('next', story.move('next'));
    await recorder.value('release_flag');
    await recorder.note('seek fault_done', story.seek('fault_done', 'toucher'));
    await recorder.note('stepOut', story.move('stepOut'));
    await recorder.note('next', story.move('next'));
    await recorder.note('previous moment', story.moment('previous'));
    await recorder.note('seek drop_mmap_sem', story.seek('drop_mmap_sem'));
    await recorder.note('continue', story.move('continue'));
    await expect(recorder.text).toMatchFileSnapshot('../golden/dap/patched.txt');
    expect(story.bugs).toEqual([]);
  });
});
