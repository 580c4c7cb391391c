/**
 * What the lexer could not read and the program uses: reported, and replaced by what was probably
 * meant, so that one slip gives one complaint.
 */
import type { DiagnosticSink } from './diagnosticSink.ts';
import type { Token } from './token.ts';

/** Reports and replaces the invalid tokens of a list from an index on. */
export function repairTokens(tokens: Token[], from: number, sink: DiagnosticSink): void {
  for (let index = from; index < tokens.length; index += 1) {
    const token = tokens[index];
    if (token?.kind !== 'invalid') continue;
    const repaired = repairToken(token, sink);
    if (repaired === undefined) {
      tokens.splice(index, 1);
      index -= 1;
    } else tokens[index] = repaired;
  }
}

/** The token that takes the place of an invalid one; `undefined` to leave it out. */
function repairToken(token: Token, sink: DiagnosticSink): Token | undefined {
  const { text, span } = token;
  if (text.startsWith('"') || text.startsWith('L"')) {
    sink.report('unterminated-string', span);
    return { ...token, kind: 'string', text: '""' };
  }
  if (text.startsWith("'") || text.startsWith("L'")) {
    sink.report('unterminated-character', span);
    return { ...token, kind: 'char', text: "'0'" };
  }
  if (text.startsWith('/*')) {
    sink.report('unterminated-comment', { ...span, end: span.start + 2 });
    return undefined;
  }
  const code = text.codePointAt(0) ?? 0;
  const name = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  sink.report('unexpected-character', span, code > 32 && code !== 127 ? `\`${text}\`` : name);
  return undefined;
}
