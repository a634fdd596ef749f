import { canonical, readPolicy, type PolicyFormat, type PolicyNode } from '../policy/reader';
import { UNKNOWN_TEXT } from '../policy/properties';
import { flowOf, SECTIONS, type Flow, type Fragments } from '../policy/flow';
import { valuesIn } from '../policy/state';
import type { SideName } from './aliases';
import { attribute, isSensitive, text, type Path } from '../plan/attributes';
import { isTouched, type Resource } from '../plan/resource';
import { Parts } from './policy-parts';
import { inForceAfter, inForceBefore, type InForce, type Same } from './in-force';
import {
  fragmentName,
  fragmentPath,
  instanceOf,
  namedValue,
  namedValueName,
  placesOf,
  POLICY_KINDS,
  policyPath,
  type Place,
  type PolicyLevel,
} from './policy-places';
import type { World } from './world';

/** A policy on one side of the change. */
export interface PolicySide {
  /** Undefined where it cannot be read. */
  readonly flow: Flow | undefined;
  /** Why it cannot be read, after "it". */
  readonly problem?: string;
  /** Whether nothing of it may be printed. */
  readonly sensitive: boolean;
  /** Values that come from named values, none of which is printed. */
  readonly hidden: ReadonlySet<string>;
  /** For comparison only: the same for a policy that is the same, readable or not. */
  readonly identity: string;
  /** Fragments and named values of the plans that it is made of. */
  readonly parts: readonly Resource[];
}

/** A policy of one object, whichever blocks write it. */
export interface PolicyDocument {
  readonly key: string;
  readonly level: PolicyLevel;
  /** The key of its product, for policies of products. */
  readonly product?: string;
  /** The instance, in the words of `World.key`. */
  readonly instance: string;
  /** The API's name, for policies of APIs and operations. */
  readonly api?: string;
  readonly operation?: string;
  readonly workspace?: string;
  /** The blocks that write it. */
  readonly blocks: readonly Resource[];
  /** Undefined where there is none on that side, so that what is around it applies. */
  readonly before: PolicySide | undefined;
  readonly after: PolicySide | undefined;
  /** Whether it is taken away and written again, so that there is none in between. */
  readonly interrupted: boolean;
}

/** Every policy that the plans show, at every level, as it is in force before and after. */
export class Policies {
  readonly documents: readonly PolicyDocument[];
  private readonly byKey: ReadonlyMap<string, PolicyDocument>;
  private readonly fragments: Parts;
  private readonly namedValues: Parts;

  constructor(private readonly world: World) {
    this.fragments = new Parts(world, 'policy fragment', fragmentName, writes(fragmentPath), this.same(fragmentPath));
    this.namedValues = new Parts(
      world,
      'named value',
      namedValueName,
      () => true,
      (one, other, side) => namedValue(one, side) === namedValue(other, side),
    );
    const places = new Map<string, Place[]>();
    for (const block of world.managed(...POLICY_KINDS)) {
      for (const place of placesOf(world, block)) {
        const found = places.get(place.key);
        if (found === undefined) {
          places.set(place.key, [place]);
        } else {
          found.push(place);
        }
      }
    }
    this.documents = [...places.values()].map((found) => this.document(found));
    this.byKey = new Map(this.documents.map((document) => [document.key, document]));
  }

  /** The policy of a product, or undefined where the plans show none on either side. */
  ofProduct(key: string): PolicyDocument | undefined {
    return this.byKey.get(`product ${key}`);
  }

  ofApi(instance: string, api: string): PolicyDocument | undefined {
    return this.byKey.get(`${instance}/apis/${api.toLowerCase()}`);
  }

  ofService(instance: string): PolicyDocument | undefined {
    return this.byKey.get(instance);
  }

