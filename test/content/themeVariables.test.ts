// The panel's style sheets use only variables that VS Code sets: the ones recorded from it in test/fixtures/themes.
//
// A variable of which a theme knows nothing leaves an element without color; a name that no theme knows is a mistake.
import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const themes = globSync('test/fixtures/themes/*.json').map((file) => {
  const theme = JSON.parse(readFileSync(file, 'utf8')) as {
    readonly label: string;
    readonly variables: Readonly<Record<string, string>>;
  };
  return theme;
});

const sheets = globSync('src/webview/**/*.css')
  .map((file) => readFileSync(file, 'utf8'))
  .join('\n');

describe("the panel's theme variables", () => {
  it('are recorded in four themes', () => {
    expect(themes.map(({ label }) => label).sort()).toEqual([
      'Dark High Contrast',
      'Dark Modern',
      'Light High Contrast',
      'Light Modern',
    ]);
  });

  it('are known to at least one of the themes', () => {
    const used = [...sheets.matchAll(/--vscode-[\w-]+/g)].map(([name]) => name);
    const known = new Set(themes.flatMap(({ variables }) => Object.keys(variables)));
    expect(used.length).toBeGreaterThan(10);
    expect([...new Set(used)].filter((name) => !known.has(name))).toEqual([]);
  });

  it('are known to all of the themes where nothing stands in for them', () => {
    const alone = [...sheets.matchAll(/var\(\s*(--vscode-[\w-]+)\s*\)/g)].map(([, name]) => name);
    const missing = themes.flatMap(({ label, variables }) =>
      [...new Set(alone)]
        .filter((name) => name !== undefined && !(name in variables))
        .map((name) => `${label}: ${String(name)}`),
    );
    expect(missing).toEqual([]);
  });
});
