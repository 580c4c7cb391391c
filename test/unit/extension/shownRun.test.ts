// The run that the panel shows: of a session, and of none, computed again from the text of its moment.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PanelFeed } from '../../../src/extension/panelFeed.ts';
import type { PanelHost } from '../../../src/extension/panelHost.ts';
import type { SessionChange, SessionTracker } from '../../../src/extension/sessionTracker.ts';
import { ShownRun } from '../../../src/extension/shownRun.ts';
import type { PanelState } from '../../../src/view/panelState.ts';
import type { PanelMessage } from '../../../src/view/protocol.ts';
import { createTestHost } from '../../support/adapterHost.ts';
import { DapStory } from '../../support/dapStory.ts';
import { resetVscodeMock } from '../../support/vscodeMock.ts';

vi.mock('vscode', async () => (await import('../../support/vscodeMock.ts')).vscodeMock);

let open: ShownRun | undefined;
beforeEach(() => {
  resetVscodeMock();
});
afterEach(() => {
  open?.dispose();
});

/** A moment in the middle of the story, and what the panel shows there. */
async function recordedMoment(): Promise<{ readonly text: string; readonly state: PanelState }> {
  const story = new DapStory({ sourceNaming: 'uri' });
  await story.launch({ scenario: 'cold-fault-with-mmap', kernel: 'unpatched' });
  await story.seek('rwsem_queued', 'bystander');
  const { text } = (await story.client.ask('faultline/momentText')) as { text: string };
  const { state } = (await story.client.ask('faultline/state')) as { state: PanelState };
  return { text, state };
}

/** A panel without session; `session` starts or ends one that answers nothing. */
function setUp() {
  const told: PanelMessage[] = [];
  const listeners: ((change: SessionChange) => void)[] = [];
  const works: Promise<void>[] = [];
  let opened = 0;
  let active: unknown;
  const tracker = {
    get active() {
      return active;
    },
    onDidChange: (listener: (change: SessionChange) => void) => {
      listeners.push(listener);
      return { dispose: () => undefined };
    },
    request: () => Promise.reject(new Error('No Faultline session is running.')),
    requestOf: () => Promise.reject(new Error('No Faultline session is running.')),
  };
  const panel = {
    post: (message: PanelMessage) => told.push(message),
    showForSession: () => undefined,
  };
  const run = new ShownRun({
    tracker: tracker as unknown as SessionTracker,
    panel: panel as unknown as PanelHost,
    createHost: () => {
      opened += 1;
      return Promise.resolve(createTestHost({}, {}, { sourceNaming: 'uri' }));
    },
    inBackground: (work) => {
      const done = work();
      works.push(done);
      return done;
    },
  });
  open = run;
  const tell = (change: SessionChange): void => {
    if (change.kind === 'started') active = {};
    if (change.kind === 'ended') active = undefined;
    for (const listener of listeners) listener(change);
  };
  const kinds = (): string[] => told.map(({ kind }) => kind);
  return { run, told, kinds, tell, opened: () => opened, work: () => works };
}

describe('a run without a session', () => {
  it('comes back with its window from the text of its moment, read-only', async () => {
    const { text, state } = await recordedMoment();
    const { run, told, opened } = setUp();
    run.remember(text);
    await vi.waitFor(() => {
      expect(told.at(-1)?.kind).toBe('state');
    });
    const [first, second] = told;
    expect(first).toEqual({ kind: 'running' });
    expect(second).toMatchObject({
      isFinished: true,
      state: { position: state.position, clockNs: state.clockNs, locks: state.locks },
    });
    await expect(run.requestOf('faultline/choose', { choice: 0 })).rejects.toThrow(
      'the run is only looked at',
    );
    expect(opened()).toBe(1);
  });

  it('says why a text cannot be opened', async () => {
    const { text } = await recordedMoment();
    const { run, told } = setUp();
    run.remember(text.slice(0, -1));
    await vi.waitFor(() => {
      expect(told.at(-1)).toMatchObject({
        kind: 'unavailable',
        reason: expect.stringContaining('cut or changed') as unknown,
      });
    });
    // And there is nothing to ask any more.
    await expect(run.requestOf('faultline/choices', {})).rejects.toThrow('No Faultline session');
  });

  it('goes on after the end of the session, is moved by the panel, and tells its moments', async () => {
    const { text, state } = await recordedMoment();
    const { run, told, kinds, tell, opened } = setUp();
    tell({ kind: 'started' });
    tell({ kind: 'state', state });
    tell({ kind: 'lastMoment', text });
    tell({ kind: 'ended' });
    expect(kinds()).toEqual(['running', 'state', 'moment', 'noSession']);
    // Nothing is computed before somebody asks.
    expect(opened()).toBe(0);
    expect(await run.momentText()).toBe(text);
    const [moved] = await Promise.all([
      run.request('faultline/seek', { position: 400 }),
      run.request('faultline/schedule', {}).catch(() => undefined),
    ]);
    expect(moved).toMatchObject({ reached: true, position: 400 });
    expect(opened()).toBe(1);
    expect(told.at(-1)).toMatchObject({ isFinished: true, state: { position: 400 } });
    await vi.waitFor(() => {
      expect(told.at(-1)).toMatchObject({
        kind: 'moment',
        text: expect.stringContaining('"position":400') as unknown,
      });
    });
    expect(await run.momentText()).toContain('"position":400');
  });

  it('ends when a session starts, and begins anew after the panel was closed', async () => {
    const { text, state } = await recordedMoment();
    const { run, tell, opened } = setUp();
    tell({ kind: 'started' });
    tell({ kind: 'state', state });
    tell({ kind: 'lastMoment', text });
    tell({ kind: 'ended' });
    await run.request('faultline/choices', {});
    run.rest();
    await run.request('faultline/choices', {});
    expect(opened()).toBe(2);
    tell({ kind: 'started' });
    await expect(run.request('faultline/choices', {})).rejects.toThrow('No Faultline session');
    tell({ kind: 'ended' });
    await expect(run.request('faultline/choices', {})).rejects.toThrow('No Faultline session');
  });
});

