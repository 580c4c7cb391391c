/**
 * The command line as it ships, in a folder of its own: bundled from the sources, so that tests need
 * no build before them. The media are those of this repository, reached through a link.
 */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';

const root = path.join(import.meta.dirname, '../..');

export interface BundledCommand {
  /** The script for Node. */
  readonly script: string;
  /** The folder of the media as the command knows it. */
  readonly media: string;
  remove(): void;
}

/** Bundles the command line; `subcommand` for clients that start a program without arguments. */
export async function bundleCommand(subcommand?: string): Promise<BundledCommand> {
  const folder = mkdtempSync(path.join(tmpdir(), 'faultline-dap-'));
  mkdirSync(path.join(folder, 'dist'));
  const media = path.join(folder, 'media');
  symlinkSync(path.join(root, 'media'), media);
  const script = path.join(folder, 'dist/cli.cjs');
  await build({
    entryPoints: [path.join(root, 'src/cli/main.ts')],
    outfile: script,
    bundle: true,
    platform: 'node',
    mainFields: ['module', 'main'],
    format: 'cjs',
    target: 'node20',
    logLevel: 'error',
    ...(subcommand === undefined ? {} : { banner: { js: `process.argv[2] = '${subcommand}';` } }),
  });
  return {
    script,
    media,
    remove: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
