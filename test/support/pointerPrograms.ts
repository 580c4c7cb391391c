/**
 * Random C programs full of pointers that may lead to anything: locals whose address is taken and locals
 * whose address is not, parameters, statics, members, elements, bytes of wider objects.
 *
 * They are made for what generated code may get wrong: a slot whose copy in a local of the host is stale.
 * Loops, calls that write to the frames of their callers, narrow and 64-bit accesses, copies of structs
 * and `memmove` stand between the writes and the reads. All of it is legal for gcc with `-O0 -fwrapv`:
 * pointers never leave their objects, nothing is used that has ended, everything ends.
 *
 * A program is a function of a tape of numbers; behind its end there are zeros, which mean the simplest
 * choice. So fast-check can cut what it finds down to the point.
 */
import { createRandom } from './seededRandom.ts';

type PointerName = 'p' | 'q' | 'ph' | 'pc' | 'pl' | 'pt';

const FUNCTIONS = 3;
/** Statements of one function. */
const MOST_STATEMENTS = 30;
const DEEPEST_NESTING = 3;

const PROLOGUE = `#include <stdio.h>
#include <string.h>
struct inner { short h; unsigned char b; int w; };
struct big { signed char c; int i; struct inner in; long long l; int a[4]; unsigned f : 5, g : 11; };
struct pair { int i; short h; };
static int g0 = 3, g1 = -7;
static unsigned short gh = 65000;
static long long gl = 0x123456789abLL;
static int ga[8] = { 1, 2, 3, 4, 5, 6, 7, 8 };
static struct big gs = { 1, 2, { 3, 4, 5 }, 6, { 7, 8, 9, 10 }, 11, 12 };
static struct pair gp = { 13, 14 };
static int *kept = &g0;
static unsigned char *bytes = (unsigned char *)&gl;
static int fuel = FUEL, deep;
static int f0(int n, int *up, struct big *ps, struct pair v);
`;

const EPILOGUE = `
int main(void)
{
  unsigned sum = 0;
  int top = 5, i;
  for (i = 0; i < ROUNDS; i++) sum = sum * 31 + (unsigned)f0(i, &top, &gs, gp);
  for (i = 0; i < 8; i++) sum = sum * 31 + (unsigned)ga[i];
  for (i = 0; i < 4; i++) sum = sum * 31 + (unsigned)gs.a[i];
  sum = sum * 31 + (unsigned)(gs.c ^ gs.i ^ gs.in.h ^ gs.in.b ^ gs.in.w ^ (int)gs.l ^ gs.f ^ gs.g);
  sum = sum * 31 + (unsigned)(g0 ^ g1 * 5 ^ gh ^ (int)gl ^ (int)(gl >> 32) ^ gp.i ^ gp.h ^ top);
  printf("%u\\n", sum);
  return (int)(sum & 127);
}
`;

/** What a program is like apart from its tape. */
export interface PointerProgramOptions {
  /** Whether some locals begin to live without a value, so that reads of them may be faults. */
  readonly hasGaps: boolean;
  /** Rounds of loops and calls before everything ends. */
  readonly fuel: number;
}

/** Writes one program. */
class ProgramWriter {
  private readonly tape: readonly number[];
  private readonly options: PointerProgramOptions;
  private at = 0;
  /** Of the function that is being written. */
  private functionIndex = 0;
  private statementsLeft = 0;
  /** Which of its locals may be pointed to. */
  private readonly escaping = new Set<string>();

  constructor(tape: readonly number[], options: PointerProgramOptions) {
    this.tape = tape;
    this.options = options;
  }

  write(): string {
    const functions: string[] = [];
    for (let index = FUNCTIONS - 1; index >= 0; index -= 1)
      functions.push(this.functionText(index));
    const rounds = String(this.pick(12, 1, 40, 300));
    const prologue = PROLOGUE.replace('FUEL', String(this.options.fuel));
    return prologue + functions.join('') + EPILOGUE.replace('ROUNDS', rounds);
  }

  private next(below: number): number {
    const value = this.tape[this.at] ?? 0;
    this.at += 1;
    return value % below;
  }

  private pick<T>(...items: readonly [T, ...T[]]): T {
    return items[this.next(items.length)] ?? items[0];
  }

