/**
 * JSON with comments whose every value has a place, so that complaints about values point to them.
 */
import {
  createScanner,
  findNodeAtLocation,
  getNodeValue,
  parseTree,
  printParseErrorCode,
  type Node,
  type ParseError,
} from 'jsonc-parser';
import type { SourceFile, Span } from '../base/span.ts';

/** Nobody writes deeper ones by hand, and the parser of the library recurses. */
const NESTING_LIMIT = 100;
/** The most characters; files of a scenario may bring their contents along. */
export const JSONC_TEXT_LIMIT = 8_000_000;
/** The most words, numbers, texts, brackets and commas. */
export const JSONC_TOKEN_LIMIT = 30_000;
/** The most complaints that are kept. */
const ERROR_LIMIT = 100;

/** Keys and indices from the root to a value. */
export type JsonPath = readonly (string | number)[];

/** A place where the text is not JSON with comments. */
export interface JsoncError {
  /** Words such as `comma expected`. */
  readonly message: string;
  readonly span: Span;
}

export class JsoncDocument {
  readonly file: SourceFile;
  readonly errors: readonly JsoncError[];
  private readonly root: Node | undefined;

  constructor(file: SourceFile) {
    this.file = file;
    const excess = findExcess(file.text);
    if (excess !== undefined) {
      const { message, offset } = excess;
      this.root = undefined;
      this.errors = [{ message, span: { file, start: offset, end: offset + 1 } }];
      return;
    }
    const errors: ParseError[] = [];
    this.root = parseTree(file.text, errors, { allowTrailingComma: true });
    this.errors = errors.slice(0, ERROR_LIMIT).map(({ error, offset, length }) => ({
      message: toWords(printParseErrorCode(error)),
      span: { file, start: offset, end: offset + Math.max(1, length) },
    }));
  }

  /** The data, without comments; `undefined` for an empty text. */
  value(): unknown {
    return this.root === undefined ? undefined : getNodeValue(this.root);
  }

  /** The value at a path, without comments; `undefined` when there is none. */
  valueAt(path: JsonPath): unknown {
    const node = this.root === undefined ? undefined : findNodeAtLocation(this.root, [...path]);
    return node === undefined ? undefined : getNodeValue(node);
  }

  /** Where a value stands; the nearest enclosing one that exists. */
  spanOf(path: JsonPath): Span {
    for (let length = path.length; this.root !== undefined && length >= 0; length -= 1) {
      const node = findNodeAtLocation(this.root, path.slice(0, length));
      if (node !== undefined) return this.spanOfNode(node, length < path.length);
    }
    return { file: this.file, start: 0, end: 0 };
  }

  /** Where the key of a property stands. */
  spanOfKey(path: JsonPath): Span {
    const node = this.root === undefined ? undefined : findNodeAtLocation(this.root, [...path]);
    const key = node?.parent?.type === 'property' ? node.parent.children?.[0] : undefined;
    return key === undefined ? this.spanOf(path) : this.spanOfNode(key, false);
  }

  /** For the enclosing value only its first character, which starts the object. */
  private spanOfNode({ offset, length }: Node, isEnclosing: boolean): Span {
    return { file: this.file, start: offset, end: offset + (isEnclosing ? 1 : length) };
  }
}

/** What is beyond the limits of size and nesting, and where. */
function findExcess(text: string): { message: string; offset: number } | undefined {
  if (text.length > JSONC_TEXT_LIMIT) {
    const message = `the text has more than ${String(JSONC_TEXT_LIMIT)} characters; shorten it`;
    return { message, offset: JSONC_TEXT_LIMIT };
  }
  const scanner = createScanner(text, true);
  let depth = 0;
  let tokens = 0;
  for (;;) {
    scanner.scan();
    const offset = scanner.getTokenOffset();
    if (offset >= text.length) return undefined;
    const first = text.charAt(offset);
    if (first === '{' || first === '[') depth += 1;
    if (first === '}' || first === ']') depth -= 1;
    if (depth > NESTING_LIMIT) {
      return { message: `nested deeper than ${String(NESTING_LIMIT)} levels`, offset };
    }
    tokens += 1;
    if (tokens > JSONC_TOKEN_LIMIT) {
      const message = `more than ${String(JSONC_TOKEN_LIMIT)} words, numbers and signs; shorten the lists`;
      return { message, offset };
    }
  }
}

/** `CommaExpected` becomes `comma expected`. */
function toWords(name: string): string {
  return name.replace(/(?!^)([A-Z])/g, ' $1').toLowerCase();
}
