// Colors in the debug console: for clients that show them, and never instead of words.
import { describe, expect, it } from 'vitest';
import { stripVTControlCharacters } from 'node:util';
import { createSession } from '../../src/adapter/createSession.ts';
import { styleText } from '../../src/adapter/consoleStyle.ts';
import { createTestHost } from '../support/adapterHost.ts';
import { DapClient } from '../support/dapClient.ts';

const ESCAPE = '\u001b';

/** A session up to the end, with what the console said and answered on the way. */
async function runWith(supportsANSIStyling: boolean | undefined): Promise<string[]> {
  const client = new DapClient(createSession(createTestHost()));
  const initialize = { adapterID: 'faultline', supportsANSIStyling };
  expect(await client.ask('initialize', initialize)).toMatchObject({ supportsANSIStyling: true });
  const initialized = client.waitFor('initialized');
  await client.ask('launch', { scenario: 'cold-fault-with-mmap' });
  await initialized;
  await client.ask('setExceptionBreakpoints', { filters: ['taskSleeps'] });
  const stop = await client.move('configurationDone');
  const { threadId } = stop.body as { threadId: number };
  const texts: string[] = [];
  await client.move('continue', { threadId });
  for (const expression of ['why', 'tasks', 'locks', 'pages', 'choices', 'schedule', 'help']) {
    const answer = (await client.ask('evaluate', { expression, context: 'repl' })) as {
      result: string;
    };
    texts.push(answer.result);
  }
  await client.ask('setExceptionBreakpoints', { filters: [] });
  await client.move('continue', { threadId });
  return [...texts, client.output];
}

describe('the debug console', () => {
  it('is plain for a client that does not show colors', async () => {
    const texts = await runWith(undefined);
    expect(texts.join('')).not.toContain(ESCAPE);
    expect(await runWith(false)).toEqual(texts);
  });

  it('says the same in colors', async () => {
    const plain = await runWith(undefined);
    const styled = await runWith(true);
    expect(styled.map(stripVTControlCharacters)).toEqual(plain);
    const [why, tasks] = styled;
    expect(why).toContain(`${ESCAPE}[1mmapper${ESCAPE}[22m`);
    expect(tasks).toContain(`${ESCAPE}[35mwaiting: mmap_sem${ESCAPE}[39m`);
    expect(styled.at(-1)).toContain(
      `${ESCAPE}[32mThe scenario ended as it is expected to on this kernel.${ESCAPE}[39m`,
    );
    expect(styled.at(-1)).toMatch(/\[1mmmap_sem held, longest/);
  });

  it('uses bold, dim and the basic colors only, and leaves nothing switched on', async () => {
    const styled = (await runWith(true)).join('\n');
    // eslint-disable-next-line no-control-regex -- The sequences begin with a control character.
    const codes = [...styled.matchAll(/\u001b\[(\d+)m/g)].map((match) => Number(match[1]));
    expect(new Set(codes)).toEqual(
      new Set([1, 2, 22, 31, 32, 35, 39].filter((code) => codes.includes(code))),
    );
    for (let at = 0; at < codes.length; at += 2) {
      expect(codes[at + 1]).toBe((codes[at] ?? 0) < 10 ? 22 : 39);
    }
  });

  it('takes names of tasks literally, whatever they are', () => {
    expect(styleText('a.b and aXb', ['a.b'])).toBe(`${ESCAPE}[1ma.b${ESCAPE}[22m and aXb`);
    expect(styleText('cat concatenates', ['cat'])).toBe(
      `${ESCAPE}[1mcat${ESCAPE}[22m concatenates`,
    );
    expect(styleText('nothing here', [])).toBe('nothing here');
    expect(styleText('a (b', ['(b', '*'])).toContain('[1m(b');
  });
});
