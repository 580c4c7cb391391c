// The harness itself, tried on a toy debugger: when this fails, the harness or VS Code is at fault, not Faultline.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect } from 'vitest';
import { journey } from './harness/journey.ts';
import { toyExtension } from './harness/places.ts';

function makeToyFolder(folder: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'toy.txt'), 'alpha\nbeta\ngamma\ndelta\nepsilon\n');
}

describe('the harness', () => {
  journey(
    'sees and does in VS Code what a person sees and does',
    {
      makeFolder: makeToyFolder,
      extension: { kind: 'development', path: toyExtension },
      theme: 'Default Dark Modern',
    },
    async ({ workbench }) => {
      const { debug, editors } = workbench;
      await workbench.openFile('toy.txt');
      await editors.clickGutter('toy.txt', 4);
      const marks = await editors.gutterMarks('toy.txt');
      expect(marks.map(({ line }) => line)).toEqual([4]);

      await debug.show();
      await workbench.press('F5');
      expect(await debug.waitForStop({ text: 'alpha' })).toMatchObject({ line: 1 });
      const stack = await debug.waitForCallStack('both frames', (rows) => rows.length > 1);
      expect(stack).toEqual([
        { kind: 'frame', name: 'readLine', file: 'toy.txt', line: 1 },
        { kind: 'frame', name: 'main', file: 'toy.txt', line: 1 },
      ]);
      expect(await debug.stateMessage()).toBe('Paused on entry');

      await debug.stopAfter(() => workbench.press('F10'));
      expect(await debug.waitForVariable('text', '"beta"')).toBe('"beta"');
      await debug.unfoldVariable('letters');
      expect(await debug.waitForVariable('[3]', /a/)).toBe('a');

      await workbench.press('F5');
      await debug.waitForStop({ file: 'toy.txt', line: 4 });
      expect(await debug.evaluateInConsole('where')).toEqual(['where at line 4']);
      expect(await editors.hoverOver('toy.txt', 'delta')).toContain('delta at line 4');

      await workbench.runCommand('Toy: Open Panel');
      const panel = await workbench.webview('#count');
      await panel.locator('#count').click();
      expect(await panel.locator('#count').innerText()).toBe('1');
      await workbench.screenshot('toy-dark');

      await debug.clickToolbar('Step Back');
      await debug.waitForStop({ line: 3 });
      await debug.clickToolbar('Continue');
      await debug.waitForStop({ line: 4 });
      await debug.clickToolbar('Continue');
      await debug.waitForEnd();
      expect(await debug.consoleLines()).toContain('the toy has ended');
      expect(workbench.keyPresses).toBe(3);
    },
  );
});
