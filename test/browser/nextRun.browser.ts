// One run after the other in the same panel: nothing of the run before is left, and a run without a session can be moved in.
import { beforeAll, describe, expect } from 'vitest';
import { recordStates, type Recorded } from './harness/models.ts';
import type { PanelPage } from './harness/panelPage.ts';
import { panelTest, shareBrowser } from './harness/panelTest.ts';

type Run = Recorded<'entry' | 'queued'>;
let unpatched: Run;
let other: Run;

shareBrowser();
beforeAll(async () => {
  unpatched = await recordStates({
    kernel: 'unpatched',
    moments: { entry: 'entry', queued: { anchor: 'rwsem_queued', task: 'bystander' } },
  });
  other = await recordStates({
    scenario: 'two-loaders',
    moments: { entry: 'entry', queued: { position: 100 } },
  });
});

async function laneNames(panel: PanelPage): Promise<string[]> {
  return panel.page.locator('.tl-detail .tl-name').allTextContents();
}

describe('a session that follows another one', () => {
  panelTest('has its own timeline from its first stop on', {}, async (panel) => {
    panel.answerFrom(unpatched.client);
    const { state } = await unpatched.ask('faultline/state', {});
    if (state === undefined) throw new Error('no state');
    await panel.post({ kind: 'state', state });
    await panel.page.waitForSelector('.tl-plot');
    const before = await laneNames(panel);
    panel.answerFrom(other.client);
    // As many stops as the run before: the number of the stop is the same.
    const first = { ...other.states.queued, rev: state.rev };
    await panel.post({ kind: 'running', isNewRun: true }, { kind: 'state', state: first });
    await panel.page.waitForSelector('.tl-plot');
    await expect.poll(() => laneNames(panel)).not.toEqual(before);
    expect(await laneNames(panel)).toEqual([...first.tasks.map(({ name }) => name), 'disk']);
  });

  panelTest('is not compared with what was made of the one before', {}, async (panel) => {
    panel.answerFrom(unpatched.client);
    await panel.post({ kind: 'state', state: unpatched.states.queued });
    await panel.page.getByRole('button', { name: 'Compare Runs' }).click();
    await panel.page.locator('.tworuns-details').first().waitFor();
    panel.answerQuery('faultline/twoRuns', () => new Error('The other run was asked.'));
    await panel.post(
      { kind: 'running', isNewRun: true },
      { kind: 'state', state: other.states.queued },
    );
    await panel.page.getByText('The other run was asked.').waitFor();
  });

  panelTest('is not played on', {}, async (panel) => {
    panel.answerFrom(unpatched.client);
    await panel.post({ kind: 'state', state: unpatched.states.entry });
    await panel.page.getByRole('button', { name: 'Play' }).click();
    await panel.page.getByRole('button', { name: 'Pause' }).waitFor();
    await panel.post(
      { kind: 'running', isNewRun: true },
      { kind: 'state', state: other.states.entry },
    );
    await panel.page.getByRole('button', { name: 'Play' }).waitFor();
  });
});

describe('taking hold of the timeline', () => {
  panelTest('pauses the player', {}, async (panel) => {
    panel.answerFrom(unpatched.client);
    await panel.post({ kind: 'state', state: unpatched.states.entry });
    await panel.page.waitForSelector('.tl-plot');
    await panel.page.getByRole('button', { name: 'Play' }).click();
    await panel.page.getByRole('button', { name: 'Pause' }).waitFor();
    await panel.page.locator('.tl-playhead').focus();
    await panel.page.keyboard.press('ArrowLeft');
    await panel.page.getByRole('button', { name: 'Play' }).waitFor();
  });
});

describe('a run without a session', () => {
  panelTest('can be moved in by the player', {}, async (panel) => {
    await panel.post({ kind: 'state', state: unpatched.states.queued }, { kind: 'noSession' });
    expect(await panel.page.locator('.transport').count()).toBe(0);
    await panel.post({ kind: 'moment', text: 'faultline-moment 1 …' });
    panel.answerQuery('faultline/moment', () => new Error('There is no moment before this one.'));
    await panel.clearRequests();
    await panel.page.getByRole('button', { name: 'Previous Moment' }).click();
    await panel.page.getByText('There is no moment before this one.').waitFor();
    expect(await panel.requestsOf('command')).toEqual([]);
    expect(await panel.requestsOf('query')).toMatchObject([
      { name: 'faultline/moment', arguments: { direction: 'previous' } },
    ]);
    expect(await panel.page.getByRole('button', { name: /Restart/ }).count()).toBe(0);
  });
});

describe('how the user likes the timeline', () => {
  panelTest('is kept over a reload', {}, async (panel) => {
    panel.answerFrom(unpatched.client);
    await panel.post({ kind: 'state', state: unpatched.states.queued });
    const table = panel.page.getByRole('button', { name: 'Show as Table' });
    const fold = panel.page.getByRole('button', { name: 'Fold Idle Time' });
    await table.click();
    await fold.click();
    await panel.page.locator('.tl-legend summary').click();
    await panel.settle();
    const kept = (await panel.requestsOf('keepSettings')).at(-1);
    expect(kept?.settings).toMatchObject({
      timeline: { scale: 'linear', isTableShown: true, isLegendShown: false },
    });
    await panel.reload();
    await panel.post({ kind: 'state', state: unpatched.states.queued });
    expect(await table.getAttribute('aria-pressed')).toBe('true');
    expect(await fold.getAttribute('aria-pressed')).toBe('false');
    expect(await panel.page.locator('.tl-legend[open]').count()).toBe(0);
  });

  panelTest(
    'is the usual when something else was kept',
    { state: { settings: { timeline: { scale: 'round' } } } },
    async (panel) => {
      await panel.post({ kind: 'state', state: unpatched.states.queued });
      const fold = panel.page.getByRole('button', { name: 'Fold Idle Time' });
      expect(await fold.getAttribute('aria-pressed')).toBe('true');
    },
  );
});
