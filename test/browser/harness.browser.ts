// The harness itself: what it refuses and notices. When this fails, nothing else here can be believed.
import { describe, expect } from 'vitest';
import { recordStates } from './harness/models.ts';
import { panelTest, shareBrowser } from './harness/panelTest.ts';
import { readTheme, THEMES } from './harness/themes.ts';

/** A panel that counts how often it was loaded. */
const COUNTER = `
const api = acquireVsCodeApi();
const kept = api.getState();
api.setState(kept + 1);
api.postMessage({ kind: 'ready', kept });`;

/** A panel that writes down which messages come, and asks about a selected task. */
const ASKER = `
const api = acquireVsCodeApi();
addEventListener('message', ({ data }) => {
  document.body.append(data.kind + ' ');
  if (data.kind === 'selected') api.postMessage({ kind: 'why', task: data.task, lost: undefined });
});
api.postMessage({ kind: 'ready' });`;

/** A panel that sends the queries it is told, and writes down what comes. */
const QUERIER = `
const api = acquireVsCodeApi();
const seek = (anchor) => ({ kind: 'query', id: 1, name: 'faultline/seek', arguments: { moment: { anchor } } });
addEventListener('message', ({ data }) => {
  const text = data.result?.moment?.title ?? data.state?.moment.title ?? data.reason ?? '';
  document.getElementById('root').append('[' + data.kind + ' ' + text + ']');
  if (data.kind === 'running') api.postMessage(seek('fault_done'));
  if (data.kind === 'noSession') api.postMessage(seek('nowhere'));
});
api.postMessage({ kind: 'ready' });`;

shareBrowser();

describe('the harness', () => {
  panelTest('notices what the content security policy forbids', {}, async (panel) => {
    await panel.page.evaluate(() => {
      const style = document.createElement('style');
      style.textContent = 'body { color: red }';
      document.head.append(style);
      document.body.innerHTML = '<p style="color: red"></p><img src="https://panel.test/a.png">';
    });
    await panel.settle();
    const found = panel.problems.splice(0).filter((text) => text.startsWith('content security'));
    expect([...new Set(found.map((text) => text.split(' ')[3]))].sort()).toEqual([
      'img-src',
      'style-src-attr',
      'style-src-elem',
    ]);
  });

  panelTest('notices what the page complains of', {}, async (panel) => {
    await panel.page.evaluate(() => {
      console.error('a complaint');
      setTimeout(() => {
        throw new Error('a mistake');
      });
    });
    await panel.settle();
    expect(panel.problems.splice(0)).toEqual(['a complaint', 'a mistake']);
  });

  panelTest('lets axe find colors without contrast', {}, async (panel) => {
    await panel.page.evaluate(() => {
      document.body.style.setProperty('color', '#222');
      document.body.append('hard to read');
    });
    expect((await panel.violations()).join()).toContain('color-contrast');
  });

  panelTest(
    'keeps over a reload what the panel has kept, and nothing else',
    { state: 1, script: COUNTER },
    async (panel) => {
      await panel.reload();
      await panel.reload();
      expect(await panel.requests()).toEqual([1, 2, 3].map((kept) => ({ kind: 'ready', kept })));
    },
  );

  panelTest('gives its API once, as VS Code does', {}, async (panel) => {
    await panel.page.evaluate('setTimeout(acquireVsCodeApi)');
    await panel.settle();
    expect(panel.problems.splice(0)).toEqual(['acquireVsCodeApi may be called once only.']);
  });

  panelTest('answers requests, with what a message can carry', { script: ASKER }, async (panel) => {
    const asked: unknown[] = [];
    panel.answer('why', (request) => {
      asked.push(request);
      return [{ kind: 'running' }, { kind: 'tour', step: undefined }];
    });
    await panel.post({ kind: 'selected', task: 7 });
    await panel.page.getByText('selected running tour').waitFor();
    expect(asked).toEqual([{ kind: 'why', task: 7 }]);
    expect(await panel.requestsOf('why')).toEqual(asked);
  });

  panelTest('lets a live session answer queries', { script: QUERIER }, async (panel) => {
    const { client } = await recordStates({ moments: {} });
    panel.answerFrom(client);
    const seen = panel.page.locator('#root');
    const arrival = 'The fault is resolved: back to the program';
    await panel.post({ kind: 'running' });
    await panel.page.getByText('[answer').waitFor();
    expect(await seen.innerText()).toBe(`[running ][state ${arrival}][answer ${arrival}]`);
    await panel.post({ kind: 'noSession' });
    await panel.page.getByText('[refused').waitFor();
    expect(await seen.innerText()).toContain('[refused This kernel has no anchor "nowhere".');
  });

  panelTest('answers queries by functions, and refuses', { script: QUERIER }, async (panel) => {
    const asked: unknown[] = [];
    panel.answerQuery('faultline/seek', (args) => {
      asked.push(args);
      return new Error('not now');
    });
    await panel.post({ kind: 'running' });
    await panel.page.getByText('[refused not now]').waitFor();
    expect(asked).toEqual([{ moment: { anchor: 'fault_done' } }]);
  });

  panelTest('reads tables, seen or not', {}, async (panel) => {
    await panel.page.evaluate(() => {
      document.body.innerHTML =
        '<section aria-label="Tasks"><table class="visually-hidden"><thead><tr><th>A<th>B</thead>' +
        '<tbody><tr><th>1<td> 2\n3</tbody></table></section>' +
        '<table><caption>Locks</caption><tbody><tr><td>x</tbody></table>';
    });
    expect(await panel.tables()).toEqual([
      { label: 'Tasks', header: ['A', 'B'], rows: [['1', '2 3']] },
      { label: 'Locks', header: [], rows: [['x']] },
    ]);
  });

  panelTest('shows the themes as recorded', {}, async (panel) => {
    const seen: string[] = [];
    for (const name of THEMES) {
      await panel.showTheme(name);
      expect(await panel.page.locator('body').getAttribute('class')).toBe(
        readTheme(name).bodyClass,
      );
      seen.push(await panel.page.evaluate(() => getComputedStyle(document.body).backgroundColor));
    }
    expect(new Set(seen).size).toBeGreaterThan(2);
  });
});
