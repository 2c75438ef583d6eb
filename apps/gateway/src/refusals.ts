import { type Activity, TOKEN_PATH } from '#libs/contracts';

/** Requests of one kind that were refused, told together. */
export interface Refused {
  directory: string | null;
  keyId: string | null;
  correlationId: string;
  data: Activity & { count: number };
}

/** Refusals that a flood can make many of: counted, so that none costs a message of its own. */
export class Refusals {
  private counted = new Map<string, Refused>();

  add(refused: Omit<Refused, 'data'> & { data: Activity }): void {
    const { directory, keyId, data } = refused;
    // What follows a colon may be the client's own words, other ones each time.
    const why = (data.detail ?? '').replace(/:\s.*$/s, '');
    const kind = `${directory ?? ''} ${keyId ?? ''} ${data.path === TOKEN_PATH ? TOKEN_PATH : ''} ${data.status} ${why}`;
    const count = (this.counted.get(kind)?.data.count ?? 0) + 1;
    this.counted.set(kind, { ...refused, data: { ...data, count } });
  }

  /** What has been counted since the last time. */
  take(): Refused[] {
    const all = [...this.counted.values()];
    this.counted = new Map();
    return all;
  }
}
