// VS Code as a person uses it: keys, the command palette, lists, messages, panels and pictures.
//
// A thin layer over the page: every method is something a person can do or see. Editors are in `editors`, the Run view
// and the debug console in `debug`.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Frame, Page } from 'playwright-core';
import { DebugViews } from './debugViews.ts';
import { Editors } from './editor.ts';
import { readVisibleRows } from './lists.ts';
import { resultsFolder } from './places.ts';
import type { ColorTheme, OpenedVscode } from './openVscode.ts';
import { QuickInput } from './quickInput.ts';
import { expectSoon } from './waiting.ts';

/** The workbench of one page. */
export class Workbench {
  readonly page: Page;
  readonly editors: Editors;
  readonly debug: DebugViews;
  readonly quickInput: QuickInput;
  /** How many keys the journey has pressed by `press`. */
  keyPresses = 0;

  readonly #changeSettings: (settings: Record<string, unknown>) => void;

  constructor({ page, changeSettings }: Pick<OpenedVscode, 'page' | 'changeSettings'>) {
    this.page = page;
    this.#changeSettings = changeSettings;
    this.quickInput = new QuickInput(page);
    this.editors = new Editors(page, this.quickInput);
    this.debug = new DebugViews(page, this.editors);
  }

  /** Waits until the workbench is drawn and the folder's files are listed. */
  async waitUntilReady(): Promise<void> {
    await this.page.locator('.monaco-workbench .statusbar').waitFor({ timeout: 60_000 });
    await this.page
      .locator('.explorer-folders-view .monaco-list-row')
      .first()
      .waitFor({ timeout: 60_000 });
  }

  /** Changes the color theme by its setting; the caller waits until it is drawn. */
  useTheme(theme: ColorTheme): void {
    this.#changeSettings({ 'workbench.colorTheme': theme });
  }

  /** Presses keys one after the other, for example `F5` or `Control+Shift+D`. */
  async press(...keys: string[]): Promise<void> {
    for (const key of keys) {
      this.keyPresses += 1;
      await this.page.keyboard.press(key);
    }
  }

  /** Runs a command by its full title in the palette, for example `Faultline: Next Moment`. */
  async runCommand(title: string): Promise<void> {
    await this.quickInput.choose(
      'F1',
      `>${title}`,
      (label) => label === title || label.startsWith(`${title},`),
    );
  }

  /**
   * Waits until the palette lists a command: the workbench is drawn before it knows what extensions
   * contribute, and an open palette does not learn of them.
   */
  async waitForCommand(title: string): Promise<void> {
    await expectSoon(
      `the command "${title}" in the palette`,
      async () => {
        await this.quickInput.open('F1', `>${title}`);
        await this.page.locator('.quick-input-list .monaco-list-row').first().waitFor();
        const rows = await this.quickInput.rows();
        await this.page.keyboard.press('Escape');
        await this.quickInput.field.waitFor({ state: 'hidden' });
        return rows.some(({ label }) => label.startsWith(title)) ? true : undefined;
      },
      { timeout: 60_000 },
    );
  }

  /** Chooses the first entry of an open quick pick that contains `text`. */
  async pick(text: string): Promise<void> {
    await this.quickInput.clickRow((label) => label.includes(text), `an entry with "${text}"`);
  }

  /** Types into an open quick pick or input box and accepts it. */
  async answerInput(text: string): Promise<void> {
    await this.quickInput.answer(text);
  }

  /** The entries of the open quick pick, in their order, once no more are being drawn. */
  async quickPickEntries(): Promise<string[]> {
    return this.quickInput.settledRows();
  }

  /** Opens a file of the folder by name, at a line if given. */
  async openFile(name: string, line?: number): Promise<void> {
    const isWanted = (label: string): boolean => label.includes(path.posix.basename(name));
    const isOpen = (): Promise<boolean> => this.editors.isOpen(name);
    await this.quickInput.choose('Control+P', name, isWanted, isOpen);
    await this.editors.waitForFile(name);
    if (line !== undefined) await this.editors.goToLine(name, line);
  }

  /** The names on the tabs of all editor groups. */
  async tabs(): Promise<string[]> {
    return this.page.locator('.tabs-container .tab .label-name').allInnerTexts();
  }

