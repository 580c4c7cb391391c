/**
 * Whether the page is a report by itself, and what it carries.
 *
 * A report is the same bundle in a document that has its data inside; there is no editor and no machine around it.
 */
import { signal } from '@preact/signals';
import { REPORT_ELEMENT, type ReportData } from '../view/reportModel.ts';

/** Whether nothing can be asked of a machine: controls that need one are hidden. */
export const isReport = signal(false);
/** What the report left out, as a sentence. */
export const reportCut = signal<string | undefined>(undefined);

/** The positions of the places that the report has states of, in their order. */
export const reportPlaces = signal<readonly number[]>([]);

/** The data of the page; `undefined` in VS Code. */
export function readReport(): ReportData | undefined {
  const text = document.getElementById(REPORT_ELEMENT)?.textContent;
  // Written by the same version, into the page that carries this script.
  return text === undefined ? undefined : (JSON.parse(text) as ReportData);
}

const DARK = '(prefers-color-scheme: dark)';
const CONTRAST = '(prefers-contrast: more)';

/** Gives the body the class that VS Code would give it, and keeps it in step with what the reader prefers. */
export function followPreferences(): void {
  const queries = [DARK, CONTRAST].map((query) => window.matchMedia(query));
  const show = (): void => {
    const [isDark, isContrast] = queries.map(({ matches }) => matches);
    const light = isContrast === true ? 'vscode-high-contrast-light' : 'vscode-light';
    const dark = isContrast === true ? '' : 'vscode-dark';
    const contrast = isContrast === true ? ' vscode-high-contrast' : '';
    document.body.className = `faultline-report ${isDark === true ? dark : light}${contrast}`;
  };
  for (const query of queries) query.addEventListener('change', show);
  show();
}
