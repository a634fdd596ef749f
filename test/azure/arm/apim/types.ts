import { ArmType } from '../arm-type';
import { API_TYPES } from './apis';
import { CLIENT_TYPES } from './clients';
import { MEMBERSHIP_TYPES } from './memberships';
import { PEOPLE_TYPES } from './people';
import { POLICY_TYPES } from './policies';
import { PORTAL_TYPES } from './portal';
import { PRODUCT_TYPES } from './products';
import { SERVICE_TYPES } from './service';

export const APIM_TYPES: { readonly [type: string]: ArmType } = {
  ...SERVICE_TYPES,
  ...PRODUCT_TYPES,
  ...MEMBERSHIP_TYPES,
  ...CLIENT_TYPES,
  ...API_TYPES,
  ...POLICY_TYPES,
  ...PEOPLE_TYPES,
  ...PORTAL_TYPES,
};
