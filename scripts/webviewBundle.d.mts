// Types of webviewBundle.mjs for the tests of the panel in a browser.
import type { BuildOptions } from 'esbuild';

/** Options of esbuild's `build`; the caller adds where the output goes. */
export const webviewOptions: BuildOptions & { metafile: true };
