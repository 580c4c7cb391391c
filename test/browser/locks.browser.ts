// The lock pictures against states of real runs: who is inside and who waits, the word taken apart, chains, deadlocks,
// choices, the switch at each lock; by keyboard, in four themes, narrow and wide.
import { beforeAll, describe, expect } from 'vitest';
import { recordStates, type Recorded, type RecordedMoment } from './harness/models.ts';
import type { PanelPage } from './harness/panelPage.ts';
import { panelTest, shareBrowser } from './harness/panelTest.ts';
import { THEMES } from './harness/themes.ts';

const MOMENTS = {
  nobody: 'entry',
  reader: { anchor: 'cache_miss', task: 'toucher' },
  queuedWriter: { anchor: 'rwsem_queued', task: 'mapper' },
  queuedReader: { anchor: 'rwsem_queued', task: 'bystander' },
  handOver: { anchor: 'rwsem_grant_write' },
  writer: { anchor: 'mmap_locked', task: 'mapper' },
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
const inside = `${room} [data-part="inside"]`;
const queue = `${room} [data-part="queue"]`;
const count = `${room} [data-part="count"]`;
const chain = '[data-part="chain"]';
const strip = '[data-part="next"]';

async function textOf(panel: PanelPage, selector: string): Promise<string> {
  const text = await panel.page.locator(selector).first().innerText();
  return text.replace(/\s+/g, ' ').trim();
}

/** Shows a recorded state, with the session standing there to answer. */
async function show(panel: PanelPage, name: keyof typeof MOMENTS): Promise<void> {
  const { position } = unpatched.states[name];
  const state = await unpatched.record({ position });
  panel.answerFrom(unpatched.client);
  await panel.post({ kind: 'state', state });
  await panel.settle();
}

describe('a lock', () => {
  panelTest('from nobody to the hand-over', { width: 800 }, async (panel) => {
    await show(panel, 'nobody');
    expect(await textOf(panel, inside)).toContain('nobody');
    expect(await textOf(panel, queue)).toContain('empty');
    expect(await textOf(panel, room)).toContain('a reader comes in; a writer comes in');

    await show(panel, 'reader');
    expect(await textOf(panel, inside)).toMatch(/R to read: toucher .*\+ came in/);
    expect(await textOf(panel, room)).toContain('readers only');

    await show(panel, 'queuedWriter');
    expect(await textOf(panel, queue)).toMatch(/1\. W to write: mapper .*\+ queues/);
    expect(await textOf(panel, room)).toContain(
      'a reader queues, though only readers are inside; a writer queues',
    );
    expect(await textOf(panel, count)).toMatch(
      /ffff waiting part: −1 somebody waits 0001 active part: 1 1 reader inside = 0x00000001 1 reader \+ 0xffff0000 somebody waits/,
    );
    expect(await textOf(panel, `${count} .locks-twin-now`)).toContain(
      'wait list not empty: 1 reader inside, somebody waits',
    );

    await show(panel, 'queuedReader');
    expect(await textOf(panel, queue)).toMatch(/1\. W .*mapper .*2\. R .*bystander/);

    await show(panel, 'handOver');
    expect(await textOf(panel, inside)).toMatch(/toucher − has left .*mapper .*\+ came in/);
    expect(await textOf(panel, queue)).toMatch(/1\. W .*mapper granted/);
    expect(await textOf(panel, `${count} .locks-meaning`)).toBe(
      'a writer inside, mapper, bystander wait; mapper is being let in',
    );
    expect(await panel.page.locator('[data-part="deadlock"]').count()).toBe(0);

    await show(panel, 'writer');
    expect(await textOf(panel, inside)).toMatch(/W to write: mapper/);
    expect(await textOf(panel, count)).toContain('a writer inside, somebody waits');
  });

  panelTest('says what has changed, and is a table too', { width: 640 }, async (panel) => {
    await show(panel, 'reader');
    await show(panel, 'queuedWriter');
    const status = await panel.page.locator('.locks > [role="status"]').textContent();
    expect(status).toBe('mapper now waits for mmap_sem to write, first in the queue.');
    const table = panel.page.locator(`${room} table`);
    expect(await table.locator('caption').textContent()).toBe(
      'mmap_sem: count 0xffff0001, 1 reader inside, mapper waits (without the queue, the same count would be a writer inside)',
    );
    expect(await table.locator('tbody tr').allTextContents()).toEqual([
      expect.stringMatching(/^toucherinsideread/),
      expect.stringMatching(/^mappernumber 1 in the queuewrite/),
    ]);
    await show(panel, 'reader');
    expect(await panel.page.locator('.locks > [role="status"]').textContent()).toBe(
      'Back in the run: mapper waits for mmap_sem no longer.',
    );
  });

  for (const width of [640, 1200]) {
    panelTest(`moves nothing from stop to stop (${String(width)})`, { width }, async (panel) => {
      // Against the card that stands before them: what is above it is not theirs.
      const places = (): Promise<readonly number[]> =>
        panel.page
          .locator(`${strip}, ${inside}, ${queue}, ${count}, .locks-pages`)
          .evaluateAll((parts) => {
            const rects = parts.map((part) => part.getBoundingClientRect());
            const top = rects[0]?.top ?? 0;
            return rects.flatMap(({ x, y }) => [Math.round(x), Math.round(y - top)]);
          });
      await show(panel, 'queuedReader');
      const before = await places();
      expect(before).toHaveLength(10);
      for (const name of ['handOver', 'writer', 'nobody', 'queuedReader'] as const) {
        await show(panel, name);
        expect([name, await places()]).toEqual([name, before]);
      }
    });
  }
});

describe('the chain of waits', () => {
  panelTest(
    'is shown for the selected task, with its numbers in the pictures',
    {},
    async (panel) => {
      await show(panel, 'queuedReader');
      expect(await textOf(panel, chain)).toMatch(
        /1 bystander 2 mmap_sem, queued behind mapper 3 held by toucher 4 disk read #1, 1[0-2]\.\d ms left/,
      );
      expect(await textOf(panel, `${inside} [data-seat="toucher"] .locks-step`)).toContain('3');
      expect(await textOf(panel, '.locks-page .locks-step')).toContain('4');
      const { tasks } = unpatched.states.queuedReader;
      const toucher = tasks.find(({ name }) => name === 'toucher');
      await panel.post({ kind: 'selected', task: toucher?.id ?? 0 });
      await panel.page.locator(`${chain} li`, { hasText: 'disk read #1' }).waitFor();
      expect(await textOf(panel, chain)).toMatch(/1 toucher 2 disk read #1/);
      const why = await unpatched.ask('faultline/why', { task: 'mapper' });
      await panel.post({ kind: 'why', why });
      expect(await textOf(panel, chain)).toContain('1 mapper 2 mmap_sem, first in its queue');
    },
  );

  panelTest('selects tasks and opens sources from the seats', {}, async (panel) => {
    await show(panel, 'queuedReader');
    const seat = panel.page.locator(`${queue} [data-seat="mapper"]`);
    await seat.getByRole('button', { name: 'mapper' }).click();
    await seat.getByRole('button', { name: /rwsem_down/ }).click();
    const mapper = unpatched.states.queuedReader.tasks.find(({ name }) => name === 'mapper');
    expect(await panel.requestsOf('selectTask')).toEqual([
      { kind: 'selectTask', task: mapper?.id },
    ]);
    expect((await panel.requestsOf('reveal'))[0]?.uri).toBe(mapper?.place?.uri);
  });
});

panelTest('a deadlock is a ring that cannot be overlooked', { width: 640 }, async (panel) => {
  panel.answerFrom(stuck.client);
  await panel.post({ kind: 'state', state: stuck.states.end });
  await panel.settle();
  const alert = panel.page.getByRole('alert');
  expect(await alert.locator('h3').innerText()).toContain('Deadlock: a closed ring of waits');
  expect(await alert.locator('p').innerText()).toBe(
    'toucher is queued behind bystander, which is queued behind mapper, which waits for mmap_sem, which is held by toucher. Nothing can go on any more.',
  );
  expect(await alert.locator('.locks-node').count()).toBe(4);
  expect(await textOf(panel, chain)).toContain('back to 1: a deadlock');
});

panelTest('a deadlock of one task and its own page lock', {}, async (panel) => {
  const alone = await recordStates({
    scenario: 'cold-fault',
    kernel: 'alone-and-stuck',
    launch: { rules: 'off' },
    moments: { end: 'end' },
  });
  panel.answerFrom(alone.client);
  await panel.post({ kind: 'state', state: alone.states.end });
  expect(await panel.page.getByRole('alert').locator('p').innerText()).toBe(
    'toucher waits for data.bin:20, which is held by toucher. Nothing can go on any more.',
  );
});

panelTest('several processes have a room each', {}, async (panel) => {
  const many = await recordStates({
    scenario: 'peek-cold-page',
    moments: { start: { anchor: 'page_wait' } },
  });
  panel.answerFrom(many.client);
  await panel.post({ kind: 'state', state: many.states.start });
  const names = many.states.start.locks.map(({ name }) => name);
  expect(names.length).toBeGreaterThan(1);
  for (const name of names) {
    expect(await panel.page.getByRole('region', { name: `Lock ${name}` }).count()).toBe(1);
  }
});

describe('who runs next', () => {
  panelTest('is chosen by keyboard, after it was said what it would do', {}, async (panel) => {
    const live = await recordStates({
      kernel: 'unpatched',
      moments: { queued: { anchor: 'rwsem_queued', task: 'mapper' } },
    });
    panel.answerFrom(live.client);
    await panel.post({ kind: 'state', state: live.states.queued });
    await panel.settle();
    expect(await textOf(panel, strip)).toContain('nothing to choose here; at the next choice:');
    // To the next place where mapper can be let go first: there are two to choose from.
    await panel.page
      .locator(strip)
      .getByRole('button', { name: /^mapper/ })
      .press('Enter');
    const next = panel.page.locator(`${strip} [aria-current="true"]`);
    await next.filter({ hasText: 'mapper' }).waitFor();
    const other = panel.page.locator(strip).getByRole('button', { name: /^toucher/ });
    await other.focus();
    await panel.screenshot('locks-choice');
    expect(await textOf(panel, `${strip} .locks-next-text`)).toMatch(/^Instead: toucher goes on/);
    await other.press('Enter');
    await next.filter({ hasText: 'toucher' }).waitFor();
    expect(await next.count()).toBe(1);
  });

  panelTest('shows why the run refuses', {}, async (panel) => {
    await show(panel, 'queuedReader');
    panel.answerQuery('faultline/switchTo', () => new Error('There is no such place.'));
    panel.answerQuery('faultline/choices', () => ({ choices: [] }));
    await panel.page.locator(strip).getByRole('button').first().click();
    await panel.page.locator(strip, { hasText: 'There is no such place.' }).waitFor();
  });
});

panelTest('a lock can be told to stop the run when it is contended', {}, async (panel) => {
  const live = await recordStates({ kernel: 'unpatched', moments: { entry: 'entry' } });
  panel.answerFrom(live.client);
  await panel.post({ kind: 'state', state: live.states.entry });
  await panel.settle();
  const button = panel.page.getByRole('button', { name: 'Break when mmap_sem is contended' });
  expect(await button.getAttribute('aria-pressed')).toBe('false');
  await button.press('Space');
  await panel.page.locator(`${room} [aria-pressed="true"]`).waitFor();
  await live.client.move('continue', { threadId: 1 });
  const { state } = await live.ask('faultline/state', {});
  expect(state?.reason).toContain('mapper finds a lock taken and begins to wait for it: mmap_sem');
  await panel.reload();
  await panel.post({ kind: 'state', state: state ?? live.states.entry });
  await panel.page.locator(`${room} [aria-pressed="true"]`).waitFor();
});

describe('in four themes, narrow and wide', () => {
  for (const theme of THEMES) {
    for (const width of [640, 1200]) {
      panelTest(`${theme} ${String(width)}`, { theme, width }, async (panel) => {
        await show(panel, 'queuedWriter');
        await show(panel, 'queuedReader');
        expect(await panel.violations()).toEqual([]);
        await panel.screenshot(`locks-queued-${theme}-${String(width)}`);
        await show(panel, 'handOver');
        expect(await panel.violations()).toEqual([]);
        await panel.screenshot(`locks-handover-${theme}-${String(width)}`);
        panel.answerFrom(stuck.client);
        await panel.post({ kind: 'state', state: stuck.states.end });
        await panel.settle();
        expect(await panel.violations()).toEqual([]);
        await panel.screenshot(`locks-deadlock-${theme}-${String(width)}`);
      });
    }
  }
});
