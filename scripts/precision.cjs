// Prints what ESLint finds in the TypeScript files named on standard input: a line of JSON for each place, with
// the file, the rule, and the first and last line. The argument is a node_modules folder that has eslint,
// typescript-eslint and typescript. Types are those of the files themselves: what they import from packages
// that are not installed is `any`.
"use strict";
const fs = require("fs");
const path = require("path");
const load = require("module").createRequire(path.resolve(process.argv[2], "precision.js"));
const { Linter } = load("eslint");
const { plugin, parser } = load("typescript-eslint");
const ts = load("typescript");

const names = fs.readFileSync(0, "utf8").split("\n").filter(Boolean).map((name) => path.resolve(name));
const program = ts.createProgram(names, {
  allowImportingTsExtensions: true,
  experimentalDecorators: true,
  jsx: ts.JsxEmit.Preserve,
  lib: ["lib.es2023.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  noEmit: true,
  skipLibCheck: true,
  strict: true,
  target: ts.ScriptTarget.ES2022,
  types: [],
});
const linter = new Linter({ configType: "flat", cwd: path.parse(process.cwd()).root });
const config = {
  files: ["**/*.{ts,tsx,mts,cts}"],
  languageOptions: { parser, parserOptions: { jsDocParsingMode: "none", programs: [program] } },
  linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: "off" },
  plugins: { "@typescript-eslint": plugin },
  rules: {
    "@typescript-eslint/no-explicit-any": "error",
    "@typescript-eslint/no-floating-promises": "error",
    eqeqeq: "error",
    "no-await-in-loop": "error",
    "no-console": "error",
    "no-empty": "error",
    "no-empty-function": "error",
    "no-warning-comments": "error",
  },
};

// Of the blocks and functions that are empty, only those count that handle an error.
const FUNCTION_START = String.raw`(?:async\s*)?(?:function\b\s*\w*\s*)?(?:\([^()]*\)\s*(?:=>\s*)?)?`;
const HANDLES = {
  "no-empty": /\bcatch\s*(?:\([^()]*\)\s*)?$/,
  "no-empty-function": new RegExp(String.raw`\.\s*(?:catch\s*\(|then\s*\([^()]*,)\s*${FUNCTION_START}$`),
};

for (const name of names) {
  const text = fs.readFileSync(name, "utf8").replace(/^\uFEFF/, "").replace(/\r\n?/g, "\n");
  const lines = text.split("\n");
  for (const found of linter.verify(text, config, { filename: name })) {
    const before = lines.slice(Math.max(0, found.line - 4), found.line);
    before[before.length - 1] = (before.at(-1) ?? "").slice(0, found.column - 1);
    if (found.ruleId && (HANDLES[found.ruleId]?.test(before.join("\n")) ?? true)) {
      console.log(JSON.stringify([name, found.ruleId, found.line, found.endLine ?? found.line]));
    }
  }
}
