// Types of l10n.mjs for the test of the translatable texts.

/** What sources say: translatable texts, literals that are not, calls that name no literal. */
export interface FoundTexts {
  texts: string[];
  plain: string[];
  problems: string[];
}

/** What one source text says. */
export function readTexts(source: string): FoundTexts;

/** What the whole extension says, sorted, each once. */
export function readAllTexts(): FoundTexts;

/** The bundle as it should be. */
export function bundleText(): string;

/** The bundle as it is. */
export function readBundle(): string;
