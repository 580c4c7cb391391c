// The debugger as VS Code shows it: stops, call stack, variables, watch, breakpoints, console, toolbar.
//
// Everything is read from what is on screen and done by clicks, as a person would; nothing talks to the adapter.
import type { Page } from 'playwright-core';
import type { Editors, StopPlace } from './editor.ts';
import { readAllRows, readVisibleRows, settle, type ListRow } from './lists.ts';
import { expectSoon } from './waiting.ts';

/** A row of the Call Stack view. With one thread VS Code shows no thread row, but a state beside the title. */
export type CallStackRow =
  | { kind: 'session'; name: string; state: string }
  | { kind: 'thread'; name: string; state: string }
  | { kind: 'frame'; name: string; file: string; line: number }
  | { kind: 'other'; name: string };

/** A row of the Variables or Watch view: a scope has no value. */
export interface VariableRow {
  name: string;
  value: string;
  level: number;
  isExpanded: boolean;
}

const views = {
  callStack: '.debug-call-stack',
  variables: '.debug-variables',
  watch: '.debug-watch',
  breakpoints: '.debug-breakpoints',
  console: '.repl',
} as const;

/** The Run view, the debug toolbar and the debug console of one page. */
export class DebugViews {
  readonly #page: Page;
  readonly #editors: Editors;

  constructor(page: Page, editors: Editors) {
    this.#page = page;
    this.#editors = editors;
  }

