// The objects of the shipped kernels (`dist/objects`): what compiling them gives, stored when the product is built.
//
// They are read only by the compiler that wrote them. Which one that is says a hash of all sources that can matter to what
// comes out, which the build puts into the bundles as FAULTLINE_COMPILER.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { root } from './paths.mjs';

/** The rooms that compiling a kernel goes through. */
const ROOMS = ['base', 'bytecode', 'c', 'kernel', 'scenario'];

/** Where the objects lie. */
export const objectsFolder = path.join(root, 'dist/objects');

/** 32 hexadecimal digits for the sources of the compiler in a clone. */
export function hashCompiler(clone = root) {
  const hash = createHash('sha256');
  for (const room of ROOMS) {
    const folder = path.join(clone, 'src', room);
    const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
    for (const name of names.filter((item) => item.endsWith('.ts')).sort()) {
      const text = readFileSync(path.join(folder, name));
      hash.update(`${room}/${name.replaceAll('\\', '/')} ${text.length}\n`).update(text);
    }
  }
  return hash.digest('hex').slice(0, 32);
}

/** Writes the objects of all shipped kernels anew; whether that worked. On failure none are left. */
export async function writeObjects(compiler) {
  rmSync(objectsFolder, { recursive: true, force: true });
  const scratch = mkdtempSync(path.join(tmpdir(), 'faultline-objects-'));
  try {
    const script = path.join(scratch, 'write.cjs');
    await build({
      entryPoints: [path.join(root, 'scripts/objects/write.mjs')],
      outfile: script,
      bundle: true,
      platform: 'node',
      mainFields: ['module', 'main'],
      format: 'cjs',
      target: 'node20',
      logLevel: 'warning',
    });
    const media = path.join(root, 'media');
    const args = [script, media, objectsFolder, compiler];
    if (spawnSync(process.execPath, args, { stdio: 'inherit' }).status === 0) return true;
    rmSync(objectsFolder, { recursive: true, force: true });
    return false;
  } finally {
    rmSync(scratch, { recursive: true });
  }
}
