// Tables of a page as texts. `readTables` runs inside the page and refers to nothing outside of itself.

/** One table. */
export interface TableText {
  /** Its caption, or the label of what it stands in. */
  readonly label: string;
  readonly header: readonly string[];
  /** The cells of the body, row by row. */
  readonly rows: readonly (readonly string[])[];
}

/** All tables of the document. */
export function readTables(): TableText[] {
  const text = (element: Element): string => element.textContent.replace(/\s+/g, ' ').trim();
  const cells = (row: Element): string[] => Array.from(row.querySelectorAll('th, td'), text);
  return Array.from(document.querySelectorAll('table'), (table) => {
    const labelled = table.closest('[aria-label]');
    const label =
      table.caption === null ? labelled?.getAttribute('aria-label') : text(table.caption);
    const head = table.tHead?.rows[0];
    return {
      label: label ?? '',
      header: head === undefined ? [] : cells(head),
      rows: Array.from(table.querySelectorAll('tbody tr'), cells),
    };
  });
}
