/** What has no value yet is shown as that, at each line of small programs. */
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { asPc, asTaskId } from '../../../src/base/brand.ts';
import { positionOf } from '../../../src/base/span.ts';
import { statementAt } from '../../../src/bytecode/program.ts';
import { compileHosted, createHostedMachine } from '../../../src/cli/hostedProgram.ts';
import { createNodeMedia } from '../../../src/cli/nodeMedia.ts';
import type { DebugTarget } from '../../../src/debugger/debugTarget.ts';
import { evaluateAt } from '../../../src/debugger/evaluation.ts';
import { listScopes } from '../../../src/debugger/scopes.ts';
import type { StackRow } from '../../../src/debugger/stackRows.ts';
import { valueContextOf } from '../../../src/debugger/taskWords.ts';
import { countMembers, listMembers } from '../../../src/debugger/valueMembers.ts';
import { valueText } from '../../../src/debugger/valueText.ts';

const media = createNodeMedia(path.join(import.meta.dirname, '../../../media'));
const TASK = asTaskId(0);

/** A program stopped before a line of the function that is deepest there. */
class StoppedAt {
  readonly target: DebugTarget;
  /** Innermost first. */
  private readonly rows: readonly StackRow[];

  constructor(text: string, line: number, checks = true) {
    const file = { path: 'a.c', text };
    const { program } = compileHosted(file, media, () => undefined);
    if (program === undefined) throw new Error('the program does not compile');
    const options = { maxSteps: 1_000_000, checks, tier: 'interpreter' } as const;
    const machine = createHostedMachine(program, ['a'], () => undefined, options);
    const lineOf = (pc: number): number => {
      const statement = statementAt(program, asPc(pc));
      if (statement?.pc !== pc || statement.span.file !== file) return 0;
      return positionOf(file, statement.span.start).line1;
    };
    do {
      if (machine.boot(1)?.kind !== 'budget') throw new Error('the line was not reached');
    } while (lineOf(machine.frames(TASK)[0]?.pc ?? 0) !== line);
    this.target = { machine, program, tasks: [] } as unknown as DebugTarget;
    this.rows = machine.frames(TASK).map((frame, index) => ({
      kind: 'kernel',
      task: TASK,
      name: '',
      frame,
      pc: asPc(index === 0 ? frame.pc : frame.pc - 4),
      span: undefined,
      isPlumbing: false,
    }));
  }

  /** The locals of a frame, `NAME = TEXT` each. */
  locals(depth = 0): string {
    const row = this.rows[depth];
    if (row === undefined) throw new Error('there is no such frame');
    const context = valueContextOf(this.target, row);
    const scope = listScopes(this.target, row).find(({ kind }) => kind === 'locals');
    if (scope?.kind !== 'locals') return '';
    return scope.members
      .map(({ name, item }) => `${name} = ${valueText(context, item)}`)
      .join(', ');
  }

  private item(text: string): ReturnType<typeof evaluateAt> {
    return evaluateAt(this.target, this.rows[0], text);
  }

  value(text: string): string {
    return valueText(valueContextOf(this.target, this.rows[0]), this.item(text));
  }

  children(text: string): string[] {
    const context = valueContextOf(this.target, this.rows[0]);
    const item = this.item(text);
    if (countMembers(context, item).named + countMembers(context, item).indexed === 0) return [];
    return listMembers(context, item, text).map(
      ({ name, item: member }) => `${name} = ${valueText(context, member)}`,
    );
  }
}

const SCALARS = `int get(int n) { return n + 1; }
int main(int n, char **v) {
  int a, b = 2; long long c; char d;
  a = get(n);
  if (n > 1)
    c = 5;
  d = 'x';
  return a + b + d;
}`;

const MEMORY = `#include <stdlib.h>
struct s { char c; int i; unsigned f : 3, g : 20; };
int get(struct s *p) { return p->i; }
int main(void) {
  struct s s, t, *p = &t; int a[3]; char text[8];
  int x, *q = &x; int *h = malloc(8);
  s.i = 4;
  s.g = 9; a[1] = 7; text[0] = 'h'; text[1] = 'i';
  h[0] = x = 3;
  t = s;
  return get(&s);
}`;

