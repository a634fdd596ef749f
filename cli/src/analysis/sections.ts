import { Judged } from '../coverage/judged';
import { unjudgedChanges } from '../coverage/sweep';
import { Names } from '../entities/names';
import { Products } from '../entities/products';
import { World } from '../entities/world';
import type {
  BlastRadiusFinding,
  CredentialFinding,
  ExposureFinding,
  PrivilegeFinding,
  UnjudgedFinding,
} from '../model';
import { analyzeWays, type WayAnalysis } from '../ways';
import type { Plan } from '../plan/plan';
import type { Resource } from '../plan/resource';
import { analyzeAccess, type AccessAnalysis } from './access';
import { analyzeApis } from './apis';
import { analyzeBlastRadius } from './blast-radius';
import { byImportance, type Context } from './context';
import { analyzeCredentials } from './credentials';
import { credentialsOf } from './credentials/credential';
import { analyzeExposure } from './exposure';
import { analyzePolicies } from './policies';
import { analyzePrivilege, privilegesOf } from './privilege';

/** Everything that the analyses find in one set of changes. */
export interface Sections {
  /** What none of the others has explained. */
  readonly unjudged: readonly UnjudgedFinding[];
  readonly access: AccessAnalysis;
  readonly privilege: readonly PrivilegeFinding[];
  readonly ways: WayAnalysis;
  readonly exposure: readonly ExposureFinding[];
  readonly credentials: readonly CredentialFinding[];
  readonly blastRadius: readonly BlastRadiusFinding[];
}

export function analyze(context: Context): Sections {
  const access = analyzeAccess(context);
  const policies = analyzePolicies(context, access);
  const privileges = privilegesOf(context);
  const credentials = credentialsOf(context);
  const found = {
    access,
    privilege: analyzePrivilege(context, privileges),
    ways: analyzeWays(context, { access, privileges, credentials }),
    exposure: [...analyzeExposure(context, access), ...policies.exposure, ...analyzeApis(context)].sort(byImportance),
    credentials: analyzeCredentials(context, credentials),
    blastRadius: analyzeBlastRadius(context, access),
  };
  // the last, since it reports what all the others have left
  const told = {
    credentials: found.credentials,
    others: [...access.findings, ...found.privilege, ...found.exposure, ...policies.unjudged],
  };
  return { ...found, unjudged: [...policies.unjudged, ...unjudgedChanges(context, told)].sort(byImportance) };
}

export function contextOf(
  plans: readonly Plan[],
  settings: Pick<Context, 'locate' | 'asOf' | 'expiringWithinDays'>,
  choose?: (plan: Plan) => readonly Resource[],
): Context {
  const world = new World(plans, choose);
  return { world, names: new Names(world), products: new Products(world), judged: new Judged(), ...settings };
}
