/**
 * Locals that ask for more alignment than the frame has: the debugger finds them where the program has
 * them, wherever the frame is, in both execution tiers and with checks on and off.
 */
import { describe, expect, it } from 'vitest';
import { asCpuId } from '../../../src/base/brand.ts';
import { evaluate, type EvaluationResult } from '../../../src/c/evaluate.ts';
import { compileHosted, createHostedMachine } from '../../../src/cli/hostedProgram.ts';
import type { Machine } from '../../../src/machine/machine.ts';
import type { TierConfig } from '../../../src/machine/machineConfig.ts';
import { listScopes } from '../../../src/debugger/scopes.ts';
import type { DebugTarget } from '../../../src/debugger/debugTarget.ts';
import { media } from '../../support/nodeMedia.ts';

const TEXT = `
struct line { int first, second; } __attribute__((aligned(64)));
long *seenLocal;
struct line *seenLine;
struct line *seenParameter;
int *null;
int use(char skew, struct line given)
{
	struct line line = { 3, skew };
	long local __attribute__((aligned(512))) = 7;

	seenLocal = &local;
	seenLine = &line;
	seenParameter = &given;
	local += line.first + given.first;
	return *null;
}
int down(int depth)
{
	struct line line = { depth, 2 };
	return depth == 0 ? use(5, line) : down(depth - 1) + line.second;
}
int main(int count, char **values)
{
	int round, sum = 0;

	for (round = 0; round < 200; round++) {
		struct line line = { round };
		sum += line.first;
	}
	return down(count + 2) + sum;
}
`;

const TIERS: Readonly<Record<string, TierConfig>> = {
  'the interpreter': { tier: 'interpreter' },
  'generated code': { hotArrivals: 0 },
};

/** Runs to the null pointer in \`use\`, with arguments that move the frames. */
function stopped(tier: TierConfig, checks: boolean, values: readonly string[]): Machine {
  const { program } = compileHosted({ path: 'a.c', text: TEXT }, media, () => undefined);
  if (program === undefined) throw new Error('the program does not compile');
  const options = { maxSteps: 100_000, checks, ...tier };
  const machine = createHostedMachine(program, values, () => undefined, options);
  expect(machine.boot(100_000)).toMatchObject({ kind: 'fault', fault: { kind: 'nullPointer' } });
  return machine;
}

function valueAt(machine: Machine, depth: number, text: string): bigint | undefined {
  const frame = machine.frames(machine.cpu(asCpuId(0)).task)[depth];
  if (frame === undefined) throw new Error('no such frame');
  const { pc, fp } = frame;
  const result: EvaluationResult = evaluate(text, {
    program: machine.program,
    pc,
    fp,
    memory: machine,
  });
  return result.kind === 'ok' ? result.value.value : undefined;
}

/** The addresses of the locals of the innermost frame, as the Locals view has them. */
function shownLocals(machine: Machine): Map<string, bigint> {
  const { task } = machine.cpu(asCpuId(0));
  const [frame] = machine.frames(task);
  if (frame === undefined) throw new Error('no frame');
  // The view of locals asks for nothing of the kernel.
  const target = { machine, program: machine.program, tasks: [] } as unknown as DebugTarget;
  const row = { kind: 'kernel', task, name: 'use', frame, pc: frame.pc } as const;
  const scopes = listScopes(target, { ...row, span: undefined, isPlumbing: false });
  const [locals] = scopes;
  if (locals?.kind !== 'locals') throw new Error('no locals');
  return new Map(locals.members.map(({ name, item }) => [name, BigInt(item.address ?? 0)]));
}

describe.each(Object.entries(TIERS))('aligned locals under %s', (_name, tier) => {
  it.each([true, false])('are found by the debugger in every frame (checks: %s)', (checks) => {
    for (const values of [['a'], ['a', 'b'], ['a', 'b', 'c', 'd']]) {
      const machine = stopped(tier, checks, values);
      const valueOf = (text: string, depth = 0): bigint | undefined =>
        valueAt(machine, depth, text);
      expect(valueOf('&local == seenLocal && (unsigned long)&local % 512 == 0')).toBe(1n);
      expect(valueOf('&line == seenLine && (unsigned long)&line % 64 == 0')).toBe(1n);
      expect(valueOf('&given == seenParameter && (unsigned long)&given % 64 == 0')).toBe(1n);
      expect(valueOf('line.first * 100 + line.second * 10 + given.second')).toBe(352n);
      expect(valueOf('local')).toBe(10n);
      const shown = shownLocals(machine);
      expect(shown.get('local')).toBe(valueOf('(unsigned long)seenLocal'));
      expect(shown.get('line')).toBe(valueOf('(unsigned long)seenLine'));
      expect(shown.get('given')).toBe(valueOf('(unsigned long)seenParameter'));
      for (let depth = 1; depth <= values.length + 2; depth += 1) {
        expect(valueOf('line.first == depth && (unsigned long)&line % 64 == 0', depth)).toBe(1n);
      }
    }
  });
});
