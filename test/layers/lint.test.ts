// The walls that lint keeps: each is seen to report a planted text, and to leave a right one alone.
//
// Rules that need types are switched off here, since the planted files are not part of a project; what remains are the
// house rules and the bans, which are ours.
import path from 'node:path';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';
import { describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
const eslint = new ESLint({
  cwd: root,
  overrideConfig: [
    {
      files: ['**/*.{ts,tsx}'],
      extends: [tseslint.configs.disableTypeChecked],
      languageOptions: { parserOptions: { projectService: false } },
    },
  ].flatMap(({ extends: bases, ...own }) => [
    ...bases.map((base) => ({ ...base, files: own.files })),
    own,
  ]) as ESLint.Options['overrideConfig'] & object,
});

/** The rules that a text breaks if it were the file `file`. */
async function brokenRules(file: string, text: string): Promise<string[]> {
  const [result] = await eslint.lintText(text, { filePath: path.join(root, file) });
  return (result?.messages ?? []).map(({ ruleId, message }) => ruleId ?? message);
}

const header = '// A file with a header.\n';
const planted: [what: string, file: string, text: string, rules: string[]][] = [
  ['a right file', 'src/machine/planted.ts', `${header}/** One. */\nexport const one = 1;\n`, []],
  [
    'the date in the core',
    'src/machine/planted.ts',
    `${header}Date.now();\n`,
    ['no-restricted-globals'],
  ],
  [
    'a timer in the core',
    'src/debugger/planted.ts',
    `${header}setTimeout(() => {}, 1);\n`,
    ['no-restricted-globals'],
  ],
  [
    'printing in the core',
    'src/c/planted.ts',
    `${header}console.log(1);\n`,
    ['no-restricted-globals'],
  ],
  [
    'randomness in the core',
    'src/machine/planted.ts',
    `${header}Math.random();\n`,
    ['no-restricted-properties'],
  ],
  [
    'the clock of the host in the core',
    'src/view/planted.ts',
    `${header}performance.now();\n`,
    ['no-restricted-globals'],
  ],
  [
    'the process in the adapter',
    'src/adapter/planted.ts',
    `${header}process.exit(1);\n`,
    ['no-restricted-globals'],
  ],
  [
    'a right adapter with a timer',
    'src/adapter/planted.ts',
    `${header}setTimeout(() => {}, 1);\n`,
    [],
  ],
  [
    'a foreign error',
    'src/kernel/planted.ts',
    `${header}throw new Error('no');\n`,
    ['no-restricted-syntax'],
  ],
  ['a user error', 'src/kernel/planted.ts', `${header}throw new UserError('no');\n`, []],
  [
    'a barrel',
    'src/kernel/planted.ts',
    `${header}export * from './other.ts';\n`,
    ['no-restricted-syntax'],
  ],
  [
    'a file that starts with code',
    'src/kernel/planted.ts',
    'const one = 1;\nvoid one;\n',
    ['house/file-header'],
  ],
  [
    'an export without docstring',
    'src/kernel/planted.ts',
    `${header}\nexport interface One { one: 1 }\n`,
    ['house/exported-docstring'],
  ],
  [
    'any',
    'src/kernel/planted.ts',
    `${header}const one: any = 1;\nvoid one;\n`,
    ['@typescript-eslint/no-explicit-any'],
  ],
  [
    'a non-null assertion',
    'src/kernel/planted.ts',
    `${header}const one = [1][0]!;\nvoid one;\n`,
    ['@typescript-eslint/no-non-null-assertion'],
  ],
  ['a long file', 'src/kernel/planted.ts', header.repeat(601), ['max-lines']],
  ['a long table', 'src/kernel/opcodeTable.ts', header.repeat(601), []],
  [
    'a skipped test',
    'test/unit/planted.test.ts',
    `${header}import { it } from 'vitest';\nit.skip('x', () => {});\n`,
    ['no-restricted-syntax'],
  ],
];

describe('lint', () => {
  for (const [what, file, text, rules] of planted) {
    it(`says the right thing about ${what}`, async () => {
      const found = await brokenRules(file, text);
      expect(found.filter((rule) => rule !== '@typescript-eslint/no-empty-function')).toEqual(
        rules,
      );
    });
  }
});
