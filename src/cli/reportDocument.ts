/**
 * The text of an HTML report: one document with the panel's script and styles and its data inside.
 *
 * It loads nothing, from nowhere: its content security policy allows this one script and these styles by their hashes.
 * The same data gives the same bytes.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { UserError } from '../base/errors.ts';
import { REPORT_ELEMENT, type ReportData } from '../view/reportModel.ts';
import { reportTheme } from './reportTheme.ts';

/** The panel as the build wrote it. */
export interface PanelBundle {
  readonly script: string;
  readonly style: string;
}

/** Reads the panel from the folder of the built product. Errors: `UserError` when it is not there. */
export function readPanelBundle(folder: string): PanelBundle {
  const read = (name: string): string => {
    const file = path.join(folder, name);
    if (existsSync(file)) return readFileSync(file, 'utf8');
    throw new UserError(
      'panel-missing',
      `An HTML report needs the panel, and ${file} is missing.`,
      'Install Faultline again, or run `npm run build` in its clone.',
    );
  };
  return { script: read('webview.js'), style: read('webview.css') };
}

/** The document in pieces, to be written one after the other. */
export function formatReportDocument(bundle: PanelBundle, data: ReportData): readonly string[] {
  const script = inlineScript(bundle.script);
  const style = inlineStyle(`${reportTheme(bundle.style)}${bundle.style}`);
  const policy = [
    "default-src 'none'",
    `script-src '${hashOf(script)}'`,
    `style-src '${hashOf(style)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const [run] = data.runs;
  const title = run === undefined ? data.scenario : `${data.scenario} on ${run.kernel}`;
  return [
    `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="UTF-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="Faultline">
<title>${escapeText(title)} — Faultline</title>
<style>`,
    style,
    `</style>
</head>
<body>
<div id="root"></div>
<noscript><p>This report is drawn by the script inside it. Allow scripts to see it.</p></noscript>
<script type="application/json" id="${REPORT_ELEMENT}">`,
    embedJson(data),
    '</script>\n<script>',
    script,
    '</script>\n</body>\n</html>\n',
  ];
}

/** JSON that cannot end the element it stands in, nor mean anything else to a parser of HTML or JavaScript. */
export function embedJson(value: unknown): string {
  return JSON.stringify(value).replaceAll(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Neither of the two can stand in a script but inside strings and regular expressions, where `\` changes nothing. */
function inlineScript(text: string): string {
  return text.replaceAll(/<(?=\/script|!--)/gi, '\\x3C');
}

function inlineStyle(text: string): string {
  return text.replaceAll(/<(?=\/style)/gi, '\\3C ');
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}`;
}
