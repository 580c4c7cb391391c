/**
 * The values worth showing at the ends of source lines: on the line where a row of the call stack stands,
 * and on the lines above it that its call has executed.
 *
 * A variable is shown on the line where the row stands, on every line that has written it, and else on the
 * last line that has read it, with its value of now. What is out of scope or has no value is not shown. In a user
 * program the variables are its registers.
 */
import { lineText, positionOf, type SourceFile, type Span } from '../base/span.ts';
import { isScalar } from '../bytecode/ctype.ts';
import { statementAt } from '../bytecode/program.ts';
import { UserError } from '../base/errors.ts';
import type { DebugTarget } from './debugTarget.ts';
import { evaluateAt } from './evaluation.ts';
import type { ExecutedPlaces } from './executedPlaces.ts';
import { listScopes, readRegister } from './scopes.ts';
import { listSlotWrites } from './slotWrites.ts';
import { programSpan, type StackRow } from './stackRows.ts';
import { valueContextOf } from './taskWords.ts';
import type { TypedValue } from './typedValue.ts';
import { readsAsNoValue, valueText, type ValueContext } from './valueText.ts';

/** A value at a line; the columns enclose the name. All count from 1, `endColumn1` is exclusive. */
export interface InlineValue {
  readonly line1: number;
  readonly column1: number;
  readonly endColumn1: number;
  /** The variable, or a member by its path, as C writes it. */
  readonly name: string;
  readonly value: string;
}

/** The values of a row and the file that they belong to. */
export interface InlineValues {
  readonly file: SourceFile;
  readonly values: readonly InlineValue[];
}

type KernelRow = Extract<StackRow, { kind: 'kernel' }>;
type UserRow = Extract<StackRow, { kind: 'user' }>;

/** More on one line nobody reads. */
const MOST_ON_A_LINE = 4;
const LONGEST_VALUE = 60;
const PATH = /[A-Za-z_]\w*(?:\s*(?:->|\.)\s*[A-Za-z_]\w*)*/g;
const WRITES = /^\s*(?:(?:<<|>>|[-+*/%&|^])?=(?!=)|\+\+|--)/;
const REGISTER = /%e(?:ax|bx|cx|dx|si|di|bp|sp)\b/g;

/** A name on a line. */
interface Mention {
  readonly line1: number;
  readonly column1: number;
  readonly name: string;
  /** Whether the text behind it writes it. */
  readonly isWritten: boolean;
}