  /** Fragments that are made, changed or taken away, with the policies that include them. */
  changedFragments(): readonly {
    readonly resource: Resource;
    readonly before: PolicySide | undefined;
    readonly after: PolicySide | undefined;
    readonly usedBy: readonly PolicyDocument[];
  }[] {
    return this.world
      .managed('policy fragment')
      .filter(isTouched)
      .map((resource) => ({
        resource,
        before: resource.before === undefined ? undefined : this.fragmentAlone(resource, 'before'),
        after: resource.after === undefined ? undefined : this.fragmentAlone(resource, 'after'),
        usedBy: this.documents.filter((document) =>
          [document.before, document.after].some((side) => side?.parts.includes(resource) === true),
        ),
      }));
  }

  private fragmentAlone(resource: Resource, side: SideName): PolicySide {
    const instance = instanceOf(this.world, resource, side);
    return this.read(this.source(resource, side, fragmentPath(resource)), instance, side, (root) =>
      root.name === 'fragment' ? wrapped(root.children) : undefined,
    );
  }

  private document(places: readonly Place[]): PolicyDocument {
    const [first] = places as readonly [Place, ...Place[]];
    const { block: _, side: __, ...identity } = first;
    const of = (side: SideName): readonly Resource[] =>
      places.filter((place) => place.side === side).map(({ block }) => block);
    return {
      ...identity,
      blocks: [...new Set(places.map(({ block }) => block))],
      interrupted: of('before').some(
        (block) =>
          block.action === 'replace' && !block.leavesFormer && !block.createsFirst && of('after').includes(block),
      ),
      before: this.side(inForceBefore(of('before'), this.same(policyPath)), first.instance),
      after: this.side(
        inForceAfter(of('before'), of('after'), writes(policyPath), this.same(policyPath)),
        first.instance,
      ),
    };
  }

  /** Whether blocks say the same of an object, in whatever layout. */
  private same(pathOf: (resource: Resource) => Path): Same {
    const contentOf = (resource: Resource, side: SideName): string => {
      const { value, format, identity } = this.source(resource, side, pathOf(resource));
      const read = value === undefined ? undefined : readCached(value, format ?? 'rawxml');
      return read === undefined ? identity : canonical(read);
    };
    return (one, other, side) => contentOf(one, side) === contentOf(other, side);
  }

  private side(found: InForce, instance: string): PolicySide | undefined {
    if (found === 'none') {
      return undefined;
    }
    if (found === 'several') {
      return unreadable('is written by several blocks, in an order that is unknown', 'several');
    }
    return this.read(
      this.source(found.resource, found.side, policyPath(found.resource)),
      instance,
      found.side,
      (root) => root,
    );
  }

