// Bundles a script of this folder as the product is bundled, so that what it measures starts as it does there.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildSync } from 'esbuild';
import { hashCompiler } from '../../objects.mjs';
import { root } from '../../paths.mjs';

/**
 * Calls `use` with the path of the bundled script, which lives as long as the call. It reads the objects in `dist` as the
 * product does, unless `hasObjects` is false.
 */
export function withBundle(script, use, { hasObjects = true } = {}) {
  const folder = mkdtempSync(path.join(tmpdir(), 'faultline-bench-'));
  try {
    const outfile = path.join(folder, 'script.cjs');
    buildSync({
      entryPoints: [path.join(root, 'scripts/bench/support', script)],
      outfile,
      bundle: true,
      platform: 'node',
      mainFields: ['module', 'main'],
      format: 'cjs',
      target: 'node20',
      logLevel: 'error',
      define: hasObjects ? { FAULTLINE_COMPILER: JSON.stringify(hashCompiler()) } : {},
    });
    return use(outfile);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
