// Waiting on conditions, never on time: a condition is asked until it gives an answer or the patience ends.

/** How long a condition is waited for unless said otherwise, in milliseconds. */
export const patience = 20_000;

/**
 * Asks `read` until it returns something other than undefined, and returns that.
 * Errors: fails after `timeout` milliseconds, naming `what` was waited for and, if given, what `describe` sees instead.
 */
export async function expectSoon<T>(
  what: string,
  read: () => Promise<T | undefined>,
  { timeout = patience, describe }: { timeout?: number; describe?: () => Promise<string> } = {},
): Promise<T> {
  const deadline = Date.now() + timeout;
  for (;;) {
    const answer = await read();
    if (answer !== undefined) return answer;
    if (Date.now() > deadline) {
      const seen = describe === undefined ? '' : ` What is there: ${await describe()}`;
      throw new Error(`Waited ${timeout} ms for ${what}.${seen}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
