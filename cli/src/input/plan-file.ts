import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { readPlan, type Plan } from '../plan/plan';
import { UserError } from '../user-error';
import { decode } from './decode';
import { isObject, parseJson, property, type JsonObject } from './json';
import { contradiction, isFilled, isTooDeep, SHOW, structureProblem } from './plan-structure';
import type { PlanArgument } from './stack-names';

/** Reads the plans; every file that is wrong is reported at once. */
export function readPlans(given: readonly PlanArgument[]): readonly Plan[] {
  const problems: string[] = [];
  const contents = new Map<string, string>();
  const plans = given.flatMap(({ stack, file }) => {
    try {
      const bytes = readBytes(file);
      const digest = createHash('sha256').update(bytes).digest('hex');
      const twin = contents.get(digest);
      if (twin !== undefined) {
        throw new UserError([`${file}: the same plan as ${twin}; give every plan once`]);
      }
      contents.set(digest, file);
      return [readPlan(checkedPlan(parseJson(decode(bytes, file), file), file), stack, file)];
    } catch (error) {
      if (error instanceof UserError) {
        problems.push(...error.problems);
        return [];
      }
      throw error;
    }
  });
  if (problems.length > 0) {
    throw new UserError(problems);
  }
  return plans;
}

export function readBytes(file: string): Buffer {
  try {
    if (file !== '-' && statSync(file).isDirectory()) {
      throw new UserError([`${file}: this is a folder; give a file`]);
    }
    return readFileSync(file === '-' ? 0 : file);
  } catch (error) {
    if (error instanceof UserError) {
      throw error;
    }
    throw new UserError([`${file}: ${reasonOf(error)}`]);
  }
}

function reasonOf(error: unknown): string {
  const code = property({ ...(error as object) }, 'code');
  switch (code) {
    case 'ENOENT':
      return 'there is no such file; check the path';
    case 'EACCES':
    case 'EPERM':
      return 'the file cannot be read; check its permissions';
    case 'ERR_FS_FILE_TOO_LARGE':
    case 'ERR_STRING_TOO_LONG':
      return 'the file is too large to be read; split the stack, or plan without unrelated resources';
    default:
      return `the file cannot be read${typeof code === 'string' ? ` (${code})` : ''}; check the path`;
  }
}

/** The plan's JSON, if it is one that can be reviewed. */
export function checkedPlan(json: unknown, file: string): JsonObject {
  const problem = isObject(json) ? problemOf(json) : `this is JSON but not a plan; ${SHOW}`;
  if (problem !== undefined) {
    throw new UserError([`${file}: ${problem}`]);
  }
  return json as JsonObject;
}

function problemOf(json: JsonObject): string | undefined {
  const version = json.format_version;
  if (typeof version !== 'string') {
    return foreignProblem(json);
  }
  const major = /^(\d{1,4})\.\d{1,4}$/.exec(version)?.[1];
  if (major === undefined) {
    return `the plan's format_version is not a version; ${SHOW}`;
  }
  if (major !== '1') {
    return `the plan's format_version is ${version}, this tool reads 1.x; use another version of terraform or of this tool`;
  }
  if (isTooDeep(json)) {
    return `the plan is nested deeper than any configuration, so it is not read; ${SHOW} of a real plan`;
  }
  if (!('resource_changes' in json) && !('planned_values' in json)) {
    return 'values' in json
      ? `this is the JSON of a state, not of a plan; ${SHOW} for a plan file`
      : `this contains neither a plan nor a state; ${SHOW} for a plan file`;
  }
  if (json.errored === true) {
    return 'terraform reported errors during the plan, so changes are missing; fix them and plan again';
  }
  if (json.complete === false || isFilled(json.deferred_changes) || isFilled(json.deferred_action_invocations)) {
    return 'the plan is incomplete (made with -target, or with deferred changes), so access may change in ways that it does not show; plan everything';
  }
  return structureProblem(json) ?? contradiction(json);
}

function foreignProblem(json: JsonObject): string {
  if ('lineage' in json || 'serial' in json) {
    return `this is a state file, not a plan; ${SHOW}`;
  }
  if ('@level' in json) {
    return `this is the log of terraform plan -json, not the plan; save it with terraform plan -out=PLAN and ${SHOW}`;
  }
  if ('resource' in json && 'provider' in json) {
    return `this is a configuration in JSON, not a plan; plan it and ${SHOW}`;
  }
  return `the JSON has no format_version, so it is not a plan; ${SHOW}`;
}
