// How the panel is bundled: the options of esbuild for src/webview/main.tsx, for the build and for the tests in a browser.
//
// What comes out is one script and, beside it, one style sheet with the same name.
import { root } from './paths.mjs';

/** The oldest browser that the panel meets: the one of VS Code 1.95. */
const browserTarget = 'chrome128';

/** Options of esbuild's `build`; the caller adds where the output goes. */
export const webviewOptions = {
  absWorkingDir: root,
  bundle: true,
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
  entryPoints: ['src/webview/main.tsx'],
  platform: 'browser',
  format: 'iife',
  target: browserTarget,
  jsx: 'automatic',
  jsxImportSource: 'preact',
  minify: true,
  define: { 'process.env.NODE_ENV': '"production"' },
  loader: { '.ttf': 'file', '.woff': 'file', '.woff2': 'file' },
  assetNames: '[name]',
};
