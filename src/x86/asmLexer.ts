/**
 * Splits the text of a user program into tokens. Line ends and `;` separate statements; `#` starts
 * a comment to the line's end, and so does a C comment, which may span lines.
 * Bad characters give a diagnostic and are skipped.
 */
import type { Diagnostic } from '../base/diagnostic.ts';
import type { SourceFile, Span } from '../base/span.ts';
import { asmMessages, isFull } from './asmMessages.ts';

/** A word, number or sign of a user program. */
export interface AsmToken {
  readonly kind:
    'name' | 'register' | 'number' | 'localLabel' | 'string' | 'punctuator' | 'separator' | 'end';
  /** The spelling; without the percent sign for a register. */
  readonly text: string;
  /** The value of a number or character; the number of a local label. */
  readonly value: number;
  /** The bytes of a string. */
  readonly bytes: readonly number[];
  readonly span: Span;
}

const PATTERNS: readonly { kind: AsmToken['kind'] | 'blank'; pattern: RegExp }[] = [
  { kind: 'blank', pattern: /(?:[ \t\r\f]+|#[^\n]*)/y },
  { kind: 'separator', pattern: /[\n;]/y },
  { kind: 'register', pattern: /%[A-Za-z][A-Za-z0-9]*/y },
  { kind: 'localLabel', pattern: /\d+[fb](?![\w$.])/y },
  { kind: 'number', pattern: /\d[\w]*/y },
  { kind: 'name', pattern: /[A-Za-z_.][\w.$]*/y },
  { kind: 'punctuator', pattern: /<<|>>|[-+*/%&|^~(),:$=@]/y },
];

const ESCAPES: Readonly<Record<string, number>> = {
  n: 10,
  t: 9,
  r: 13,
  b: 8,
  f: 12,
  '\\': 92,
  '"': 34,
  "'": 39,
};

/** All tokens of the file; the last one is of kind `end`. Complaints are added to `diagnostics`. */
export function lexAsm(file: SourceFile, diagnostics: Diagnostic[]): AsmToken[] {
  const tokens: AsmToken[] = [];
  const { text } = file;
  let at = 0;
  const spanTo = (end: number): Span => ({ file, start: at, end });
  const add = (
    kind: AsmToken['kind'],
    end: number,
    spelling: string,
    value = 0,
    bytes: number[] = [],
  ): void => {
    tokens.push({ kind, text: spelling, value, bytes, span: spanTo(end) });
    at = end;
  };
  scan: while (at < text.length && !isFull(diagnostics)) {
    if (text.startsWith('/*', at)) {
      const end = text.indexOf('*/', at + 2);
      if (end < 0) {
        diagnostics.push(asmMessages.openComment(spanTo(at + 2)));
        break;
      }
      at = end + 2;
      continue;
    }
    if (text[at] === '"') {
      const read = readString(file, at, diagnostics);
      add('string', read.end, text.slice(at, read.end), 0, read.bytes);
      continue;
    }
    if (text[at] === "'") {
      const escaped = text[at + 1] === '\\';
      const character = text[at + (escaped ? 2 : 1)] ?? '';
      const value = escaped ? ESCAPES[character] : character.charCodeAt(0);
      let end = at + (escaped ? 3 : 2);
      if (text[end] === "'") end += 1;
      if (value === undefined || Number.isNaN(value)) {
        diagnostics.push(asmMessages.badEscape(spanTo(end), text.slice(at, end)));
      }
      add('number', end, text.slice(at, end), value ?? 0);
      continue;
    }
    for (const { kind, pattern } of PATTERNS) {
      pattern.lastIndex = at;
      const match = pattern.exec(text)?.[0];
      if (match === undefined) continue;
      const end = at + match.length;
      if (kind === 'blank') at = end;
      else if (kind === 'register') add(kind, end, match.slice(1));
      else if (kind === 'localLabel') add(kind, end, match, Number.parseInt(match, 10));
      else if (kind === 'number') {
        const value = readNumber(match);
        if (value === undefined) diagnostics.push(asmMessages.badNumber(spanTo(end), match));
        add(kind, end, match, value ?? 0);
      } else add(kind, end, match);
      continue scan;
    }
    diagnostics.push(asmMessages.unexpectedCharacter(spanTo(at + 1), text[at] ?? ''));
    at += 1;
  }
  at = text.length;
  add('separator', at, '');
  add('end', at, '');
  return tokens;
}

/** Decimal, hexadecimal, binary and octal numbers up to 32 bits. */
function readNumber(text: string): number | undefined {
  const isOctal = /^0[0-7]+$/.test(text);
  if (!isOctal && !/^(?:0[xX][0-9a-fA-F]+|0[bB][01]+|[1-9]\d*|0)$/.test(text)) return undefined;
  const value = isOctal ? Number.parseInt(text, 8) : Number(text);
  return value <= 0xffffffff ? value : undefined;
}

function readString(
  file: SourceFile,
  start: number,
  diagnostics: Diagnostic[],
): { end: number; bytes: number[] } {
  const { text } = file;
  const bytes: number[] = [];
  let at = start + 1;
  while (at < text.length && text[at] !== '"' && text[at] !== '\n') {
    if (text[at] !== '\\') {
      const codePoint = text.codePointAt(at) ?? 0;
      bytes.push(...encodeUtf8(codePoint));
      at += codePoint > 0xffff ? 2 : 1;
      continue;
    }
    const octal = /^[0-7]{1,3}/.exec(text.slice(at + 1, at + 4))?.[0];
    if (octal !== undefined) {
      bytes.push(Number.parseInt(octal, 8) & 0xff);
      at += 1 + octal.length;
      continue;
    }
    const hexadecimal = /^x[0-9a-fA-F]+/.exec(text.slice(at + 1, at + 12))?.[0];
    if (hexadecimal !== undefined) {
      bytes.push(Number.parseInt(hexadecimal.slice(1), 16) & 0xff);
      at += 1 + hexadecimal.length;
      continue;
    }
    const value = ESCAPES[text[at + 1] ?? ''];
    if (value === undefined) {
      diagnostics.push(
        asmMessages.badEscape({ file, start: at, end: at + 2 }, text.slice(at, at + 2)),
      );
    }
    bytes.push(value ?? 0);
    at += 2;
  }
  if (text[at] !== '"') {
    diagnostics.push(asmMessages.openString({ file, start, end: at }));
    return { end: at, bytes };
  }
  return { end: at + 1, bytes };
}

/** The UTF-8 bytes of a character. Source: RFC 3629. */
function encodeUtf8(codePoint: number): number[] {
  if (codePoint < 0x80) return [codePoint];
  const tail = (shift: number): number => 0x80 | ((codePoint >> shift) & 0x3f);
  if (codePoint < 0x800) return [0xc0 | (codePoint >> 6), tail(0)];
  if (codePoint < 0x10000) return [0xe0 | (codePoint >> 12), tail(6), tail(0)];
  return [0xf0 | (codePoint >> 18), tail(12), tail(6), tail(0)];
}