/** The text of a line of C with comments and literals blanked, so that columns stay. */
export function withoutComments(text: string): string {
  const blank = (part: string): string => ' '.repeat(part.length);
  return text
    .replace(/"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|\/\*.*?\*\/|\/[/*].*$/g, blank)
    .replace(/^.*?\*\//, blank);
}

/** The variables and members by path that a line of C names; calls through a member are left out. */
export function listMentions(text: string, line1: number): readonly Mention[] {
  const code = withoutComments(text);
  return [...code.matchAll(PATH)].flatMap(({ 0: found, index }): Mention[] => {
    const before = code.slice(0, index);
    const behind = code.slice(index + found.length);
    if (/[\w.]$|->\s*$/.test(before) || /^\s*\(/.test(behind)) return [];
    const isStepped = /(?:\+\+|--)\s*$/.test(before);
    const isWritten = isStepped || WRITES.test(behind);
    return [{ line1, column1: index + 1, name: found.replace(/\s+/g, ''), isWritten }];
  });
}

/** Chooses the mentions at which a value is shown. */
function choose(
  mentions: readonly Mention[],
  current: number,
  isWritten: (mention: Mention) => boolean,
): readonly Mention[] {
  const last = new Map<string, Mention>();
  for (const mention of mentions) {
    const known = last.get(mention.name);
    if (known === undefined || mention.line1 > known.line1) last.set(mention.name, mention);
  }
  const chosen = mentions.filter(
    (mention) =>
      mention.line1 === current || isWritten(mention) || last.get(mention.name) === mention,
  );
  const seen = new Set<string>();
  return chosen.filter(({ line1, name }) => {
    const key = `${String(line1)} ${name}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** The values of mentions that have one, at most so many on a line. */
function valuesOf(
  mentions: readonly Mention[],
  read: (name: string) => string | undefined,
): readonly InlineValue[] {
  const known = new Map<string, string | undefined>();
  const perLine = new Map<number, number>();
  return mentions.flatMap(({ line1, column1, name }): InlineValue[] => {
    if (!known.has(name)) known.set(name, read(name));
    const value = known.get(name);
    const count = perLine.get(line1) ?? 0;
    if (value === undefined || count >= MOST_ON_A_LINE) return [];
    perLine.set(line1, count + 1);
    return [{ line1, column1, endColumn1: column1 + name.length, name, value }];
  });
}

function shorten(text: string): string {
  return text.length <= LONGEST_VALUE ? text : `${text.slice(0, LONGEST_VALUE - 1)}…`;
}

/** The lines that a span covers. */
function linesOf({ file, start, end }: Span): readonly number[] {
  const first = positionOf(file, start).line1;
  const last = positionOf(file, Math.max(start, end - 1)).line1;
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

function scalarText(context: ValueContext, item: TypedValue): string | undefined {
  if (!isScalar(item.type)) return undefined;
  const text = valueText(context, item);
  return readsAsNoValue(text) ? undefined : shorten(text);
}

/** Reads what a line names: a local, or a member reached from one. */
function readerAt(
  target: DebugTarget,
  row: KernelRow,
  isHex: boolean,
): (name: string) => string | undefined {
  const context = valueContextOf(target, row, isHex);
  const scope = listScopes(target, row).find(({ kind }) => kind === 'locals');
  const members = scope?.kind === 'locals' ? scope.members : [];
  const locals = new Map(members.map(({ name, item }) => [name, item]));
  return (name) => {
    const [root = ''] = name.split(/->|\./);
    const local = locals.get(root);
    if (local === undefined) return undefined;
    if (root === name) return scalarText(context, local);
    try {
      return scalarText(context, evaluateAt(target, row, name));
    } catch (error) {
      // A macro or a label may look like a member; then there is nothing to show.
      if (error instanceof UserError) return undefined;
      throw error;
    }
  };
}

function kernelValues(
  target: DebugTarget,
  row: KernelRow,
  executed: ExecutedPlaces,
  isHex: boolean,
): InlineValues | undefined {
  const { program } = target;
  const here = row.span;
  const info = program.functions[row.frame.functionIndex];
  if (here === undefined || info === undefined) return undefined;
  const { file } = here;
  const current = positionOf(file, here.start).line1;
  const lines = new Set(linesOf(here));
  for (const pc of executed.pcs) {
    const span = statementAt(program, pc)?.span;
    if (span?.file === file) for (const line1 of linesOf(span)) lines.add(line1);
  }
  const parameters = info.scopes.flatMap(({ variables }) =>
    variables.filter(({ isParameter }) => isParameter),
  );
  // The call itself has given them their values.
  if (executed.isComplete) {
    for (const { span } of parameters) for (const line1 of linesOf(span)) lines.add(line1);
  }
  const last = Math.max(...linesOf(here));
  const mentions = [...lines]
    .filter((line1) => line1 <= last)
    .sort((one, other) => one - other)
    .flatMap((line1) => listMentions(lineText(file, line1), line1));
  const written = listSlotWrites(program, info, (pc) => {
    const statement = statementAt(program, pc);
    return statement === undefined || !executed.pcs.has(statement.pc)
      ? []
      : linesOf(statement.span);
  });
  const chosen = choose(
    mentions,
    current,
    ({ name, line1, isWritten }) => isWritten || (written.get(name)?.has(line1) ?? false),
  );
  return { file, values: valuesOf(chosen, readerAt(target, row, isHex)) };
}

function userValues(
  target: DebugTarget,
  row: UserRow,
  executed: ExecutedPlaces,
): InlineValues | undefined {
  const program = target.tasks.find(({ id }) => id === row.task)?.program;
  if (row.span === undefined || program === undefined) return undefined;
  const { file, start } = row.span;
  const current = positionOf(file, start).line1;
  const lines = new Set([current]);
  for (const address of executed.addresses) {
    const span = programSpan(program, address);
    if (span?.file !== file) continue;
    const { line1 } = positionOf(file, span.start);
    if (line1 <= current) lines.add(line1);
  }
  const mentions = [...lines]
    .sort((one, other) => one - other)
    .flatMap((line1) => {
      const [code = ''] = lineText(file, line1).split('#');
      return [...code.matchAll(REGISTER)].map(({ 0: name, index }): Mention => ({
        line1,
        column1: index + 1,
        name,
        isWritten: false,
      }));
    });
  const chosen = choose(mentions, current, () => false);
  return { file, values: valuesOf(chosen, (name) => readRegister(target, row, name)) };
}

/** The values to show for a row of the call stack; `undefined` where there is no source. */
export function listInlineValues(
  target: DebugTarget,
  row: StackRow,
  executed: ExecutedPlaces,
  isHex = false,
): InlineValues | undefined {
  switch (row.kind) {
    case 'kernel':
      return kernelValues(target, row, executed, isHex);
    case 'user':
      return userValues(target, row, executed);
    case 'label':
      return undefined;
  }
}
