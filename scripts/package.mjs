// `npm run package`: builds, then packs faultline.vsix, the one file that users install.
//
// The bundles contain every dependency, so the package has no node_modules. What is packed is an allow-list in
// .vscodeignore, and the list of packed files is compared with test/golden/package/files.txt, so that nothing is added
// or lost unnoticed. Kinds of files under media and dist/objects are listed as patterns (`media/kernel/*.c`), all others one by one.
// `npm run package -- --refresh` rewrites the list: read the difference like code. `--unchecked` packs without comparing,
// for `npm start` and the end-to-end tests, which only want the package.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createVSIX, listFiles, PackageManager } from '@vscode/vsce';
import { root } from './paths.mjs';

const golden = path.join(root, 'test/golden/package/files.txt');

/**
 * The packed files in the form of the golden list: one line a file, sorted; what lies under media and the objects of the
 * kernels are summarized as folder and kind of file, so that a new scenario, kernel file or kernel is no news but a new
 * kind of file is.
 */
export async function listPackedFiles() {
  const files = await listFiles({ cwd: root, packageManager: PackageManager.None });
  const lines = files.map((file) => {
    const forward = file.replaceAll('\\', '/');
    const [, folder] = /^(media\/[^/]+|dist\/objects)\//.exec(forward) ?? [];
    return folder === undefined ? forward : `${folder}/*${path.posix.extname(forward)}`;
  });
  return [...new Set(lines)].sort();
}

/** The golden list, as lines. */
export function readGoldenList() {
  return readFileSync(golden, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
}

async function main() {
  const built = spawnSync(process.execPath, [path.join(root, 'scripts/build.mjs')], {
    cwd: root,
    stdio: 'inherit',
  });
  if (built.status !== 0) return 1;

  const actual = await listPackedFiles();
  if (process.argv.includes('--refresh')) writeFileSync(golden, `${actual.join('\n')}\n`);
  const expected = process.argv.includes('--unchecked') ? actual : readGoldenList();
  const differences = [
    ...actual.filter((line) => !expected.includes(line)).map((line) => `+ ${line}`),
    ...expected.filter((line) => !actual.includes(line)).map((line) => `- ${line}`),
  ];
  if (differences.length > 0) {
    console.error(
      `The packed files differ from test/golden/package/files.txt:\n${differences.join('\n')}`,
    );
    console.error(
      'When that is meant, run `npm run package -- --refresh` and read the difference.',
    );
    return 1;
  }
  await createVSIX({
    cwd: root,
    packagePath: path.join(root, 'faultline.vsix'),
    dependencies: false,
    allowMissingRepository: true,
    rewriteRelativeLinks: false,
    skipLicense: false,
  });
  return 0;
}

if (
  process.argv[1] !== undefined &&
  path.resolve(process.argv[1]) === fileURLToPath(import.meta.url)
) {
  process.exitCode = await main();
}
