// Types of inHostSuite.mjs for the end-to-end tests.

/** Bundles the suite that runs in the extension host and returns its path. */
export function bundleInHostSuite(): Promise<string>;
