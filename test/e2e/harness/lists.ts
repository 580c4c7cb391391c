// Reads VS Code's lists and trees, which keep only the visible rows in the document.
//
// Rows carry their index (`data-index`), so scrolling through a list by the wheel and merging by index reads it whole.
import type { Page } from 'playwright-core';

/** One row of a list or tree. */
export interface ListRow {
  index: number;
  /** The visible text, runs of white space as one space. */
  text: string;
  /** The accessible name. */
  label: string;
  /** Depth in a tree, 1 for the top; 0 in a plain list. */
  level: number;
  isExpanded: boolean;
  /** The text of the parts that the row's renderer marks by a class, such as `name` and `value` of a variable. */
  parts: Partial<Record<RowPart, string>>;
}

/** The classes of VS Code's renderers whose text is read separately. */
export type RowPart = (typeof rowParts)[number];
const rowParts = [
  'session',
  'thread',
  'stack-frame',
  'scope',
  'name',
  'value',
  'type',
  'label',
  'state',
  'file-name',
  'line-number',
  'evaluation-result',
  'output',
] as const;

/** The rows of a list inside `container` (a CSS selector) that are in the document now, by index. */
export async function readVisibleRows(page: Page, container: string): Promise<ListRow[]> {
  const rows = await page.locator(`${container} .monaco-list-row`).evaluateAll(
    (elements, parts) =>
      elements.map((element) => ({
        index: Number(element.getAttribute('data-index')),
        text: (element as HTMLElement).innerText.replace(/\s+/g, ' ').trim(),
        label: element.getAttribute('aria-label') ?? '',
        level: Number(element.getAttribute('aria-level') ?? 0),
        isExpanded: element.getAttribute('aria-expanded') === 'true',
        parts: Object.fromEntries(
          parts.flatMap((part) => {
            const found = element.querySelector<HTMLElement>(`.${part}`);
            return found === null ? [] : [[part, found.innerText.trim()]];
          }),
        ),
      })),
    rowParts,
  );
  return rows.sort((a, b) => a.index - b.index);
}

/**
 * All rows of the first list inside `container`, scrolled through from the top.
 * The list is left at its top, or at its `end` when asked.
 */
export async function readAllRows(
  page: Page,
  container: string,
  leaveAt: 'top' | 'end' = 'top',
): Promise<ListRow[]> {
  const list = page.locator(`${container} .monaco-list`).first();
  const box = await list.boundingBox();
  if (box === null || box.height < 1) return [];
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  const rows = new Map<number, ListRow>();
  // Rows may be higher than the list, so the end is where scrolling changes nothing, not where no row is new.
  await scrollToStandstill(page, container, -100_000);
  for (;;) {
    for (const row of await readVisibleRows(page, container)) rows.set(row.index, row);
    const before = await scrollPosition(page, container);
    await page.mouse.wheel(0, Math.max(22, box.height - 44));
    await settle(page);
    if ((await scrollPosition(page, container)) === before) break;
  }
  await page.mouse.wheel(0, leaveAt === 'top' ? -100_000 : 100_000);
  await settle(page);
  return [...rows.values()].sort((a, b) => a.index - b.index);
}

/** Where the rows of a list stand, as the list itself writes it down. */
function scrollPosition(page: Page, container: string): Promise<string> {
  return page
    .locator(`${container} .monaco-list-rows`)
    .first()
    .evaluate((rows: HTMLElement) => `${rows.style.top} ${rows.style.transform}`);
}

/** Turns the wheel until the list stands still. */
async function scrollToStandstill(page: Page, container: string, delta: number): Promise<void> {
  for (;;) {
    const before = await scrollPosition(page, container);
    await page.mouse.wheel(0, delta);
    await settle(page);
    if ((await scrollPosition(page, container)) === before) return;
  }
}

/** Waits until the page has drawn twice, so that what was scrolled is in the document. */
export async function settle(page: Page): Promise<void> {
  await page.evaluate(
    () =>
      new Promise<void>((resolve) => {
        requestAnimationFrame(() => requestAnimationFrame(() => resolve()));
      }),
  );
}
