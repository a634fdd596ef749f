import { version } from '../version';

/** What a program's files say of the framework that it is written for. */
export interface Framework {
  /** Package that has `App` and `TerraformStack`. */
  readonly name: string;
  /** Package of this library for it. */
  readonly library: string;
  /** Package of azurerm's bindings. */
  readonly azurerm: string;
  readonly dependencies: Readonly<Record<string, string>>;
  /** What npm needs to install the dependencies together. */
  readonly overrides?: Readonly<Record<string, object>>;
}

const CONSTRUCTS = { constructs: '~10.7.2' };

export const CDKTF: Framework = {
  name: 'cdktf',
  library: 'cdktf-apim-oauth',
  azurerm: '@cdktf/provider-azurerm',
  dependencies: {
    '@cdktf/provider-azuread': '^14.3.1',
    '@cdktf/provider-azurerm': '^14.23.1',
    cdktf: '^0.21.0',
    'cdktf-apim-oauth': `^${version}`,
    ...CONSTRUCTS,
  },
};

const CDKTN: Framework = {
  name: 'cdktn',
  library: 'cdktn-apim-oauth',
  azurerm: '@cdktn/provider-azurerm',
  dependencies: {
    '@cdktn/provider-azurerm': '^16.1.0',
    cdktn: '^0.24.0',
    'cdktn-apim-oauth': `^${version}`,
    ...CONSTRUCTS,
  },
  // it names an earlier release as its peer
  overrides: { '@cdktn/provider-azurerm': { cdktn: '^0.24.0' } },
};

const FRAMEWORKS = [CDKTF, CDKTN];

export const FRAMEWORK_NAMES = FRAMEWORKS.map(({ name }) => name);

/** The framework of a name, cdktf without one; an unknown name is a problem. */
export function frameworkNamed(given: string | undefined, problems: string[]): Framework {
  const found = FRAMEWORKS.find(({ name }) => name === given);
  if (given !== undefined && found === undefined) {
    problems.push(`--framework ${given} is not a framework; give ${FRAMEWORK_NAMES.join(' or ')}`);
  }
  return found ?? CDKTF;
}
