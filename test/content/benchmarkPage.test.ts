/**
 * The page about the published benchmark: its commands work, and its last claim holds.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Scratch } from '../support/commandLine.ts';
import { readMedia } from '../support/kernelMedia.ts';
import { finish, prepare, shippedTree } from '../support/preparedRun.ts';

const PAGE = readMedia('walkthrough/benchmark.md');
const SHORT = 'durationNs=1000000';
const COMMANDS = [...PAGE.matchAll(/npx faultline ([^`\n]+)/g)].map(([, command]) => command ?? '');

let scratch: Scratch;
beforeEach(() => {
  scratch = new Scratch();
});
afterEach(() => scratch.remove());

describe('the page about the published benchmark', () => {
  it('has a run and three sweeps to try', () => {
    expect(COMMANDS.map((command) => command.split(' ')[0])).toEqual([
      ...['run', 'sweep', 'sweep', 'sweep'],
    ]);
  });

  it.each(COMMANDS)('says %s, which works', { timeout: 120_000 }, async (command) => {
    const shortened = command.includes('durationNs=')
      ? command.replace(/durationNs=\d+/, SHORT)
      : `${command} --set ${SHORT}`;
    const { code, err } = await scratch.run(shortened.split(' '));
    expect({ code, err }).toMatchObject({ code: 0 });
  });

  it('says how much the patch gains with a fast disk', { timeout: 120_000 }, () => {
    expect(PAGE).toContain(
      'with a read of 80 µs the patch still makes the loop three times as fast',
    );
    // Long enough that every frame is used and used again.
    const parameters = { diskReadNs: 80_000, durationNs: 600_000_000 };
    const [before = 0, after = 0] = ['unpatched', 'patched'].map((kernel) => {
      const run = prepare('benchmark-2010', shippedTree(kernel), { parameters, rules: 'off' });
      const { summary } = finish(run);
      expect([summary.outcome, summary.violations]).toEqual(['completed', []]);
      return summary.tasks.find(({ name }) => name === 'map-loop')?.iterations ?? 0;
    });
    expect(after / before).toBeGreaterThan(3);
    expect(after / before).toBeLessThan(4);
  });
});
