/**
 * The lexer: the text of a file (or a range of it) becomes tokens.
 *
 * It knows white space, comments, line continuations and the maximal munch of punctuators, but no
 * directives and no keywords. It never complains: what cannot be a token becomes an `invalid` one,
 * because a text that `#if` leaves out may contain anything; the preprocessor reports those that
 * are used. A digraph becomes the punctuator that it stands for, a universal character name in an
 * identifier the character. Trigraphs are left out, as in gcc's own C.
 */
import type { SourceFile } from '../base/span.ts';
import { createEndToken, createToken, type Token, type TokenKind } from './token.ts';

const OTHER = 0;
const PUNCTUATION = 1;
const BLANK = 2;
/** These two and no others have this bit. */
const WORD = 4;
const LETTER = WORD;
const DIGIT = WORD + 1;

const NEWLINE = 10;
const CARRIAGE_RETURN = 13;
const SPACE = 32;
const QUOTE = 34;
const APOSTROPHE = 39;
const STAR = 42;
const DOT = 46;
const SLASH = 47;
const AT = 64;
const BACKSLASH = 92;
const PLUS = 43;
const MINUS = 45;
const LOWER_E = 101;
const LOWER_P = 112;

const PUNCTUATORS = [
  '... <<= >>=',
  '-> ++ -- << >> <= >= == != && || += -= *= /= %= &= |= ^= ##',
  '{ } [ ] ( ) . & * + - ~ ! / % < > ^ | ? : ; = , #',
].map((line) => new Set(line.split(' ')));
const [THREE = new Set(), TWO = new Set(), ONE = new Set()] = PUNCTUATORS;

const DIGRAPHS: ReadonlyMap<string, string> = new Map([
  ['<:', '['],
  [':>', ']'],
  ['<%', '{'],
  ['%>', '}'],
  ['%:', '#'],
]);

const UNIVERSAL = /\\(?:u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})/y;
const WORD_START = /[\p{ID_Start}]/u;
const WORD_PART = /[\p{ID_Continue}]/u;

const CLASSES = buildClasses();

function buildClasses(): Uint8Array {
  const classes = new Uint8Array(128);
  for (let code = 0; code < 128; code += 1) {
    const character = String.fromCharCode(code);
    if (/[A-Za-z_$]/.test(character)) classes[code] = LETTER;
    else if (/[0-9]/.test(character)) classes[code] = DIGIT;
    else if (ONE.has(character)) classes[code] = PUNCTUATION;
    else if (code === SPACE || (code >= 9 && code <= CARRIAGE_RETURN)) classes[code] = BLANK;
  }
  return classes;
}

/** White space outside of ASCII. */
const BYTE_ORDER_MARK = 0xfeff;

function isSign(code: number): boolean {
  return code === PLUS || code === MINUS;
}

/** Reads the tokens of a range of a file, one at a time. */
export class Lexer {
  readonly #file: SourceFile;
  readonly #text: string;
  readonly #end: number;
  #at: number;
  #atLineStart = true;
  #spaceBefore = false;
  /** Whether the token being read contains a line continuation. */
  #isSpliced = false;
  /** Whether it contains a universal character name. */
  #isUniversal = false;
  /** Whether a comment may end in a `*` and a `/` on two lines. */
  #hasSplitEnds: boolean | undefined;

  constructor(file: SourceFile, start = 0, end = file.text.length) {
    this.#file = file;
    this.#text = file.text;
    this.#at = start;
    this.#end = end;
  }

  /** Where the next token is looked for. */
  get offset(): number {
    return this.#at;
  }

