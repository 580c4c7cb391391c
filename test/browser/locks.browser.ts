// The lock pictures against states of real runs: who is inside and who waits, the word taken apart, chains, deadlocks,
// choices, the switch at each lock; by keyboard, in four themes, narrow and wide.
import { beforeAll, describe, expect } from 'vitest';
import { recordStates, type Recorded, type RecordedMoment } from './harness/models.ts';
import type { PanelPage } from './harness/panelPage.ts';
import { panelTest, shareBrowser } from './harness/panelTest.ts';

const MOMENTS = {
  nobody: 'entry',
  reader: { anchor: 'cache_miss', task: 'toucher' },
  queuedWriter: { anchor: 'rwsem_queued', task: 'mapper' },
  asleep: { anchor: 'page_wait', task: 'toucher' },
  queuedReader: { anchor: 'rwsem_queued', task: 'bystander' },
  handOver: { anchor: 'rwsem_grant_write' },
  end: 'end',
} as const satisfies Readonly<Record<string, RecordedMoment>>;

shareBrowser();
let unpatched: Recorded<keyof typeof MOMENTS>;
let stuck: Recorded<'end'>;

beforeAll(async () => {
  unpatched = await recordStates({ kernel: 'unpatched', moments: MOMENTS });
  stuck = await recordStates({
    kernel: 'everybody-sleeps',
    launch: { rules: 'off' },
    moments: { end: 'end' },
  });
});

const room = '[data-part="mmap_sem"]';

async function textOf(panel: PanelPage, selector: string): Promise<string> {
  const text = await panel.page.locator(selector).first().innerText();
  return text.replace(/\s+/g, ' ').trim();
}

const themes = (process.env['T'] ?? 'dark,light,hcDark,hcLight').split(',') as ThemeName[];

describe('pictures', () => {
  for (const theme of themes) {
    for (const width of (process.env['W'] ?? '640,1200').split(',').map(Number)) {
      panelTest(`${theme} ${String(width)}`, { theme, width }, async (panel) => {
        const { states } = unpatched;
        panel.answerFrom(unpatched.client);
        await unpatched.record(MOMENTS.asleep);
        await panel.post({ kind: 'state', state: states.asleep });
        await panel.settle();
        await unpatched.record(MOMENTS.queuedReader);
        await panel.post({ kind: 'state', state: states.queuedReader });
        await panel.settle();
        await panel.screenshot(`locks-queued-${theme}-${String(width)}`);
        expect(await panel.violations()).toEqual([]);
        await unpatched.record(MOMENTS.handOver);
        await panel.post({ kind: 'state', state: states.handOver });
        await panel.settle();
        await panel.screenshot(`locks-handover-${theme}-${String(width)}`);
        panel.answerFrom(stuck.client);
        await panel.post({ kind: 'state', state: stuck.states.end });
        await panel.settle();
        await panel.screenshot(`locks-deadlock-${theme}-${String(width)}`);
        expect(await panel.violations()).toEqual([]);
        expect(await textOf(panel, room)).toContain('toucher');
      });
    }
  }
});
