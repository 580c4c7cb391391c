// `node scripts/recordThemes.mts`: records what VS Code tells a webview about its color themes, for the tests of the panel
// in a browser (test/fixtures/themes, one file for each theme).
//
// It opens real VS Code (test/e2e/README.md) with the packaged extension (`npm run package` first), shows the panel in each
// theme and writes down the class of the body and those variables that the panel's style sheet may use. Run it again when
// the panel wants variables of another kind, or to see what a newer VS Code says.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { installPackage } from '../test/e2e/harness/installedPackage.ts';
import { openVscode } from '../test/e2e/harness/openVscode.ts';
import { projectRoot } from '../test/e2e/harness/places.ts';
import { Workbench } from '../test/e2e/harness/workbench.ts';

/** The names of the files, the themes as the pick lists them, and the classes by which a webview knows their kind. */
const themes = [
  { name: 'light', label: 'Light Modern', kind: 'vscode-light' },
  { name: 'dark', label: 'Dark Modern', kind: 'vscode-dark' },
  { name: 'hcDark', label: 'Dark High Contrast', kind: 'vscode-high-contrast' },
  { name: 'hcLight', label: 'Light High Contrast', kind: 'vscode-high-contrast-light' },
] as const;

/** The beginnings of the variables that are kept, without `--vscode-`. */
const wanted = [
  'foreground',
  'disabledForeground',
  'descriptionForeground',
  'errorForeground',
  'focusBorder',
  'contrast',
  'widget',
  'editor',
  'button',
  'input',
  'badge',
  'charts',
  'list',
  'icon',
  'textLink',
  'textBlockQuote',
  'textPreformat',
  'textSeparator',
  'textCodeBlock',
  'scrollbar',
  'sideBar',
  'panel',
  'testing',
  'debug',
  'diffEditor',
  'checkbox',
  'dropdown',
  'keybindingLabel',
  'menu',
  'progressBar',
  'quickInput',
  'sash',
  'selection',
  'symbolIcon',
  'tab',
  'toolbar',
  'font',
];

const folder = mkdtempSync(path.join(tmpdir(), 'faultline-themes-'));
installPackage();
const vscode = await openVscode({ folder, extension: { kind: 'packaged' } });
try {
  const workbench = new Workbench(vscode);
  await vscode.page.locator('.monaco-workbench .statusbar').waitFor({ timeout: 60_000 });
  await workbench.waitForCommand('Faultline: Show the Lock Panel');
  await workbench.runCommand('Faultline: Show the Lock Panel');
  const target = path.join(projectRoot, 'test/fixtures/themes');
  mkdirSync(target, { recursive: true });
  for (const theme of themes) {
    await workbench.runCommand('Preferences: Color Theme');
    await workbench.answerInput(theme.label);
    const panel = await workbench.webview('main');
    await panel.locator(`body.${theme.kind}`).waitFor();
    const told = await panel.evaluate(readStyle);
    const variables = Object.fromEntries(
      Object.entries(told.variables)
        .filter(([name]) => wanted.some((start) => name.startsWith(`--vscode-${start}`)))
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    );
    const recorded = { label: theme.label, bodyClass: told.bodyClass, variables };
    writeFileSync(
      path.join(target, `${theme.name}.json`),
      `${JSON.stringify(recorded, undefined, 2)}\n`,
    );
    console.log(`${theme.name}: ${String(Object.keys(variables).length)} variables`);
  }
} finally {
  await vscode.close();
  rmSync(folder, { recursive: true, force: true });
}

/** Runs in the webview: the variables that VS Code has set on its root. */
function readStyle() {
  const { style } = document.documentElement;
  const variables: Record<string, string> = {};
  for (const name of Array.from(style)) variables[name] = style.getPropertyValue(name).trim();
  return { bodyClass: document.body.className, variables };
}