  /**
   * The texts of the notifications, read in the notification center: with its smoke-test driver VS Code
   * shows no toasts.
   */
  async notifications(): Promise<string[]> {
    const center = this.page.locator('.notifications-center.visible');
    if (!(await center.isVisible())) {
      await this.page.locator('.statusbar [id="status.notifications"] a').first().click();
    }
    return center.locator('.notification-list-item-message').allInnerTexts();
  }

  /** Waits for a notification that contains `text` and returns it whole. */
  async waitForNotification(text: string): Promise<string> {
    return expectSoon(
      `a notification with "${text}"`,
      async () => (await this.notifications()).find((message) => message.includes(text)),
      { describe: async () => JSON.stringify(await this.notifications()) },
    );
  }

  /** Waits for a modal dialog and returns its text. */
  async waitForDialog(): Promise<string> {
    const dialog = this.page.locator('.monaco-dialog-box');
    await dialog.waitFor();
    return dialog.innerText();
  }

  /** Presses a button, by its visible or accessible name, in the workbench (not in panels). */
  async clickButton(name: string): Promise<void> {
    await this.page.getByRole('button', { name }).first().click();
  }

  /** The texts of the status bar. */
  async statusBar(): Promise<string[]> {
    const texts = await this.page.locator('.statusbar .statusbar-item').allInnerTexts();
    return texts.map((text) => text.trim()).filter((text) => text !== '');
  }

  /** The messages in the Problems panel, which it opens. */
  async problems(): Promise<string[]> {
    await this.runCommand('Problems: Focus on Problems View');
    const container = '.markers-panel';
    await this.page.locator(container).waitFor();
    return (await readVisibleRows(this.page, container)).map(({ text }) => text);
  }

  /** Waits for the document of a webview that contains an element matching `selector`. */
  async webview(selector: string): Promise<Frame> {
    return expectSoon(
      `a webview with ${selector}`,
      async () => {
        for (const frame of this.page.frames()) {
          if (frame === this.page.mainFrame()) continue;
          const count = await frame
            .locator(selector)
            .count()
            .catch(() => 0);
          if (count > 0) return frame;
        }
        return undefined;
      },
      {
        describe: () =>
          Promise.resolve(
            this.page
              .frames()
              .map((frame) => frame.url())
              .join(', '),
          ),
      },
    );
  }

  /**
   * Reads or does something in the document of a webview that contains an element matching `selector`. VS Code makes
   * that document anew when the window is loaded again or the view moves; then it is done in the new one.
   */
  async inWebview<T>(selector: string, act: (document: Frame) => Promise<T>): Promise<T> {
    const { value } = await expectSoon(`a webview with ${selector} that stays`, async () => {
      const document = await this.webview(selector);
      try {
        return { value: await act(document) };
      } catch (error) {
        if (document.isDetached()) return undefined;
        throw error;
      }
    });
    return value;
  }

  /** Drags the upper edge of the bottom panel (debug console) until it is `height` pixels high. */
  async resizeBottomPanel(height: number): Promise<void> {
    const panel = await this.page.locator('.part.panel').boundingBox();
    if (panel === null) throw new Error('The bottom panel is not on screen.');
    // Not in the middle: there the edge meets that between two editor groups.
    const x = panel.x + panel.width / 4;
    const edge = await this.page.evaluate(
      ({ left, top }) => {
        const isSash = (y: number): boolean =>
          document.elementFromPoint(left, y)?.classList.contains('monaco-sash') === true;
        return Array.from({ length: 25 }, (_, offset) => top - 12 + offset).find(isSash);
      },
      { left: x, top: panel.y },
    );
    if (edge === undefined) throw new Error('The edge of the bottom panel was not found.');
    await this.page.mouse.move(x, edge + 1);
    await this.page.mouse.down();
    await this.page.mouse.move(x, panel.y + panel.height - height, { steps: 4 });
    await this.page.mouse.up();
    await this.page.mouse.move(x, panel.y + panel.height - 20);
  }

  /** Takes a picture of the window as `test-results/e2e/screenshots/NAME.png` and returns its path. */
  async screenshot(name: string): Promise<string> {
    const folder = path.join(resultsFolder, 'screenshots');
    mkdirSync(folder, { recursive: true });
    const file = path.join(folder, `${name}.png`);
    await this.page.screenshot({ path: file, animations: 'disabled', caret: 'hide' });
    return file;
  }
}
