// The panel is usable for everybody: axe finds nothing serious in it, in a light, a dark and both high-contrast themes,
// at a stop and with a step of the walkthrough.
import { AxeBuilder } from '@axe-core/playwright';
import { describe, expect } from 'vitest';
import { journey } from './harness/journey.ts';
import { makeLabFolder } from './harness/labFolder.ts';
import { expectSoon } from './harness/waiting.ts';
import type { Workbench } from './harness/workbench.ts';

/** The themes as settings name them, and what the body of a webview is told. */
const themes = [
  { label: 'Default Light Modern', kind: 'vscode-light', picture: 'panel-light' },
  { label: 'Default Dark Modern', kind: 'vscode-dark', picture: 'panel-dark' },
  { label: 'Default High Contrast', kind: 'vscode-high-contrast', picture: 'panel-hc-dark' },
  {
    label: 'Default High Contrast Light',
    kind: 'vscode-high-contrast-light',
    picture: 'panel-hc-light',
  },
] as const;

/** What axe finds serious or critical in the panel's document. */
async function findViolations(workbench: Workbench): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page: workbench.page })
    .include(['iframe.webview.ready', '#active-frame', 'main'])
    .analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(
      ({ id, nodes }) =>
        `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary ?? ''}`).join('; ')}`,
    );
}

describe('the panel', () => {
  journey(
    'has no serious accessibility violation in any kind of theme',
    {
      makeFolder: makeLabFolder,
      extension: { kind: 'packaged' },
      viewport: { width: 1600, height: 1200 },
    },
    async ({ workbench }) => {
      const { debug } = workbench;
      await workbench.runCommand('Faultline: Start the Walkthrough "The Patch in Ten Minutes"');
      const panel = await workbench.webview('[data-part="tour"]');
      await debug.waitForStop({ file: '/fault.c' });
      await panel.getByRole('button', { name: 'for writing' }).click();
      await panel.locator('.explanation').waitFor();
      for (let press = 0; press < 6; press += 1) {
        await debug.stopAfter(() => workbench.press('Alt+F10'));
      }
      await workbench.resizeBottomPanel(120);
      for (const { label, kind, picture } of themes) {
        workbench.useTheme(label);
        await panel.locator(`body.${kind}`).waitFor();
        const found = await expectSoon('axe', () => findViolations(workbench));
        await workbench.screenshot(picture);
        expect(found, label).toEqual([]);
      }
    },
  );
});
