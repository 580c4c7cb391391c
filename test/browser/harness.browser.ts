// The harness itself: what it refuses and notices. When this fails, nothing else here can be believed.
import { describe, expect } from 'vitest';
import { panelTest, shareBrowser } from './harness/panelTest.ts';
import { readTheme, THEMES } from './harness/themes.ts';

shareBrowser();

describe('the harness', () => {
  panelTest('notices what the content security policy forbids', {}, async (panel) => {
    await panel.page.evaluate(() => {
      const style = document.createElement('style');
      style.textContent = 'body { color: red }';
      document.head.append(style);
      document.body.innerHTML = '<p style="color: red"></p><img src="https://panel.test/a.png">';
    });
    await panel.settle();
    const found = panel.problems.splice(0).filter((text) => text.startsWith('content security'));
    expect([...new Set(found.map((text) => text.split(' ')[3]))].sort()).toEqual([
      'img-src',
      'style-src-attr',
      'style-src-elem',
    ]);
  });

  panelTest('notices what the page complains of', {}, async (panel) => {
    await panel.page.evaluate(() => {
      console.error('a complaint');
      setTimeout(() => {
        throw new Error('a mistake');
      });
    });
    await panel.settle();
    expect(panel.problems.splice(0)).toEqual(['a complaint', 'a mistake']);
  });

  panelTest('lets axe find colors without contrast', {}, async (panel) => {
    await panel.page.evaluate(() => {
      document.body.style.setProperty('color', '#222');
      document.body.append('hard to read');
    });
    expect((await panel.violations()).join()).toContain('color-contrast');
  });

  panelTest(
    'keeps over a reload what the panel has kept',
    { state: { kept: 1 } },
    async (panel) => {
      // The panel has called `acquireVsCodeApi`: what VS Code gives only once is refused here too.
      const again = await panel.page.evaluate(() => {
        try {
          (globalThis as unknown as { acquireVsCodeApi(): unknown }).acquireVsCodeApi();
          return 'given twice';
        } catch (error) {
          return String(error);
        }
      });
      expect(again).toContain('once only');
    },
  );

  panelTest('shows the themes as recorded', {}, async (panel) => {
    const seen: string[] = [];
    for (const name of THEMES) {
      await panel.showTheme(name);
      expect(await panel.page.locator('body').getAttribute('class')).toBe(
        readTheme(name).bodyClass,
      );
      seen.push(await panel.page.evaluate(() => getComputedStyle(document.body).backgroundColor));
    }
    expect(new Set(seen).size).toBeGreaterThan(2);
  });
});
