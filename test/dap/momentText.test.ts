// A moment as text: what one session writes, another one opens at exactly the same state.
import { afterEach, describe, expect, it } from 'vitest';
import { sha256 } from '../../src/base/sha256.ts';
import type { PanelState } from '../../src/view/panelState.ts';
import type { ChoiceView } from '../../src/view/protocol.ts';
import { DapStory } from '../support/dapStory.ts';

const HEADLINE = 'cold-fault-with-mmap';

let stories: DapStory[] = [];
afterEach(() => {
  for (const { bugs, client } of stories) {
    expect(bugs).toEqual([]);
    expect(client.violations).toEqual([]);
  }
  stories = [];
});

function newStory(): DapStory {
  const story = new DapStory();
  stories.push(story);
  return story;
}

async function textOf(story: DapStory): Promise<string> {
  return ((await story.client.ask('faultline/momentText')) as { text: string }).text;
}

async function stateOf(story: DapStory): Promise<PanelState> {
  return ((await story.client.ask('faultline/state')) as { state: PanelState }).state;
}

/** Everything that a person could compare: the whole machine, and what the panel shows of it. */
async function sight(story: DapStory): Promise<unknown> {
  const { rev, reason, moment, ...state } = await stateOf(story);
  expect(rev).toBeGreaterThan(0);
  expect(reason).not.toBe('');
  return { hash: story.stateHash, moment: moment?.anchor, state };
}

/** Opens the moment of a session in another one and compares. */
async function reopen(story: DapStory): Promise<DapStory> {
  const text = await textOf(story);
  const other = newStory();
  await other.launch({ moment: text, stopAtEnd: true });
  expect(await sight(other)).toEqual(await sight(story));
  return other;
}

async function refusalOf(launch: object): Promise<string> {
  const story = newStory();
  await story.client.ask('initialize', {});
  return (await story.client.send('launch', launch)).message ?? '';
}

/** The text with another position, and a checksum that fits. */
function movedTo(text: string, position: number, more: object = {}): string {
  const body = JSON.parse(text.slice(text.indexOf('{'))) as object;
  const moved = JSON.stringify({ ...body, position, ...more });
  return `faultline-moment 1 ${sha256(moved).slice(0, 8)} ${moved}`;
}

