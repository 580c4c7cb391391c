// Copying a moment, opening one, and what a session that begins at one is called.
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { ConfigurationProvider } from '../../../src/extension/configurationProvider.ts';
import { launchedNames } from '../../../src/extension/launchedNames.ts';
import { copyMoment, debugFromHere, openMoment } from '../../../src/extension/momentCommands.ts';
import type { ShownRun } from '../../../src/extension/shownRun.ts';
import { writeMoment } from '../../../src/scenario/momentText.ts';
import { resetVscodeMock, shown } from '../../support/vscodeMock.ts';

vi.mock('vscode', async () => (await import('../../support/vscodeMock.ts')).vscodeMock);

const TEXT = writeMoment({
  scenario: 'cold-fault',
  kernel: 'unpatched',
  patches: [],
  set: {},
  checks: true,
  rules: 'on',
  schedule: 'faultline-schedule 1 program=00aa scenario=00bb seed=0 departures=',
  position: 5,
  hasEnded: false,
  taskId: 2,
});

const CONFIGURATION = {
  type: 'faultline',
  request: 'launch',
  name: 'cold-fault, unpatched',
  moment: TEXT,
};

const run = { momentText: () => Promise.resolve(TEXT) } as unknown as ShownRun;

beforeEach(() => {
  resetVscodeMock();
});

describe('the text of a moment', () => {
  it('is copied and opened again from the clipboard', async () => {
    await copyMoment(run);
    expect(shown.clipboard).toBe(TEXT);
    await openMoment();
    expect(shown.sessions).toEqual([CONFIGURATION]);
  });

  it('is asked for where the clipboard has something else', async () => {
    shown.clipboard = 'hello';
    await openMoment();
    expect(shown.sessions).toEqual([]);
    shown.answers.push(`  ${TEXT}\n`);
    await openMoment();
    expect(shown.sessions).toHaveLength(1);
  });

  it('is refused with words when it was cut', async () => {
    shown.answers.push(TEXT.slice(0, -3));
    await expect(openMoment()).rejects.toThrow('cut or changed');
    expect(shown.sessions).toEqual([]);
  });

  it('is where a session begins that goes on from a run which is only looked at', async () => {
    await debugFromHere(run);
    expect(shown.sessions).toEqual([CONFIGURATION]);
  });
});

describe('a configuration with a moment', () => {
  it('is not filled in with what the moment says itself', async () => {
    const filled = await new ConfigurationProvider().resolveDebugConfiguration(
      undefined,
      CONFIGURATION,
    );
    expect(filled).toEqual({
      ...CONFIGURATION,
      historyMegabytes: undefined,
      showBytecode: undefined,
    });
  });

  it('runs the kernel and the scenario that the moment names', () => {
    expect(launchedNames(CONFIGURATION)).toMatchObject({
      scenario: 'cold-fault',
      kernel: 'unpatched',
    });
    const plain = { type: 'faultline', request: 'launch', name: 'x', scenario: 'heap' };
    expect(launchedNames(plain)).toEqual({ scenario: 'heap', kernel: 'patched' });
  });
});
