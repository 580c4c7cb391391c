// The house rules that no library of lint rules has: every file starts with a header comment, and every function and
// type exported from src has a docstring. What a file is named after may be documented by the header alone. Both rules
// only ask for presence; whether a comment is worth reading is for people to judge.
import path from 'node:path';

/** The plugin, for eslint.config.mjs. */
export const houseRules = {
  rules: {
    'file-header': {
      meta: {
        type: 'suggestion',
        messages: {
          missing: 'Start the file with a comment that says what it is and what it keeps.',
        },
      },
      create(context) {
        return {
          Program(node) {
            const [first] = context.sourceCode
              .getAllComments()
              .filter((comment) => comment.type !== 'Shebang');
            const start = node.body[0]?.range[0] ?? Infinity;
            if (first === undefined || first.range[0] > start) {
              context.report({ loc: { line: 1, column: 0 }, messageId: 'missing' });
            }
          },
        };
      },
    },
    'exported-docstring': {
      meta: {
        type: 'suggestion',
        messages: { missing: 'Say in a /** docstring */ what the exported {{name}} is.' },
      },
      create(context) {
        return {
          ExportNamedDeclaration(node) {
            const { declaration } = node;
            if (declaration === null || declaration.type === 'VariableDeclaration') return;
            const name = declaration.id?.name;
            if (name?.toLowerCase() === path.basename(context.filename).split('.')[0].toLowerCase())
              return;
            if (sharesDocstring(node)) return;
            const last = context.sourceCode.getCommentsBefore(node).at(-1);
            if (last?.type === 'Block' && last.value.startsWith('*')) return;
            context.report({ node, messageId: 'missing', data: { name: name ?? 'thing' } });
          },
        };
      },
    },
  },
};

/** The overloads of a function, a type and its constant, and lines without a gap share the docstring of the first. */
function sharesDocstring(node) {
  const name = (candidate) =>
    candidate?.declaration?.id?.name ?? candidate?.declaration?.declarations?.[0]?.id.name;
  const siblings = node.parent.body;
  const before = siblings[siblings.indexOf(node) - 1];
  if (before?.type !== 'ExportNamedDeclaration') return false;
  return name(before) === name(node) || before.loc.end.line + 1 === node.loc.start.line;
}
