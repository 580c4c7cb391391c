// Where the browser tests find and leave things.
import path from 'node:path';

/** The project's folder. */
export const projectRoot = path.resolve(import.meta.dirname, '../../..');

/** The folder of the recorded themes. */
export const themesFolder = path.join(projectRoot, 'test/fixtures/themes');

/** Pictures of failures, and `screenshots/` for those that were asked for. */
export const resultsFolder = path.join(projectRoot, 'test-results', 'browser');
