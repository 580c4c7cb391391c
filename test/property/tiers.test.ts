/**
 * The two execution tiers side by side: generated code goes through the same states as the interpreter,
 * at every position where one may look, with the same virtual time, faults, stops and output.
 *
 * Most is compiled the first time that it is executed, so that as much as possible runs generated; every test
 * says how much that must be.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asTaskId } from '../../src/base/brand.ts';
import type { SourceFile } from '../../src/base/span.ts';
import { compileHosted, createHostedMachine } from '../../src/cli/hostedProgram.ts';
import type { Machine } from '../../src/machine/machine.ts';
import type { TierConfig } from '../../src/machine/machineConfig.ts';
import type { RunRequest } from '../../src/machine/runRequest.ts';
import type { Stop } from '../../src/machine/stop.ts';
import { listCFixtures, readCFixture, readCHeader } from '../support/cFixtures.ts';
import { media } from '../support/nodeMedia.ts';
import { prepare, shippedTree } from '../support/preparedRun.ts';
import { createRandom } from '../support/seededRandom.ts';
import { shortened } from '../support/shortRuns.ts';

const INTERPRETED: TierConfig = { tier: 'interpreter' };
const AT_ONCE: TierConfig = { hotArrivals: 0 };
const CHECKS = [true, false] as const;
const STEP_LIMIT = 2_000_000;
const SMALL = { ramBytes: 4 * 1024 * 1024, stackBytes: 256 * 1024 };

/** Sizes of slices: mostly short, now and then long. */
function* slices(seed: number): Generator<number> {
  const next = createRandom(seed);
  for (;;) {
    const state = next();
    const most = [3, 40, 900, 20_000, 300_000][(state >>> 8) % 5] ?? 1;
    yield 1 + ((state >>> 12) % most);
  }
}

/** What must be equal wherever one looks. */
function observe(machine: Machine, stop: Stop | undefined): unknown {
  return {
    stop,
    position: machine.position,
    bootSteps: machine.bootSteps,
    nowNs: machine.nowNs(),
    hash: machine.stateHash(),
    model: machine.modelHash(),
  };
}

/** Runs a hosted program in slices on both tiers. Returns the share of instructions that were generated. */
function compareHosted(file: SourceFile, tier: TierConfig, seed: number, checks = true): number {
  const { program } = compileHosted(file, media, readCHeader);
  if (program === undefined) throw new Error(`${file.path} does not compile`);
  const outputs = ['', ''];
  const create = (config: TierConfig, index: number): Machine =>
    createHostedMachine(
      program,
      [file.path],
      (_fd, bytes) => {
        outputs[index] = (outputs[index] ?? '') + Buffer.from(bytes).toString('latin1');
      },
      { maxSteps: STEP_LIMIT, checks, ...config, ...SMALL },
    );
  const one = create(INTERPRETED, 0);
  const other = create(tier, 1);
  for (const budget of slices(seed)) {
    const stop = one.boot(budget);
    expect(observe(other, other.boot(budget))).toEqual(observe(one, stop));
    if (stop?.kind !== 'budget') break;
  }
  expect(outputs[1]).toBe(outputs[0]);
  return other.generatedSteps / other.bootSteps;
}

/** A program with the body of `main` and what stands before it. */
function programOf(before: string, body: string): SourceFile {
  return { path: 'own.c', text: `${before}\nint main(void)\n{\n${body}\n}\n` };
}

