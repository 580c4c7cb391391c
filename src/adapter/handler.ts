/**
 * The form of a request handler: arguments in, reply out, `UserError` thrown for wrong input.
 */

/** The arguments of a request, not yet looked at. */
export type RawArguments = Readonly<Record<string, unknown>>;

/** What a request is answered with. */
export interface Reply {
  readonly body?: unknown;
  /** What happens once the response has been sent, such as starting a run. */
  readonly afterwards?: () => void | Promise<unknown>;
}

/** Answers a request; `seq` names it while it is being answered. */
export type Handler = (raw: RawArguments, seq: number) => Reply | Promise<Reply>;

/** Handlers by the name of the request. */
export type HandlerTable = Readonly<Record<string, Handler>>;
