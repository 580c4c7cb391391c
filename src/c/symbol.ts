/**
 * What names of a C program stand for, beside variables and functions (`ast.ts`): constants, types,
 * tags and labels. The parser makes one object per entity and unit; every mention in the tree points
 * to that object, so identity is the question "is it the same thing?".
 *
 * Only the parser changes symbols, while it reads the unit; afterwards they stay as they are.
 */
import type { Span } from '../base/span.ts';
import type { CType, EnumType, IntegerType } from '../bytecode/ctype.ts';

/** Who sees a name: other units, this unit, or only its scope. */
export type Linkage = 'external' | 'internal' | 'none';

/** A constant of an enumeration. */
export interface EnumConstantSymbol {
  readonly kind: 'enumConstant';
  readonly name: string;
  /** Inside the list that declares it, the type of its expression; behind it, what the list decides. */
  type: IntegerType | EnumType;
  /** In the range of `type`. */
  value: bigint;
  readonly span: Span;
}

/** A name of a type. */
export interface TypedefSymbol {
  readonly kind: 'typedef';
  readonly name: string;
  readonly type: CType;
  readonly span: Span;
}

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
