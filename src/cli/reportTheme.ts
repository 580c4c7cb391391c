/**
 * The colors and fonts of an HTML report: values for the theme variables that the panel's style sheet asks of VS Code.
 *
 * A report follows what its reader prefers: light or dark, and high contrast. Only variables that the style sheet
 * uses are written, so the table may know more of them than any version of the panel needs.
 */

/** The colors of a theme by what they are for. */
interface Palette {
  readonly background: string;
  readonly surface: string;
  readonly text: string;
  readonly soft: string;
  readonly edge: string;
  readonly focus: string;
  readonly action: string;
  readonly onAction: string;
  readonly actionHover: string;
  readonly quiet: string;
  readonly quietHover: string;
  readonly quote: string;
  readonly marked: string;
  readonly blue: string;
  readonly green: string;
  readonly yellow: string;
  readonly red: string;
  readonly orange: string;
  readonly purple: string;
}

const LIGHT: Palette = {
  background: '#ffffff',
  surface: '#f6f8fa',
  text: '#24292f',
  soft: '#57606a',
  edge: '#cbd3db',
  focus: '#0b5cad',
  action: '#0b5cad',
  onAction: '#ffffff',
  actionHover: '#084a8c',
  quiet: '#e4e9ee',
  quietHover: '#d3dbe3',
  quote: '#edf1f5',
  marked: '#cfe4fb',
  blue: '#0b5cad',
  green: '#1a6b34',
  yellow: '#805300',
  red: '#b3261e',
  orange: '#9c410a',
  purple: '#6f3fa0',
};

const DARK: Palette = {
  background: '#16191d',
  surface: '#1e2227',
  text: '#dfe3e8',
  soft: '#a7b0ba',
  edge: '#434c56',
  focus: '#5aa9f8',
  action: '#1b66b3',
  onAction: '#ffffff',
  actionHover: '#2474c4',
  quiet: '#2d343c',
  quietHover: '#3a434d',
  quote: '#262c33',
  marked: '#1d3b5c',
  blue: '#6cb2ff',
  green: '#7fd08a',
  yellow: '#e3b341',
  red: '#ff8a80',
  orange: '#ffab70',
  purple: '#c8a6ff',
};

const CONTRAST_LIGHT: Palette = {
  background: '#ffffff',
  surface: '#ffffff',
  text: '#000000',
  soft: '#1f1f1f',
  edge: '#0b3a70',
  focus: '#0050b3',
  action: '#0b3a70',
  onAction: '#ffffff',
  actionHover: '#07274d',
  quiet: '#ffffff',
  quietHover: '#e3edf8',
  quote: '#ffffff',
  marked: '#d6e8fc',
  blue: '#003f8f',
  green: '#0c4a1e',
  yellow: '#5e3c00',
  red: '#8c1510',
  orange: '#7a2e00',
  purple: '#4e2480',
};

const CONTRAST_DARK: Palette = {
  background: '#000000',
  surface: '#000000',
  text: '#ffffff',
  soft: '#e3e3e3',
  edge: '#7fd4f0',
  focus: '#ffb347',
  action: '#000000',
  onAction: '#ffffff',
  actionHover: '#1c2b33',
  quiet: '#000000',
  quietHover: '#1c2b33',
  quote: '#000000',
  marked: '#12364a',
  blue: '#8cc8ff',
  green: '#98f0a4',
  yellow: '#ffd866',
  red: '#ffa39c',
  orange: '#ffc08a',
  purple: '#d9c2ff',
};