  /** Opens the Run view. */
  async show(): Promise<void> {
    if (!(await this.#page.locator('.debug-viewlet').isVisible())) {
      await this.#page.keyboard.press('Control+Shift+D');
    }
    await this.#page.locator('.debug-viewlet').waitFor();
  }

  /**
   * Waits until F5 means something: VS Code knows a debugger and has read the folder's `launch.json`.
   * Before that the Run view shows its welcome, and F5 is dropped without a word.
   */
  async waitUntilReady(): Promise<void> {
    await this.show();
    await this.#page.locator('.start-debug-action-item').first().waitFor({ timeout: 60_000 });
  }

  /** Folds a section of the Run view (`Watch`, `Breakpoints`), which gives the others its room, or opens it. */
  async foldSection(title: string, isFolded = true): Promise<void> {
    await this.show();
    const header = this.#page.locator(`.debug-viewlet .pane-header[aria-label^="${title}"]`);
    const isOpen = (await header.getAttribute('aria-expanded')) === 'true';
    if (isOpen === isFolded) await header.click();
  }

  /** Waits until a session runs or has stopped: its toolbar is there. */
  async waitForSession(): Promise<void> {
    await this.#page.locator('.debug-toolbar').waitFor();
  }

  /** Waits until no session is left. */
  async waitForEnd(): Promise<void> {
    await this.#page.locator('.debug-toolbar').waitFor({ state: 'hidden' });
  }

  /**
   * Waits until the debugger shows a stop that fits everything given, and returns it.
   * `file` is the end of the document's address, `line` 1-based, `text` a part of the line.
   */
  async waitForStop(
    expected: { file?: string; line?: number; text?: string } = {},
    timeout?: number,
  ): Promise<StopPlace> {
    const { file, line, text } = expected;
    return expectSoon(
      `a stop at ${JSON.stringify(expected)}`,
      async () => {
        const place = await this.#editors.stopPlace();
        if (place === undefined) return undefined;
        if (file !== undefined && !place.uri.endsWith(file)) return undefined;
        if (line !== undefined && place.line !== line) return undefined;
        if (text !== undefined && !place.text.includes(text)) return undefined;
        return place;
      },
      {
        ...(timeout === undefined ? {} : { timeout }),
        describe: async () => JSON.stringify((await this.#editors.stopPlace()) ?? 'no stop'),
      },
    );
  }

  /** Does something (a key press) and waits until the debugger shows another place than before. */
  async stopAfter(action: () => Promise<void>): Promise<StopPlace> {
    const before = await this.#editors.stopPlace();
    await action();
    return expectSoon(`another stop than ${JSON.stringify(before)}`, async () => {
      const place = await this.#editors.stopPlace();
      const isSame = place?.uri === before?.uri && place?.line === before?.line;
      return isSame ? undefined : place;
    });
  }

  /** Presses a button of the debug toolbar, for example `Step Over` or `Restart`. */
  async clickToolbar(name: string): Promise<void> {
    await this.#page.locator(`.debug-toolbar .action-label[aria-label^="${name}"]`).first().click();
  }

  /** The names of the buttons of the debug toolbar. */
  async toolbarButtons(): Promise<string[]> {
    const labels = this.#page.locator('.debug-toolbar .action-label[aria-label]');
    return labels.evaluateAll((all) => all.map((label) => label.getAttribute('aria-label') ?? ''));
  }

  /** All rows of the Call Stack view, in their order. */
  async callStack(): Promise<CallStackRow[]> {
    await this.show();
    return (await readAllRows(this.#page, views.callStack)).map(toCallStackRow);
  }

  /** Waits until some row of the call stack fits and returns all rows. */
  async waitForCallStack(
    what: string,
    fits: (rows: CallStackRow[]) => boolean,
  ): Promise<CallStackRow[]> {
    return expectSoon(
      what,
      async () => {
        const rows = await this.callStack();
        return fits(rows) ? rows : undefined;
      },
      { describe: async () => JSON.stringify(await this.callStack()) },
    );
  }

  /** Why the only thread stands still, as written beside the title of the Call Stack view. */
  async stateMessage(): Promise<string> {
    await this.show();
    return this.#page.locator('.call-stack-state-message').first().innerText();
  }

  /** Selects the first frame or thread of the call stack whose text contains `name`. */
  async selectFrame(name: string): Promise<void> {
    await this.show();
    await this.#clickRow(views.callStack, (row) => row.text.includes(name), `the frame ${name}`);
  }

  /** All rows of the Variables view that are unfolded, in their order. */
  async variables(): Promise<VariableRow[]> {
    await this.show();
    return (await readAllRows(this.#page, views.variables)).map(toVariableRow);
  }

  /** Waits for a variable on screen (its own name, not a path) and, if given, for its value; returns the value. */
  async waitForVariable(name: string, value?: string | RegExp): Promise<string> {
    return expectSoon(
      `the variable ${name}${value === undefined ? '' : ` = ${String(value)}`}`,
      async () => {
        const row = (await this.variables()).find((variable) => variable.name === name);
        if (row === undefined || value === undefined) return row?.value;
        const fits = typeof value === 'string' ? row.value === value : value.test(row.value);
        return fits ? row.value : undefined;
      },
      { describe: async () => JSON.stringify(await this.variables()) },
    );
  }

  /** Unfolds a scope, struct, pointer or array of the Variables view. */
  async unfoldVariable(name: string): Promise<void> {
    await this.show();
    const isWanted = (row: ListRow): boolean => toVariableRow(row).name === name;
    const row = await this.#scrollTo(views.variables, isWanted, `the variable ${name}`);
    if (row.isExpanded) return;
    await this.#rowLocator(views.variables, row).locator('.monaco-tl-twistie').click();
    await expectSoon(`${name} unfolded`, async () => {
      const rows = await readVisibleRows(this.#page, views.variables);
      return rows.find((candidate) => isWanted(candidate) && candidate.isExpanded);
    });
  }

  /** Gives a variable that is on screen another value: a double click, the value, Enter. */
  async setVariable(name: string, value: string): Promise<void> {
    await this.show();
    const isWanted = (row: ListRow): boolean => toVariableRow(row).name === name;
    const row = await this.#scrollTo(views.variables, isWanted, `the variable ${name}`);
    await this.#rowLocator(views.variables, row).dblclick();
    await this.#page.locator(`${views.variables} input:focus`).waitFor();
    await this.#page.keyboard.press('Control+A');
    await this.#page.keyboard.insertText(value);
    await this.#page.keyboard.press('Enter');
  }

  /** The entries of a variable's menu, in their order, with `---` between groups; the menu is open afterwards. */
  async openVariableMenu(name: string): Promise<string[]> {
    await this.show();
    const isWanted = (row: ListRow): boolean => toVariableRow(row).name === name;
    const items = this.#page.locator('.monaco-menu .action-item');
    // Rows move when variables are read anew at that moment: the menu counts when its own row is the one meant.
    await expectSoon(`the menu of ${name}`, async () => {
      const row = await this.#scrollTo(views.variables, isWanted, `the variable ${name}`);
      await this.#rowLocator(views.variables, row).click({ button: 'right' });
      await items.first().waitFor();
      const owner = await this.#focusedVariable();
      if (owner === name) return true;
      await this.closeMenu();
      return undefined;
    });
    return items.evaluateAll((all) =>
      all.map((item) =>
        item.querySelector('.separator') === null
          ? (item.querySelector('.action-label')?.textContent ?? '')
          : '---',
      ),
    );
  }

  /** Closes an open menu without a choice. */
  async closeMenu(): Promise<void> {
    await this.#page.keyboard.press('Escape');
    await this.#page.locator('.monaco-menu').first().waitFor({ state: 'hidden' });
  }

  /** Opens the menu of a variable and clicks one of its entries. */
  async clickVariableMenu(name: string, entry: string): Promise<void> {
    await this.openVariableMenu(name);
    const item = this.#page.locator('.monaco-menu .action-item', { hasText: entry }).first();
    await item.waitFor();
    // VS Code takes no click in a menu before it has been drawn for a tenth of a second.
    await expectSoon(`the menu gone after a click on ${entry}`, async () => {
      if (await item.isVisible()) await item.click({ timeout: 1000 }).catch(() => undefined);
      return (await item.isVisible()) ? undefined : true;
    });
  }

  /** Adds a watch expression by the command that a person would use. */
  async watchRows(): Promise<VariableRow[]> {
    await this.show();
    return (await readAllRows(this.#page, views.watch)).map(toVariableRow);
  }

  /** The rows of the Breakpoints view: breakpoints and exception filters. */
  async breakpoints(): Promise<string[]> {
    await this.show();
    return (await readAllRows(this.#page, views.breakpoints)).map(({ text }) => text);
  }

  /** Sets or clears a checkbox of the Breakpoints view, such as an exception filter. */
  async toggleBreakpoint(text: string): Promise<void> {
    await this.show();
    const row = await this.#scrollTo(
      views.breakpoints,
      (candidate) => candidate.text.includes(text),
      `the breakpoint ${text}`,
    );
    await this.#rowLocator(views.breakpoints, row).locator('.monaco-checkbox').click();
  }

  /** Switches all breakpoints on or off by the button of the Breakpoints view. */
  async clickActivateBreakpoints(): Promise<void> {
    await this.show();
    const header = this.#page.locator('.debug-viewlet .pane-header[aria-label^="Breakpoints"]');
    await header.hover();
    await header.locator('.action-label[aria-label*="Activate Breakpoints"]').click();
  }

  /** All rows of the debug console, in their order, opened when it is hidden. */
  async consoleLines(): Promise<string[]> {
    await this.#showConsole();
    return (await readAllRows(this.#page, views.console, 'end')).map(({ text }) => text);
  }

  /** Waits for a row of the debug console that contains `text`. */
  async waitForConsole(text: string): Promise<string> {
    return expectSoon(
      `"${text}" in the debug console`,
      async () => (await this.consoleLines()).find((line) => line.includes(text)),
      { describe: async () => JSON.stringify(await this.consoleLines()) },
    );
  }

  /** Types an expression or command into the debug console and returns the rows that answer it. */
  async evaluateInConsole(text: string): Promise<string[]> {
    const before = (await this.consoleLines()).length;
    await this.#page.locator(`${views.console} .repl-input-wrapper .monaco-editor`).click();
    await this.#page.keyboard.insertText(text);
    await this.#page.keyboard.press('Enter');
    return expectSoon(`an answer to "${text}"`, async () => {
      const rows = (await this.consoleLines()).slice(before);
      return rows.length > 1 ? rows.slice(1) : undefined;
    });
  }

  async #showConsole(): Promise<void> {
    const isShown = await this.#page.locator(views.console).isVisible();
    if (!isShown) await this.#page.keyboard.press('Control+Shift+Y');
    await this.#page.locator(`${views.console} .monaco-list`).waitFor();
  }

  /** The name of the variable whose row has the focus, as that of an open menu has. */
  async #focusedVariable(): Promise<string | undefined> {
    const row = this.#page.locator(`${views.variables} .monaco-list-row.focused`).first();
    const index = Number(await row.getAttribute('data-index', { timeout: 1000 }).catch(() => -1));
    const rows = await readVisibleRows(this.#page, views.variables);
    const found = rows.find((candidate) => candidate.index === index);
    return found === undefined ? undefined : toVariableRow(found).name;
  }

  #rowLocator(view: string, row: ListRow) {
    return this.#page.locator(`${view} .monaco-list-row[data-index="${row.index}"]`).first();
  }

  async #clickRow(view: string, fits: (row: ListRow) => boolean, what: string): Promise<void> {
    const row = await this.#scrollTo(view, fits, what);
    await this.#rowLocator(view, row).click();
  }

  /** Scrolls a list by the wheel until a row that fits is on screen. */
  async #scrollTo(view: string, fits: (row: ListRow) => boolean, what: string): Promise<ListRow> {
    return expectSoon(what, async () => {
      const all = await readAllRows(this.#page, view);
      const wanted = all.find(fits);
      if (wanted === undefined) return undefined;
      const box = await this.#page.locator(`${view} .monaco-list`).first().boundingBox();
      if (box !== null && (wanted.index + 1) * rowHeight > box.height) {
        await this.#page.mouse.wheel(0, (wanted.index + 1) * rowHeight - box.height / 2);
      }
      // Turned by one wheel event only: when the list was built anew meanwhile, it is scrolled again.
      await settle(this.#page);
      const visible = await readVisibleRows(this.#page, view);
      return visible.find(({ index }) => index === wanted.index);
    });
  }
}

/** The height of a row in the lists of the Run view, in pixels. */
const rowHeight = 22;

function toCallStackRow(row: ListRow): CallStackRow {
  const { parts } = row;
  const name = parts.label ?? parts.name ?? row.text;
  if (parts['stack-frame'] !== undefined) {
    return {
      kind: 'frame',
      name,
      file: parts['file-name'] ?? '',
      line: Number.parseInt(parts['line-number'] ?? '0', 10),
    };
  }
  if (parts.thread !== undefined) {
    return { kind: 'thread', name: parts.name ?? row.text, state: parts.state ?? '' };
  }
  if (parts.session !== undefined) {
    return { kind: 'session', name: parts.name ?? row.text, state: parts.state ?? '' };
  }
  return { kind: 'other', name: row.text };
}

function toVariableRow(row: ListRow): VariableRow {
  const { name, scope, value } = row.parts;
  return {
    name: (name ?? scope ?? row.text).replace(/\s*[=:]$/, ''),
    value: value ?? '',
    level: row.level,
    isExpanded: row.isExpanded,
  };
}
