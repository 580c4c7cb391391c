/**
 * Executes random instructions in random states on this machine's own CPU, in a 32-bit program, and
 * compares: the recorded cases of test/fixtures/x86/states.txt with the record, fresh ones with our
 * executor. Page faults in the middle of an instruction are part of it: the state at the fault, CR2, the
 * error code, and the state after the instruction has gone on.
 * With FAULTLINE_RECORD=1 the record is made anew. FAULTLINE_STATES_SEED and FAULTLINE_STATES_RUNS choose
 * the fresh cases and how many batches of them.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { asmFixture } from '../support/asmFixtures.ts';
import { stateCase } from '../support/stateArbitrary.ts';
import {
  decodeOutcomes,
  describeOutcome,
  encodeCases,
  executeCase,
  formatCase,
  parseCase,
  type StateCase,
} from '../support/stateCases.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'faultline-states-'));
const runner = path.join(folder, 'runner');
execFileSync('gcc', ['-m32', '-O1', '-fpie', '-pie', asmFixture('runner.c'), '-o', runner]);
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** The outcome of each case as the real CPU gives it. */
function runNatively(cases: readonly StateCase[]): string[] {
  const input = encodeCases(cases);
  const output = execFileSync(runner, { input, maxBuffer: 1 << 28 });
  const outcomes = decodeOutcomes(output);
  expect(outcomes).toHaveLength(cases.length);
  return cases.map((item, index) => {
    const outcome = outcomes[index];
    return outcome === undefined ? '' : describeOutcome(item, outcome);
  });
}

const RECORDED = { seed: 1986, numRuns: 2500 };
const BATCH = 1000;
const seed = Number(process.env['FAULTLINE_STATES_SEED'] ?? '1');
const numRuns = Number(process.env['FAULTLINE_STATES_RUNS'] ?? '10');

describe('a real CPU', () => {
  it('gives the recorded states', () => {
    if (process.env['FAULTLINE_RECORD'] === '1') {
      const cases = fc.sample(stateCase, RECORDED);
      const lines = runNatively(cases).map((outcome, index) => {
        const item = cases[index];
        return item === undefined ? '' : formatCase(item, outcome);
      });
      writeFileSync(asmFixture('states.txt'), lines.join(''));
    }
    const lines = readFileSync(asmFixture('states.txt'), 'utf8').trimEnd().split('\n');
    const recorded = lines.map(parseCase);
    const native = runNatively(recorded.map(({ item }) => item));
    expect(native).toEqual(recorded.map(({ outcome }) => outcome));
  });

  it('and our executor agree on fresh states', () => {
    const batch = fc.array(stateCase, { minLength: 1, maxLength: BATCH, size: 'max' });
    fc.assert(
      fc.property(batch, (cases) => {
        const native = runNatively(cases);
        const differences = cases.flatMap((item, index) => {
          const ours = describeOutcome(item, executeCase(item));
          return ours === native[index]
            ? []
            : [`${formatCase(item, '')}ours ${ours}\nreal ${native[index] ?? ''}`];
        });
        expect(differences).toEqual([]);
      }),
      { seed, numRuns },
    );
  });
});
