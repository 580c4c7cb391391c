// The licenses of what the bundles contain: dist/THIRD-PARTY-NOTICES.txt, made from esbuild's list of inputs.
//
// Every npm package of which at least one file is in a bundle is listed with its version and its license text.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './paths.mjs';

/** The notices for the given esbuild metafiles, as text. Errors: throws when a package has no license text. */
export function collectNotices(metafiles) {
  const folders = new Set();
  for (const { outputs } of metafiles) {
    for (const { inputs } of Object.values(outputs)) {
      for (const [file, { bytesInOutput }] of Object.entries(inputs)) {
        const match = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file);
        if (match !== null && bytesInOutput > 0) folders.add(match[0]);
      }
    }
  }
  const parts = [...folders].sort().map((folder) => {
    const full = path.join(root, folder);
    const { name, version, license } = JSON.parse(
      readFileSync(path.join(full, 'package.json'), 'utf8'),
    );
    const file = readdirSync(full).find((entry) => /^licen[cs]e/i.test(entry));
    const text =
      file === undefined ? licenseOfSibling(full) : readFileSync(path.join(full, file), 'utf8');
    if (text === undefined) throw new Error(`${folder} has no license file.`);
    return `${name} ${version} (${license})\n\n${text.trim()}\n`;
  });
  const line = `\n${'-'.repeat(80)}\n\n`;
  return `Faultline contains the following packages.\n${line}${parts.join(line)}`;
}

/** Packages of one repository may keep the license text in only one of them. */
function licenseOfSibling(folder) {
  const siblings = readdirSync(path.dirname(folder)).map((name) =>
    path.join(path.dirname(folder), name),
  );
  const found = siblings.map((sibling) => path.join(sibling, 'LICENSE')).find(existsSync);
  return path.basename(path.dirname(folder)).startsWith('@') && found !== undefined
    ? readFileSync(found, 'utf8')
    : undefined;
}
