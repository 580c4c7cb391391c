/**
 * Conformance with the Debug Adapter Protocol, capability by capability: what is announced has an
 * effect on the machine, what is not is refused clearly, each request has one response, and every
 * message is as the protocol declares it. The list of what each does is test/support/capabilities/table.ts.
 */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { afterAll, describe, expect, it, vi } from 'vitest';
import type { AdapterHost } from '../../src/adapter/host.ts';
import { CAPABILITIES } from '../support/capabilities/table.ts';
import { DapStory } from '../support/dapStory.ts';
import { CAPABILITY_TYPES, findViolations, REQUEST_COMMANDS } from '../support/protocolText.ts';

// An effect may need several sessions, each of which compiles a kernel.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const entries = Object.entries(CAPABILITIES);
const stories: DapStory[] = [];

function openStory(more: Partial<AdapterHost> = {}): DapStory {
  const story = new DapStory(more);
  stories.push(story);
  return story;
}

async function announcedTo(clientID: string): Promise<Record<string, unknown>> {
  const body: unknown = await openStory().client.ask('initialize', { clientID });
  return body as Record<string, unknown>;
}

afterAll(() => {
  for (const { client, bugs } of stories) {
    expect(bugs).toEqual([]);
    expect(client.violations).toEqual([]);
    expect(client.unanswered).toBe(0);
  }
  expect(findViolations(stories.flatMap(({ client }) => client.messages))).toEqual([]);
});

describe('the capabilities', () => {
  it('of the protocol are those of the table', () => {
    expect(Object.keys(CAPABILITIES).sort()).toEqual([...CAPABILITY_TYPES.keys()].sort());
    const types = [...CAPABILITY_TYPES.values()];
    expect(types.filter((type) => type === 'boolean')).toHaveLength(37);
    expect(types.filter((type) => type.endsWith('[]'))).toHaveLength(5);
  });

  it('that are announced are exactly those with an effect', async () => {
    const body = await announcedTo('test');
    const wanted = entries.filter(([, entry]) => entry.kind === 'announced');
    expect(Object.keys(body).sort()).toEqual(wanted.map(([name]) => name).sort());
    for (const [name, value] of Object.entries(body)) {
      if (CAPABILITY_TYPES.get(name) === 'boolean') expect(value, name).toBe(true);
      else expect(value, name).not.toEqual([]);
    }
  });

  it('that would do harm in VS Code are not announced there', async () => {
    const all = Object.keys(await announcedTo('test'));
    const inVscode = Object.keys(await announcedTo('vscode'));
    const kept = entries.filter(([, item]) => 'notToVscode' in item).map(([name]) => name);
    expect(all.filter((name) => !inVscode.includes(name))).toEqual(kept);
    expect(inVscode.filter((name) => !all.includes(name))).toEqual([]);
  });
});

describe('a capability that is announced:', () => {
  const cases = entries.flatMap(([name, entry]) =>
    entry.kind === 'announced' ? [{ name, ...entry }] : [],
  );
  it.each(cases)('$name $does', async ({ effect }) => {
    await effect(openStory(), openStory);
  });
});

describe('a request of a capability that is not announced', () => {
  it('is refused, and says so', async () => {
    const commands = entries.flatMap(([, entry]) =>
      entry.kind === 'absent' ? entry.requests : [],
    );
    const story = openStory();
    await story.launch({ scenario: 'cold-fault' });
    for (const command of [...commands, 'attachToNothing']) {
      expect(await story.client.send(command, {})).toMatchObject({
        success: false,
        message: `This adapter does not know the request "${command}".`,
      });
    }
  });
});

