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

/** Names declared at file scope, in the order of the declarations. */
export interface DeclaredNames {
  readonly names: string[];
  readonly tags: string[];
}

export class ScopeTable {
  readonly #scopes: Scope[] = [createScope()];
  readonly #outer: NameSource | undefined;
  #suggestionCount = 0;
  /** Collects what is declared at file scope. */
  #declared: DeclaredNames = { names: [], tags: [] };

  constructor(outer?: NameSource) {
    this.#outer = outer;
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
    this.#declared = { names: [], tags: [] };
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
    return this.#outer?.find(name);
  }

  /** Looks in the innermost scope only. */
  findHere(name: string): Symbol | undefined {
    return this.#scopes.at(-1)?.symbols?.get(name);
  }

  /** Looks at file scope only: for `extern` declarations inside functions. */
  findAtFile(name: string): Symbol | undefined {
    return this.#scopes[0]?.symbols?.get(name);
  }

  declare(symbol: Symbol): void {
    if (this.isFileScope) this.#declared.names.push(symbol.name);
    declareIn(this.#scopes.at(-1), symbol);
  }

  /** Declares at file scope: what a block declares with linkage. */
  declareAtFile(symbol: Symbol): void {
    this.#declared.names.push(symbol.name);
    declareIn(this.#scopes[0], symbol);
  }

  findTag(name: string): TagSymbol | undefined {
    for (let index = this.#scopes.length - 1; index >= 0; index -= 1) {
      const tag = this.#scopes[index]?.tags?.get(name);
      if (tag !== undefined) return tag;
    }
    return this.#outer?.findTag(name);
  }

  findTagHere(name: string): TagSymbol | undefined {
    return this.#scopes.at(-1)?.tags?.get(name);
  }

  declareTag(tag: TagSymbol): void {
    const scope = this.#scopes.at(-1);
    if (scope === undefined) return;
    if (this.isFileScope) this.#declared.tags.push(tag.name);
    scope.tags ??= new Map();
    scope.tags.set(tag.name, tag);
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
