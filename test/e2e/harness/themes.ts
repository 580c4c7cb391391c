// The kinds of themes that every picture is looked at in.
import type { ColorTheme } from './openVscode.ts';
import type { Workbench } from './workbench.ts';

/** A theme by its name in settings, the class of the workbench in it, and the ending of its pictures. */
export interface PictureTheme {
  readonly label: ColorTheme;
  readonly mark: string;
  readonly ending: string;
}

/** The light one, which journeys begin with, comes last. */
const THEMES: readonly PictureTheme[] = [
  { label: 'Default Dark Modern', mark: 'vs-dark', ending: 'dark' },
  { label: 'Default High Contrast', mark: 'hc-black', ending: 'hc-dark' },
  { label: 'Default Light Modern', mark: 'vs', ending: 'light' },
];

/** Takes a picture in a light, a dark and a high-contrast theme, after `isReady` in each. */
export async function picturesInThemes(
  workbench: Workbench,
  name: string,
  isReady: (theme: PictureTheme) => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  for (const theme of THEMES) {
    workbench.useTheme(theme.label);
    await workbench.page.locator(`.monaco-workbench.${theme.mark}`).waitFor();
    await isReady(theme);
    await workbench.screenshot(`${name}-${theme.ending}`);
  }
}
