/**
 * The text of the panel's document and its content security policy, without VS Code.
 *
 * The page may load one script, by its nonce, and style sheets and fonts from one source; no inline style, no `eval`, no
 * image, no connection. Whoever shows the panel, VS Code or a test, uses this text.
 */

/** Where the parts of the document come from. */
export interface PanelParts {
  /** Addresses of the script and the style sheet. */
  readonly script: string;
  readonly style: string;
  /** What the policy calls the place of style sheets and fonts, such as an origin. */
  readonly cspSource: string;
  /** A fresh random word that lets the one script run. */
  readonly nonce: string;
}

/** The HTML of the panel. */
export function panelDocument({ script, style, cspSource, nonce }: PanelParts): string {
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${cspSource}`,
    `font-src ${cspSource}`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="UTF-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Faultline</title>
<link rel="stylesheet" href="${style}">
</head>
<body>
<div id="root"></div>
<script nonce="${nonce}" src="${script}"></script>
</body>
</html>`;
}