  private functionText(index: number): string {
    this.functionIndex = index;
    this.statementsLeft = MOST_STATEMENTS;
    this.escaping.clear();
    for (const name of ['x', 'y', 'z', 'h', 'c', 'l', 'n', 's', 't', 'a', 'v', 'w']) {
      if (this.next(2) === 1) this.escaping.add(name);
    }
    // In a small function most slots are in locals of the host.
    const body = this.next(2) === 0 ? this.block(1 + this.next(3)) : this.block(3 + this.next(9));
    // What is declared without a value gets one here with luck: the statement may be left out.
    const late = ['y = 2;', 'l = 6;', 'w.i = 8;', 'w.h = 9;', 's.i = n;', 'a[3] = 4;'];
    const isLate = this.options.hasGaps && this.next(2) === 1;
    const value = (text: string): string => (isLate ? '' : ` = ${text}`);
    return `static int f${String(index)}(int n, int *up, struct big *ps, struct pair v)
{
  int x = n, y${value('2')}, z = -3, r = 0;
  unsigned u = 9;
  short h = 4;
  unsigned char c = 5;
  long long l${value('6')};
  int a[6]${value('{ 1, 2, 3, 4, 5, 6 }')};
  struct big s${value('{ 1, n, { 2, 3, 4 }, 5, { 6, 7, 8, 9 }, 10, 11 }')}, t = *ps;
  struct pair w${value('v')};
  int *p = ${this.address('p')}, *q = up;
  short *ph = ${this.address('ph')};
  unsigned char *pc = ${this.address('pc')};
  long long *pl = ${this.address('pl')};
  struct pair *pt = ${this.address('pt')};
  if (--fuel < 0) return 0;
  ${isLate ? late.filter(() => this.next(6) > 0).join(' ') : ''}
${body}
  kept = &g0;
  bytes = (unsigned char *)&gl;
  r += x ^ y ^ z ^ h ^ c ^ (int)l ^ (int)u ^ a[3] ^ s.i ^ t.in.w ^ t.a[1] ^ (int)t.l ^ (int)t.g;
  return r + *p + *q + v.i + w.h + pt->h;
}
`;
  }

  private own(...names: readonly string[]): readonly string[] {
    return names.filter((name) => this.escaping.has(name));
  }

  /** The text of a pointer to something alive. */
  private address(pointer: PointerName): string {
    const member = (path: string): string[] => this.own('s', 't').map((name) => `&${name}.${path}`);
    const of = (text: string, ...names: string[]): string[] =>
      this.own(...names).map((name) => text.replace('_', name));
    switch (pointer) {
      case 'p':
      case 'q':
        return this.pick(
          'up',
          ...['&g0', 'kept', '&ga[3]', '&gs.i', '&ps->a[2]', '&gp.i'],
          ...of('&_', 'x', 'y', 'z', 'n', 'x', 'y'),
          ...of('&_[2]', 'a'),
          ...of('&_.i', 'v', 'w'),
          ...[...member('i'), ...member('a[1]'), ...member('in.w')],
        );
      case 'ph':
        return this.pick(
          '(short *)&gh',
          ...['&gs.in.h', '(short *)up + 1'],
          ...[...of('&_', 'h', 'h'), ...of('(short *)&_', 'x', 'y', 'n'), ...of('&_.h', 'v', 'w')],
          ...member('in.h'),
        );
      case 'pc':
        return this.pick(
          'bytes',
          ...['(unsigned char *)up', '(unsigned char *)&gs.l'],
          ...of('&_', 'c', 'c'),
          ...of(`(unsigned char *)&_ + ${String(this.next(4))}`, 'x', 'z', 'l', 'n', 'a', 'v'),
          ...member('in.b'),
        );
      case 'pl':
        return this.pick(
          '&gl',
          ...['&ps->l', '(long long *)&ga[2]'],
          ...[...of('&_', 'l', 'l'), ...of('(long long *)&_[1]', 'a'), ...member('l')],
        );
      case 'pt':
        return this.pick('&gp', ...of('&_', 'v', 'w'));
    }
  }

  /** Something that can be assigned. */
  private target(): string {
    return this.pick(
      'x',
      ...['y', 'z', 'u', 'h', 'c', 'l', 'r', 'n'],
      ...['*p', '*p', '*q', '*ph', '*pc', '*pl', '*pl', 'pt->i', 'pt->h', '*kept', '*bytes', '*up'],
      ...['s.i', 's.c', 's.in.h', 's.in.b', 's.l', 's.a[1]', 's.f', 's.g', 't.in.w', 't.l', 't.f'],
      ...['v.i', 'v.h', 'w.i', 'w.h', 'ps->i', 'ps->g', 'a[2]', 'a[x & 3]', 'ga[3]', 'ga[y & 7]'],
      ...['g0', 'g1', 'gh', 'gl', 'gs.i', 'gp.i'],
    );
  }

  private value(depth = 0): string {
    if (depth > 1 || this.next(3) === 0) {
      return this.next(4) === 3
        ? this.pick('1', '7', '255', '-1', '70000')
        : `(int)${this.target()}`;
    }
    const left = this.value(depth + 1);
    const right = this.value(depth + 1);
    const operator = this.pick('+', '-', '^', '&', '|', '*', '<', '==', '<<', '>>', '/');
    if (operator === '<<' || operator === '>>') return `(${left} ${operator} (${right} & 7))`;
    if (operator === '/') return `(${left} / ((${right} & 15) + 1))`;
    return `(${left} ${operator} ${right})`;
  }

