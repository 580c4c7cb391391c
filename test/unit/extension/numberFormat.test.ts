// The setting for hexadecimal numbers: sent when a session starts, and when it changes while one runs.
import { beforeEach, expect, it, vi } from 'vitest';
import { followNumberFormat } from '../../../src/extension/numberFormat.ts';
import type { SessionChange, SessionTracker } from '../../../src/extension/sessionTracker.ts';
import { changeSetting, resetVscodeMock } from '../../support/vscodeMock.ts';

vi.mock('vscode', async () => (await import('../../support/vscodeMock.ts')).vscodeMock);

beforeEach(() => {
  resetVscodeMock();
});

it('numbers are written as the setting says, from the start of a session and when it changes', () => {
  const sent: unknown[] = [];
  let tell: (change: SessionChange) => void = () => undefined;
  const tracker = {
    active: undefined as unknown,
    onDidChange: (listener: typeof tell) => {
      tell = listener;
      return { dispose: () => undefined };
    },
    request: (name: string, args: unknown) => {
      sent.push([name, args]);
      return Promise.resolve({});
    },
  };
  followNumberFormat(tracker as unknown as SessionTracker, (work) => work());

  tell({ kind: 'started' });
  expect(sent).toEqual([]);
  changeSetting('faultline.hexNumbers', true);
  expect(sent).toEqual([]);

  tell({ kind: 'started' });
  tracker.active = {};
  expect(sent).toEqual([['faultline/format', { hex: true }]]);
  changeSetting('faultline.hexNumbers', false);
  expect(sent[1]).toEqual(['faultline/format', { hex: false }]);
  changeSetting('faultline.openPanel', 'never');
  expect(sent).toHaveLength(2);
});
