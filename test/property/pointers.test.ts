/**
 * Random programs whose pointers may lead to the locals around them: generated code goes through the same
 * states as the interpreter, whatever it keeps in locals of the host. `test/oracle/pointers.test.ts`
 * shows some of them to gcc.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderDiagnostic } from '../../src/base/diagnostic.ts';
import type { Program } from '../../src/bytecode/program.ts';
import { compileHosted, createHostedMachine } from '../../src/cli/hostedProgram.ts';
import type { TierConfig } from '../../src/machine/machineConfig.ts';
import { media } from '../support/nodeMedia.ts';
import { pointerProgram, tapeOf } from '../support/pointerPrograms.ts';

const INTERPRETED: TierConfig = { tier: 'interpreter' };
/** At once, so that all is generated, and later, so that units are entered on the way. */
const GENERATED: readonly TierConfig[] = [{ hotArrivals: 0 }, { hotArrivals: 7 }];
const MOST_STEPS = 300_000;
const SIZES = { ramBytes: 2 * 1024 * 1024, stackBytes: 128 * 1024 };

/** One look at a run. */
interface Look {
  readonly stop: unknown;
  readonly steps: number;
  readonly nowNs: number;
  readonly hash: string;
  readonly output: string;
}

function compileProgram(text: string): Program {
  const { program, diagnostics } = compileHosted({ path: 'own.c', text }, media, () => undefined);
  if (program === undefined) throw new Error(diagnostics.map(renderDiagnostic).join('\n'));
  return program;
}

/** What one sees who looks every `slice` instructions, and how many were generated. */
function watch(
  program: Program,
  tier: TierConfig,
  checks: boolean,
  slice: number,
): { readonly looks: readonly Look[]; readonly share: number } {
  let output = '';
  const machine = createHostedMachine(
    program,
    ['own'],
    (_fd, bytes) => (output += Buffer.from(bytes).toString()),
    { maxSteps: MOST_STEPS, checks, ...tier, ...SIZES },
  );
  const looks: Look[] = [];
  for (;;) {
    const stop = machine.boot(slice);
    const { bootSteps: steps } = machine;
    looks.push({ stop, steps, nowNs: machine.nowNs(), hash: machine.stateHash(), output });
    if (stop?.kind !== 'budget') return { looks, share: machine.generatedSteps / steps };
  }
}

function expectAgreement(text: string, checks: boolean, slice: number): void {
  const program = compileProgram(text);
  const { looks } = watch(program, INTERPRETED, checks, slice);
  for (const tier of GENERATED) {
    expect(watch(program, tier, checks, slice).looks, JSON.stringify(tier)).toEqual(looks);
  }
}

const slices = fc.constantFrom(1_000_000, 20_000, 997);

describe('a random program full of pointers', () => {
  it('goes through the same states in generated code', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(5039), { minLength: 150, maxLength: 700, size: 'max' }),
        fc.boolean(),
        fc.boolean(),
        slices,
        (tape, hasGaps, checks, slice) => {
          expectAgreement(pointerProgram(tape, { hasGaps, fuel: 400 }), checks, slice);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('is generated for the most part', () => {
    const program = compileProgram(pointerProgram(tapeOf(1), { hasGaps: false, fuel: 400 }));
    expect(watch(program, { hotArrivals: 0 }, true, 1_000_000).share).toBeGreaterThan(0.9);
  });
});
