import { AzurermProvider } from '@cdktf/provider-azurerm/lib/provider';
import { TerraformStack } from 'cdktf';
import { Construct, IConstruct } from 'constructs';
import { Fact } from '../names/fact';
import { refuse } from './problems';

/** This package and its framework, and the same library for the other one. */
const PACKAGE = 'cdktf-apim-oauth';
const FRAMEWORK = 'cdktf';
const SIBLING = { name: 'cdktn-apim-oauth', framework: 'cdktn' };

/**
 * Raised whenever what copies of the library keep on constructs for each other changes, so that two copies would
 * misread it.
 */
const MARKS = 1;
const MARKS_OF_PROGRAM = new Fact<number>('marks');

const RTTI = Symbol.for('jsii.rtti');
const CURE = 'install one release of one framework for all packages, as docs/frameworks.md shows';

/** A release of cdktf or of cdktn. */
interface Framework {
  readonly name: string;
  readonly version: string;
}

/**
 * The scope of a construct, where everything in the program is of one framework: constructs of one and a stack of the
 * other end in a call of a method that is not there, and values of one are something else to the other. The name under
 * which a framework is installed does not matter.
 *
 * Fails when the program or a provider package is of another framework, or of another release series of it, and when
 * another version of the library in the program keeps its marks in another way.
 *
 * @param providers classes of further provider packages, by package
 */
export function inFramework(scope: Construct, id: string, providers: { [name: string]: unknown } = {}): Construct {
  if (!Construct.isConstruct(scope)) {
    return scope;
  }
  const path = [scope.node.path, id].filter((part) => part !== '').join('/');
  refuse(path, 'scope', problemOfFramework(scope));
  for (const [name, provider] of Object.entries({ '@cdktf/provider-azurerm': AzurermProvider, ...providers })) {
    const found = frameworkOf(provider);
    refuse(path, name, isOther(found) ? `must be for ${own()}, got one for ${textOf(found)}; ${CURE}` : undefined);
  }
  const marks = MARKS_OF_PROGRAM.ofOrKept(scope.node.root, () => MARKS);
  refuse(
    path,
    'scope',
    marks === MARKS
      ? undefined
      : `must be in a program with one version of ${PACKAGE}, got a program with two that do not understand each other; install one version`,
  );
  return scope;
}

/** What is wrong where a construct comes from a program on another framework; undefined for everything else. */
export function problemOfFramework(value: unknown): string | undefined {
  const found = Construct.isConstruct(value) ? frameworksAround(value).find(isOther) : undefined;
  if (found === undefined) {
    return undefined;
  }
  const forSibling = frameworkOf(TerraformStack)?.name === FRAMEWORK && found.name === SIBLING.framework;
  const cure = forSibling ? `use ${SIBLING.name} there, or ${CURE}` : CURE;
  return `must be of a program on ${own()}, got one on ${textOf(found)}; ${cure}`;
}

function own(): string {
  const framework = frameworkOf(TerraformStack);
  return `${framework === undefined ? FRAMEWORK : textOf(framework)}, which ${PACKAGE} uses here`;
}

function textOf({ name, version }: Framework): string {
  return `${name} ${version}`;
}

/** Another framework, or a release series that carets do not bridge. One that does not say what it is may be the same. */
function isOther(found: Framework | undefined): found is Framework {
  const framework = frameworkOf(TerraformStack);
  return (
    found !== undefined &&
    framework !== undefined &&
    (found.name !== framework.name || seriesOf(found) !== seriesOf(framework))
  );
}

function seriesOf({ version }: Framework): string | undefined {
  return /^(?:0\.\d+|[1-9]\d*)/.exec(version)?.[0];
}

/** The frameworks of the stack and the app of a construct, which may be the construct itself. */
function frameworksAround(construct: IConstruct): (Framework | undefined)[] {
  return construct.node.scopes.map(({ constructor }) => frameworkOf(constructor));
}

const KNOWN = new WeakMap<object, { readonly framework?: Framework }>();

/** The framework that a class belongs to, by what jsii notes in the one that it extends. */
function frameworkOf(type: unknown): Framework | undefined {
  if (typeof type !== 'function') {
    return undefined;
  }
  const known = KNOWN.get(type);
  if (known !== undefined) {
    return known.framework;
  }
  const noted = Object.getOwnPropertyDescriptor(type, RTTI)?.value as { fqn?: unknown; version?: unknown } | undefined;
  const name = /^(cdktf|cdktn)\./.exec(String(noted?.fqn))?.[1];
  const framework =
    name === undefined ? frameworkOf(Object.getPrototypeOf(type)) : { name, version: String(noted?.version) };
  KNOWN.set(type, { framework });
  return framework;
}
