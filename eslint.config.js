import js from '@eslint/js';
import globals from 'globals';

const rules = {
	...js.configs.recommended.rules,
	'consistent-return': 'error',
	curly: 'error',
	eqeqeq: 'error',
	'max-lines': [ 'error', 300 ],
	'max-lines-per-function': [ 'error', { max: 50, skipBlankLines: true, skipComments: true } ],
	'no-implied-eval': 'error',
	'no-shadow': 'error',
	'no-var': 'error',
	'object-shorthand': 'error',
	'prefer-const': 'error',
};

// Model output and post text never reach the page as HTML.
const noHtml = {
	'no-restricted-properties': [
		'error',
		...[ 'innerHTML', 'outerHTML', 'insertAdjacentHTML', 'write', 'setHTMLUnsafe' ].map( ( property ) => ( { property } ) ),
	],
};

export default [
	// Made of modules that are checked themselves.
	{ ignores: [ 'wordpress-plugin/blocks/ask/box.js', 'sidecar/rag_ask/api/rag-ask.js' ] },
	{ ignores: [ '.state/', '.venv/', 'build/', 'node_modules/' ] },
	{ linterOptions: { reportUnusedDisableDirectives: 'error' } },
	{
		files: [ 'wordpress-plugin/**/*.js', 'sidecar/outside/*.js' ],
		languageOptions: { globals: globals.browser },
		rules: { ...rules, ...noHtml },
	},
	{
		files: [ 'wordpress-plugin/blocks/ask/edit.js' ],
		languageOptions: { sourceType: 'script' },
	},
	{
		files: [ 'eslint.config.js', 'scripts/**/*.{js,mjs}', 'wp-env/**/*.{js,mjs}' ],
		languageOptions: { globals: globals.node },
		rules,
	},
	{
		// The browser tests hold functions that run in the page.
		files: [ 'tests/**/*.mjs' ],
		languageOptions: { globals: { ...globals.node, ...globals.browser } },
		rules: { ...rules, 'max-lines-per-function': 'off' },
	},
];
