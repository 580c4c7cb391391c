// The debug console in colors, in a light, a dark and a high-contrast theme.
import { describe, expect } from 'vitest';
import { startAtTheFault } from './harness/firstStops.ts';
import { journey } from './harness/journey.ts';
import { makeLabFolder } from './harness/labFolder.ts';
import { picturesInThemes } from './harness/themes.ts';

describe('the debug console', () => {
  journey(
    'tells who runs and who waits in colors',
    { makeFolder: makeLabFolder, extension: { kind: 'packaged' } },
    async ({ workbench }) => {
      const { debug } = workbench;
      await startAtTheFault(workbench);
      await workbench.runCommand('Faultline: Next Moment');
      const answer = await debug.evaluateInConsole('tasks');
      expect(answer.join('\n')).toContain('toucher — running');
      expect(answer.join('\n')).not.toContain('[1m');
      const styled = await workbench.page
        .locator('.repl .code-foreground-colored, .repl .code-bold')
        .count();
      expect(styled).toBeGreaterThan(0);
      await debug.evaluateInConsole('why');
      await picturesInThemes(workbench, 'console');
    },
  );
});
