/**
 * The preprocessor's position in the tokens of one file.
 *
 * As input of the macro expander it ends before every directive: an argument list cannot go on over
 * one. Directives are taken line by line.
 */
import type { SourceFile } from '../base/span.ts';
import { lexFile, type LexedFile } from './lexedFile.ts';
import type { TokenInput } from './macroExpander.ts';
import { createEndToken, isPunctuator, type Token } from './token.ts';

/** The directives that may stand between the arguments of a macro: those that bring no tokens. */
const INSIDE_ARGUMENTS = new Set(
  'if ifdef ifndef elif else endif define undef line error warning'.split(' '),
);

/** Walks the tokens of one file; an argument list cannot go on over a directive. */
export class FileCursor implements TokenInput {
  readonly lexed: LexedFile;
  readonly file: SourceFile;
  at = 0;
  /** Reads the directive here, and passes over what it leaves out. */
  readDirective: () => void = () => undefined;

  constructor(file: SourceFile) {
    this.file = file;
    this.lexed = lexFile(file);
  }

  peek(): Token {
    const token = this.current();
    const isDirective = token.text === '#' && token.atLineStart && token.kind === 'punctuator';
    return isDirective ? createEndToken(token.span) : token;
  }

  take(): Token {
    const token = this.peek();
    if (token.kind !== 'end') this.at += 1;
    return token;
  }

  peekArgument(): Token {
    for (;;) {
      const token = this.current();
      if (!token.atLineStart || !isPunctuator(token, '#')) return token;
      const name = this.lexed.tokens[this.at + 1];
      const isEmpty = name?.atLineStart === true;
      if (!isEmpty && !INSIDE_ARGUMENTS.has(name?.text ?? '')) return this.peek();
      this.readDirective();
    }
  }

  /** The token here, a directive's `#` included. */
  current(): Token {
    return this.lexed.tokens[this.at] ?? createEndToken({ file: this.file, start: 0, end: 0 });
  }

  /** Takes the rest of a directive's line, annotations left out. */
  takeLine(): Token[] {
    const line: Token[] = [];
    for (;;) {
      const token = this.current();
      if (token.atLineStart || token.kind === 'end') return line;
      if (token.kind !== 'annotation') line.push(token);
      this.at += 1;
    }
  }

  /** Goes on to the next directive of the file, or to its end. */
  skipToDirective(): void {
    const { directives, tokens } = this.lexed;
    let low = 0;
    let high = directives.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((directives[middle] ?? 0) < this.at) low = middle + 1;
      else high = middle;
    }
    this.at = directives[low] ?? tokens.length - 1;
  }
}
