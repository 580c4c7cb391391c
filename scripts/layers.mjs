// `npm run layers`: checks which room imports what, and what files may be called.
//
// The rules on imports are in .dependency-cruiser.cjs; those on names are here: every source file lies in a known room,
// and none is a barrel (`index`) or a grab-bag.
// `checkLayers` takes a folder that contains `src`, so that a test can plant bad files in a scratch tree.
import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { cruise } from 'dependency-cruiser';
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config';
import { root } from './paths.mjs';

const { forbidden, options } = createRequire(import.meta.url)('../.dependency-cruiser.cjs');
const bannedNames = /^(index|utils?|helpers?|common|misc|types)\.(ts|tsx|mts|js)$/;
const rooms = forbidden.flatMap(({ name }) => /^room-(.*)$/.exec(name)?.[1] ?? []);

/** All violations in `<folder>/src`: `{ rule, from, to }` each, paths relative to the folder, sorted. */
export async function checkLayers(folder) {
  if (!existsSync(path.join(folder, 'src'))) throw new Error(`${folder} has no folder src.`);
  const { output } = await cruise(
    ['src'],
    { ...options, baseDir: folder, validate: true, ruleSet: { forbidden } },
    undefined,
    { tsConfig: extractTSConfig(path.join(root, 'tsconfig.json')) },
  );
  const imports = output.summary.violations.map(({ rule, from, to }) => ({
    rule: rule.name,
    from,
    to,
  }));
  const files = readdirSync(path.join(folder, 'src'), { recursive: true })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => /\.(ts|tsx|mts|js|mjs)$/.test(file));
  const names = files.flatMap((file) => {
    const broken = [];
    if (bannedNames.test(path.basename(file))) broken.push('file-name');
    if (!rooms.includes(file.split('/')[0])) broken.push('known-room');
    return broken.map((rule) => ({ rule, from: `src/${file}`, to: '' }));
  });
  return [...imports, ...names].sort((a, b) => compare(a.rule, b.rule) || compare(a.from, b.from));
}

function compare(a, b) {
  return a < b ? -1 : Number(a > b);
}

if (
  process.argv[1] !== undefined &&
  path.resolve(process.argv[1]) === fileURLToPath(import.meta.url)
) {
  const violations = await checkLayers(root);
  for (const { rule, from, to } of violations) {
    console.error(`${rule}: ${from}${to === '' || to === from ? '' : ` -> ${to}`}`);
  }
  console.log(violations.length === 0 ? 'layers: ok' : `layers: ${violations.length} violations`);
  process.exitCode = violations.length === 0 ? 0 : 1;
}
