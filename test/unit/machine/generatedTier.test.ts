/**
 * Generated code: what its source looks like, when code is compiled and dropped, and where it is left.
 */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { asPc } from '../../../src/base/brand.ts';
import { findFunction, type Program } from '../../../src/bytecode/program.ts';
import type { Machine } from '../../../src/machine/machine.ts';
import type { MachineConfig } from '../../../src/machine/machineConfig.ts';
import { writeUnit } from '../../../src/machine/unitSource.ts';
import { programOf } from '../../support/compileText.ts';
import { D, type FunctionBuilder, L, P, ProgramBuilder } from '../../support/programBuilder.ts';
import { bootToEnd, createMachine } from '../../support/testMachine.ts';

/** The source of a function's unit. */
function sourceOf(program: Program, name: string): string {
  const info = findFunction(program, name);
  if (info === undefined) throw new Error(name);
  const unit = writeUnit({
    code: program.code,
    start: info.entry,
    end: info.end,
    entry: info.entry,
    enteredBy: 'anyone',
    ramBytes: 1024 * 1024,
    hasChecks: true,
    frameBytes: Int32Array.from(program.functions, ({ frameSize }) => frameSize),
    shared: new Set(),
    mostLocals: 32,
    leavingFlags: 0,
  });
  return `${unit?.text ?? 'nothing'}\n`;
}

describe('the source of a unit', () => {
  it.each([
    [
      'loop',
      'int f(int *a, int n) { int s = 0; for (int i = 0; i < n; i++) s += a[i]; return s; }',
    ],
    ['call', 'int f(int n) { return n < 2 ? n : f(n - 1) + f(n - 2); }'],
    [
      'locals',
      'short f(short v) { short a[2] = { 1, v }; short *p = a; p[v & 1] = 5; return a[0]; }',
    ],
  ])('%s', async (name, text) => {
    // The size of the machine's state area is in the large numbers.
    const source = sourceOf(programOf(text), 'f').replaceAll(/\d{6,}/g, 'N');
    await expect(source).toMatchFileSnapshot(`../../golden/generated/${name}.js.txt`);
  });

  it('holds numbers and fixed names only', () => {
    const text = 'long long secret_name(long long a, int b) { return a * b + a / (b ? b : 1); }';
    const source = sourceOf(programOf(text), 'secret_name');
    const words = new Set(source.match(/[A-Za-z_]\w*/g));
    const known =
      /^(?:use|strict|return|function|let|const|if|for|continue|break|Math|imul|[abcefginpqrstuvwxyFT]|[mp]\d+|[BL]\d+|multiply64|divide64|isLess64|shift(?:Left|Right)64|true|false|wordAt|mark|functionAt|copy|fill|ask|region|admits|guard|unguard|undefine|undefineLocal)$/;
    expect([...words].filter((word) => !known.test(word))).toEqual([]);
  });
});

/** Adds up the numbers below a bound, through a function. */
function addNumbers(bound: number): ProgramBuilder {
  return new ProgramBuilder()
    .function('add', (f) => {
      f.statement().op('add', L(0), P(0), P(1)).statement().op('return32', L(0));
    })
    .function('boot', (f: FunctionBuilder) => {
      f.statement().set(L(0), 0).set(L(1), 0).set(L(2), bound);
      f.label('again').statement().call(L(1), 'add', L(1), L(0));
      f.statement().op('addi', L(0), L(0), 1).op('jumpLts', L(0), L(2), 'again');
      f.set(L(3), D(0)).op('store32', L(1), L(3), 0);
      f.intrinsic(L(4), 'fl_exit', 0);
    });
}

function boot(bound: number, config: Partial<MachineConfig> = {}): Machine {
  return bootToEnd(addNumbers(bound), config).machine;
}

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('the tier', () => {
  it('compiles what is hot and nothing else', () => {
    expect(boot(50).generatedSteps).toBe(0);
    const machine = boot(50_000);
    expect(machine.generatedSteps).toBeGreaterThan(machine.bootSteps / 2);
    expect(machine.stateHash()).toBe(boot(50_000, { tier: 'interpreter' }).stateHash());
  });

  it('is off on request', () => {
    expect(boot(50_000, { tier: 'interpreter' }).generatedSteps).toBe(0);
  });

  it('does without generated code where the host forbids it', () => {
    vi.stubGlobal('Function', () => {
      throw new EvalError('forbidden by the policy of the page');
    });
    const machine = boot(50_000);
    expect(machine.generatedSteps).toBe(0);
    vi.unstubAllGlobals();
    expect(machine.stateHash()).toBe(boot(50_000).stateHash());
  });

  it('stops after exactly the instructions that it was given', () => {
    const [one, other] = [{ tier: 'interpreter' as const }, { hotArrivals: 0 }].map((config) =>
      createMachine(addNumbers(500), config),
    );
    for (let steps = 1; steps < 60; steps += 1) {
      one?.boot(steps);
      other?.boot(steps);
      expect(other?.bootSteps).toBe((steps * (steps + 1)) / 2);
      expect(other?.stateHash()).toBe(one?.stateHash());
    }
    expect(other?.generatedSteps).toBeGreaterThan(1000);
  });

  it('goes deeper than the stack of the host', () => {
    const builder = new ProgramBuilder()
      .function('dive', (f) => {
        f.op('jumpEqi', P(0), 0, 'bottom').op('addi', L(0), P(0), -1);
        f.call(L(1), 'dive', L(0)).op('addi', L(1), L(1), 1).op('return32', L(1));
        f.label('bottom').set(L(1), 0).op('return32', L(1));
      })
      .function('boot', (f) => {
        f.set(L(0), 80_000).call(L(1), 'dive', L(0)).intrinsicAt(L(2), 'fl_exit', L(1));
      });
    const config = {
      hotArrivals: 0,
      ramBytes: 32 * 1024 * 1024,
      limits: { steps: 1e7, bootStackBytes: 16 * 1024 * 1024 },
    };
    const { machine, end } = bootToEnd(builder, config);
    expect(end).toMatchObject({ exitStatus: 80_000 });
    expect(machine.generatedSteps).toBeGreaterThan(80_000);
  });

  it('takes a function back when a breakpoint is set in it', () => {
    const machine = createMachine(addNumbers(100_000));
    machine.boot(400_000);
    const before = machine.generatedSteps;
    expect(before).toBeGreaterThan(0);
    const everywhere = machine.program.functions.flatMap(({ entry, end }) =>
      Array.from({ length: (end - entry) / 4 }, (_, index) => asPc(entry + 4 * index)),
    );
    machine.setBreakpoints(everywhere);
    machine.boot(100_000);
    expect(machine.generatedSteps).toBe(before);
    machine.setBreakpoints([]);
    machine.boot(100_000);
    expect(machine.generatedSteps).toBeGreaterThan(before + 50_000);
  });
});
