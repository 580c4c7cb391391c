/**
 * Annotation comments: the text behind `//@` is split by the table of forms that the compiler is given.
 *
 * `//@ acquire read &mm->mmap_sem for current` becomes the form, the text of its parts by role, and
 * operands: words as numbers, expressions as tokens, expanded by the macros of the place. An
 * expression reaches to the first literal of the next part outside parentheses, brackets and
 * `? :`. A wrong annotation is an error, because one that has no effect would be a false promise.
 */
import {
  OWNER_DEFAULT,
  OWNER_TASK,
  type AnnotationForm,
  type AnnotationLanguage,
  type FormPart,
} from '../bytecode/annotation.ts';
import type { Span } from '../base/span.ts';
import type { DiagnosticSink } from './diagnosticSink.ts';
import { Lexer } from './lexer.ts';
import { didYouMean } from '../base/closestName.ts';
import {
  createEndToken,
  type AnnotationOperand,
  type ParsedAnnotation,
  type Token,
} from './token.ts';

/** Expands the macros in an expression; the result has no `end`. */
export type ExpandTokens = (tokens: readonly Token[], at: Span) => readonly Token[];

/** Parses the text of an `annotation` token; `undefined` after a complaint. */
export function parseAnnotation(
  token: Token,
  language: AnnotationLanguage,
  expand: ExpandTokens,
  sink: DiagnosticSink,
): ParsedAnnotation | undefined {
  return new FormParser(token.span, language, expand, sink).parse();
}

/** How a form is written: `acquire read|write LOCK [for OWNER]`. */
export function formShape(form: AnnotationForm): string {
  return [form.name, ...form.parts.map(partShape)].join(' ').replace(/ {2,}/g, ' ');
}

function partShape(part: FormPart): string {
  switch (part.kind) {
    case 'literal':
      return part.text;
    case 'word':
      return Object.keys(part.choices).join('|');
    case 'optional':
      return `[${part.parts.map(partShape).join(' ')}]`;
    case 'name':
    case 'text':
    case 'expression':
    case 'owner':
      return part.role.toUpperCase();
  }
}

class FormParser {
  readonly #span: Span;
  readonly #language: AnnotationLanguage;
  readonly #expand: ExpandTokens;
  readonly #sink: DiagnosticSink;
  readonly #roles: Record<string, string> = {};
  readonly #operands: AnnotationOperand[] = [];
  #at: number;

  constructor(
    span: Span,
    language: AnnotationLanguage,
    expand: ExpandTokens,
    sink: DiagnosticSink,
  ) {
    this.#span = span;
    this.#language = language;
    this.#expand = expand;
    this.#sink = sink;
    this.#at = span.start + '//@'.length;
  }

  parse(): ParsedAnnotation | undefined {
    const name = this.#peekWord();
    if (name === '') {
      this.#sink.report('annotation-empty', this.#span);
      return undefined;
    }
    const form = this.#language.forms.find((candidate) => candidate.name === name);
    if (form === undefined) {
      const known = this.#language.forms.map((candidate) => candidate.name);
      const meant = didYouMean(name, known);
      const hint = meant === '' ? `; known are ${known.join(', ')}` : meant;
      this.#sink.report('annotation-unknown', this.#wordSpan(name), name, hint);
      return undefined;
    }
    this.#at += name.length;
    if (!this.#readParts(form, form.parts)) return undefined;
    this.#skipSpace();
    if (this.#at < this.#span.end) {
      this.#expected(form, 'the end of the line');
      return undefined;
    }
    return { form, roles: this.#roles, operands: this.#operands };
  }

  #skipSpace(): void {
    while (this.#at < this.#span.end && /\s/.test(this.#span.file.text.charAt(this.#at)))
      this.#at += 1;
  }

  /** The characters to the next space, after leading space. */
  #peekWord(): string {
    this.#skipSpace();
    return /^\S*/.exec(this.#span.file.text.slice(this.#at, this.#span.end))?.[0] ?? '';
  }

  #wordSpan(word: string): Span {
    return { file: this.#span.file, start: this.#at, end: this.#at + Math.max(1, word.length) };
  }

  #expected(form: AnnotationForm, what: string): void {
    this.#skipSpace();
    this.#sink.report(
      'annotation-syntax',
      this.#wordSpan(this.#peekWord()),
      form.name,
      what,
      formShape(form),
    );
  }

  #readParts(form: AnnotationForm, parts: readonly FormPart[]): boolean {
    return parts.every((part, index) => this.#readPart(form, part, parts.slice(index + 1)));
  }

  #readPart(form: AnnotationForm, part: FormPart, following: readonly FormPart[]): boolean {
    switch (part.kind) {
      case 'literal':
        return this.#acceptLiteral(part.text) || this.#failed(form, `\`${part.text}\``);
      case 'name': {
        const name = /^[A-Za-z_][\w.-]*/.exec(this.#peekWord())?.[0];
        if (name === undefined) return this.#failed(form, 'a name');
        this.#at += name.length;
        this.#roles[part.role] = name;
        return true;
      }
      case 'text': {
        this.#skipSpace();
        const text = this.#span.file.text.slice(this.#at, this.#span.end).trimEnd();
        if (text === '') return this.#failed(form, 'some text');
        this.#at = this.#span.end;
        this.#roles[part.role] = text;
        return true;
      }
      case 'word':
        return this.#readWord(form, part.role, part.choices);
      case 'expression': {
        const tokens = this.#readExpression(form, part.role, literalsOf(following));
        if (tokens === undefined) return false;
        this.#operands.push({ kind: 'expression', role: part.role, tokens });
        return true;
      }
      case 'owner':
        return this.#readOwner(form, part.role, literalsOf(following));
      case 'optional':
        return this.#readOptional(form, part.parts);
    }
  }

