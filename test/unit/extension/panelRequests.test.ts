// What a webview may say, and what is done with the files that it sends.
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { UserError } from '../../../src/base/errors.ts';
import { exportedBytes, exportedName, saveExport } from '../../../src/extension/exportCommand.ts';
import { isPanelRequest } from '../../../src/extension/panelRequests.ts';
import { LONGEST_EXPORT } from '../../../src/view/protocol.ts';
import { resetVscodeMock, shown } from '../../support/vscodeMock.ts';

vi.mock('vscode', async () => (await import('../../support/vscodeMock.ts')).vscodeMock);

beforeEach(() => {
  resetVscodeMock();
});

const SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"></svg>';
const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2]).toString('base64');

describe('a message of the webview', () => {
  it.each([
    { kind: 'ready' },
    { kind: 'ready', moment: 'faultline-moment 1 …' },
    { kind: 'keepSettings', settings: { presentation: true } },
    { kind: 'export', format: 'svg', name: 'a', data: SVG },
    { kind: 'command', command: 'debugFromHere' },
    { kind: 'why', task: 1 },
    { kind: 'query', id: 1, name: 'faultline/seek', arguments: {} },
    { kind: 'reveal', uri: 'faultline:/x', line1: 1 },
    { kind: 'tourMove', direction: 'close' },
    { kind: 'tourAnswer', choice: 0 },
  ])('is taken: %j', (message) => {
    expect(isPanelRequest(message)).toBe(true);
  });

  it.each([
    undefined,
    7,
    {},
    { kind: 'state' },
    { kind: 'ready', moment: 7 },
    { kind: 'ready', moment: 'x'.repeat(4_000_001) },
    { kind: 'keepSettings', settings: [] },
    { kind: 'keepSettings', settings: { long: 'x'.repeat(100_000) } },
    { kind: 'export', format: 'exe', name: 'a', data: '' },
    { kind: 'export', format: 'svg', name: 'a'.repeat(201), data: '' },
    { kind: 'export', format: 'svg', name: 'a', data: 'x'.repeat(LONGEST_EXPORT + 1) },
    { kind: 'export', format: 'svg', name: 'a', data: [1] },
    { kind: 'command', command: 'workbench.action.quit' },
    { kind: 'query', id: 1, name: 'evaluate', arguments: {} },
    { kind: 'query', id: 1, name: 'faultline/seek', arguments: null },
    { kind: 'query', id: 1, name: 'faultline/seek', arguments: [] },
  ])('is dropped (case %#)', (message) => {
    expect(isPanelRequest(message)).toBe(false);
  });
});

describe('an export', () => {
  it.each([
    ['svg', SVG],
    ['svg', `<?xml version="1.0"?>\n${SVG}\n`],
    ['json', '{"a": 1}'],
  ] as const)('of %s is the text as it is', (format, data) => {
    const bytes = exportedBytes({ kind: 'export', format, name: 'a', data });
    expect(new TextDecoder().decode(bytes)).toBe(data);
  });

  it('of png is what base64 says', () => {
    const bytes = exportedBytes({ kind: 'export', format: 'png', name: 'a', data: PNG });
    expect([...bytes.slice(0, 4), ...bytes.slice(-2)]).toEqual([0x89, 0x50, 0x4e, 0x47, 1, 2]);
  });

  it.each([
    ['svg', '<html></html>'],
    ['svg', `${SVG}<script></script>`],
    ['svg', '<svgx></svg>'],
    ['png', SVG],
    ['png', 'AAAA'],
    ['json', '{'],
  ] as const)('of %s is refused when it is %s', (format, data) => {
    expect(() => exportedBytes({ kind: 'export', format, name: 'a', data })).toThrow(UserError);
  });

  it.each([
    ['cold-fault-patched', 'cold-fault-patched.svg'],
    ['../../etc/passwd', 'etc-passwd.svg'],
    ['my kernel (lab)', 'my-kernel-lab.svg'],
    ['…', 'faultline.svg'],
  ])('named %j is proposed as %j', (name, file) => {
    expect(exportedName({ kind: 'export', format: 'svg', name, data: SVG })).toBe(file);
  });

  it('is written where the user says, and nowhere when the user thinks better of it', async () => {
    shown.answers.push('file:/home/me/run.json');
    const request = { kind: 'export', format: 'json', name: 'run', data: '{}' } as const;
    await saveExport(request);
    await saveExport(request);
    expect(shown.files).toEqual([['file:/home/me/run.json', '{}']]);
    expect(shown.messages).toEqual(['Saved as run.json.']);
  });
});