  private source(resource: Resource, side: SideName, path: Path): Source {
    const attributes = resource[side];
    const { value, state } = attribute(attributes, path);
    const sensitive = isSensitive(attributes, ...path);
    const format = text(attributes, 'body', 'properties', 'format') ?? text(attributes, 'format');
    const link = text(attributes, 'xml_link');
    if (/link$/.test(format ?? '') || link !== undefined) {
      const shown = link ?? (typeof value === 'string' ? value : '');
      return { sensitive, problem: `is behind a link`, identity: `link ${shown}` };
    }
    if (typeof value === 'string') {
      const own: PolicyFormat =
        resource.type.startsWith('azapi_') && format !== 'rawxml' ? 'xml' : format === 'xml' ? 'xml' : 'rawxml';
      return { sensitive, value, format: own, identity: value };
    }
    const template = state === 'unknown' ? this.world.referencesOf(resource).template(resource, path) : undefined;
    if (template !== undefined && template.includes('<')) {
      return { sensitive, value: template.replace(/\$\{[^}]*\}/g, UNKNOWN_TEXT), format: 'rawxml', identity: template };
    }
    return {
      sensitive,
      problem: state === 'unknown' ? 'is unknown until apply' : 'has no text',
      identity: `${state} ${side} ${resource.stack} ${resource.address}`,
    };
  }

  private read(
    source: Source,
    instance: string,
    side: SideName,
    rootOf: (root: PolicyNode) => PolicyNode | undefined,
  ): PolicySide {
    const { sensitive, identity } = source;
    const read = source.value === undefined ? undefined : readCached(source.value, source.format ?? 'rawxml');
    const root = read === undefined ? undefined : rootOf(read);
    if (root === undefined) {
      return { ...unreadable(source.problem ?? 'is no XML of a policy', identity), sensitive };
    }
    const parts: Resource[] = [];
    const hidden = new Set<string>();
    const named = (node: PolicyNode): PolicyNode => this.withNamedValues(node, instance, side, parts, hidden);
    const fragments: Fragments = (id) => {
      const found = this.fragments.find(instance, id, side);
      if (found === undefined || found === 'several') {
        return `fragment ${id.toLowerCase()} ${found === undefined ? 'that no plan shows' : side}`;
      }
      parts.push(found.resource);
      const {
        value,
        format,
        identity: own,
        problem,
      } = this.source(found.resource, found.side, fragmentPath(found.resource));
      const fragment = value === undefined ? undefined : readCached(value, format ?? 'rawxml');
      return fragment === undefined || fragment.name !== 'fragment' || fragment.text !== ''
        ? `fragment ${id.toLowerCase()} ${problem ?? ''} ${own}`
        : fragment.children.map(named);
    };
    const flow = flowOf(named(root), fragments);
    return flow === undefined
      ? { ...unreadable('is no policy', identity), sensitive }
      : { flow, sensitive, hidden, identity: `${identity}\n${[...hidden].sort().join('\n')}`, parts };
  }

  /** A policy's values with `{{name}}` replaced if the plans show its value. */
  private withNamedValues(
    node: PolicyNode,
    instance: string,
    side: SideName,
    parts: Resource[],
    hidden: Set<string>,
  ): PolicyNode {
    if (!valuesIn(node).some((value) => value.includes('{{'))) {
      return node;
    }
    const resolved = (value: string): string => {
      if (!value.includes('{{')) {
        return value;
      }
      const result = value.replace(/\{\{\s*([\w.-]{1,256})\s*\}\}/g, (all, name: string) => {
        const found = this.namedValues.find(instance, name, side);
        if (found === undefined) {
          return all;
        }
        if (found === 'several') {
          return UNKNOWN_TEXT;
        }
        parts.push(found.resource);
        return namedValue(found.resource, found.side);
      });
      hidden.add(result);
      return result;
    };
    return {
      name: node.name,
      attributes: new Map([...node.attributes].map(([key, value]) => [key, resolved(value)])),
      text: resolved(node.text),
      children: node.children.map((child) => this.withNamedValues(child, instance, side, parts, hidden)),
    };
  }
}

interface Source {
  readonly sensitive: boolean;
  readonly value?: string;
  readonly format?: PolicyFormat;
  readonly problem?: string;
  readonly identity: string;
}

function unreadable(problem: string, identity: string): PolicySide {
  return { flow: undefined, problem, sensitive: false, hidden: new Set(), identity, parts: [] };
}

const documents = new Map<string, PolicyNode | undefined>();

/** The same text is read once, since many products share one. */
function readCached(value: string, format: PolicyFormat): PolicyNode | undefined {
  const key = `${format} ${value}`;
  if (!documents.has(key)) {
    documents.set(key, readPolicy(value, format));
  }
  return documents.get(key);
}

function wrapped(children: readonly PolicyNode[]): PolicyNode {
  const inbound: PolicyNode = { name: 'inbound', attributes: new Map(), children, text: '' };
  return { name: 'policies', attributes: new Map(), children: [inbound], text: '' };
}

let inherits: Flow | undefined;

/** What applies where an object has no policy of its own: what is around it. */
export function inherited(): Flow {
  const base: PolicyNode = { name: 'base', attributes: new Map(), children: [], text: '' };
  inherits ??= flowOf(
    {
      name: 'policies',
      attributes: new Map(),
      text: '',
      children: SECTIONS.map((name) => ({ name, attributes: new Map(), children: [base], text: '' })),
    },
    () => '',
  );
  if (inherits === undefined) {
    throw new Error('the policy that inherits everything is a policy');
  }
  return inherits;
}

/** Whether a block says what the text is, known or not. */
function writes(pathOf: (resource: Resource) => Path): (block: Resource) => boolean {
  return (block) =>
    attribute(block.after, pathOf(block)).state !== 'absent' || text(block.after, 'xml_link') !== undefined;
}
