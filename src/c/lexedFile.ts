/**
 * A file as tokens, kept with the file: headers are read by many units and are lexed once.
 *
 * Beside the tokens stands what the preprocessor asks often: where directives start, and which
 * macro guards the whole file against a second inclusion.
 */
import type { SourceFile } from '../base/span.ts';
import { Lexer } from './lexer.ts';
import type { Token } from './token.ts';

/** Larger files are refused. */
export const FILE_CHARACTER_LIMIT = 2_000_000;

export interface LexedFile {
  /** The last one is `end`. A file beyond the limit has no other. */
  readonly tokens: readonly Token[];
  /** Indices in `tokens` of every `#` that starts a directive. */
  readonly directives: readonly number[];
  /** The macro of `#ifndef` around everything in the file. */
  readonly guard: string | undefined;
}

const lexedFiles = new WeakMap<SourceFile, LexedFile>();

/** The tokens of a file. Cost: linear the first time, nothing afterwards. */
export function lexFile(file: SourceFile): LexedFile {
  const known = lexedFiles.get(file);
  if (known !== undefined) return known;
  const isTooLarge = file.text.length > FILE_CHARACTER_LIMIT;
  const lexer = new Lexer(file, isTooLarge ? file.text.length : 0);
  const tokens: Token[] = [];
  const directives: number[] = [];
  for (;;) {
    const token = lexer.next();
    if (token.atLineStart && token.text === '#') directives.push(tokens.length);
    tokens.push(token);
    if (token.kind === 'end') break;
  }
  const lexed = { tokens, directives, guard: findGuard(tokens, directives) };
  lexedFiles.set(file, lexed);
  return lexed;
}

/** The name in `#ifndef NAME` when its `#endif` ends the file and no `#else` belongs to it. */
function findGuard(tokens: readonly Token[], directives: readonly number[]): string | undefined {
  if (directives[0] !== 0) return undefined;
  const name = tokens[2];
  if (tokens[1]?.text !== 'ifndef' || name?.kind !== 'identifier') return undefined;
  if (tokens[3]?.atLineStart !== true) return undefined;
  let depth = 0;
  for (const [order, index] of directives.entries()) {
    const directive = tokens[index + 1]?.text ?? '';
    if (directive === 'if' || directive === 'ifdef' || directive === 'ifndef') depth += 1;
    else if (directive === 'endif') {
      depth -= 1;
      if (depth > 0) continue;
      const isLast = order === directives.length - 1 && tokens[index + 2]?.kind === 'end';
      return isLast ? name.text : undefined;
    } else if (depth === 1 && (directive === 'else' || directive === 'elif')) return undefined;
  }
  return undefined;
}
