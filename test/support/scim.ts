/** A resource as SCIM gives it. */
export interface Resource {
  id: string;
  userName?: string;
  displayName?: string;
  active?: boolean;
  members?: { value: string }[];
  groups?: { value: string }[];
  meta: { resourceType: string; version: string; created: string; lastModified: string; location: string };
  [attribute: string]: unknown;
}

interface Page {
  totalResults: number;
  Resources?: Resource[];
}

const PAGE = 200;

/** A SCIM client of the plainest kind. */
export class Scim {
  constructor(
    readonly url: string,
    readonly token: string,
  ) {}

  get(path: string): Promise<Response> {
    return fetch(`${this.url}${path}`, { headers: { authorization: `Bearer ${this.token}` } });
  }

  post(path: string, body: object): Promise<Response> {
    const headers = { authorization: `Bearer ${this.token}`, 'content-type': 'application/scim+json' };
    return fetch(`${this.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  }

  async count(endpoint: 'Users' | 'Groups'): Promise<number> {
    return ((await (await this.get(`/${endpoint}?count=0`)).json()) as Page).totalResults;
  }

  /** Every resource, page by page. */
  async all(endpoint: 'Users' | 'Groups'): Promise<Resource[]> {
    const found: Resource[] = [];
    for (;;) {
      const answer = await this.get(`/${endpoint}?startIndex=${found.length + 1}&count=${PAGE}`);
      const { totalResults, Resources = [] } = (await answer.json()) as Page;
      found.push(...Resources);
      if (Resources.length === 0 || found.length >= totalResults) return found;
    }
  }
}
