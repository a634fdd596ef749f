/*
 * Fails when something public has no docstring, or an optional prop does not say what happens without it.
 *
 * Run: npx tsx scripts/check-docs.ts (after npm run build, which writes .jsii)
 */
import { readFileSync } from 'node:fs';

interface Documented {
  readonly docs?: { readonly summary?: string; readonly default?: string };
  readonly locationInModule?: { readonly filename: string; readonly line: number };
}

interface Member extends Documented {
  readonly name: string;
  readonly optional?: boolean;
}

/** What the check reads of a type in a jsii assembly. */
export interface ApiType extends Documented {
  readonly name: string;
  readonly datatype?: boolean;
  readonly initializer?: Documented;
  readonly properties?: readonly Member[];
  readonly methods?: readonly Member[];
  readonly members?: readonly Member[];
}

/** One line for each public member that says too little. */
export function undocumented(types: readonly ApiType[]): string[] {
  return types.flatMap((type) => [
    ...withoutSummary(type.name, type),
    // A constructor without a place is not in the source.
    ...(type.initializer?.locationInModule === undefined ? [] : withoutSummary(`new ${type.name}`, type.initializer)),
    ...[type.properties, type.methods, type.members].flatMap((members) =>
      (members ?? []).flatMap((member) => withoutSummary(`${type.name}.${member.name}`, member)),
    ),
    ...(type.datatype === true ? (type.properties ?? []).flatMap((prop) => withoutDefault(type.name, prop)) : []),
  ]);
}

function withoutSummary(name: string, documented: Documented): string[] {
  return documented.docs?.summary ? [] : [`${name}${place(documented)}: has no docstring`];
}

function withoutDefault(type: string, prop: Member): string[] {
  return prop.optional === true && !prop.docs?.default
    ? [`${type}.${prop.name}${place(prop)}: is optional and has no @default`]
    : [];
}

function place({ locationInModule: location }: Documented): string {
  return location === undefined ? '' : ` (${location.filename}:${location.line})`;
}

function main(): void {
  const { types } = JSON.parse(readFileSync('.jsii', 'utf8')) as { readonly types: Record<string, ApiType> };
  const problems = undocumented(Object.values(types));
  for (const problem of problems) {
    process.stderr.write(`${problem}\n`);
  }
  process.exitCode = problems.length === 0 ? 0 : 1;
}

if (require.main === module) {
  main();
}
