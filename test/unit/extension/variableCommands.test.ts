// The menu of a variable without an editor: what is asked of the adapter, what the panel and the documents are told.
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { whyBlocked } from '../../../src/extension/commands.ts';
import { MemoryDocuments } from '../../../src/extension/memoryDocuments.ts';
import type { PanelHost } from '../../../src/extension/panelHost.ts';
import type { SessionChange, SessionTracker } from '../../../src/extension/sessionTracker.ts';
import { showInMemory, showInPanel } from '../../../src/extension/variableCommands.ts';
import { resetVscodeMock, shown, vscodeMock } from '../../support/vscodeMock.ts';

vi.mock('vscode', async () => (await import('../../support/vscodeMock.ts')).vscodeMock);

beforeEach(() => {
  resetVscodeMock();
});

/** A session with answers by request; what was asked is kept, and changes can be told. */
function session(answers: Record<string, unknown>, pages: readonly string[] = []) {
  const asked: unknown[] = [];
  const listeners: ((change: SessionChange) => void)[] = [];
  const tracker = {
    lastState: { tasks: [], pages: pages.map((label) => ({ label })) },
    onDidChange: (listener: (change: SessionChange) => void) => {
      listeners.push(listener);
      return { dispose: () => undefined };
    },
    request: (name: string, args: unknown) => {
      asked.push([name, args]);
      const answer = answers[name];
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
  };
  const tell = (kind: SessionChange['kind']): void => {
    for (const listener of listeners) listener({ kind } as SessionChange);
  };
  return { tracker: tracker as unknown as SessionTracker, asked, tell };
}

/** A panel that keeps what it is told. */
function panel() {
  const told: unknown[] = [];
  const host = {
    show: () => told.push('show'),
    post: (message: unknown) => told.push(message),
  };
  return { host: host as unknown as PanelHost, told };
}

const menuOf = (evaluateName: string) => ({ variable: { name: 'x', evaluateName } });

describe('Show in Panel', () => {
  it('marks the picture of the variable', async () => {
    const picture = { kind: 'lock', name: 'mmap_sem' };
    const { tracker, asked } = session({ 'faultline/picture': { picture } });
    const { host, told } = panel();
    await showInPanel(tracker, host, menuOf('mm->mmap_sem'));
    expect(asked).toEqual([['faultline/picture', { expression: 'mm->mmap_sem' }]]);
    expect(told).toEqual(['show', { kind: 'highlight', picture }]);
  });

  it('says that there is none, or that the page is not shown now', async () => {
    const { host, told } = panel();
    await showInPanel(session({ 'faultline/picture': {} }).tracker, host, menuOf('vma'));
    const picture = { kind: 'page', name: 'data.bin:3' };
    const { tracker } = session({ 'faultline/picture': { picture } }, ['data.bin:2']);
    await showInPanel(tracker, host, menuOf('page'));
    expect(told).toEqual([]);
    expect(shown.messages).toEqual([
      'The panel has no picture of vma.',
      'The panel shows the pages that are in use now, and data.bin:3 is none of them.',
    ]);
  });

  it('asks for an expression where no variable was clicked', async () => {
    shown.answers.push('page');
    const { tracker, asked } = session({ 'faultline/picture': {} });
    await showInPanel(tracker, panel().host, undefined);
    expect(asked).toEqual([['faultline/picture', { expression: 'page' }]]);
  });
});

describe('Why Is This Task Blocked?', () => {
  it('asks for the task that a variable points to', async () => {
    const { tracker, asked } = session({
      'faultline/picture': { picture: { kind: 'task', name: 'mapper', taskId: 4 } },
      'faultline/why': { text: 'mapper waits' },
    });
    await whyBlocked(tracker, menuOf('tsk'));
    expect(asked[1]).toEqual(['faultline/why', { task: 4 }]);
    expect(shown.messages).toEqual(['mapper waits']);
  });
});

describe('Show in Memory', () => {
  const view = {
    title: 'struct page at 0xc0100000, 8 bytes',
    when: '1 µs',
    lines: ['   c0100000  01', '   c0100004  02'],
    pinned: '*(struct page *)0xc0100000',
    mark: { address: 0xc0100000, bytes: 4 },
  };

  it('opens a document that follows its place from stop to stop, and ends with the session', async () => {
    const answers: Record<string, unknown> = { 'faultline/memory': view };
    const { tracker, asked, tell } = session(answers);
    const documents = new MemoryDocuments(tracker);
    await showInMemory(documents, menuOf('a/b'));
    expect(shown.documents).toEqual(['faultline-memory:/a∕b?1']);
    const uri = vscodeMock.Uri.from({ scheme: 'faultline-memory', path: '/a∕b', query: '1' });
    const text = (): string => documents.provideTextDocumentContent(uri as never);
    expect(text()).toBe(`a/b\n${view.title}\n1 µs\n\n${view.lines.join('\n')}\n`);

    answers['faultline/memory'] = {
      ...view,
      when: '2 µs',
      lines: [view.lines[0], '   c0100004  03'],
    };
    tell('state');
    await vi.waitFor(() => {
      expect(text()).toContain('2 µs');
    });
    expect(asked[1]).toEqual(['faultline/memory', { expression: view.pinned, mark: view.mark }]);
    expect(text()).toContain('● marks what has changed since the stop before.');
    expect(text()).toContain(' ● c0100004  03');

    answers['faultline/memory'] = new Error('The machine is running.');
    tell('state');
    await vi.waitFor(() => {
      expect(text()).toContain('The machine is running.');
    });
    tell('ended');
    expect(text()).toContain('The session has ended; this is what it showed last.');
    tell('state');
    expect(asked).toHaveLength(3);
  });

  it('says so in a tab that came back with the window', () => {
    const documents = new MemoryDocuments(session({}).tracker);
    const uri = vscodeMock.Uri.from({ scheme: 'faultline-memory', path: '/x', query: '7' });
    expect(documents.provideTextDocumentContent(uri as never)).toBe(
      'The session that this memory belonged to is over.',
    );
  });
});