  /** The next token; at the end, `end` as often as one asks. */
  next(): Token {
    this.#isSpliced = false;
    const openComment = this.#skipSpace();
    const start = this.#at;
    if (openComment !== undefined) {
      this.#at = this.#end;
      return this.#make('invalid', openComment);
    }
    if (start >= this.#end) {
      return createEndToken({ file: this.#file, start: this.#end, end: this.#end });
    }
    const code = this.#text.charCodeAt(start);
    const next = this.#text.charCodeAt(start + 1);
    switch (CLASSES[code]) {
      case LETTER:
        this.#readWord();
        if (this.#at === start + 1 && this.#isWideQuote(code)) return this.#readWide(start);
        return this.#make('identifier', start);
      case DIGIT:
        this.#readNumber();
        return this.#make('number', start);
      case PUNCTUATION:
        if (code === SLASH && next === SLASH) return this.#readAnnotation(start);
        if (code === DOT && CLASSES[next] === DIGIT) {
          this.#readNumber();
          return this.#make('number', start);
        }
        // Most stand alone: nothing follows that could belong to them.
        if (next === BACKSLASH || CLASSES[next] === PUNCTUATION) {
          return this.#readLongPunctuator(start);
        }
        this.#at = start + 1;
        return this.#make('punctuator', start);
      default:
        if (code === QUOTE || code === APOSTROPHE) return this.#readQuoted(start, code);
        if (this.#skipForeign(WORD_START)) {
          this.#readWord();
          return this.#make('identifier', start);
        }
        this.#at += code >= 0xd800 && code < 0xdc00 ? 2 : 1;
        return this.#make('invalid', start);
    }
  }

  #make(kind: TokenKind, start: number): Token {
    const raw = this.#text.slice(start, this.#at);
    let text = this.#isSpliced ? raw.replace(/\\\r?\n/g, '') : raw;
    if (this.#isUniversal) {
      text = decodeUniversal(text);
      this.#isUniversal = false;
    }
    const span = { file: this.#file, start, end: this.#at };
    const token = createToken(kind, text, span, this.#atLineStart, this.#spaceBefore);
    this.#atLineStart = false;
    this.#spaceBefore = false;
    return token;
  }

  /** The length of a line continuation at the offset, or 0. */
  #spliceAt(offset: number): number {
    if (this.#text.charCodeAt(offset) !== BACKSLASH) return 0;
    const next = this.#text.charCodeAt(offset + 1);
    if (next === NEWLINE) return 2;
    return next === CARRIAGE_RETURN && this.#text.charCodeAt(offset + 2) === NEWLINE ? 3 : 0;
  }

  /** Goes to the next character that is neither space nor comment; returns an open comment's start. */
  #skipSpace(): number | undefined {
    const text = this.#text;
    const end = this.#end;
    for (;;) {
      let at = this.#at;
      let code = 0;
      for (; at < end; at += 1) {
        code = text.charCodeAt(at);
        if (code === NEWLINE) this.#atLineStart = true;
        else if (CLASSES[code] !== BLANK && code !== BYTE_ORDER_MARK) break;
      }
      if (at > this.#at) this.#spaceBefore = true;
      this.#at = at;
      if (at >= end) return undefined;
      if (code === BACKSLASH) {
        const splice = this.#spliceAt(this.#at);
        if (splice === 0) return undefined;
        this.#at += splice;
      } else if (code === SLASH && text.charCodeAt(this.#at + 1) === STAR) {
        if (!this.#skipComment(this.#at + 2)) return this.#at;
      } else if (code === SLASH && text.charCodeAt(this.#at + 1) === SLASH) {
        if (text.charCodeAt(this.#at + 2) === AT) return undefined;
        this.#at = this.#lineEnd(this.#at);
        this.#spaceBefore = true;
      } else if (code === SLASH && this.#spliceAt(this.#at + 1) > 0) {
        const start = this.#at;
        const second = this.#skipSplices(start + 1);
        if (text.charCodeAt(second) === SLASH) {
          this.#at = this.#lineEnd(start);
          this.#spaceBefore = true;
        } else if (text.charCodeAt(second) !== STAR) return undefined;
        else if (!this.#skipComment(second + 1)) return start;
      } else {
        return undefined;
      }
    }
  }

  /** Goes behind the end of the comment whose text starts at an offset; false if it has none. */
  #skipComment(from: number): boolean {
    const text = this.#text;
    this.#hasSplitEnds ??= text.includes('*\\\n') || text.includes('*\\\r\n');
    let end = text.indexOf('*/', from) + 2;
    if (this.#hasSplitEnds) {
      const close = /\*(?:\\\r?\n)*\//g;
      close.lastIndex = from;
      end = close.test(text) ? close.lastIndex : 1;
    }
    if (end < 2 || end > this.#end) return false;
    this.#at = end;
    this.#spaceBefore = true;
    return true;
  }

  /** The offset behind line continuations. */
  #skipSplices(from: number): number {
    let at = from;
    for (let splice = this.#spliceAt(at); splice > 0; splice = this.#spliceAt(at)) at += splice;
    return at;
  }

  /** The end of the logical line: a line continuation does not end it. */
  #lineEnd(from: number): number {
    let at = from;
    for (;;) {
      const newline = this.#text.indexOf('\n', at);
      if (newline < 0 || newline >= this.#end) return this.#end;
      const before =
        this.#text.charCodeAt(newline - 1) === CARRIAGE_RETURN ? newline - 2 : newline - 1;
      if (before < from || this.#text.charCodeAt(before) !== BACKSLASH) return newline;
      at = newline + 1;
    }
  }

  #readWord(): void {
    const text = this.#text;
    const end = this.#end;
    for (;;) {
      let at = this.#at;
      let code = 0;
      for (; at < end; at += 1) {
        code = text.charCodeAt(at);
        if (((CLASSES[code] ?? OTHER) & WORD) === 0) break;
      }
      this.#at = at;
      if (code !== BACKSLASH && code < 128) return;
      if (!this.#skipSplice() && !this.#skipForeign(WORD_PART)) return;
    }
  }

  /** Takes a character of an identifier outside of ASCII, or the universal name of one. */
  #skipForeign(wanted: RegExp): boolean {
    const code = this.#at < this.#end ? this.#text.charCodeAt(this.#at) : 0;
    if (code >= 128) {
      const character = String.fromCodePoint(this.#text.codePointAt(this.#at) ?? 0);
      if (!wanted.test(character)) return false;
      this.#at += character.length;
      return true;
    }
    if (code !== BACKSLASH) return false;
    UNIVERSAL.lastIndex = this.#at;
    const name = UNIVERSAL.exec(this.#text)?.[0];
    if (name === undefined || this.#at + name.length > this.#end) return false;
    if (!wanted.test(decodeUniversal(name))) return false;
    this.#at += name.length;
    this.#isUniversal = true;
    return true;
  }

  /** A preprocessing number: digits, letters, dots, and signs after an exponent letter. */
  #readNumber(): void {
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      const isPart = code === DOT || ((CLASSES[code] ?? OTHER) & WORD) !== 0;
      if (this.#at < this.#end && isPart) {
        this.#at += 1;
        const isExponent = (code | 32) === LOWER_E || (code | 32) === LOWER_P;
        if (isExponent && isSign(this.#text.charCodeAt(this.#at))) this.#at += 1;
      } else if (code !== BACKSLASH || !this.#skipSplice()) return;
    }
  }

  #skipSplice(): boolean {
    const splice = this.#at < this.#end ? this.#spliceAt(this.#at) : 0;
    if (splice === 0) return false;
    this.#at += splice;
    this.#isSpliced = true;
    return true;
  }

  #readQuoted(start: number, quote: number): Token {
    this.#at += 1;
    while (this.#at < this.#end) {
      const code = this.#text.charCodeAt(this.#at);
      if (code === quote) {
        this.#at += 1;
        return this.#make(quote === QUOTE ? 'string' : 'char', start);
      }
      if (code === NEWLINE) break;
      if (code === BACKSLASH) {
        if (this.#skipSplice()) continue;
        this.#at += 1;
        if (this.#text.charCodeAt(this.#at) === NEWLINE) break;
      }
      this.#at += 1;
    }
    this.#at = Math.min(this.#at, this.#end);
    return this.#make('invalid', start);
  }

  #isWideQuote(letter: number): boolean {
    const code = this.#text.charCodeAt(this.#at);
    return letter === 76 && (code === QUOTE || code === APOSTROPHE);
  }

  #readWide(start: number): Token {
    const quoted = this.#readQuoted(this.#at, this.#text.charCodeAt(this.#at));
    const span = { file: this.#file, start, end: this.#at };
    return { ...quoted, text: `L${quoted.text}`, span };
  }

  #readAnnotation(start: number): Token {
    this.#at = this.#lineEnd(start);
    const text = this.#text.slice(start, this.#at);
    this.#at -= text.length - text.trimEnd().length;
    return this.#make('annotation', start);
  }

  #readLongPunctuator(start: number): Token {
    // The next characters without line continuations, and where each of them ends.
    let characters = '';
    const ends: number[] = [];
    let at = start;
    while (characters.length < 3 && at < this.#end) {
      const splice = this.#spliceAt(at);
      at += splice;
      if (splice > 0) continue;
      characters += this.#text.charAt(at);
      at += 1;
      ends.push(at);
    }
    let length = 1;
    if (THREE.has(characters)) length = 3;
    else if (TWO.has(characters.slice(0, 2))) length = 2;
    const digraph = DIGRAPHS.get(characters.slice(0, 2));
    if (digraph !== undefined) return this.#makeDigraph(start, ends[1] ?? start + 2, digraph);
    const end = ends[length - 1] ?? start + 1;
    this.#isSpliced = end !== start + length;
    this.#at = end;
    return this.#make('punctuator', start);
  }

  #makeDigraph(start: number, end: number, text: string): Token {
    const isDouble = this.#text.startsWith('%:%:', start);
    this.#at = isDouble ? start + 4 : end;
    return { ...this.#make('punctuator', start), text: isDouble ? '##' : text };
  }
}

/** The text with universal character names replaced by what they name. */
function decodeUniversal(text: string): string {
  return text.replace(/\\(?:u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})/g, (name: string) => {
    const code = Number.parseInt(name.slice(2), 16);
    return code > 0x10ffff ? name : String.fromCodePoint(code);
  });
}
