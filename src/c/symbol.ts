/**
 * What names of a C program stand for. The parser makes one object per entity and unit; every mention
 * in the tree points to that object, so identity is the question "is it the same thing?".
 *
 * Only the parser changes symbols, while it reads the unit; afterwards they stay as they are.
 * Linking entities of several units by name is the work of lowering.
 */
import type { Span } from '../base/span.ts';
import type { CType, FunctionType } from '../bytecode/ctype.ts';
import type { FunctionDefinition, Initializer } from './ast.ts';

/** Who sees a name: other units, this unit, or only its scope. */
export type Linkage = 'external' | 'internal' | 'none';

/** A variable, a parameter, or the object behind a compound literal. */
export interface VariableSymbol {
  readonly kind: 'variable';
  /** Empty for a compound literal. */
  readonly name: string;
  /** Complete at the end of the unit, unless the variable is only declared. */
  type: CType;
  linkage: Linkage;
  readonly storage: 'static' | 'automatic';
  readonly isParameter: boolean;
  /** The name in its latest declaration; in the definition once that is seen. */
  span: Span;
  /** Index of the translation unit. */
  readonly unit: number;
  /** The function it is declared in; `undefined` at file scope. */
  readonly owner: FunctionSymbol | undefined;
  /** `tentative`: `int x;` at file scope, zeros unless another declaration says more. */
  definition: 'none' | 'tentative' | 'full';
  /** Of a static variable that has one; its items are constants. */
  initializer: Initializer | undefined;
  /** Alignment in bytes asked for by an attribute on the variable; 0 when none was. */
  align: number;
  /** Whether `&` or array decay is applied to it (or a part of it) anywhere. */
  isAddressTaken: boolean;
  isUsed: boolean;
}

/** A function, declared or defined. */
export interface FunctionSymbol {
  readonly kind: 'function';
  readonly name: string;
  type: FunctionType;
  linkage: Linkage;
  /** The name in its first declaration; in the definition once that is seen. */
  span: Span;
  readonly unit: number;
  isInline: boolean;
  /** Declared with `__attribute__((noreturn))`. */
  isNoReturn: boolean;
  /** Declared with `__attribute__((warn_unused_result))`. */
  warnsUnused: boolean;
  definition: FunctionDefinition | undefined;
  isUsed: boolean;
}

/** A constant of an enumeration. */
export interface EnumConstantSymbol {
  readonly kind: 'enumConstant';
  readonly name: string;
  readonly type: CType;
  readonly value: bigint;
  readonly span: Span;
}

/** A name of a type. */
export interface TypedefSymbol {
  readonly kind: 'typedef';
  readonly name: string;
  readonly type: CType;
  readonly span: Span;
}

/** An ordinary identifier. */
export type Symbol = VariableSymbol | FunctionSymbol | EnumConstantSymbol | TypedefSymbol;

/** What `struct TAG`, `union TAG` or `enum TAG` stands for; all three share one space of names. */
export interface TagSymbol {
  readonly name: string;
  readonly keyword: 'struct' | 'union' | 'enum';
  readonly type: CType;
  readonly span: Span;
}

/** A label of a function, the target of `goto`. */
export interface LabelSymbol {
  readonly kind: 'label';
  readonly name: string;
  /** The label itself; while it is not yet seen, its first use. */
  span: Span;
}