/** A run whose session has ended at the recorded moment. */
async function endedRun() {
  const { text, state } = await recordedMoment();
  const parts = setUp();
  parts.tell({ kind: 'started' });
  parts.tell({ kind: 'state', state });
  parts.tell({ kind: 'lastMoment', text });
  parts.tell({ kind: 'ended' });
  return parts;
}

describe('moving in a run without a session', () => {
  it('goes on behind the end as before it, however often one asks for more', async () => {
    const { run, opened } = await endedRun();
    await run.request('faultline/seek', { position: 10_000_000 });
    for (let times = 0; times < 3; times += 1) {
      const { reached, reason } = await run.request('faultline/seek', { event: 'next' });
      expect([reached, reason]).toEqual([false, 'The run is over.']);
    }
    for (let times = 0; times < 2; times += 1) {
      const { reached } = await run.request('faultline/moment', { direction: 'next' });
      expect(reached).toBe(false);
    }
    expect(await run.request('faultline/seek', { position: 400 })).toMatchObject({ reached: true });
    expect(opened()).toBe(1);
  });

  it('goes to moments', async () => {
    const { run, told } = await endedRun();
    const { reached, position } = await run.request('faultline/moment', { direction: 'previous' });
    expect(reached).toBe(true);
    expect(told.at(-1)).toMatchObject({ isFinished: true, state: { position } });
  });
});

it('says nothing of a moment of before when a session has started meanwhile', async () => {
  const { text } = await recordedMoment();
  const { run, kinds, tell, work } = setUp();
  run.remember(text);
  tell({ kind: 'started' });
  await Promise.all(work());
  expect(kinds()).not.toContain('unavailable');
});

describe('what the panel is told', () => {
  const stateAt = (position: number): PanelState =>
    ({ rev: position, position, locks: [], tasks: [{ id: 1, name: 'toucher' }] }) as never;

  it('is a state once, then what changes, and everything again for a panel that begins anew', () => {
    const sent: PanelMessage[] = [];
    const feed = new PanelFeed((message) => sent.push(message));
    feed.post({ kind: 'state', state: stateAt(1) });
    feed.post({ kind: 'state', state: stateAt(2), isFinished: true });
    expect(sent).toEqual([
      { kind: 'state', state: stateAt(1), seq: 1 },
      {
        kind: 'stateChange',
        base: 1,
        seq: 2,
        change: ['{', { rev: ['=', 2], position: ['=', 2] }, []],
        isFinished: true,
      },
    ]);
    sent.length = 0;
    feed.repeat();
    expect(sent).toEqual([{ kind: 'state', state: stateAt(2), seq: 3, isFinished: true }]);
    sent.length = 0;
    feed.post({ kind: 'state', state: stateAt(2) });
    expect(sent).toEqual([{ kind: 'stateChange', base: 3, seq: 4, change: null }]);
  });

  it('waits with a switch until the panel that was just opened has come to life', () => {
    const sent: PanelMessage[] = [];
    const feed = new PanelFeed((message) => sent.push(message));
    feed.post({ kind: 'togglePresentation' });
    expect(sent).toEqual([]);
    feed.repeat();
    expect(sent.at(-1)).toEqual({ kind: 'togglePresentation' });
    feed.forgetPanel();
    feed.repeat();
    expect(sent.filter(({ kind }) => kind === 'togglePresentation')).toHaveLength(1);
    feed.post({ kind: 'togglePresentation' });
    expect(sent.at(-1)).toEqual({ kind: 'togglePresentation' });
  });

  it('keeps what lasts, in its order, and nothing of a stop that is over', () => {
    const sent: PanelMessage[] = [];
    const feed = new PanelFeed((message) => sent.push(message));
    expect(feed.isEmpty).toBe(true);
    feed.repeat();
    expect(sent).toEqual([{ kind: 'noSession' }]);
    feed.post({ kind: 'running' });
    feed.post({ kind: 'state', state: stateAt(1) });
    feed.post({ kind: 'selected', task: 1 });
    feed.post({ kind: 'answer', id: 1, result: {} });
    feed.post({ kind: 'togglePresentation' });
    feed.keep({ kind: 'viewSettings', settings: { presentation: true } });
    feed.post({ kind: 'moment', text: 'm' });
    feed.post({ kind: 'noSession' });
    sent.length = 0;
    feed.forgetPanel();
    feed.repeat();
    expect(sent.map(({ kind }) => kind)).toEqual(['state', 'viewSettings', 'moment', 'noSession']);
    // Asked again by the same panel, which may look at it in another way by now.
    sent.length = 0;
    feed.repeat();
    expect(sent.map(({ kind }) => kind)).toEqual(['state', 'moment', 'noSession']);
    expect(feed.isEmpty).toBe(false);
  });
});
