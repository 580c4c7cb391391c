// VS Code's quick input: the palette, quick open, go to line, and what asks for a choice or a text.
//
// An editor, a menu or a notification that opens at the same moment takes the keyboard and closes it. So every action
// that begins with a key that opens it is tried again as a whole, as a person would, until its end has been seen.
import type { Page } from 'playwright-core';
import { readVisibleRows } from './lists.ts';
import { expectSoon } from './waiting.ts';

/** How long one try of an action that is tried again may take, in milliseconds. */
export const TRY_MS = 4000;

const list = '.quick-input-list';

/** The quick input of one page. */
export class QuickInput {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /** The input's field. */
  get field() {
    return this.#page.locator('.quick-input-widget input');
  }

  /** Opens it by a key and types a text. */
  async open(key: string, text: string): Promise<void> {
    await expectSoon(`the quick input with "${text}"`, async () => {
      await this.#page.keyboard.press(key);
      return succeeds(this.field.fill(text, { timeout: TRY_MS }));
    });
  }

  /**
   * Opens it by a key, types a text and clicks the row that `matches`, until `isDone` if that is given: the list may
   * be drawn anew under the mouse.
   */
  async choose(
    key: string,
    text: string,
    matches: (label: string) => boolean,
    isDone?: () => Promise<boolean>,
  ): Promise<void> {
    await expectSoon(`a row for "${text}"`, async () => {
      await this.open(key, text);
      const isClicked = await succeeds(this.clickRow(matches, `a row for "${text}"`, TRY_MS));
      if (isClicked === undefined || isDone === undefined) return isClicked;
      return this.#happens(`the effect of "${text}"`, isDone);
    });
  }

  /** Opens it by a key, types a text and accepts it, until `isDone`. */
  async enter(key: string, text: string, isDone: () => Promise<boolean>): Promise<void> {
    await expectSoon(`the effect of "${text}"`, async () => {
      await this.open(key, text);
      await this.#page.keyboard.press('Enter');
      return this.#happens(`the effect of "${text}"`, isDone);
    });
  }

  #happens(what: string, isDone: () => Promise<boolean>): Promise<true | undefined> {
    const look = async (): Promise<true | undefined> => ((await isDone()) ? true : undefined);
    return succeeds(expectSoon(what, look, { timeout: TRY_MS }));
  }

  /** Types a text into what is open and accepts it. */
  async answer(text: string): Promise<void> {
    await this.field.waitFor();
    await this.field.fill(text);
    await this.#page.keyboard.press('Enter');
  }

  /** The rows on screen now, as they read. */
  async rows(): Promise<{ text: string; label: string }[]> {
    return readVisibleRows(this.#page, list);
  }

  /** The rows, in their order, once no more are being drawn. */
  async settledRows(): Promise<string[]> {
    await this.#page.locator(`${list} .monaco-list-row`).first().waitFor();
    const read = async (): Promise<string[]> => (await this.rows()).map(({ text }) => text);
    let before = await read();
    return expectSoon('a quick pick that is drawn', async () => {
      const now = await read();
      const isDrawn = now.join('\n') === before.join('\n');
      before = now;
      return isDrawn ? now : undefined;
    });
  }

  /** Waits for a row of what is open and clicks it. */
  async clickRow(
    matches: (label: string) => boolean,
    what: string,
    timeout?: number,
  ): Promise<void> {
    const options = timeout === undefined ? {} : { timeout };
    const row = await expectSoon(
      what,
      async () => (await readVisibleRows(this.#page, list)).find(({ label }) => matches(label)),
      {
        ...options,
        describe: async () => (await this.rows()).map(({ label }) => label).join(' | '),
      },
    );
    await this.#page
      .locator(`${list} .monaco-list-row[data-index="${row.index}"]`)
      .first()
      .click(options);
  }
}

/** True when an action succeeds, undefined when it fails, so that it can be tried again. */
export function succeeds(action: Promise<unknown>): Promise<true | undefined> {
  return action.then(
    () => true,
    () => undefined,
  );
}
