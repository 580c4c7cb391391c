// Runs the in-host suite in the served VS Code; `npm run test:electron` runs the same file on the desktop.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { bundleInHostSuite } from '../../scripts/inHostSuite.mjs';
import { makeLabFolder } from './harness/labFolder.ts';
import { openVscode } from './harness/openVscode.ts';
import { projectRoot } from './harness/places.ts';

describe('inside the extension host', () => {
  it('passes every case of the suite', async () => {
    const scratch = mkdtempSync(path.join(tmpdir(), 'faultline-inhost-'));
    const folder = path.join(scratch, 'lab');
    const results = path.join(scratch, 'results.json');
    makeLabFolder(folder);
    const vscode = await openVscode({
      folder,
      extension: { kind: 'development', path: projectRoot },
      testsPath: await bundleInHostSuite(),
      env: { FAULTLINE_SUITE_RESULTS: results },
    });
    try {
      const exitCode = await vscode.testsEnded;
      const cases = JSON.parse(readFileSync(results, 'utf8')) as {
        name: string;
        error?: string;
        note?: string;
      }[];
      for (const { note } of cases) if (note !== undefined) console.log(note);
      expect(cases.filter(({ error }) => error !== undefined)).toEqual([]);
      expect(cases.length).toBeGreaterThan(0);
      expect(exitCode).toBe(0);
    } finally {
      await vscode.close();
      rmSync(scratch, { recursive: true, force: true });
    }
  });
});
