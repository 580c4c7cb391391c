// What can be read from and done in VS Code's text editors: lines, gutter, the line of the current stop, hovers.
//
// An editor is named by the end of its document's address (`fault.c`), so that panels and split editors do not matter.
// Only lines on screen are in the document: go to a line before touching it. Lines are 1-based everywhere.
import type { Page } from 'playwright-core';
import { settle } from './lists.ts';
import { succeeds, TRY_MS, type QuickInput } from './quickInput.ts';
import { expectSoon } from './waiting.ts';

/** Where the debugger has stopped, as an editor shows it. */
export interface StopPlace {
  /** The document's address, for example `faultline:/patched/arch/x86/mm/fault.c`. */
  uri: string;
  line: number;
  /** The text of the line, spaces at its ends removed. */
  text: string;
}

/** A mark in the gutter: its line and the icons there, such as `codicon-debug-breakpoint`. */
export interface GutterMark {
  line: number;
  classes: string;
}

/** The text editors of one page. */
export class Editors {
  readonly #page: Page;
  readonly #quickInput: QuickInput;

  constructor(page: Page, quickInput: QuickInput) {
    this.#page = page;
    this.#quickInput = quickInput;
  }

  /** The CSS selector of the editor that shows a document whose address ends in `file`. */
  selector(file: string): string {
    return `.editor-instance .monaco-editor[data-uri$="${file}"]`;
  }

  /** Waits until a document is open and its first lines are drawn. */
  async waitForFile(file: string): Promise<void> {
    await this.#page
      .locator(`${this.selector(file)} .view-line`)
      .first()
      .waitFor();
  }

  /** Whether a document is on screen. */
  async isOpen(file: string): Promise<boolean> {
    return this.#page
      .locator(`${this.selector(file)} .view-line`)
      .first()
      .isVisible();
  }

  /** Gives the keyboard to an open editor without moving its cursor. */
  async focus(file: string): Promise<void> {
    await this.#page
      .locator(`${this.selector(file)} .native-edit-context, ${this.selector(file)} textarea`)
      .first()
      .focus();
  }

  /** Moves the cursor of an open editor to a line and brings it on screen. */
  async goToLine(file: string, line: number): Promise<void> {
    await this.focus(file);
    await this.#quickInput.enter('Control+G', `:${line}`, () => this.#isOnScreen(file, line));
  }

  /** Finds the first line on screen that contains `text`. Errors: fails when no line on screen does. */
  async findLine(file: string, text: string): Promise<number> {
    return expectSoon(`a line with "${text}" on screen in ${file}`, async () => {
      const lines = await this.visibleLines(file);
      return lines.find((line) => line.text.includes(text))?.line;
    });
  }

  /** The lines of an open editor that are wholly on screen, and not behind the lines that stick to its top. */
  async visibleLines(file: string): Promise<{ line: number; text: string }[]> {
    return this.#page
      .locator(this.selector(file))
      .first()
      .evaluate((editor) => {
        const { top, bottom } = editor.getBoundingClientRect();
        const sticky = editor.querySelector('.sticky-widget')?.getBoundingClientRect();
        const firstTop = Math.max(top, sticky?.bottom ?? top);
        const tops = new Map<string, number>();
        for (const row of editor.querySelectorAll<HTMLElement>('.margin-view-overlays > div')) {
          const number = Number(row.querySelector('.line-numbers')?.textContent);
          const box = row.getBoundingClientRect();
          const isOnScreen = box.top >= firstTop - 1 && box.bottom <= bottom + 1;
          if (number > 0 && isOnScreen) tops.set(row.style.top, number);
        }
        return [...editor.querySelectorAll<HTMLElement>('.view-lines > .view-line')]
          .flatMap((row) => {
            const line = tops.get(row.style.top);
            const text = row.textContent.replaceAll('\u00a0', ' ');
            return line === undefined ? [] : [{ line, text }];
          })
          .sort((a, b) => a.line - b.line);
      });
  }

