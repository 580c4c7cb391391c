// The runtime headers of csmith (Debian: libcsmith-dev), for a compiler without floating point.
//
// Its safe_math.h defines functions on float and double even for programs without them; the copy leaves those out, and the
// headers that only they need are empty. Everything else stays as csmith ships it.
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Where Debian puts the headers. */
export const runtimeFolder = '/usr/include/csmith';

/** Copies the headers to a folder, without floating point. Errors: throws when they are not installed. */
export function copyRuntime(folder) {
  for (const name of ['csmith.h', 'random_inc.h', 'platform_generic.h']) {
    copyFileSync(path.join(runtimeFolder, name), path.join(folder, name));
  }
  const text = readFileSync(path.join(runtimeFolder, 'safe_math.h'), 'utf8');
  writeFileSync(path.join(folder, 'safe_math.h'), withoutFloatingPoint(text));
  for (const name of ['float.h', 'math.h']) writeFileSync(path.join(folder, name), '');
}

/** The text without the functions (`STATIC` at the start of a line up to `}` alone) that mention float or double. */
function withoutFloatingPoint(text) {
  return text.replace(/^STATIC[^]*?^\}/gm, (definition) =>
    /\b(?:float|double)\b/.test(definition) ? '' : definition,
  );
}