describe('a C program', () => {
  it.each(listCFixtures())('%s goes through the same states in generated code', (name) => {
    const file = { path: `${name}.c`, text: readCFixture(name) };
    expect(compareHosted(file, AT_ONCE, name.length)).toBeGreaterThan(0.3);
  });

  const folder = path.join(import.meta.dirname, '../../scripts/bench');
  const benchmarks = ['calls.c', 'loop.c', 'pointers.c', 'sieve.c', 'structs.c'];

  it.each(benchmarks)('%s is compiled when it is hot', (name) => {
    const file = { path: name, text: readFileSync(path.join(folder, name), 'utf8') };
    expect(compareHosted(file, {}, 7)).toBeGreaterThan(0.6);
  });

  it.each([
    ['a null pointer', '', 'int *p = 0; for (int i = 0; i < 9; i++) if (i == 7) *p = i;'],
    ['a division by zero', '', 'int n = 5, s = 0; for (;;) s += 100 / n--;'],
    ['a remainder by zero', '', 'unsigned n = 5, s = 0; for (;;) s += 100 % n--;'],
    ['endless recursion', 'static int f(int n) { return 1 + f(n + 1); }', 'return f(0);'],
    [
      'a wild call',
      'typedef int (*F)(void);',
      'int s = 0; for (int i = 0; i < 50; i++) s += i; F f = (F)0x1234; return s + f();',
    ],
    [
      'a null call',
      'typedef int (*F)(int);',
      'int s = 0; for (int i = 0; i < 50; i++) s += i; F f = 0; return s + f(3);',
    ],
    [
      'a return address that is overwritten',
      'static void f(int n) { int a[2]; for (int i = 0; i < n; i++) a[i] = i; }',
      'for (int i = 0; i < 20; i++) f(i);',
    ],
    [
      'a value that was never given',
      '#include <stdlib.h>',
      'int *p = malloc(80), s = 0; for (int i = 0; i < 15; i++) p[i] = i; for (int i = 0; i < 20; i++) s += p[i]; return s & 7;',
    ],
    [
      'freed memory',
      '#include <stdlib.h>',
      'int s = 0; for (int i = 0; i < 20; i++) { int *p = malloc(8); *p = i; if (i == 9) free(p); s += *p; } return s & 7;',
    ],
    ['an endless loop', '', 'for (unsigned i = 0;; i++) if (i == 5) i = 2;'],
    [
      'an unaligned access beyond the end',
      '',
      'char *p = (char *)0xc03ffff0; for (;;) *(int *)p++ = 1;',
    ],
    [
      'a missing value',
      'static int f(int n) { if (n < 8) return n; }',
      'int s = 0; for (int i = 0; ; i++) s += f(i);',
    ],
  ])('ends in the same way by %s', (_, before, body) => {
    for (const checks of CHECKS) {
      const share = compareHosted(programOf(before, body), AT_ONCE, 5, checks);
      expect(share).toBeGreaterThan(0.2);
    }
  });

  it('may write to its locals through pointers, even those of other frames', () => {
    const before = `
      static int *kept[64];
      static int inner(int depth, int *up)
      {
        int here = depth, other = 1;
        int *p = &here;
        kept[depth] = p;
        p[0] += 3;
        *up += here;
        for (int i = 0; i < 4; i++) { p = i & 1 ? &other : &here; *p += i; }
        if (depth > 0) other += inner(depth - 1, &here);
        for (int i = 1; depth + i < 20; i++) *kept[depth + i] ^= here;
        return here + other + *up;
      }`;
    const body =
      'int sum = 0, top = 5; for (int i = 0; i < 30; i++) sum += inner(20, &top); return sum & 127;';
    expect(compareHosted(programOf(before, body), AT_ONCE, 11)).toBeGreaterThan(0.5);
  });

  it('may write to a local through a pointer after a write to somewhere else', () => {
    const before = `
      static int f(int *q, int n)
      {
        int x = 1, s = 0;
        for (int i = 0; i < n; i++) {
          int *p = &x;
          s += x;
          *q = i;
          *p = i * 3;
          if (i & 1) s += 2;
          s += x;
        }
        return s;
      }`;
    const body = 'int g = 0; return f(&g, 50) & 127;';
    expect(compareHosted(programOf(before, body), AT_ONCE, 11)).toBeGreaterThan(0.2);
  });

  it('may jump into loops', () => {
    const body = `
      int i = 0, s = 0;
      if (s == 0) goto inside;
      for (i = 0; i < 50; i++) {
        s += i;
      inside:
        s ^= 3;
        switch (i & 3) { case 0: s++; case 1: s += 2; break; default: goto inside2; }
        while (s & 1) { s >>= 1; inside2: s += 5; if (s > 1000) goto out; }
      }
    out:
      return s & 127;`;
    expect(compareHosted(programOf('', body), AT_ONCE, 3)).toBeGreaterThan(0.5);
  });
});

const scenarios = readdirSync(path.join(import.meta.dirname, '../../media/scenarios'))
  .filter((name) => name.endsWith('.jsonc'))
  .map((name) => name.slice(0, -'.jsonc'.length));

/** What a debugger asks of a machine on the way; the same for both. */
const someRequests: fc.Arbitrary<readonly (RunRequest & { readonly spacing: number })[]> = fc.array(
  fc
    .record({
      budget: fc.integer({ min: 1, max: 9000 }),
      breakpoints: fc.boolean(),
      spacing: fc.integer({ min: 20, max: 900 }),
      task: fc.integer({ min: 0, max: 6 }),
      minFp: fc.constantFrom(0, 0xc0000000, 0xffffffff),
    })
    .map(({ task, minFp, ...request }) =>
      task < 2 || task > 4
        ? request
        : { ...request, step: { task: asTaskId(task), minFp, intoUser: true } },
    ),
  { minLength: 5, maxLength: 40 },
);

describe('a scenario', () => {
  it.each(scenarios.flatMap((name) => [undefined, 1].map((seed) => [name, seed] as const)))(
    '%s goes through the same states in generated code (seed %s)',
    (name, seed) => {
      const [one, other] = [INTERPRETED, AT_ONCE].map(
        (tier) =>
          prepare(name, shippedTree('patched'), {
            ...tier,
            ...shortened(name),
            ...(seed === undefined ? {} : { seed }),
          }).machine,
      );
      if (one === undefined || other === undefined) throw new Error('two machines');
      expect(observe(other, undefined)).toEqual(observe(one, undefined));
      for (const budget of slices(name.length + (seed ?? 0))) {
        const stop = one.run({ budget: budget * 5, breakpoints: false });
        const otherStop = other.run({ budget: budget * 5, breakpoints: false });
        expect(observe(other, otherStop)).toEqual(observe(one, stop));
        if (stop.kind !== 'budget') break;
      }
      expect(other.schedule()).toBe(one.schedule());
      expect(other.generatedSteps).toBeGreaterThan(1000);
    },
  );

  it('stops at the same breakpoints and steps, with history or without', () => {
    fc.assert(
      fc.property(someRequests, fc.boolean(), (requests, keepsHistory) => {
        const [one, other] = [INTERPRETED, AT_ONCE].map(
          (tier) => prepare('cold-fault-with-mmap', shippedTree('patched'), tier).machine,
        );
        if (one === undefined || other === undefined) throw new Error('two machines');
        const start = other.takeCheckpoint();
        for (const { spacing, ...request } of requests) {
          const pcs = one.program.statements
            .filter((_, index) => index % spacing === 0)
            .map(({ pc }) => pc);
          one.setBreakpoints(pcs);
          other.setBreakpoints(pcs);
          const stop = one.run(request);
          const otherStop = other.run(request);
          if (keepsHistory) other.takeCheckpoint();
          expect(observe(other, otherStop)).toEqual(observe(one, stop));
        }
        const { position } = one;
        const hash = one.stateHash();
        other.restore(start);
        other.run({ budget: Infinity, breakpoints: false, untilPosition: position });
        expect(other.stateHash()).toBe(hash);
      }),
      { numRuns: 15 },
    );
  }, 60_000);
});
