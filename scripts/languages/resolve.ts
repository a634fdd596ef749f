import { Assemblies, Parameter, pascal, snake, Type } from './assembly';
import { Call, callsOf } from './calls';

/** What a program in Python names that is not there, or leaves out, a line each. */
export function problemsOfPython(source: string, assemblies: Assemblies): string[] {
  const problems: string[] = [];
  const types = new Map<string, Type>();
  for (const [, module, names] of source.matchAll(/^from ([\w.]+) import ([\w, ]+)$/gm)) {
    for (const name of names.split(',').map((text) => text.trim())) {
      const type = assemblies.inModule('python', module, name);
      if (type === undefined) {
        problems.push(`${module} has no ${name}`);
      } else {
        types.set(name, type);
      }
    }
  }
  const variables = new Map<string, Type>();
  for (const call of callsOf(source)) {
    const type = types.get(call.callee);
    if (type === undefined) {
      problems.push(...problemsOfMethod(call, variables, assemblies, snake));
      continue;
    }
    problems.push(...problemsOfCall(call, assemblies.parameters(type), assemblies));
    if (call.kept !== undefined) {
      variables.set(call.kept, type);
    }
  }
  return [...problems, ...problemsOfAttributes(source, variables, assemblies, snake)];
}

/** What a program in Go names that is not there, or leaves out, a line each. */
export function problemsOfGo(source: string, assemblies: Assemblies): string[] {
  const problems: string[] = [];
  const modules = new Map<string, string>();
  for (const [, alias, path] of source.matchAll(/^\s*(?:import )?([a-z]\w*)? ?"([\w./-]+)"$/gm)) {
    modules.set(
      alias ??
        path
          .replace(/\/v\d+$/, '')
          .split('/')
          .pop()!,
      path,
    );
  }
  const variables = new Map<string, Type>();
  for (const call of callsOf(source)) {
    const [alias, name] = call.callee.split('.');
    const module = modules.get(alias);
    if (module === undefined) {
      problems.push(...problemsOfMethod(call, variables, assemblies, pascal));
      continue;
    }
    if (module === 'github.com/aws/jsii-runtime-go') {
      continue;
    }
    const type = assemblies.inModule('go', module, name.replace(/^New/, ''));
    if (type === undefined) {
      problems.push(`line ${call.line}: ${module} has no ${name}`);
    } else if (type.datatype === true) {
      problems.push(...problemsOfFields(call, type, assemblies, pascal));
    } else {
      const parameters = assemblies.parameters(type);
      if (call.positional !== parameters.length) {
        problems.push(`line ${call.line}: ${name} takes ${parameters.length} values, got ${call.positional}`);
      }
      if (call.kept !== undefined) {
        variables.set(call.kept, type);
      }
    }
  }
  return [...problems, ...problemsOfAttributes(source, variables, assemblies, pascal)];
}

/** In Python, the properties of a last parameter that is a struct are keywords. */
function problemsOfCall(call: Call, parameters: readonly Parameter[], assemblies: Assemblies): string[] {
  const struct = assemblies.type(parameters[parameters.length - 1]?.type.fqn);
  const props = struct?.datatype === true ? struct : undefined;
  const positional = parameters.slice(0, props === undefined ? undefined : -1);
  const least = positional.filter(({ optional }) => optional !== true).length;
  const problems =
    call.positional < least || call.positional > positional.length
      ? [`line ${call.line}: ${call.callee} takes ${positional.length} values by position, got ${call.positional}`]
      : [];
  return props === undefined ? problems : [...problems, ...problemsOfFields(call, props, assemblies, snake)];
}

function problemsOfFields(call: Call, struct: Type, assemblies: Assemblies, cased: (name: string) => string): string[] {
  const fields = assemblies.lineage(struct).flatMap(({ properties = [] }) => properties);
  const known = new Set(fields.map(({ name }) => cased(name)));
  const required = fields.filter(({ optional }) => optional !== true).map(({ name }) => cased(name));
  return [
    ...call.named.filter((name) => !known.has(name)).map((name) => `line ${call.line}: ${call.callee} has no ${name}`),
    ...required
      .filter((name) => !call.named.includes(name))
      .map((name) => `line ${call.line}: ${call.callee} lacks ${name}`),
  ];
}

function problemsOfMethod(
  call: Call,
  variables: ReadonlyMap<string, Type>,
  assemblies: Assemblies,
  cased: (name: string) => string,
): string[] {
  const [variable, name] = call.callee.split('.');
  const type = variables.get(variable);
  const method = type && assemblies.members(type).find((member) => cased(member.name) === name);
  const parameters = method?.parameters ?? [];
  return method === undefined || call.positional === parameters.length
    ? []
    : [`line ${call.line}: ${call.callee} takes ${parameters.length} values, got ${call.positional}`];
}

/** Members of objects that their classes do not have. */
function problemsOfAttributes(
  source: string,
  variables: ReadonlyMap<string, Type>,
  assemblies: Assemblies,
  cased: (name: string) => string,
): string[] {
  return [...source.matchAll(/(?<![\w."/])([a-z]\w*)\.([A-Za-z_]\w*)/g)].flatMap(([all, variable, name]) => {
    const type = variables.get(variable);
    return type === undefined || assemblies.members(type).some((member) => cased(member.name) === name)
      ? []
      : [`${all}: ${type.name} has no ${name}`];
  });
}
