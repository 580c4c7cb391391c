// VS Code's four kinds of themes as a webview is told of them, recorded from VS Code by scripts/recordThemes.mts.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { themesFolder } from './places.ts';

/** The themes, by the names of their files. */
export const THEMES = ['light', 'dark', 'hcDark', 'hcLight'] as const;
export type ThemeName = (typeof THEMES)[number];

/** What a webview knows of its theme. */
export interface Theme {
  readonly label: string;
  /** The classes of the body: `vscode-high-contrast-light vscode-high-contrast` in a light theme of high contrast. */
  readonly bodyClass: string;
  /** Values by the names of variables, with `--vscode-` before them. */
  readonly variables: Readonly<Record<string, string>>;
}

/** A theme by its name. */
export function readTheme(name: ThemeName): Theme {
  const text = readFileSync(path.join(themesFolder, `${name}.json`), 'utf8');
  return JSON.parse(text) as Theme;
}
