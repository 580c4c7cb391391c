/**
 * The executor in the recorded states of a real CPU: registers, flags and memory after random
 * instructions, and page faults in the middle of them.
 */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { asmFixture } from '../../support/asmFixtures.ts';
import { describeOutcome, executeCase, parseCase } from '../../support/stateCases.ts';

const lines = readFileSync(asmFixture('states.txt'), 'utf8').trimEnd().split('\n');

it('leaves every recorded state as the real CPU does', () => {
  const differences: string[] = [];
  for (const line of lines) {
    const { item, outcome } = parseCase(line);
    const ours = describeOutcome(item, executeCase(item));
    if (ours !== outcome) differences.push(`${line}\nours ${ours}`);
  }
  expect(differences).toEqual([]);
});

it('covers faults in the middle of repeated moves, and single-step traps', () => {
  const recorded = lines.map(parseCase);
  const restarted = recorded.filter(
    ({ item, outcome }) => /rep movs/.test(item.source) && outcome.split('\t')[1] !== '-',
  );
  expect(restarted.length).toBeGreaterThan(10);
  expect(recorded.some(({ item }) => item.isTraced)).toBe(true);
});