  /** Reads and writes of one local, by its name and through a pointer, with other stores in between. */
  private burst(): string {
    const type = this.pick(
      ...([
        ['p', 'q', 'x', 'y', 'z', 'n'],
        ['pl', 'p', 'l'],
        ['ph', 'pc', 'h'],
        ['pc', 'ph', 'c'],
      ] as const),
    );
    const [pointer, other, ...locals] = type;
    const local = this.pick(...(this.own(...locals) as [string]));
    if (!this.escaping.has(local)) return `*${other} ^= 3;`;
    const lines = Array.from({ length: 3 + this.next(4) }, () =>
      this.pick(
        `r = r * 3 + (int)${local};`,
        ...[`*${other} = r;`, `*${pointer} = r;`, `*${pointer} += 5;`, `${local} = r;`],
        `r += (int)*${pointer};`,
      ),
    );
    const text = [`${pointer} = &${local};`, ...lines].join('\n');
    if (this.next(2) === 0) return text;
    // The block behind must not be what it was made of.
    const last = `if (r & 1) r += 2;\nr += (int)${local};`;
    const counter = local === 'x' ? 'y' : 'x';
    return `for (${counter} = 0; ${counter} < 20 && --fuel > 0; ${counter}++) {\n${text}\n${last}\n}`;
  }

  private call(): string {
    const to = this.next(FUNCTIONS);
    const record = this.pick('ps', '&gs', ...this.own('s', 't').map((name) => `&${name}`));
    const pair = this.pick('gp', 'v', 'w', '*pt');
    const call = `f${String(to)}(${this.value()}, ${this.address('p')}, ${record}, ${pair})`;
    // Those that stand behind in the file only, or a little way down again.
    if (to > this.functionIndex) return `r += ${call};`;
    return `if (deep < 4) { deep++; r += f0${call.slice(2)}; deep--; }`;
  }

  private loop(): string {
    const counter = this.pick('x', 'y', 'z', 'h');
    const end = String(this.pick(4, 9, 30, 200));
    const body = this.block(1 + this.next(5), true);
    switch (this.next(3)) {
      case 0:
        return `for (${counter} = 0; ${counter} < ${end} && --fuel > 0; ${counter}++) {\n${body}\n}`;
      case 1:
        return `${counter} = ${end}; while (${counter}-- > 0 && --fuel > 0) {\n${body}\n}`;
      default:
        return `do {\n${body}\n} while (++${counter} < ${end} && --fuel > 0);`;
    }
  }

  private nesting = 0;

  private block(count: number, isLoop = false): string {
    this.nesting += 1;
    const lines: string[] = [];
    for (let line = 0; line < count && this.statementsLeft > 0; line += 1) {
      this.statementsLeft -= 1;
      lines.push(this.statement());
    }
    if (isLoop && this.next(6) === 5)
      lines.push(`if (${this.value()}) ${this.pick('break', 'continue')};`);
    this.nesting -= 1;
    return lines.join('\n');
  }

  private statement(): string {
    const isFlat = this.nesting > DEEPEST_NESTING;
    switch (this.next(isFlat ? 14 : 19)) {
      case 0:
      case 1:
      case 2:
        return `${this.target()} = ${this.value()};`;
      case 3:
        return `${this.target()} ${this.pick('+=', '-=', '^=', '|=', '&=', '<<=')} ${this.value()} & 15;`;
      case 4:
        return `(${this.target()})${this.pick('++', '--')};`;
      case 5:
      case 6: {
        const pointer = this.pick<PointerName>('p', 'q', 'ph', 'pc', 'pl', 'pt');
        return `${pointer} = ${this.address(pointer)};`;
      }
      case 7:
        return this.pick(`kept = ${this.address('p')};`, `bytes = ${this.address('pc')};`);
      case 8:
        return this.pick('s = gs;', 't = s;', 's = *ps;', '*ps = t;', 'gs = s;', 't = *ps;');
      case 9:
        return this.pick('w = v;', 'v = *pt;', '*pt = w;', 'gp = v;', 'w = *pt;', 'v = gp;');
      case 10:
        return this.pick(
          'memmove(pl, &gl, 8);',
          ...[
            'memmove(p, pc, 1);',
            'memmove(&g1, q, 4);',
            'memset(ph, x, 2);',
            'memmove(q, p, 4);',
          ],
          ...['memmove(&a[1], ga, 12);', 'memmove(pt, &w, sizeof(w));'],
        );
      case 11:
        return `r = r * 3 + (${this.value()});`;
      case 12:
      case 13:
        return this.burst();
      case 14:
        return `if (${this.value()}) {\n${this.block(2)}\n} else {\n${this.block(1)}\n}`;
      case 15:
        return this.call();
      default:
        return this.loop();
    }
  }
}

/** The program of a tape. */
export function pointerProgram(tape: readonly number[], options: PointerProgramOptions): string {
  return new ProgramWriter(tape, options).write();
}

/** A tape from a seed, for programs that need not become simpler. */
export function tapeOf(seed: number, length = 600): readonly number[] {
  const next = createRandom(seed);
  return Array.from({ length }, () => next() >>> 9);
}
