/**
 * The expression that a place in a line of source means: a variable, or a member by the path to it.
 */

const C_WORD = /[A-Za-z_]\w*/g;
const C_PATH = /(?:[A-Za-z_]\w*\s*(?:->|\.)\s*)*$/;
const REGISTER = /%?\be(?:ax|bx|cx|dx|si|di|bp|sp|ip|flags)\b/g;

/** An expression and the columns of the word that was meant, from 0, `end` exclusive. */
export interface PointedExpression {
  readonly expression: string;
  readonly start: number;
  readonly end: number;
}

function wordAt(pattern: RegExp, line: string, column: number): RegExpMatchArray | undefined {
  return [...line.matchAll(pattern)].find(
    ({ 0: word, index }) => index <= column && column <= index + word.length,
  );
}

/** The register of a user program at a column, from 0. */
export function registerAt(line: string, column: number): PointedExpression | undefined {
  const found = wordAt(REGISTER, line, column);
  if (found?.index === undefined) return undefined;
  const [word] = found;
  const expression = word.startsWith('%') ? word : `%${word}`;
  return { expression, start: found.index, end: found.index + word.length };
}

/** The variable or member of C at a column, from 0: of `mm->mmap_sem.count` up to the word pointed at. */
export function expressionAt(line: string, column: number): PointedExpression | undefined {
  const found = wordAt(C_WORD, line, column);
  if (found?.index === undefined) return undefined;
  const [word] = found;
  const before = line.slice(0, found.index);
  const path = C_PATH.exec(before)?.[0] ?? '';
  const head = before.slice(0, before.length - path.length);
  // Behind a call or an index the path does not begin here: what it means cannot be told from the line.
  if (/(?:->|\.)\s*$/.test(head) || /\w$/.test(head)) return undefined;
  const expression = `${path.replace(/\s+/g, '')}${word}`;
  return { expression, start: found.index, end: found.index + word.length };
}
