// Types of layers.mjs for the test that plants bad files.

/** One broken rule: its name, the importing file and what it imports (empty for a rule on names). */
export interface LayerViolation {
  rule: string;
  from: string;
  to: string;
}

/** All violations in `<folder>/src`, sorted by rule and file. */
export function checkLayers(folder: string): Promise<LayerViolation[]>;
