// Prints, for each TypeScript file named on standard input, what the compiler's parser takes for a comment, a string,
// template text, a regular expression or JSX text: one line of JSON a file. The argument is a node_modules folder.
"use strict";
const fs = require("fs");
const path = require("path");
const ts = require(path.resolve(process.argv[2], "typescript"));

const COMMENT = 1, STRING = 2, TEMPLATE = 3, REGULAR_EXPRESSION = 4, JSX_TEXT = 5;

function spansOf(file) {
  const text = file.text;
  const spans = [];
  const comment = (start, end) => { spans.push([start, end, COMMENT]); };
  comment(0, (ts.getShebang(text) || "").length);
  const open = [file];
  while (open.length) {
    const node = open.pop();
    const start = node.kind === ts.SyntaxKind.JsxText ? node.pos : node.getStart(file, false);
    switch (node.kind) {
      case ts.SyntaxKind.StringLiteral:
        spans.push([start + 1, node.end - 1, STRING]);
        break;
      case ts.SyntaxKind.NoSubstitutionTemplateLiteral:
      case ts.SyntaxKind.TemplateTail:
        spans.push([start + 1, node.end - 1, TEMPLATE]);
        break;
      case ts.SyntaxKind.TemplateHead:
      case ts.SyntaxKind.TemplateMiddle:
        spans.push([start + 1, node.end - 2, TEMPLATE]);
        break;
      case ts.SyntaxKind.RegularExpressionLiteral:
        spans.push([start + 1, text.lastIndexOf("/", node.end), REGULAR_EXPRESSION]);
        break;
      case ts.SyntaxKind.JsxText:
        spans.push([start, node.end, JSX_TEXT]);
        break;
    }
    const children = node.getChildren(file).filter((child) => !ts.isJSDoc(child));
    if (children.length) {
      open.push(...children);
    } else if (node.kind !== ts.SyntaxKind.JsxText && node.pos < start) {
      ts.forEachLeadingCommentRange(text, node.pos, comment);
      ts.forEachTrailingCommentRange(text, node.pos, comment);
    }
  }
  return spans;
}

for (const name of fs.readFileSync(0, "utf8").split("\n").filter(Boolean)) {
  const text = fs.readFileSync(name, "utf8").replace(/^\uFEFF/, "").replace(/\r\n?/g, "\n");
  const file = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, false);
  const result = file.parseDiagnostics.length ? null : spansOf(file);
  process.stdout.write(JSON.stringify(result) + "\n");
}
