import js from '@eslint/js';
import globals from 'globals';
import importX from 'eslint-plugin-import-x';
import jsxA11y from 'eslint-plugin-jsx-a11y';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';

/**
 * The house, top floor first. A room may import only from rooms below it; rooms on one line do not see each
 * other. docs/architecture.md says what lives where.
 */
const floors = [
  ['test'],
  ['platform-config'],
  ['modes/cervical-myelopathy'],
  ['extensions/cervical-myelopathy'],
  ['packages/cli'],
  ['packages/pipeline'],
  ['packages/phantom'],
  ['packages/dicom', 'packages/nifti'],
  ['packages/cord'],
  ['packages/prognosis'],
  ['packages/diffusion'],
];

/** The viewer's plugins must never pull in what only runs headless, nor the other way round. */
const neverTogether = [
  { target: './extensions', from: './packages/cli' },
  { target: './extensions', from: './packages/phantom' },
  { target: './packages/pipeline', from: './packages/phantom' },
];

const zones = [
  ...floors.flatMap((floor, index) =>
    floor.flatMap((room) => [
      ...floors.slice(0, index).flatMap((above) =>
        above.map((upper) => ({
          target: `./${room}`,
          from: `./${upper}`,
          message: `${room} lies below ${upper}: imports point down only (docs/architecture.md).`,
        })),
      ),
      ...floor
        .filter((beside) => beside !== room)
        .map((beside) => ({
          target: `./${room}`,
          from: `./${beside}`,
          message: `${room} does not see ${beside}.`,
        })),
    ]),
  ),
  ...neverTogether,
];

export default tseslint.config(
  { ignores: ['**/node_modules/', '**/dist/', '.myelon/', 'test/output/', '**/*.cjs'] },
  // AssemblyScript: its own compiler checks it.
  { ignores: ['packages/diffusion/assembly/**/*.ts'] },
  js.configs.recommended,
  {
    files: ['**/*.{ts,tsx}'],
    extends: [...tseslint.configs.strict, ...tseslint.configs.stylistic],
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-invalid-void-type': 'off',
      '@typescript-eslint/unified-signatures': 'off',
      '@typescript-eslint/consistent-indexed-object-style': 'off',
    },
  },
  {
    files: ['**/*.{ts,tsx,mjs}'],
    languageOptions: { globals: { ...globals.node, ...globals.browser } },
    plugins: { 'import-x': importX },
    settings: { 'import-x/resolver-next': [createTypeScriptImportResolver()] },
    rules: {
      'max-lines': ['error', { max: 300 }],
      'max-lines-per-function': ['error', { max: 80, skipComments: true, skipBlankLines: true }],
      'import-x/no-relative-packages': 'error',
      'import-x/no-restricted-paths': ['error', { zones }],
      'import-x/no-cycle': 'error',
    },
  },
  {
    files: ['**/*.tsx'],
    extends: [jsxA11y.flatConfigs.recommended],
    plugins: { 'react-hooks': reactHooks },
    rules: {
      'react-hooks/rules-of-hooks': 'error',
      'react-hooks/exhaustive-deps': 'error',
      // A box that scrolls must be reachable by keyboard.
      'jsx-a11y/no-noninteractive-tabindex': ['error', { tags: [], roles: ['region'] }],
    },
  },
  {
    files: ['packages/{diffusion,cord,prognosis}/src/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-globals': ['error', 'window', 'document', 'fetch', 'process', 'Buffer', 'localStorage'],
      'no-restricted-imports': [
        'error',
        { patterns: [{ regex: '^(node:|fs|path)', message: 'Pure room: no I/O.' }] },
      ],
    },
  },
  {
    files: ['**/*.test.{ts,tsx}', 'test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      'max-lines-per-function': 'off',
    },
  },
);
