// `npm run l10n`: gathers the texts that the extension shows into l10n/bundle.l10n.json, where translations begin.
//
// A text is the first argument of `vscode.l10n.t` in src/extension, a literal; what varies is `{0}`, `{1}` in it. A
// translation is a copy of the bundle with its values translated, named after its language: l10n/bundle.l10n.de.json
// (and package.nls.de.json for the texts of the manifest). `--check` only says whether the bundle is up to date.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { root } from './paths.mjs';

const sources = path.join(root, 'src/extension');
const bundle = path.join(root, 'l10n/bundle.l10n.json');

/** Words of no language: what stands alone in such a text is a name, a path, a rule of style, Markdown. */
const sentence = /\p{L}{2}.*\s.*\p{L}{2}/su;

/**
 * What one source says: `texts` are those that go through `vscode.l10n.t`; `plain` are literals with several words that do
 * not and that nobody could translate; `problems` are calls of `vscode.l10n.t` without a literal.
 */
export function readTexts(source) {
  const found = { texts: [], plain: [], problems: [] };
  const file = ts.createSourceFile('source.ts', source, ts.ScriptTarget.Latest, true);
  const visit = (node) => {
    if (ts.isCallExpression(node) && node.expression.getText(file) === 'vscode.l10n.t') {
      const [first, ...rest] = node.arguments;
      if (first !== undefined && ts.isStringLiteralLike(first)) found.texts.push(first.text);
      else found.problems.push(node.getText(file));
      rest.forEach(visit);
      return;
    }
    // A bug's message is for its finders, an import's and a type's literal are names.
    if (ts.isNewExpression(node) && node.expression.getText(file) === 'BugError') return;
    if (ts.isImportDeclaration(node) || ts.isTypeNode(node)) return;
    const text = literalText(node);
    if (text !== undefined && sentence.test(text)) found.plain.push(text);
    node.forEachChild(visit);
  };
  visit(file);
  return found;
}

/** The words of a literal; `{}` stands for what a template puts in. */
function literalText(node) {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return undefined;
  return [node.head, ...node.templateSpans.map(({ literal }) => literal)]
    .map(({ text }) => text)
    .join('{}');
}

/** What all files of the extension say, sorted and each text once. */
export function readAllTexts() {
  const all = readdirSync(sources)
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readTexts(readFileSync(path.join(sources, name), 'utf8')));
  const sorted = (key) => [...new Set(all.flatMap((found) => found[key]))].sort();
  return { texts: sorted('texts'), plain: sorted('plain'), problems: sorted('problems') };
}

/** The bundle as it should be: each text as its own translation. */
export function bundleText() {
  const entries = Object.fromEntries(readAllTexts().texts.map((text) => [text, text]));
  return `${JSON.stringify(entries, undefined, 2)}\n`;
}

/** The bundle as it is. */
export function readBundle() {
  return readFileSync(bundle, 'utf8');
}

function main() {
  if (!process.argv.includes('--check')) {
    writeFileSync(bundle, bundleText());
    return 0;
  }
  if (readBundle() === bundleText()) return 0;
  console.error('l10n/bundle.l10n.json is out of date: run `npm run l10n`.');
  return 1;
}

if (
  process.argv[1] !== undefined &&
  path.resolve(process.argv[1]) === fileURLToPath(import.meta.url)
) {
  process.exitCode = main();
}
