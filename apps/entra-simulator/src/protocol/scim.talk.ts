import type { ScimObject } from '../mapping/scim-object.js';
import type { Random } from '../random.js';
import type { Answer } from './answer.js';
import { equal, oddEqual } from './filter-text.js';
import type { ScimClient } from './scim.client.js';
import type { Query } from './query.js';
import { oddUrl } from './url-variant.js';

/** What is said about one object, in its own run of chance: so that a run can be repeated, whatever is answered first. */
export class Talk {
  constructor(
    private readonly client: ScimClient,
    private readonly random: Random,
    private readonly isOdd: boolean,
  ) {}

  get(path: string, query: Query = []): Promise<Answer> {
    return this.client.ask('GET', path, query, undefined, this.variant());
  }

  post(path: string, body: ScimObject): Promise<Answer> {
    return this.client.ask('POST', path, [], body, this.variant());
  }

  patch(path: string, body: ScimObject): Promise<Answer> {
    return this.client.ask('PATCH', path, [], body, this.variant());
  }

  delete(path: string): Promise<Answer> {
    return this.client.ask('DELETE', path, [], undefined, this.variant());
  }

  /** A comparison in the words of a filter. */
  equal(path: string, value: string): string {
    return this.isOdd ? oddEqual(path, value, this.random) : equal(path, value);
  }

  private variant() {
    return this.isOdd ? oddUrl(this.random) : undefined;
  }
}
