/**
 * Names in scope: ordinary identifiers and tags, innermost scope first.
 *
 * The outermost scope may continue in a `NameSource`, which is how an expression of the debugger
 * sees the names of a compiled program. Labels belong to functions and are kept there.
 */
import { closestName } from '../base/closestName.ts';
import type { Symbol } from './ast.ts';
import type { TagSymbol } from './symbol.ts';

/** Names from elsewhere. */
export interface NameSource {
  find(name: string): Symbol | undefined;
  findTag(name: string): TagSymbol | undefined;
  /** All ordinary names, for suggestions. */
  names(): Iterable<string>;
}

/** Names at file scope that are declared only when somebody asks for them. */
export interface LateNames {
  /** The symbol that the name stands for from now on. */
  bring(name: string): Symbol | undefined;
  bringTag(name: string): TagSymbol | undefined;
  /** Told of every other name that is declared at file scope. */
  noteOwn(name: string): void;
  /** Of a tag that is new at file scope: what to declare for it. */
  adoptTag(tag: TagSymbol, hasBody: boolean): TagSymbol;
  /** Told of every tag at file scope that gets its body. */
  noteBody(tag: TagSymbol): void;
}

/** The maps are made on first use: most scopes declare no tag, those of prototypes nothing at all. */
interface Scope {
  symbols: Map<string, Symbol> | undefined;
  tags: Map<string, TagSymbol> | undefined;
}

/** Suggestions cost a pass over all names, so only so many are made. */
const SUGGESTION_LIMIT = 100;

/** For shorter names nearly every other short name would be near. */
const SHORTEST_NAME = 3;

function createScope(): Scope {
  return { symbols: undefined, tags: undefined };
}

function declareIn(scope: Scope | undefined, symbol: Symbol): void {
  if (scope === undefined) return;
  scope.symbols ??= new Map();
  scope.symbols.set(symbol.name, symbol);
}

function declareTagIn(scope: Scope | undefined, tag: TagSymbol): void {
  if (scope === undefined) return;
  scope.tags ??= new Map();
  scope.tags.set(tag.name, tag);
}

/** What a declaration at file scope did, in its order. */
export interface DeclaredNames {
  readonly names: string[];
  /** Tags that it mentions at file scope, new or not. */
  readonly mentions: TagSymbol[];
  /** Those of them that get their body. */
  readonly bodies: TagSymbol[];
  /** Whether there is any body, one without a tag included. */
  hasBody: boolean;
}

function createDeclaredNames(): DeclaredNames {
  return { names: [], mentions: [], bodies: [], hasBody: false };
}

export class ScopeTable {
  readonly #scopes: Scope[] = [createScope()];
  readonly #outer: NameSource | undefined;
  readonly #late: LateNames | undefined;
  #suggestionCount = 0;
  /** Collects what is declared at file scope. */
  #declared = createDeclaredNames();

  constructor(outer?: NameSource, late?: LateNames) {
    this.#outer = outer;
    this.#late = late;
  }

  get isFileScope(): boolean {
    return this.#scopes.length === 1;
  }

  /** The ordinary names of the file scope. */
  get fileSymbols(): ReadonlyMap<string, Symbol> {
    return this.#scopes[0]?.symbols ?? new Map<string, Symbol>();
  }

  /** What was declared at file scope since the last call. */
  takeDeclared(): DeclaredNames {
    const declared = this.#declared;
    this.#declared = createDeclaredNames();
    return declared;
  }

  enter(): void {
    this.#scopes.push(createScope());
  }

  leave(): void {
    this.#scopes.pop();
  }

  find(name: string): Symbol | undefined {
    for (let index = this.#scopes.length - 1; index >= 0; index -= 1) {
      const symbol = this.#scopes[index]?.symbols?.get(name);
      if (symbol !== undefined) return symbol;
    }
    return this.#bring(name) ?? this.#outer?.find(name);
  }

  #bring(name: string): Symbol | undefined {
    const symbol = this.#late?.bring(name);
    if (symbol !== undefined) declareIn(this.#scopes[0], symbol);
    return symbol;
  }

  /** Looks in the innermost scope only. */
  findHere(name: string): Symbol | undefined {
    if (this.isFileScope) return this.findAtFile(name);
    return this.#scopes.at(-1)?.symbols?.get(name);
  }

  /** Looks at file scope only: for `extern` declarations inside functions. */
  findAtFile(name: string): Symbol | undefined {
    return this.#scopes[0]?.symbols?.get(name) ?? this.#bring(name);
  }

  declare(symbol: Symbol): void {
    if (this.isFileScope) this.declareAtFile(symbol);
    else declareIn(this.#scopes.at(-1), symbol);
  }

  /** Declares at file scope: what a block declares with linkage. */
  declareAtFile(symbol: Symbol): void {
    this.#declared.names.push(symbol.name);
    this.#late?.noteOwn(symbol.name);
    declareIn(this.#scopes[0], symbol);
  }

  findTag(name: string): TagSymbol | undefined {
    for (let index = this.#scopes.length - 1; index >= 0; index -= 1) {
      const tag = this.#scopes[index]?.tags?.get(name);
      if (tag !== undefined) return tag;
    }
    return this.#bringTag(name) ?? this.#outer?.findTag(name);
  }

  #bringTag(name: string): TagSymbol | undefined {
    const tag = this.#late?.bringTag(name);
    if (tag !== undefined) declareTagIn(this.#scopes[0], tag);
    return tag;
  }

  findTagHere(name: string): TagSymbol | undefined {
    const tag = this.#scopes.at(-1)?.tags?.get(name);
    return tag ?? (this.isFileScope ? this.#bringTag(name) : undefined);
  }

  /** Declares a new tag; the result is the symbol that stands for it. */
  declareTag(tag: TagSymbol, hasBody: boolean): TagSymbol {
    const late = this.isFileScope ? this.#late : undefined;
    const symbol = late?.adoptTag(tag, hasBody) ?? tag;
    declareTagIn(this.#scopes.at(-1), symbol);
    this.noteTag(symbol, hasBody);
    return symbol;
  }

  /** Told of every mention of a declared tag. */
  noteTag(tag: TagSymbol, hasBody: boolean): void {
    if (!this.isFileScope) return;
    this.#declared.mentions.push(tag);
    if (!hasBody) return;
    this.#declared.bodies.push(tag);
    this.#late?.noteBody(tag);
  }

  /** Told of every body of a struct, union or enumeration. */
  noteBody(): void {
    this.#declared.hasBody = true;
  }

  /** The name in scope, or among the others, that an unknown one was probably meant to be. */
  suggest(
    name: string,
    isWanted: (symbol: Symbol) => boolean,
    others: Iterable<string> = [],
  ): string | undefined {
    if (name.length < SHORTEST_NAME || this.#suggestionCount >= SUGGESTION_LIMIT) return undefined;
    this.#suggestionCount += 1;
    return closestName(name, [...this.#wantedNames(isWanted), ...others]);
  }

  *#wantedNames(isWanted: (symbol: Symbol) => boolean): Iterable<string> {
    for (let index = this.#scopes.length - 1; index >= 0; index -= 1) {
      for (const symbol of this.#scopes[index]?.symbols?.values() ?? []) {
        if (isWanted(symbol)) yield symbol.name;
      }
    }
    for (const name of this.#outer?.names() ?? []) {
      const symbol = this.#outer?.find(name);
      if (symbol !== undefined && isWanted(symbol)) yield name;
    }
  }
}
