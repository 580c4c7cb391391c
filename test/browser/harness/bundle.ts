// The panel's bundle, made in memory with the options of the build: what is tested is what ships.
import { build } from 'esbuild';
import { webviewOptions } from '../../../scripts/webviewBundle.mjs';

/** The bundle's files by name: `webview.js`, `webview.css` and what they refer to. */
export type Bundle = ReadonlyMap<string, Uint8Array>;

let made: Promise<Bundle> | undefined;

/** The bundle, made once for each test file. Errors: rejects when the sources do not compile. */
export function panelBundle(): Promise<Bundle> {
  made ??= makeBundle();
  return made;
}

async function makeBundle(): Promise<Bundle> {
  const { outputFiles } = await build({
    ...webviewOptions,
    outfile: 'dist/webview.js',
    write: false,
  });
  return new Map(
    outputFiles.map((file) => [file.path.replace(/^.*[\\/]/, ''), file.contents] as const),
  );
}
