/**
 * Reports for tests: the page that `faultline run --format html` writes, with the panel's real bundle.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { ReportData } from '../../src/view/reportModel.ts';
import { panelBundle } from '../browser/harness/bundle.ts';
import { Scratch } from './commandLine.ts';

/** The page of a command line such as `run cold-fault`; `text` of the file at `file`, which `remove` takes away. */
export interface ReportPage {
  readonly file: string;
  readonly text: string;
  remove(): void;
}

/** Writes a report. Errors: throws what the command said when it did not end with 0. */
export async function writeReportPage(values: readonly string[]): Promise<ReportPage> {
  const scratch = new Scratch();
  for (const [name, bytes] of await panelBundle()) {
    scratch.write(`panel/${name}`, new TextDecoder().decode(bytes));
  }
  const { code, err } = await scratch.run([...values, '--format', 'html', '-o', 'report.html']);
  if (code !== 0) throw new Error(err);
  const file = path.join(scratch.folder, 'report.html');
  return {
    file,
    text: readFileSync(file, 'utf8'),
    remove: () => {
      scratch.remove();
    },
  };
}

/** The data inside a report's page. */
export function reportData(page: string): ReportData {
  const start = '<script type="application/json" id="faultline-report">';
  const from = page.indexOf(start) + start.length;
  return JSON.parse(page.slice(from, page.indexOf('</script>', from))) as ReportData;
}