  /**
   * Brings a line that contains `text` on screen and returns its number: one near by if there is one, by the mouse
   * wheel, else the next one behind the cursor, by the find widget, which leaves the cursor there.
   */
  async scrollTo(file: string, text: string): Promise<number> {
    const look = async (): Promise<number | undefined> =>
      (await this.visibleLines(file)).find((line) => line.text.includes(text))?.line;
    const box = await this.#page.locator(this.selector(file)).first().boundingBox();
    if (box === null) throw new Error(`${file} is not on screen.`);
    await this.#page.mouse.move(box.x + box.width / 2, box.y + box.height / 4);
    for (const move of [0, 0.5, -1]) {
      await this.#page.mouse.wheel(0, move * Math.max(40, box.height - 120));
      await settle(this.#page);
      const near = await look();
      if (near !== undefined) return near;
    }
    return expectSoon(`a line with "${text}" in ${file}`, async () => {
      const isFound = await succeeds(this.#find(file, text));
      return isFound === undefined ? undefined : look();
    });
  }

  /** Goes to the next place of `text` in a file, as with Ctrl+F, and closes the find widget again. */
  async #find(file: string, text: string): Promise<void> {
    const { keyboard } = this.#page;
    const timeout = TRY_MS;
    const widget = this.#page.locator(`${this.selector(file)} .find-widget.visible`).first();
    await this.focus(file);
    await keyboard.press('Control+F');
    await widget.locator('textarea').first().fill(text, { timeout });
    const count = widget.locator('.matchesCount');
    await count.filter({ hasText: / of |No/ }).waitFor({ timeout });
    // A text that was the last one to be searched for is marked but not gone to.
    if ((await count.innerText()).startsWith('?')) await keyboard.press('Enter');
    await count.filter({ hasText: /^(\d+ of|No)/ }).waitFor({ timeout });
    await keyboard.press('Escape');
    await widget.waitFor({ state: 'detached', timeout });
    await keyboard.press('Home');
  }

  /** Clicks the gutter at a line, as a person sets or removes a breakpoint. */
  async clickGutter(file: string, line: number): Promise<void> {
    // An editor that still scrolls draws its lines anew, so the line's place counts when it is found there twice.
    let before = '';
    const box = await expectSoon(`line ${line} of ${file} at rest on screen`, async () => {
      if (!(await this.#isOnScreen(file, line))) await this.goToLine(file, line);
      const found = await this.#lineNumber(file, line)
        .boundingBox({ timeout: 1000 })
        .catch(() => null);
      const isAtRest = found !== null && JSON.stringify(found) === before;
      before = JSON.stringify(found);
      return isAtRest ? found : undefined;
    });
    await this.#page.mouse.click(box.x - 12, box.y + box.height / 2);
  }

  /** The marks in the gutter of the lines on screen: breakpoints, the current stop, the marks of the patch. */
  async gutterMarks(file: string): Promise<GutterMark[]> {
    return this.#page
      .locator(this.selector(file))
      .first()
      .evaluate((editor) => {
        const lines = new Map<string, number>();
        for (const row of editor.querySelectorAll<HTMLElement>('.margin-view-overlays > div')) {
          const number = Number(row.querySelector('.line-numbers')?.textContent);
          if (number > 0) lines.set(row.style.top, number);
        }
        const marks = [
          ...editor.querySelectorAll<HTMLElement>('.glyph-margin-widgets > .cgmr'),
        ].map((mark) => ({ line: lines.get(mark.style.top) ?? 0, classes: mark.className }));
        const decorated = [
          ...editor.querySelectorAll<HTMLElement>('.margin-view-overlays > div > .cldr'),
        ].map((mark) => ({
          line: lines.get(mark.parentElement?.style.top ?? '') ?? 0,
          classes: mark.className,
        }));
        return [...marks, ...decorated].filter(({ line }) => line > 0);
      });
  }

  /** The lines on screen with a bar at the edge of the gutter, as the lines of the patch have. */
  async barredLines(file: string): Promise<number[]> {
    return this.#page
      .locator(this.selector(file))
      .first()
      .evaluate((editor) => {
        const lines = new Map<string, number>();
        for (const row of editor.querySelectorAll<HTMLElement>('.margin-view-overlays > div')) {
          lines.set(row.style.top, Number(row.querySelector('.line-numbers')?.textContent));
        }
        return [...editor.querySelectorAll<HTMLElement>('.view-overlays > div')].flatMap((row) => {
          const line = lines.get(row.style.top) ?? 0;
          const hasBar = [...row.children].some((mark) => {
            const { borderLeftStyle, borderLeftWidth } = getComputedStyle(mark);
            return borderLeftStyle === 'solid' && Number.parseFloat(borderLeftWidth) >= 3;
          });
          return hasBar && line > 0 ? [line] : [];
        });
      });
  }

  /** What extensions have added behind the lines on screen, with the text of each line. */
  async textsBehindLines(file: string): Promise<{ line: string; added: string }[]> {
    return this.#page
      .locator(this.selector(file))
      .first()
      .evaluate((editor) =>
        [...editor.querySelectorAll<HTMLElement>('.view-lines > .view-line')].flatMap((row) => {
          const line = row.textContent.replaceAll('\u00a0', ' ').trim();
          return [...row.querySelectorAll('span')]
            .map((span) => getComputedStyle(span, '::after').content)
            .filter((content) => content !== 'none' && content !== 'normal')
            .map((content) => ({ line, added: content.replace(/^"|"$/g, '') }));
        }),
      );
  }

  /** Where the debugger has stopped, or undefined while no editor on screen shows a stop. */
  async stopPlace(): Promise<StopPlace | undefined> {
    return this.#page.evaluate(() => {
      const mark = document.querySelector(
        '.editor-instance .monaco-editor .view-overlays .debug-top-stack-frame-line',
      );
      const row = mark?.parentElement;
      const editor = mark?.closest<HTMLElement>('.monaco-editor[data-uri]');
      if (row === null || row === undefined || editor === null || editor === undefined)
        return undefined;
      const sameTop = (selector: string): HTMLElement | undefined =>
        [...editor.querySelectorAll<HTMLElement>(selector)].find(
          (candidate) => candidate.style.top === row.style.top,
        );
      const line = Number(
        sameTop('.margin-view-overlays > div')?.querySelector('.line-numbers')?.textContent,
      );
      const text = sameTop('.view-lines > .view-line')?.textContent ?? '';
      if (!(line > 0)) return undefined;
      return {
        uri: editor.dataset['uri'] ?? '',
        line,
        text: text.replaceAll('\u00a0', ' ').trim(),
      };
    });
  }

  /** Rests the mouse on the first occurrence of `text` on screen and reads the hover that appears. */
  async hoverOver(file: string, text: string): Promise<string> {
    const box = await this.#placeOf(file, text);
    const hover = this.#page
      .locator('.editor-instance .monaco-hover:visible, .debug-hover-widget:visible')
      .filter({ hasText: /\S/ })
      .first();
    let offset = 1;
    return expectSoon(`a hover over "${text}"`, async () => {
      // A hover wants the mouse to move over the word and then to rest.
      offset = -offset;
      await this.#page.mouse.move(box.x + offset, box.y, { steps: 3 });
      const hasCome = await hover.waitFor({ timeout: 1_500 }).then(
        () => true,
        () => false,
      );
      return hasCome ? hover.innerText() : undefined;
    });
  }

  /** Double-clicks the first occurrence of `text` on screen, which selects it. */
  async selectWord(file: string, text: string): Promise<void> {
    const box = await this.#placeOf(file, text);
    await this.#page.mouse.dblclick(box.x, box.y);
  }

  async #isOnScreen(file: string, line: number): Promise<boolean> {
    return (await this.visibleLines(file)).some((seen) => seen.line === line);
  }

  #lineNumber(file: string, line: number) {
    return this.#page
      .locator(`${this.selector(file)} .margin-view-overlays .line-numbers`)
      .filter({ hasText: new RegExp(`^${line}$`) })
      .first();
  }

  /** The middle of a text on screen. */
  async #placeOf(file: string, text: string): Promise<{ x: number; y: number }> {
    return expectSoon(`"${text}" on screen in ${file}`, () =>
      this.#page
        .locator(this.selector(file))
        .first()
        .evaluate((editor, wanted) => {
          for (const line of editor.querySelectorAll('.view-lines > .view-line')) {
            const start = line.textContent.replaceAll('\u00a0', ' ').indexOf(wanted);
            if (start < 0) continue;
            const range = document.createRange();
            const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
            let passed = 0;
            let hasStart = false;
            for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
              const length = node.textContent?.length ?? 0;
              if (!hasStart && start < passed + length) {
                range.setStart(node, start - passed);
                hasStart = true;
              }
              if (hasStart && start + wanted.length <= passed + length) {
                range.setEnd(node, start + wanted.length - passed);
                break;
              }
              passed += length;
            }
            const box = range.getBoundingClientRect();
            return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
          }
          return undefined;
        }, text),
    );
  }
}