/** Which color each variable has, without `--vscode-`. */
const COLORS: Readonly<Record<string, keyof Palette>> = {
  'badge-background': 'quietHover',
  'badge-foreground': 'text',
  'button-background': 'action',
  'button-foreground': 'onAction',
  'button-hoverBackground': 'actionHover',
  'button-secondaryBackground': 'quiet',
  'button-secondaryForeground': 'text',
  'button-secondaryHoverBackground': 'quietHover',
  'charts-blue': 'blue',
  'charts-foreground': 'text',
  'charts-green': 'green',
  'charts-lines': 'edge',
  'charts-orange': 'orange',
  'charts-purple': 'purple',
  'charts-red': 'red',
  'charts-yellow': 'yellow',
  'checkbox-background': 'background',
  'checkbox-border': 'edge',
  'checkbox-foreground': 'text',
  descriptionForeground: 'soft',
  disabledForeground: 'soft',
  'dropdown-background': 'background',
  'dropdown-border': 'edge',
  'dropdown-foreground': 'text',
  'dropdown-listBackground': 'background',
  'editor-background': 'background',
  'editor-foreground': 'text',
  'editor-inactiveSelectionBackground': 'marked',
  'editor-lineHighlightBackground': 'quote',
  'editor-selectionBackground': 'marked',
  'editor-wordHighlightBackground': 'marked',
  'editor-wordHighlightStrongBackground': 'marked',
  'editorError-foreground': 'red',
  'editorGroup-border': 'edge',
  'editorHoverWidget-background': 'surface',
  'editorHoverWidget-border': 'edge',
  'editorHoverWidget-foreground': 'text',
  'editorInfo-foreground': 'blue',
  'editorLineNumber-foreground': 'soft',
  'editorWarning-foreground': 'yellow',
  'editorWidget-background': 'surface',
  'editorWidget-border': 'edge',
  'editorWidget-foreground': 'text',
  errorForeground: 'red',
  focusBorder: 'focus',
  foreground: 'text',
  'icon-foreground': 'text',
  'input-background': 'background',
  'input-border': 'edge',
  'input-foreground': 'text',
  'input-placeholderForeground': 'soft',
  'inputOption-activeBackground': 'marked',
  'inputOption-activeBorder': 'focus',
  'inputOption-activeForeground': 'text',
  'list-activeSelectionBackground': 'marked',
  'list-activeSelectionForeground': 'text',
  'list-hoverBackground': 'quietHover',
  'list-hoverForeground': 'text',
  'list-inactiveSelectionBackground': 'marked',
  'panel-background': 'background',
  'panel-border': 'edge',
  'progressBar-background': 'focus',
  'sideBar-background': 'background',
  'sideBar-foreground': 'text',
  'scrollbarSlider-activeBackground': 'soft',
  'scrollbarSlider-background': 'edge',
  'scrollbarSlider-hoverBackground': 'soft',
  'textBlockQuote-background': 'quote',
  'textBlockQuote-border': 'edge',
  'textCodeBlock-background': 'quote',
  'textLink-activeForeground': 'blue',
  'textLink-foreground': 'blue',
  'textPreformat-background': 'quote',
  'textPreformat-foreground': 'text',
  'toolbar-activeBackground': 'quietHover',
  'toolbar-hoverBackground': 'quietHover',
  'widget-border': 'edge',
};

/** Borders that only themes of high contrast have. */
const CONTRAST_COLORS: Readonly<Record<string, keyof Palette>> = {
  'button-border': 'edge',
  contrastActiveBorder: 'focus',
  contrastBorder: 'edge',
};

/** What is the same in all themes. */
const FONTS: Readonly<Record<string, string>> = {
  'editor-font-family': "ui-monospace, 'Cascadia Mono', 'DejaVu Sans Mono', Menlo, monospace",
  'editor-font-size': '13px',
  'editor-font-weight': 'normal',
  'font-family': "system-ui, 'Segoe UI', 'Noto Sans', sans-serif",
  'font-size': '13px',
  'font-weight': 'normal',
};

/** Every variable that a report can give a value; without `--vscode-`. */
export const REPORT_VARIABLES: readonly string[] = [
  ...Object.keys(COLORS),
  ...Object.keys(CONTRAST_COLORS),
  ...Object.keys(FONTS),
];

/** The style sheet that gives values to the variables that `css` uses. */
export function reportTheme(css: string): string {
  const used = new Set([...css.matchAll(/var\(--vscode-([\w-]+)/g)].map(([, name = '']) => name));
  const rule = (
    palette: Palette,
    colors: Readonly<Record<string, keyof Palette>>,
    scheme: string,
  ): string => {
    const values = Object.entries(colors)
      .filter(([name]) => used.has(name))
      .map(([name, key]) => `--vscode-${name}:${palette[key]};`);
    return `:root{color-scheme:${scheme};${values.join('')}}`;
  };
  const fonts = Object.entries(FONTS)
    .filter(([name]) => used.has(name))
    .map(([name, value]) => `--vscode-${name}:${value};`);
  const all = { ...COLORS, ...CONTRAST_COLORS };
  const dark = '(prefers-color-scheme:dark)';
  const contrast = '(prefers-contrast:more)';
  return [
    `:root{${fonts.join('')}}`,
    rule(LIGHT, COLORS, 'light'),
    `@media ${dark}{${rule(DARK, COLORS, 'dark')}}`,
    `@media ${contrast}{${rule(CONTRAST_LIGHT, all, 'light')}}`,
    `@media ${dark} and ${contrast}{${rule(CONTRAST_DARK, all, 'dark')}}`,
    // What VS Code gives every webview.
    'body{margin:0 auto;max-width:1280px}',
    'code{padding:1px 3px;border-radius:4px}',
    '',
  ].join('\n');
}
