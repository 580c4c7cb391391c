/**
 * The simulated kernel answers system calls as a real Linux does: the record of the oracle, which makes the same calls
 * natively (test/oracle/systemCalls.test.ts), step by step.
 */
import { describe, expect, it } from 'vitest';
import { asAddress } from '../../src/base/brand.ts';
import { findFunction } from '../../src/bytecode/program.ts';
import { prepare, scenarioOf, shippedTree } from '../support/preparedRun.ts';
import {
  CASE_FILE,
  formatResults,
  recordedResults,
  RESULTS,
  STEPS,
  stepsProgram,
} from '../support/systemCallCases.ts';

const SCENARIO = JSON.stringify({
  version: 1,
  title: 'System calls',
  machine: { cpus: 1, preset: 'ssd' },
  files: [{ ...CASE_FILE, content: 'pattern' }],
  processes: [{ name: 'demo' }],
  tasks: [{ name: 'caller', process: 'demo', program: 'caller.task.s' }],
});

/** Runs up to the end of the program and reads the results from its memory. */
function runSimulated(kernel: string): string {
  const source = scenarioOf(SCENARIO, { 'caller.task.s': stepsProgram([], []) });
  const { machine, program, tasks } = prepare(source, shippedTree(kernel));
  const exit = findFunction(program, 'sys_exit');
  machine.setBreakpoints(exit === undefined ? [] : [exit.entry]);
  const stop = machine.run({ budget: 50_000_000, breakpoints: true });
  const [task] = tasks;
  if (stop.kind !== 'breakpoint' || task === undefined) throw new Error(JSON.stringify(stop));
  const byteAt = (address: number): number =>
    machine.readUserByte(task.id, asAddress(address)) ?? NaN;
  return formatResults(
    STEPS.map((_, index) => {
      const at = RESULTS + 4 * index;
      return byteAt(at) | (byteAt(at + 1) << 8) | (byteAt(at + 2) << 16) | (byteAt(at + 3) << 24);
    }),
  );
}

describe('system calls', () => {
  it('have names that tell them apart', () => {
    expect(new Set(STEPS.map(({ name }) => name)).size).toBe(STEPS.length);
  });

  it.each(['patched', 'unpatched'])('are answered by %s as by a real Linux', (kernel) => {
    expect(runSimulated(kernel)).toBe(recordedResults());
  });
});
