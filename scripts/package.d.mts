// Types of package.mjs for the test of the packed files.

/** The files that would be packed now, in the form of the golden list. */
export function listPackedFiles(): Promise<string[]>;

/** The lines of test/golden/package/files.txt. */
export function readGoldenList(): string[];
