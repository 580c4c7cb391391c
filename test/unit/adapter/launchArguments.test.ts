// What a launch may say, and what it is told when it says something else.
import { describe, expect, it } from 'vitest';
import { parseLaunchArguments } from '../../../src/adapter/launchArguments.ts';
import { UserError } from '../../../src/base/errors.ts';

function refusalOf(raw: unknown): UserError {
  try {
    parseLaunchArguments(raw);
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

describe('parseLaunchArguments', () => {
  it('fills in the defaults', () => {
    expect(parseLaunchArguments({ scenario: 'cold-fault' })).toEqual({
      scenario: 'cold-fault',
      kernel: 'patched',
      patches: [],
      set: {},
      stopOnEntry: true,
      stopAtEnd: true,
      schedule: undefined,
      seed: undefined,
      moment: undefined,
      checks: true,
      rules: 'on',
      historyMegabytes: 256,
      showBytecode: false,
      noDebug: false,
    });
  });

  it.each([16, 256, 4096])('takes %i megabytes for the past', (historyMegabytes) => {
    const { historyMegabytes: taken } = parseLaunchArguments({ scenario: 'a', historyMegabytes });
    expect(taken).toBe(historyMegabytes);
  });

  it('lets the keys of clients through', () => {
    const raw = {
      scenario: 'a',
      name: 'b',
      type: 'faultline',
      request: 'launch',
      __sessionId: 'x',
    };
    expect(parseLaunchArguments(raw).scenario).toBe('a');
  });

  it.each([
    [{}, '"scenario" is missing'],
    [{ scenario: 'a', kernal: 'patched' }, 'did you mean "kernel"?'],
    [{ scenario: 'a', patches: 'x.patch' }, '"patches" must be a list'],
    [{ scenario: 'a', set: { pages: true } }, '"set" must be an object'],
    [{ scenario: 'a', stopOnEntry: 3 }, '"stopOnEntry" must be true, false'],
    [{ scenario: 'a', seed: -1 }, '"seed" must be a whole number'],
    [{ scenario: 'a', seed: 2 ** 32 }, '"seed" must be a whole number from 0 to 4294967295'],
    [{ scenario: 'a', showBytecode: 'yes' }, '"showBytecode" must be true or false'],
    [{ scenario: 'a', historyMegabytes: '256' }, '"historyMegabytes" must be a whole number'],
    [{ scenario: 'a', historyMegabytes: 15 }, 'from 16 to 4096'],
    [{ scenario: 'a', historyMegabytes: 4097 }, 'from 16 to 4096'],
    [{ scenario: 'a', historyMegabytes: 99.5 }, 'must be a whole number'],
    [{ scenario: 'a', historyMegabyte: 99 }, 'did you mean "historyMegabytes"?'],
    [{ scenario: 7 }, '"scenario" must be a text'],
  ])('refuses %j and says why', (raw, message) => {
    const refusal = refusalOf(raw);
    expect(refusal.message).toContain(message);
    expect(refusal.remedy).not.toBe('');
    expect(refusal.silent).toBe(false);
  });
});
