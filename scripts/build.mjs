// `npm run build`: bundles the extension, the command line and the panel with esbuild.
//
//   src/extension/extension.ts -> dist/extension.js   CommonJS for VS Code's extension host, `vscode` stays outside
//   src/cli/main.ts            -> dist/cli.js         CommonJS for Node 20 and newer, executable
//   src/webview/main.tsx       -> dist/webview.js     one script for the panel, its style sheet beside it (dist/webview.css)
//
// With the extension or the command line go the objects of the shipped kernels (dist/objects, see scripts/objects.mjs), which
// only bundles of the same sources read.
//
// Everything is bundled, so the package needs no node_modules; the licenses of what is inside go to
// dist/THIRD-PARTY-NOTICES.txt. All bundles are tried and all errors shown; the exit
// code is 1 when any bundle fails, and what an earlier build left of a failed bundle is removed, so that no later step
// picks it up. `npm run build -- cli` (or extension, webview) builds only what is named.
import { chmodSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { collectNotices } from './notices.mjs';
import { hashCompiler, writeObjects } from './objects.mjs';
import { root } from './paths.mjs';
import { webviewOptions } from './webviewBundle.mjs';

/** The oldest runtime that the bundles for Node meet: Node 20 (command line), VS Code 1.95 (extension host). */
const nodeTarget = 'node20';

const shared = {
  absWorkingDir: root,
  bundle: true,
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
};

/** Prefers the ES modules of libraries: esbuild cannot follow the `require` inside some UMD wrappers. */
const nodeModules = { platform: 'node', mainFields: ['module', 'main'] };

const compiler = hashCompiler();
const withCompiler = { define: { FAULTLINE_COMPILER: JSON.stringify(compiler) } };

const bundles = [
  {
    name: 'extension',
    outputs: ['dist/extension.js'],
    options: {
      ...shared,
      entryPoints: ['src/extension/extension.ts'],
      outfile: 'dist/extension.js',
      ...nodeModules,
      format: 'cjs',
      target: nodeTarget,
      external: ['vscode'],
      ...withCompiler,
    },
  },
  {
    name: 'cli',
    outputs: ['dist/cli.js'],
    options: {
      ...shared,
      entryPoints: ['src/cli/main.ts'],
      outfile: 'dist/cli.js',
      ...nodeModules,
      format: 'cjs',
      target: nodeTarget,
      banner: { js: '#!/usr/bin/env node' },
      ...withCompiler,
    },
  },
  {
    name: 'webview',
    outputs: ['dist/webview.js', 'dist/webview.css'],
    options: { ...webviewOptions, outfile: 'dist/webview.js' },
  },
];

const asked = process.argv.slice(2);
const unknown = asked.find((name) => !bundles.some((bundle) => bundle.name === name));
if (unknown !== undefined) {
  console.error(
    `No bundle is called ${unknown}; there are ${bundles.map((b) => b.name).join(', ')}.`,
  );
  process.exit(2);
}
const chosen =
  asked.length === 0 ? bundles : bundles.filter((bundle) => asked.includes(bundle.name));

const needsObjects = chosen.some((bundle) => bundle.name !== 'webview');
const builds = await Promise.all(chosen.map(buildOne));
const hasObjects = !needsObjects || (await writeObjects(compiler));
for (const { outputs, isBuilt } of builds) {
  console.log(`${isBuilt ? 'Built' : 'Not built:'} ${outputs.join(', ')}`);
}
if (needsObjects) console.log(`${hasObjects ? 'Built' : 'Not built:'} dist/objects`);
const isComplete = hasObjects && builds.every(({ isBuilt }) => isBuilt);
if (isComplete && chosen === bundles) {
  const notices = collectNotices(builds.map(({ metafile }) => metafile));
  writeFileSync(path.join(root, 'dist/THIRD-PARTY-NOTICES.txt'), notices);
}
process.exitCode = isComplete ? 0 : 1;

/** Builds one bundle; on failure none of its outputs is left. */
async function buildOne({ outputs, options }) {
  const files = outputs.map((output) => path.join(root, output));
  for (const file of files) rmSync(file, { force: true });
  const metafile = await build(options).then(
    (result) => result.metafile,
    () => undefined,
  );
  const isBuilt = metafile !== undefined && files.every((file) => existsSync(file));
  if (!isBuilt) {
    for (const file of files) rmSync(file, { force: true });
  } else if (outputs.includes('dist/cli.js')) {
    chmodSync(path.join(root, 'dist/cli.js'), 0o755);
  }
  return { outputs, isBuilt, metafile };
}
