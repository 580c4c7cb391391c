/**
 * Every program of test/fixtures/c, compiled by our compiler and run on our machine, gives the answer
 * that gcc -m32 gave.
 */
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { renderDiagnostic } from '../../../src/base/diagnostic.ts';
import { compileHosted, runHosted } from '../../../src/cli/hostedProgram.ts';
import { createNodeMedia } from '../../../src/cli/nodeMedia.ts';
import {
  listCFixtures,
  readCFixture,
  readCHeader,
  recordedAnswer,
} from '../../support/cFixtures.ts';

const media = createNodeMedia(path.join(import.meta.dirname, '../../../media'));
/** No fixture needs more; a run that hangs ends here. */
const STEP_LIMIT = 50_000_000;

describe('programs that gcc -m32 has run before', () => {
  it.each(listCFixtures())('%s', (name) => {
    const file = { path: `${name}.c`, text: readCFixture(name) };
    const { program, diagnostics } = compileHosted(file, media, readCHeader);
    const errors = diagnostics.filter((diagnostic) => diagnostic.severity === 'error');
    expect(errors.map(renderDiagnostic)).toEqual([]);
    if (program === undefined) return;
    let output = '';
    const { stop } = runHosted(
      program,
      [name],
      (fd, bytes) => {
        if (fd === 1) output += Buffer.from(bytes).toString('latin1');
      },
      { maxSteps: STEP_LIMIT },
    );
    const status = stop.kind === 'finished' ? stop.exitStatus : stop;
    const text = Buffer.from(output, 'latin1').toString();
    expect({ status, output: text }).toEqual(recordedAnswer(name));
  });
});