describe('a scalar in a slot', () => {
  it('has no value before anything assigns it', () => {
    const at = new StoppedAt(SCALARS, 4);
    expect(at.locals()).toMatch(/a = no value yet, b = 2, c = no value yet, d = no value yet$/);
  });

  it('has none while the function is called that will give it one', () => {
    const at = new StoppedAt(SCALARS, 1);
    expect(at.locals(1)).toContain('a = no value yet, b = 2');
  });

  it('has none where the way taken did not assign it', () => {
    const at = new StoppedAt(SCALARS, 8);
    expect(at.locals()).toMatch(/a = 2, b = 2, .*d = 120 'x'$/);
  });

  it('is told by its flag where only the way tells', () => {
    const text = SCALARS.replace('a + b', 'a + (n > 1 ? c : b)');
    for (const checks of [true, false]) {
      expect(new StoppedAt(text, 8, checks).locals()).toContain('c = no value yet');
    }
  });

  it('loses its value where its block begins again', () => {
    const text =
      'int main(void) { int i, s = 0; for (i = 0; ; i++) {\nint x; if (i == 3)\nreturn s;\nx = i;\ns += x; } }';
    const at = new StoppedAt(text, 3);
    expect(at.locals()).toBe('x = no value yet, i = 3, s = 3');
    expect(new StoppedAt(text, 5).locals()).toContain('x = 0');
  });
});

describe('an object in memory', () => {
  it('has no value before it is written, as a whole and in its parts', () => {
    const at = new StoppedAt(MEMORY, 7);
    expect(at.locals()).toMatch(
      /^s = no value yet, t = no value yet, p = .*, a = \[3\] no value yet, text = no value yet, x = no value yet, q = .*, h = 0x/,
    );
    expect(at.children('s')).toEqual(['c', 'i', 'f', 'g'].map((name) => `${name} = no value yet`));
    expect(at.children('a')[2]).toBe('[2] = no value yet');
    expect(at.value('*q')).toBe('no value yet');
    expect(at.value('h[1]')).toBe('no value yet');
  });

  it('has one in the parts that were written', () => {
    const at = new StoppedAt(MEMORY, 11);
    // `f` shares a byte with `g`, of which the shadow knows no more.
    expect(at.locals()).toMatch(
      /^s = \{c = no value yet, i = 4, f = 0, g = 9\}, t = \{c = no value yet, i = 4, .*, a = \[3\] \{no value yet, 7, no value yet\}, text = "hi"…, x = 3,/,
    );
    expect(at.value('h[0]')).toBe('3');
    expect(at.value('p->c')).toBe('no value yet');
  });

  it('keeps what is computed from it without a value', () => {
    const at = new StoppedAt(MEMORY, 7);
    expect(at.value('x + 1')).toBe('no value yet');
    expect(at.value('p->i * 2')).toBe('no value yet');
    expect(at.value('&x')).toMatch(/^0x/);
    expect(at.value('sizeof(s)')).toBe('12');
  });

  it('is no part of the place that it leads to, even right behind it', () => {
    const text =
      'int main(void) { unsigned char buf[5];\nbuf[2] = 7; buf[1] = 1;\nreturn buf[2]; }';
    const at = new StoppedAt(text, 3);
    expect(at.value('buf[buf[1] + 1]')).toMatch(/^7/);
    expect(at.value('buf[buf[3] * 0 + 2]')).toBe('no value yet');
    expect(at.value('buf[buf[4] * 0 + 2]')).toBe('no value yet');
  });

  it('is shown as it lies there with checks off', () => {
    expect(new StoppedAt(MEMORY, 7, false).locals()).not.toMatch(/[sax] = no value yet/);
  });
});

describe('a pointer without a value', () => {
  it('leads nowhere', () => {
    const text =
      'struct s { int a; };\nint main(void) { struct s *p, s = { 1 };\np = &s;\nreturn p->a; }';
    const at = new StoppedAt(text, 3);
    expect(at.value('p')).toBe('no value yet');
    expect(at.children('p')).toEqual([]);
    expect(new StoppedAt(text, 4).children('p')).toEqual(['a = 1']);
  });
});