describe('every request of the protocol', () => {
  /** Arguments by which every request is at least looked at. */
  const args = { threadId: 1, frameId: 1, variablesReference: 1, line: 1, name: 'x', value: '1' };
  const ends = ['disconnect', 'terminate'];
  const others = REQUEST_COMMANDS.filter((command) => !ends.includes(command));

  async function expectOneAnswerEach(story: DapStory, commands: readonly string[]): Promise<void> {
    const { client } = story;
    for (const command of commands) {
      const answer = await client.send(command, args);
      if (answer.success) continue;
      expect(answer.message, command).toMatch(/^\S.*[.…]$/s);
      expect(answer.body, command).toMatchObject({ error: { format: answer.message } });
    }
    expect(client.violations).toEqual([]);
    expect(client.unanswered).toBe(0);
  }

  it('has one response before the launch, each refusal with a reason', async () => {
    const story = openStory();
    const early = others.filter((command) => command !== 'launch');
    await expectOneAnswerEach(story, early);
  });

  it('has one response at a stop, while the machine runs and after the end', async () => {
    const story = openStory();
    await story.launch({ scenario: 'cold-fault-with-mmap' });
    await expectOneAnswerEach(story, others);
    const answers = [...others, ...others].map((command) => story.client.send(command, args));
    await Promise.all(answers);
    await story.client.ask('terminate');
    await expectOneAnswerEach(story, [...others, ...ends]);
  });
});

describe('an event that not every client takes', () => {
  it.each([
    ['memory', 'supportsMemoryEvent'],
    ['invalidated', 'supportsInvalidatedEvent'],
  ])('%s is sent only with %s', async (event, flag) => {
    for (const isTaken of [true, false]) {
      const { client } = openStory();
      await client.ask('initialize', { adapterID: 'faultline', [flag]: isTaken });
      const initialized = client.waitFor('initialized');
      await client.ask('launch', { scenario: 'cold-fault' });
      await initialized;
      await client.move('configurationDone');
      const max: unknown = await client.ask('evaluate', { expression: 'max_mapnr' });
      const { memoryReference } = max as { memoryReference: string };
      await client.ask('writeMemory', { memoryReference, data: 'AQIDBA==' });
      expect(client.events.some((sent) => sent.event === event)).toBe(isTaken);
    }
  });
});

describe('lines and columns', () => {
  /** What is told of one place, by a session whose client counts from `first`. */
  async function placesFrom(first: 0 | 1): Promise<readonly (readonly [number, number])[]> {
    const { client } = openStory();
    const startsAt1 = first === 1;
    const counting = { linesStartAt1: startsAt1, columnsStartAt1: startsAt1 };
    await client.ask('initialize', { adapterID: 'faultline', ...counting });
    const initialized = client.waitFor('initialized');
    await client.ask('launch', { scenario: 'cold-fault' });
    await initialized;
    const stop = await client.move('configurationDone');
    const { threadId } = stop.body as { threadId: number };
    const stack: unknown = await client.ask('stackTrace', { threadId });
    const [frame] = (stack as DebugProtocol.StackTraceResponse['body']).stackFrames;
    if (frame?.source === undefined) throw new Error('no frame with a source');
    const { source, line } = frame;
    const found: object[] = [frame];
    for (const [command, args] of [
      ['setBreakpoints', { breakpoints: [{ line }] }],
      ['breakpointLocations', { line }],
      ['gotoTargets', { line }],
    ] as const) {
      const answer: unknown = await client.ask(command, { source, ...args });
      const lists = Object.values(answer as Record<string, readonly object[]>);
      expect(lists[0], command).toHaveLength(1);
      found.push(...(lists[0] ?? []));
    }
    return (found as { line: number; column: number }[]).map((item) => [item.line, item.column]);
  }

  it('are counted as the client counts', async () => {
    const [from1, from0] = [await placesFrom(1), await placesFrom(0)];
    expect(new Set(from1.map(String)).size).toBe(1);
    expect(from0).toEqual(from1.map(([line, column]) => [line - 1, column - 1]));
  });
});

describe('the check of messages', () => {
  it('sees what the protocol does not allow', () => {
    const body = { reason: 'step', threadId: 1 };
    const event = { type: 'event', seq: 1, event: 'stopped' };
    expect(findViolations([{ ...event, body }])).toEqual([]);
    for (const wrong of [{ ...body, thread: 1 }, { threadId: 1 }, { ...body, threadId: '1' }]) {
      expect(findViolations([{ ...event, body: wrong }])).toHaveLength(1);
    }
  });
});
