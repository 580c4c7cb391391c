/**
 * Which compiler this is: a hash of its sources, which the build puts in. Only objects that this very
 * compiler stored are read.
 */

declare const FAULTLINE_COMPILER: string | undefined;

/** `undefined` when the product runs from its sources: there everything is compiled. */
export const compilerKey: string | undefined =
  typeof FAULTLINE_COMPILER === 'undefined' ? undefined : FAULTLINE_COMPILER;
