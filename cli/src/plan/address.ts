/** One step of a module's address: `module.a["x"]`. */
export interface ModuleStep {
  readonly name: string;
  readonly key?: string | number;
}

/** One step of a reference: a name, or the key in brackets after it. */
export type Step = { readonly name: string } | { readonly key: string | number };

const STEP = /\.?([A-Za-z_][\w-]*|\*)|\[(?:"((?:[^"\\]|\\.)*)"|(\d+)|\*|[^\]]*)\]/y;

/** The steps of `azapi_resource.a["x"].output.b`; brackets with anything but a literal are left out. */
export function parseReference(reference: string): readonly Step[] {
  const steps: Step[] = [];
  STEP.lastIndex = 0;
  for (let match = STEP.exec(reference); match !== null; match = STEP.exec(reference)) {
    const [, name, text, number] = match;
    if (name !== undefined && name !== '*') {
      steps.push({ name });
    } else if (text !== undefined) {
      steps.push({ key: unescaped(text) });
    } else if (number !== undefined) {
      steps.push({ key: Number(number) });
    }
    if (STEP.lastIndex >= reference.length) {
      break;
    }
  }
  return steps;
}

/** The steps of a module's address, outermost first. */
export function parseModuleAddress(address: string): readonly ModuleStep[] {
  const steps = parseReference(address);
  const modules: ModuleStep[] = [];
  for (let position = 0; position + 1 < steps.length;) {
    const step = steps[position + 1];
    const key = steps[position + 2];
    if (step === undefined || !('name' in step)) {
      break;
    }
    const keyed = key !== undefined && 'key' in key;
    modules.push(keyed ? { name: step.name, key: key.key } : { name: step.name });
    position += keyed ? 3 : 2;
  }
  return modules;
}

export function formatModuleAddress(steps: readonly ModuleStep[]): string {
  return steps.map(({ name, key }) => `module.${name}${key === undefined ? '' : `[${JSON.stringify(key)}]`}`).join('.');
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/g, '$1');
}
