import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Parameter {
  readonly name: string;
  readonly optional?: boolean;
  readonly type: { readonly fqn?: string };
}

interface Member {
  readonly name: string;
  readonly static?: boolean;
  readonly parameters?: readonly Parameter[];
}

export interface Type {
  readonly fqn: string;
  readonly name: string;
  readonly kind: 'class' | 'enum' | 'interface';
  readonly namespace?: string;
  readonly base?: string;
  readonly interfaces?: readonly string[];
  readonly datatype?: boolean;
  readonly initializer?: { readonly parameters?: readonly Parameter[] };
  readonly methods?: readonly Member[];
  readonly properties?: readonly (Member & { readonly optional?: boolean })[];
}

interface Targets {
  readonly python?: { readonly module: string };
  readonly go?: { readonly moduleName: string; readonly packageName?: string };
}

interface Assembly {
  readonly name: string;
  readonly version: string;
  readonly targets: Targets;
  readonly types: Record<string, Type>;
}

/** What jsii notes of a compiled package: its types, and what it is called in other languages. */
export class Assemblies {
  private readonly assemblies: Assembly[];

  /** @param folders packages with an assembly, `.jsii` */
  public constructor(folders: readonly string[]) {
    this.assemblies = folders.map((folder) => JSON.parse(readFileSync(join(folder, '.jsii'), 'utf8')) as Assembly);
  }

  /** The type that a module of a language has under a name. */
  public inModule(language: 'python' | 'go', module: string, name: string): Type | undefined {
    for (const assembly of this.assemblies) {
      const types = Object.values(assembly.types).filter((type) => type.name === name);
      const found = types.find((type) => modulesOf(assembly, type)[language] === module);
      if (found !== undefined) {
        return found;
      }
    }
    return undefined;
  }

  public type(fqn: string | undefined): Type | undefined {
    return this.assemblies.map(({ types }) => types[fqn ?? '']).find((type) => type !== undefined);
  }

  /** A type and everything that it extends or implements. */
  public lineage(type: Type | undefined): Type[] {
    return type === undefined
      ? []
      : [type, ...[type.base, ...(type.interfaces ?? [])].flatMap((fqn) => this.lineage(this.type(fqn)))];
  }

  /** What an object of a type has: names of its properties and methods. */
  public members(type: Type): Member[] {
    return this.lineage(type).flatMap(({ methods = [], properties = [] }) => [...methods, ...properties]);
  }

  /** The parameters of a constructor, which may be that of a class above. */
  public parameters(type: Type): readonly Parameter[] {
    return this.lineage(type).find(({ initializer }) => initializer !== undefined)?.initializer?.parameters ?? [];
  }
}

/** The modules in which a type lies in other languages. Those of submodules have the submodule's name in their case. */
function modulesOf(assembly: Assembly, type: Type): { readonly python?: string; readonly go?: string } {
  const { python, go } = assembly.targets;
  const namespace = type.namespace === undefined ? [] : [type.namespace];
  const major = Number(assembly.version.split('.')[0]);
  const packageName = go?.packageName ?? assembly.name.replace(/^@|[^a-z0-9]/gi, '').toLowerCase();
  return {
    python: python && [python.module, ...namespace.map(snake)].join('.'),
    go:
      go &&
      [
        go.moduleName,
        packageName,
        ...(major > 1 ? [`v${major}`] : []),
        ...namespace.map((name) => name.toLowerCase()),
      ].join('/'),
  };
}

/** A name as Python has it. */
export function snake(name: string): string {
  return name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '_').toLowerCase();
}

/** A name as Go has it. */
export function pascal(name: string): string {
  return name[0].toUpperCase() + name.slice(1);
}
