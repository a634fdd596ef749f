import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

const providerIndexes = {
  regex: '^@cdktf/provider-(azurerm|azuread)(/lib)?(/index)?$',
  message: "Import one resource, such as '@cdktf/provider-azurerm/lib/key-vault': the index loads the whole provider.",
};
const tools = {
  regex: '(^|/)cli(/|$)|^apim-oauth(/|$)',
  message: 'The library never imports the tools.',
};
const library = {
  regex: '^(\\.\\./)+lib(/|$)|^cdktf(/|$)|^cdktf-apim-oauth(/|$)',
  message: 'The tools read Terraform, not the library.',
};

function noImportsOf(...patterns) {
  return { '@typescript-eslint/no-restricted-imports': ['error', { patterns: [providerIndexes, ...patterns] }] };
}

export default defineConfig(
  globalIgnores(['**/.*/', '/coverage/', '**/cdktf.out/', '**/dist/', '**/fixtures/', 'cdktn/build/']),
  js.configs.recommended,
  {
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      curly: 'error',
      eqeqeq: 'error',
      'no-param-reassign': 'error',
      'object-shorthand': 'error',
      'prefer-const': 'error',
    },
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname } },
    rules: {
      ...noImportsOf(),
      'no-console': 'error',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // By code point is what is meant where a string is spread.
      '@typescript-eslint/no-misused-spread': 'off',
      // Where validation has just refused everything else.
      '@typescript-eslint/no-non-null-assertion': 'off',
      // Props come from programs in any language and JSON from anywhere: values are checked that their types promise.
      '@typescript-eslint/no-unnecessary-condition': 'off',
      '@typescript-eslint/no-unnecessary-type-conversion': 'off',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', destructuredArrayIgnorePattern: '^_' },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    },
  },
  {
    files: ['lib/**/*.ts', 'cdktn/lib/**/*.ts'],
    rules: {
      ...noImportsOf(tools),
      // What is overridden here returns and takes `any` in cdktf.
      '@typescript-eslint/no-explicit-any': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  {
    files: ['cli/**/*.ts'],
    rules: {
      ...noImportsOf(library),
      // Values from JSON files are quoted in messages whatever they are.
      '@typescript-eslint/no-base-to-string': 'off',
    },
  },
  {
    files: ['**/test/**/*.ts'],
    rules: {
      // Tests of the tools read what the library makes.
      ...noImportsOf(),
      // Tests look into synthesized JSON and pass what types forbid.
      '@typescript-eslint/no-explicit-any': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unnecessary-template-expression': 'off',
      '@typescript-eslint/no-unnecessary-type-assertion': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/restrict-template-expressions': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    files: ['**/*.{js,cjs,mjs}'],
    languageOptions: {
      globals: {
        __dirname: false,
        Buffer: false,
        console: false,
        module: false,
        performance: false,
        process: false,
        require: false,
        URL: false,
      },
    },
  },
);
