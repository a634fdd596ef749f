import type { Acknowledgement, ContractResult } from '../model';

/** What a status says; `alarm` comes first and is what a reader must not miss. */
export interface StatusWords {
  readonly alarm?: string;
  readonly says?: string;
}

export const ACKNOWLEDGEMENT_STATUS: Readonly<Record<Acknowledgement['status'], StatusWords>> = {
  used: { says: 'in force' },
  expired: { alarm: 'expired: the finding counts again' },
  changed: { alarm: 'the finding says something else now and counts' },
  idle: { alarm: 'matches nothing: remove it' },
};

export const CONTRACT_STATUS: Readonly<Record<ContractResult['status'], StatusWords>> = {
  holds: { says: 'holds' },
  broken: { alarm: 'broken' },
  'possibly broken': { alarm: 'possibly broken' },
  'not proven': { says: 'not proven: a change is not judged' },
  'matches nothing': { alarm: 'matches nothing', says: ': its patterns match nothing in the plans' },
};

export function statusText({ alarm = '', says = '' }: StatusWords): string {
  return alarm + says;
}
