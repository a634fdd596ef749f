import { posix } from 'node:path';
import * as ts from 'typescript';
import { otherName, otherNames } from './names';

/** What a module of a framework without a package at hand is replaced by, below the root of the package. */
const OWN = new Map([['@cdktf/provider-azuread/lib/provider', 'lib/azuread/azuread-provider']]);

/**
 * A source for the other framework: its modules are imported by their other names, and text and comments name the other
 * framework.
 *
 * Fails for a module of a framework that has no counterpart, and for code that names the framework otherwise.
 *
 * @param file path of the source below the root of the package, with slashes
 */
export function transformSource(file: string, source: string, options: TransformOptions = {}): string {
  const { origin = file, texts = true } = options;
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.ES2022, true);
  const edits = [
    ...specifiersOf(tree).map((literal) => specifierEdit(file, origin, tree, literal)),
    ...textEdits(file, tree, texts),
  ];
  return edits
    .sort((one, other) => other.start - one.start)
    .reduce((text, { start, end, text: changed }) => text.slice(0, start) + changed + text.slice(end), source);
}

/** Markdown with its TypeScript for the other framework. Prose is left alone: it speaks of both. */
export function transformMarkdown(file: string, markdown: string): string {
  return markdown.replace(
    /^(```(?:ts|typescript)\n)([\s\S]*?)(^```$)/gm,
    (_, start: string, code: string, end: string) => start + transformSource(file, code) + end,
  );
}

/** How a source is rewritten. */
export interface TransformOptions {
  /** Where it lies in this repository, if elsewhere: its relative imports are told from there. */
  readonly origin?: string;
  /** Whether texts and comments name the other framework, too; not so where they are about what is the same for both. */
  readonly texts?: boolean;
}

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Every literal that names a module: of imports and exports, of types, and of calls such as `require` and `jest.mock`. */
function specifiersOf(tree: ts.SourceFile): ts.StringLiteralLike[] {
  const literals: ts.StringLiteralLike[] = [];
  const add = (node: ts.Node | undefined): void => {
    if (node !== undefined && ts.isStringLiteralLike(node)) {
      literals.push(node);
    }
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) {
      add(node.moduleSpecifier);
    } else if (ts.isExternalModuleReference(node)) {
      add(node.expression);
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      add(node.argument.literal);
    } else if (ts.isCallExpression(node) && takesModule(node.expression)) {
      add(node.arguments[0]);
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return literals;
}

function takesModule(callee: ts.Expression): boolean {
  return (
    callee.kind === ts.SyntaxKind.ImportKeyword ||
    /^(require(\.resolve)?|jest\.(mock|doMock|requireActual|requireMock|unmock|dontMock))$/.test(callee.getText())
  );
}

function specifierEdit(file: string, origin: string, tree: ts.SourceFile, literal: ts.StringLiteralLike): Edit {
  const name = literal.text.startsWith('.')
    ? from(file, posix.join(posix.dirname(origin), literal.text))
    : moduleName(file, tree, literal);
  return { start: literal.getStart() + 1, end: literal.getEnd() - 1, text: name };
}

function moduleName(file: string, tree: ts.SourceFile, literal: ts.StringLiteralLike): string {
  const name = literal.text;
  if (!/cdkt[fn]/.test(name)) {
    return name;
  }
  const own = OWN.get(name);
  if (own !== undefined) {
    return from(file, own);
  }
  const [, packageName, rest] = /^((?:@[^/]+\/)?[^/]+)(.*)$/.exec(name)!;
  const other = otherName(packageName);
  if (other === undefined) {
    throw new Error(
      `${where(file, tree, literal)}: ${name} has no counterpart for the other framework; add one to scripts/cdktn`,
    );
  }
  return other + rest;
}

function from(file: string, path: string): string {
  const name = posix.relative(posix.dirname(file), path);
  return name.startsWith('.') ? name : `./${name}`;
}

/** Comments and texts; code that names the framework, such as a whole module under its name, is refused. */
function textEdits(file: string, tree: ts.SourceFile, texts: boolean): Edit[] {
  const modules = new Set(specifiersOf(tree).map((literal) => literal.getStart()));
  const edits: Edit[] = [];
  const comments = new Set<number>();
  const edit = (start: number, end: number): void => {
    const present = tree.text.slice(start, end);
    const text = texts ? otherNames(present) : present;
    if (text !== present) {
      edits.push({ start, end, text });
    }
  };
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && /^cdkt[fn]$/.test(node.text)) {
      if (!ts.isPropertyAssignment(node.parent)) {
        throw new Error(
          `${where(file, tree, node)}: code that calls something ${node.text} is not transformed; rename it`,
        );
      }
      edit(node.getStart(), node.getEnd());
    }
    for (const { pos, end } of commentsAround(node)) {
      if (!comments.has(pos)) {
        comments.add(pos);
        edit(pos, end);
      }
    }
    if (isText(node) && !modules.has(node.getStart())) {
      edit(node.getStart(), node.getEnd());
    }
    node
      .getChildren()
      .filter((child) => !ts.isJSDoc(child))
      .forEach(visit);
  };
  visit(tree);
  return edits;
}

function commentsAround(node: ts.Node): readonly ts.CommentRange[] {
  const { text } = node.getSourceFile();
  return [
    ...(ts.getLeadingCommentRanges(text, node.getFullStart()) ?? []),
    ...(ts.getTrailingCommentRanges(text, node.getEnd()) ?? []),
  ];
}

function isText(node: ts.Node): boolean {
  return (
    ts.isStringLiteralLike(node) ||
    node.kind === ts.SyntaxKind.TemplateHead ||
    node.kind === ts.SyntaxKind.TemplateMiddle ||
    node.kind === ts.SyntaxKind.TemplateTail ||
    ts.isRegularExpressionLiteral(node)
  );
}

function where(file: string, tree: ts.SourceFile, node: ts.Node): string {
  const { line } = tree.getLineAndCharacterOfPosition(node.getStart());
  return `${file}:${line + 1}`;
}
