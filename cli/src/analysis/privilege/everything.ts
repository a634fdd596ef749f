/** Represents each application of the tenant: anyone who may change all of them may act as any client. */
export const ANY_APPLICATION = 'every application';
/** Represents each group of the tenant. */
export const ANY_GROUP = 'every group';
