/**
 * The two exceptions of the project, sorted by whose fault they are.
 *
 * Everything that a program under study can do wrong is data (diagnostics, machine faults) and is
 * never thrown. Both are caught only at the four boundaries: DAP dispatch, extension commands,
 * webview messages and the command line's `main`.
 */

/** Wrong input of the user: shown as it is, with what to do about it. */
export class UserError extends Error {
  /** A stable name such as `unknown-scenario`. */
  readonly code: string;
  /** What the user can do; a sentence. */
  readonly remedy: string;
  /** True for a refusal that is nobody's fault (a request while running): answered, not shown. */
  readonly silent: boolean;

  constructor(code: string, message: string, remedy: string, silent = false) {
    super(message);
    this.name = 'UserError';
    this.code = code;
    this.remedy = remedy;
    this.silent = silent;
  }
}

/** A bug of ours: logged with its stack, answered as an internal error, exit status 70. */
export class BugError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'BugError';
  }
}

/** Throws a `BugError` unless the condition holds. */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new BugError(message);
}

/** The value, which the caller knows to be there; a `BugError` names what was missing otherwise. */
export function defined<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new BugError(`missing ${what}`);
  return value;
}

/** Marks a branch that the types rule out. */
export function unreachable(value: never): never {
  throw new BugError(`unreachable value ${JSON.stringify(value)}`);
}
