// Where the end-to-end tests find and leave things.
import path from 'node:path';

/** The project's folder. */
export const projectRoot = path.resolve(import.meta.dirname, '../../..');

/** The packaged extension, made by the global set-up. */
export const vsixFile = path.join(projectRoot, 'faultline.vsix');

/** Screenshots and logs: one folder per failed journey, and `screenshots/` for pictures that were asked for. */
export const resultsFolder = path.join(projectRoot, 'test-results', 'e2e');

/** The toy debugger of the harness's self-test. */
export const toyExtension = path.join(projectRoot, 'test/e2e/toyExtension');