  #failed(form: AnnotationForm, what: string): false {
    this.#expected(form, what);
    return false;
  }

  /** Takes the words or punctuation of a literal if they stand here. */
  #acceptLiteral(text: string): boolean {
    const start = this.#at;
    for (const word of text.split(' ')) {
      this.#skipSpace();
      const rest = this.#span.file.text.slice(this.#at, this.#span.end);
      const isWhole =
        rest.startsWith(word) && !(/\w$/.test(word) && /^\w/.test(rest.slice(word.length)));
      if (!isWhole) {
        this.#at = start;
        return false;
      }
      this.#at += word.length;
    }
    return true;
  }

  #readWord(
    form: AnnotationForm,
    role: string,
    choices: Readonly<Record<string, number>>,
  ): boolean {
    const word = this.#peekWord();
    const value = Object.hasOwn(choices, word) ? choices[word] : undefined;
    if (value === undefined) {
      const known = Object.keys(choices).map((choice) => `\`${choice}\``);
      this.#sink.report('annotation-word', this.#wordSpan(word), form.name, word, known.join(', '));
      return false;
    }
    this.#at += word.length;
    this.#roles[role] = word;
    this.#operands.push({ kind: 'word', role, value });
    return true;
  }

  /** Tokens up to a literal that may follow, or to the end of the comment. */
  #readExpression(
    form: AnnotationForm,
    role: string,
    stops: readonly string[],
  ): Token[] | undefined {
    this.#skipSpace();
    const start = this.#at;
    const lexer = new Lexer(this.#span.file, start, this.#span.end);
    const tokens: Token[] = [];
    let nesting = 0;
    let questions = 0;
    let end = start;
    for (;;) {
      const token = lexer.next();
      const { text } = token;
      if (token.kind === 'end') break;
      const isTernary = text === ':' && questions > 0;
      if (nesting === 0 && !isTernary && stops.includes(text)) break;
      if (token.kind === 'invalid') {
        this.#at = token.span.start;
        this.#expected(form, 'a C expression');
        return undefined;
      }
      if (token.kind === 'punctuator') {
        if (/^[([{]$/.test(text)) nesting += 1;
        else if (/^[)\]}]$/.test(text)) nesting -= 1;
        else if (text === '?') questions += 1;
        else if (isTernary) questions -= 1;
      }
      tokens.push(token);
      end = token.span.end;
    }
    this.#at = end;
    if (tokens.length === 0) {
      this.#expected(form, 'a C expression');
      return undefined;
    }
    const span = { file: this.#span.file, start, end };
    this.#roles[role] = this.#span.file.text.slice(start, end);
    return [...this.#expand(tokens, span), createEndToken(span)];
  }

  /** owner = WORD | WORD "(" expression ")" | task-expression */
  #readOwner(form: AnnotationForm, role: string, stops: readonly string[]): boolean {
    const word = /^\w*/.exec(this.#peekWord())?.[0] ?? '';
    const start = this.#at;
    const owner = this.#language.owners.find((candidate) => candidate.word === word);
    if (owner === undefined) {
      const tokens = this.#readExpression(form, role, stops);
      if (tokens === undefined) return false;
      this.#operands.push({ kind: 'owner', role, code: OWNER_TASK, tokens });
      return true;
    }
    this.#at += word.length;
    let tokens: Token[] | undefined;
    if (owner.hasArgument) {
      tokens = this.#readExpression(form, role, stops);
      if (tokens === undefined) return false;
      if (tokens[0]?.text !== '(') return this.#failed(form, `\`${word}(ADDRESS)\``);
    }
    this.#roles[role] = this.#span.file.text.slice(start, this.#at);
    this.#operands.push({ kind: 'owner', role, code: owner.code, tokens });
    return true;
  }

  /** An optional part is there when its first literal is. */
  #readOptional(form: AnnotationForm, parts: readonly FormPart[]): boolean {
    const [first] = parts;
    const start = this.#at;
    const isPresent = first?.kind === 'literal' && this.#acceptLiteral(first.text);
    this.#at = start;
    if (isPresent) return this.#readParts(form, parts);
    for (const part of parts) {
      if (part.kind !== 'owner') continue;
      this.#operands.push({
        kind: 'owner',
        role: part.role,
        code: OWNER_DEFAULT,
        tokens: undefined,
      });
    }
    return true;
  }
}

/** The first words of the literals that may come next. */
function literalsOf(parts: readonly FormPart[]): string[] {
  const [part] = parts;
  if (part?.kind === 'literal') return [part.text.split(' ')[0] ?? part.text];
  if (part?.kind === 'optional') return [...literalsOf(part.parts), ...literalsOf(parts.slice(1))];
  return [];
}
