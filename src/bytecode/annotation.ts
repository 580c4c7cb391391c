/**
 * Annotations: comments that start with `//@`, read by the compiler by a table of forms that it is
 * given (the forms themselves belong to the kernel room).
 *
 * A form that acts is compiled to code that evaluates its operands into consecutive slots, then the
 * `annotate` instruction. Operand slots: first the expressions (one word each), then the `word`s (one
 * word, the number of the choice), then the owners (two words: owner code, value). Annotations are
 * invisible: they cost no virtual time and end no step.
 */
import type { Pc } from '../base/brand.ts';
import type { Span } from '../base/span.ts';

/** A piece of a form's syntax; `role` names the piece in the parsed annotation. */
export type FormPart =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'name'; readonly role: string }
  | { readonly kind: 'text'; readonly role: string }
  | {
      readonly kind: 'word';
      readonly role: string;
      readonly choices: Readonly<Record<string, number>>;
    }
  | { readonly kind: 'expression'; readonly role: string }
  | { readonly kind: 'owner'; readonly role: string }
  /** Present when its first literal is; an owner in an absent part is `OWNER_DEFAULT`. */
  | { readonly kind: 'optional'; readonly parts: readonly FormPart[] };

/**
 * What the machine does when a task passes an annotation; all but `none`, `cost`, `guard` and `racy` run
 * `annotate`.
 */
export type AnnotationAction =
  | 'none'
  | 'cost'
  /** [condition] */
  | 'assert'
  /** [lock, mode, owner code, owner value] */
  | 'acquire'
  /** [lock, owner code, owner value] */
  | 'drop'
  /** [object, owner code, owner value] */
  | 'get'
  | 'put'
  /** [object, from code, from value, to code, to value] */
  | 'move'
  /** [lock, mode]: the running task starts to wait for it */
  | 'wait'
  /** [lock]: the running task no longer waits (an `acquire` on its behalf also ends the wait) */
  | 'resume'
  /** [object, lock]: the object may be used by this task until its hold of the lock ends */
  | 'pin'
  /** Accesses to the field are listed in the program, for those who watch; nothing is executed. */
  | 'guard'
  /** Accesses to a field, or those of one statement to a place, are visible operations; nothing is executed. */
  | 'racy';

/** To what an annotation belongs. */
export type AnnotationPlacement =
  /** The statement that follows. */
  | 'statement'
  /** The function whose definition follows. */
  | 'function'
  /** The statement or the function that follows. */
  | 'statementOrFunction'
  /** The point where it stands: after the statement before it; acts there. */
  | 'here'
  /** Nothing: a declaration about a variable, field or type. */
  | 'anywhere'
  /** A member of the struct in which it stands. */
  | 'field'
  /** A member of the struct in which it stands, or the statement that follows. */
  | 'fieldOrStatement';

/** One form of annotation: its name, syntax and effect. */
export interface AnnotationForm {
  readonly name: string;
  readonly parts: readonly FormPart[];
  readonly placement: AnnotationPlacement;
  readonly action: AnnotationAction;
}

/** An owner of a lock or reference that is not a task: `io`, or `pte(ADDR)` with an argument. */
export interface OwnerWord {
  readonly word: string;
  readonly code: number;
  readonly hasArgument: boolean;
}

/** Owner code of an owner that was left out: the running task, or `io` inside an interrupt. */
export const OWNER_DEFAULT = -1;
/** Owner code of a task; the value is its cookie (the address of its `task_struct`). */
export const OWNER_TASK = 0;

/** A function that only annotations may use: `holds_read(L)`. Answered by the `ghost` instruction. */
export interface GhostQuery {
  readonly name: string;
  readonly code: GhostQueryCode;
}

/** What a ghost query asks of the running task (or `io` inside an interrupt) and the operand. */
export const GHOST_HOLDS_READ = 0;
export const GHOST_HOLDS_WRITE = 1;
export const GHOST_HOLDS = 2;
/** Nobody at all holds it. */
export const GHOST_NOT_HELD = 3;
/** How many references to the object are owned by anyone. */
export const GHOST_REFS = 4;
export type GhostQueryCode = 0 | 1 | 2 | 3 | 4;

/** The table that the compiler is given. */
export interface AnnotationLanguage {
  readonly forms: readonly AnnotationForm[];
  readonly owners: readonly OwnerWord[];
  readonly queries: readonly GhostQuery[];
}

/** One annotation of a program; its index in `Program.annotations` is the operand of `annotate`. */
export interface Annotation {
  readonly form: string;
  readonly action: AnnotationAction;
  readonly span: Span;
  /**
   * The text of each part by role: `{ name: 'trylock', title: 'The page is locked' }`. Of one that stands in a struct
   * also its tag, as `record`.
   */
  readonly roles: Readonly<Record<string, string>>;
  /** Index in `Program.functions` of the function it stands in or on. */
  readonly functionIndex: number | undefined;
  /** For placement `statement`: where the statement starts. For `function`: its entry. */
  readonly pc: Pc | undefined;
}
