import { otherNames } from './names';

type Ranges = Record<string, string>;

/** What the package files of both frameworks hold that matters here. */
export interface Manifest {
  readonly name: string;
  readonly description: string;
  readonly keywords: readonly string[];
  readonly peerDependencies: Ranges;
  readonly devDependencies: Ranges;
  readonly scripts: Ranges;
  readonly overrides?: object;
  readonly workspaces?: unknown;
  readonly jsii: { readonly targets: object };
}

/** What `cdktn/package.json` says of the packages that the other one needs, and of its names in other languages. */
export type Needed = Pick<Manifest, 'peerDependencies' | 'devDependencies' | 'overrides' | 'jsii'>;

/** `package.json` of the package for cdktn: that of the package for cdktf with other names, peers and targets. */
export function transformManifest(manifest: Manifest, needed: Needed): object {
  const { workspaces: _, ...rest } = manifest;
  return {
    ...rest,
    name: otherNames(manifest.name),
    description: otherNames(manifest.description),
    peerDependencies: needed.peerDependencies,
    devDependencies: needed.devDependencies,
    overrides: needed.overrides,
    scripts: { build: manifest.scripts.build },
    jsii: { ...manifest.jsii, targets: needed.jsii.targets },
  };
}