describe('the text of a moment', () => {
  it('opens at the same state, clock and position, with the reason "goto"', async () => {
    const story = newStory();
    await story.launch({ scenario: HEADLINE, kernel: 'unpatched' });
    await story.seek('fault_done', 'toucher');
    await story.move('next');
    const other = await reopen(story);
    expect(other.stop.reason).toBe('goto');
    expect(other.threadId).toBe(story.threadId);
    // And goes on as the first one does.
    expect(await other.move('next')).toBe(await story.move('next'));
    expect(other.stateHash).toBe(story.stateHash);
    // Back to where the run begins, too.
    await other.move('reverseContinue');
    expect((await stateOf(other)).position).toBe(0);
  });

  it('has patches, parameters, switched-off checks and rules', async () => {
    const story = newStory();
    await story.launch({
      scenario: 'benchmark-2010',
      kernel: 'unpatched',
      patches: ['release-mmap-sem'],
      set: { readers: 1 },
      checks: false,
      rules: 'off',
    });
    const text = await textOf(story);
    expect(text).toContain('"patches":["release-mmap-sem"],"set":{"readers":1},"checks":false');
    await reopen(story);
  });

  it('opens after what-ifs, also where one was just made', async () => {
    const story = newStory();
    await story.launch({ scenario: HEADLINE, rules: 'off' });
    await story.breakAt('mm/fault.c', 'fault = handle_mm_fault');
    await story.move('continue');
    await story.client.ask('setExpression', { expression: 'release_flag', value: '0' });
    await reopen(story);
    await story.move('next');
    await reopen(story);
  });

  it('opens after choices, also where one was just made', async () => {
    const story = newStory();
    await story.launch({ scenario: HEADLINE });
    const threadId = await story.thread('mapper');
    const arrival = story.client.waitFor('stopped');
    await story.client.ask('faultline/switchTo', { threadId });
    await arrival;
    await reopen(story);
    const { choices } = (await story.client.ask('faultline/choices')) as {
      choices: readonly ChoiceView[];
    };
    const other = choices.find(({ isNext }) => !isNext);
    expect(other).toBeDefined();
    await story.client.ask('faultline/choose', { choice: other?.choice });
    await reopen(story);
  });

  it('opens in a random run, and what chance had decided further on comes again', async () => {
    const story = newStory();
    await story.launch({ scenario: HEADLINE, seed: 11 });
    await story.seek('fault_done', 'toucher');
    const { position } = await stateOf(story);
    const hash = story.stateHash;
    await story.client.ask('faultline/seek', { position: 40 });
    const other = await reopen(story);
    await other.client.ask('faultline/seek', { position });
    expect(other.stateHash).toBe(hash);
  });

  it('leaves out what was recorded behind a change', async () => {
    const story = newStory();
    await story.launch({ scenario: HEADLINE, seed: 11, rules: 'off' });
    await story.seek('fault_done', 'toucher');
    await story.seek('take_mmap_sem', 'toucher');
    await story.client.ask('setExpression', { expression: 'max_mapnr', value: '1' });
    await reopen(story);
  });

  it.each([
    ['at the end of a run', { scenario: HEADLINE, stopAtEnd: true, stopOnEntry: false }, 'end'],
    [
      'at a deadlock',
      { scenario: HEADLINE, kernel: 'everybody-sleeps', rules: 'off', stopOnEntry: false },
      'exception',
    ],
    [
      'at an oops',
      { scenario: 'cold-fault', kernel: 'kernel-oops', stopOnEntry: false },
      'exception',
    ],
  ])('opens %s', async (_where, launch, reason) => {
    const story = newStory();
    await story.launch(launch);
    expect(story.stop.reason).toBe(reason);
    const other = await reopen(story);
    expect(other.stop.reason).toBe(reason);
  });

  it('is told when a session ends', async () => {
    const story = newStory();
    await story.launch({ scenario: 'cold-fault' });
    const text = await textOf(story);
    await story.client.ask('terminate');
    const told = story.client.events.find(({ event }) => event === 'faultline/lastMoment');
    expect(told?.body).toEqual({ text });
    const other = newStory();
    await other.launch({ scenario: 'cold-fault', stopOnEntry: false });
    const end = other.client.events.find(({ event }) => event === 'faultline/lastMoment');
    expect((end?.body as { text: string }).text).toContain('"ended":true');
  });

  it('is refused with what differs where another scenario or kernel has that name', async () => {
    const story = newStory();
    await story.launch({ scenario: 'cold-fault' });
    const body = JSON.parse((await textOf(story)).replace(/^[^{]*/, '')) as object;
    const sealed = (change: object): string => movedTo(JSON.stringify(body), 0, change);
    expect(await refusalOf({ moment: sealed({ kernel: 'unpatched' }) })).toContain(
      'another kernel (its code differs)',
    );
    expect(await refusalOf({ moment: sealed({ scenario: HEADLINE }) })).toContain(
      'another scenario',
    );
    expect(await refusalOf({ moment: sealed({ scenario: 'nowhere' }) })).toContain('nowhere');
  });

  it('is refused when it is damaged or names a run beside another argument', async () => {
    const story = newStory();
    await story.launch({ scenario: 'cold-fault' });
    const text = await textOf(story);
    expect(await refusalOf({ moment: text.slice(0, -1) })).toContain('cut or changed');
    expect(await refusalOf({ moment: 7 })).toContain('"moment" must be a text');
    for (const more of [
      { scenario: 'cold-fault' },
      { kernel: 'patched' },
      { patches: [] },
      { set: {} },
      { stopOnEntry: true },
      { schedule: 'random' },
      { seed: 1 },
      { checks: true },
      { rules: 'on' },
    ]) {
      expect(await refusalOf({ moment: text, ...more })).toContain(
        `"moment" and "${Object.keys(more).join('')}" cannot be combined`,
      );
    }
  });

  it('ends the session with words when its position is not in the run', async () => {
    const story = newStory();
    await story.launch({ scenario: 'cold-fault' });
    const text = await textOf(story);
    for (const [moment, words] of [
      [movedTo(text, 10_000_000), 'The moment is at position 10000000, and the run ends at'],
      [movedTo(text, 40, { ended: true }), 'this run goes on at position 40'],
    ] as const) {
      const other = newStory();
      expect(await other.launch({ moment })).toBe('terminated');
      expect(other.client.output).toContain(words);
    }
  });
});
