// Types of objects.mjs for the test of the compiler's hash.

/** 32 hexadecimal digits for the sources of the compiler in a clone. */
export function hashCompiler(clone?: string): string;
