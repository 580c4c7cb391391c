// The rules of lint: typescript-eslint's strict set with types, the house rules, and the walls that types cannot build.
//
// Core rooms cannot tell the time, roll dice or print: a run is a function of (program, scenario, schedule).
// The adapter uses no global of Node or the browser, though the DAP library brings Node's types along.
// Rules that fight an interpreter (typed arrays, wide switches) are relaxed here once instead of by comments in the code.
import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';
import { houseRules } from './scripts/lint/houseRules.mjs';

const coreRooms = [
  'base',
  'bytecode',
  'c',
  'machine',
  'x86',
  'kernel',
  'scenario',
  'debugger',
  'explore',
  'view',
];

const clocks = ['Date', 'performance'];
const timers = [
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'requestAnimationFrame',
];
const hostGlobals = [
  'process',
  'Buffer',
  'global',
  'require',
  'module',
  '__dirname',
  '__filename',
  'window',
  'document',
  'navigator',
  'localStorage',
];

const banned = (names, message) => names.map((name) => ({ name, message }));
const noClock =
  'The core cannot tell the time: a run depends on program, scenario and schedule only.';
const noRandom = {
  object: 'Math',
  property: 'random',
  message: 'Everything undecided comes from the scheduler.',
};
const houseSyntax = [
  {
    selector: 'ExportAllDeclaration',
    message: 'No barrels: import from the file that defines the thing.',
  },
  { selector: 'TSEnumDeclaration', message: 'Use a union of literals.' },
];
const throwsOnly = {
  selector:
    'ThrowStatement > NewExpression[callee.name!=/^(UserError|BugError|InvalidArgumentError)$/]',
  message:
    'Throw only UserError or BugError (src/base/errors.ts), and InvalidArgumentError for commander; all else is data.',
};

export default defineConfig(
  globalIgnores(['dist/', 'node_modules/', 'coverage/', 'test-results/', '**/*.d.mts', 'media/']),
  js.configs.recommended,
  {
    files: ['**/*.{ts,tsx,mts}'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrorsIgnorePattern: '^_' },
      ],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/unified-signatures': 'off',
      '@typescript-eslint/no-invalid-void-type': 'off',
      'no-constant-condition': ['error', { checkLoops: false }],
      eqeqeq: 'error',
      'func-style': ['error', 'declaration', { allowArrowFunctions: true }],
      'max-lines': ['error', 600],
      'no-console': 'off',
    },
  },
  {
    files: ['**/*Table.ts', '**/*Tables.ts'],
    rules: { 'max-lines': 'off' },
  },
  {
    files: ['src/**/*.{ts,tsx}'],
    plugins: { house: houseRules },
    rules: {
      'house/file-header': 'error',
      'house/exported-docstring': 'error',
      'no-restricted-syntax': ['error', ...houseSyntax, throwsOnly],
    },
  },
  {
    files: coreRooms.map((room) => `src/${room}/**/*.ts`),
    rules: {
      'no-restricted-globals': [
        'error',
        ...banned([...clocks, ...timers], noClock),
        ...banned(['console'], 'The core does not print: it returns data.'),
        ...banned(hostGlobals, 'The core knows neither Node nor a browser.'),
      ],
      'no-restricted-properties': ['error', noRandom],
    },
  },
  {
    files: ['src/adapter/**/*.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...banned(hostGlobals, 'The adapter also runs where there is no Node.'),
        ...banned(['console'], 'Standard output belongs to the protocol.'),
      ],
      'no-restricted-properties': ['error', noRandom],
    },
  },
  {
    files: ['src/extension/**/*.ts'],
    rules: {
      // VS Code's API takes anything with a `dispose` for its class `Disposable`.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
    },
  },
  {
    files: ['test/**/*.ts', 'test/**/*.tsx', 'vitest*.mts'],
    plugins: { house: houseRules },
    rules: {
      'house/file-header': 'error',
      'no-restricted-syntax': [
        'error',
        ...houseSyntax,
        {
          selector:
            'CallExpression[callee.object.name=/^(it|test|describe)$/][callee.property.name=/^(skip|todo|only|fails)$/]',
          message: 'Nothing is skipped: assert what happens today, with a note.',
        },
      ],
    },
  },
  {
    files: ['**/*.mjs', '**/*.cjs', '**/*.js'],
    plugins: { house: houseRules },
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        Buffer: 'readonly',
        URL: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        module: 'writable',
        exports: 'readonly',
        require: 'readonly',
      },
    },
    rules: { 'house/file-header': 'error', 'max-lines': ['error', 600], eqeqeq: 'error' },
  },
);
