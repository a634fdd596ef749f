import { Settings } from './settings';

/** This Azure's own time. */
export class Clock {
  public constructor(private readonly settings: () => Settings) {}

  public now(): number {
    return Date.now() + this.settings().clockOffset;
  }

  public seconds(): number {
    return Math.floor(this.now() / 1000);
  }

  /** As ARM and Graph write times. */
  public iso(at = this.now()): string {
    return new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');
  }
}

export const DAY = 24 * 60 * 60 * 1000;
