import { Token } from 'cdktf';
import { IConstruct } from 'constructs';
import { Claims } from '../names/claims';
import { Fact } from '../names/fact';
import { IApimInstance } from './apim-instance';

interface Identity {
  readonly name: string;
  readonly resourceGroupName: string;
  readonly origin: 'made' | 'read';
}

const IDENTITY = new Fact<Identity>('instance');

/** The constructs that have a name on an instance. */
const CLAIMS = new Claims('instance');

/**
 * Keeps the names that a program gave an instance. Its attributes are references, whose values are unknown while the
 * program runs.
 */
export function rememberInstance(
  instance: IConstruct,
  name: string,
  resourceGroupName: string,
  origin: Identity['origin'],
): void {
  IDENTITY.keep(instance, { name, resourceGroupName, origin });
}

function identityOf(instance: IApimInstance): Identity {
  return (
    IDENTITY.of(instance) ?? {
      name: instance.instanceName,
      resourceGroupName: instance.resourceGroupName,
      origin: 'read',
    }
  );
}

/** Whether the program makes the instance. */
export function isMadeHere(instance: IApimInstance): boolean {
  return identityOf(instance).origin === 'made';
}

function sameText(one: string, other: string): boolean | undefined {
  if (Token.isUnresolved(one) || Token.isUnresolved(other)) {
    return undefined;
  }
  return one.toLowerCase() === other.toLowerCase();
}

/**
 * Whether two constructs represent different instances: names or resource groups that differ, or two constructs that
 * each make their own. Where a token hides it, they may be the same.
 */
export function isForeign(one: IApimInstance, other: IApimInstance): boolean {
  if (one === other) {
    return false;
  }
  const [a, b] = [identityOf(one), identityOf(other)];
  const name = sameText(a.name, b.name);
  const group = sameText(a.resourceGroupName, b.resourceGroupName);
  if (name === false || group === false) {
    return true;
  }
  return a.origin === 'made' && b.origin === 'made' && !(name === true && group === true);
}

/** Whether an instance by literal names, such as those in a resource id, is another one. */
export function isAnother(instance: IApimInstance, name: string, resourceGroupName: string): boolean {
  const identity = identityOf(instance);
  return sameText(identity.name, name) === false || sameText(identity.resourceGroupName, resourceGroupName) === false;
}

/** Identifies an instance in the same way on every machine: its literal name, otherwise its path. */
export function stableKey(instance: IApimInstance): string {
  const { name } = identityOf(instance);
  return Token.isUnresolved(name) ? instance.node.path : name.toLowerCase();
}

/** How an error message calls an instance: by its literal name, otherwise by the construct's path. */
export function instanceLabel(instance: IApimInstance): string {
  const { name } = identityOf(instance);
  return Token.isUnresolved(name) ? instance.node.path : name;
}

/** A name on an instance, of which no two constructs may have the same. */
export interface InstanceName {
  readonly instance: IApimInstance;
  /** What it names, such as a product. */
  readonly kind: string;
  readonly name: string;
}

/** The path of the construct that has a name on an instance already, if any. Tokens are not compared. */
export function holderOf(name: InstanceName): string | undefined {
  const key = keyOf(name);
  return key === undefined ? undefined : CLAIMS.holder(name.instance, key)?.node.path;
}

/** Takes a name on an instance for a construct, once everything else about it is known to be right. */
export function claimName(construct: IConstruct, name: InstanceName): void {
  const key = keyOf(name);
  if (key !== undefined) {
    CLAIMS.take(construct, key);
  }
}

function keyOf({ instance, kind, name }: InstanceName): string | undefined {
  if (Token.isUnresolved(name)) {
    return undefined;
  }
  const { name: instanceName, resourceGroupName } = identityOf(instance);
  const isLiteral = !Token.isUnresolved(instanceName) && !Token.isUnresolved(resourceGroupName);
  const where = isLiteral ? [instanceName.toLowerCase(), resourceGroupName.toLowerCase()] : [instance.node.path];
  return JSON.stringify([...where, kind, name.toLowerCase()]);
}
