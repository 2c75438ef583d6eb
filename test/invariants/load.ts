import { type Answer, type Client, versionOf } from './client.js';
import type { Deed, History, Outcome } from './history.js';

const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group';
const PAUSE_MS = 50;
const OWN_USERS_MAX = 30;
const SHARES = { create: 0.5, patch: 0.8, member: 0.92 }; // the rest deletes

interface OwnUser {
  id: string;
  version: number;
  isMember: boolean;
}

/** A directory that clients write to. */
export interface Place {
  directory: string;
  token: string;
  /** A group that everybody adds members to. */
  group: string;
}

/** Clients that write and read back without a pause, each on users of its own, some names and the groups contended. */
export class Load {
  readonly history: History = { attempts: [], looks: [] };
  private isOn = true;
  private contended = 0;
  private running: Promise<void>[] = [];
  /** Set while somebody wants the clients to rest. */
  private acknowledged = 0;

  constructor(
    private readonly client: Client,
    private readonly ports: readonly number[],
    private readonly places: readonly Place[],
  ) {}

  /** Writes that were acknowledged so far. */
  get done(): number {
    return this.acknowledged;
  }

  start(clients: number): void {
    this.running = Array.from({ length: clients }, (_, index) => this.run(index));
  }

  async stop(): Promise<void> {
    this.isOn = false;
    await Promise.all(this.running);
  }

  private async run(index: number): Promise<void> {
    const place = this.places[index % this.places.length];
    if (place === undefined) return;
    const own: OwnUser[] = [];
    for (let turn = 0; this.isOn; turn += 1) {
      const port = this.ports[(index + turn) % this.ports.length] ?? 0;
      const outcome = await this.turn(place, port, own, `${index}-${turn}`);
      if (outcome === 'unknown') await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }

  private async turn(place: Place, port: number, own: OwnUser[], name: string): Promise<Outcome> {
    const dice = Math.random();
    const at = Math.floor(Math.random() * own.length);
    const user = own[at];
    if (user === undefined || (dice < SHARES.create && own.length < OWN_USERS_MAX)) {
      return this.create(place, port, own, name);
    }
    if (dice < SHARES.patch) return this.patch(place, port, user, own, name);
    if (dice < SHARES.member && !user.isMember) return this.addMember(place, port, user);
    own.splice(at, 1);
    const answer = await this.client.call(port, place.token, 'DELETE', `/Users/${user.id}`);
    return this.note(place, 'delete-user', answer, user.id);
  }

  private async create(place: Place, port: number, own: OwnUser[], name: string): Promise<Outcome> {
    // Every tenth name is fought over by several clients, in two spellings.
    const isContended = Math.random() < 0.1;
    if (isContended) this.contended += 1;
    const contended = `fought-over-${Math.floor(this.contended / 4)}@example.com`;
    const unique = `${name}-${Math.random().toString(36).slice(2)}@example.com`;
    const userName = isContended ? (this.contended % 2 === 0 ? contended : contended.toUpperCase()) : unique;
    const body = { schemas: [USER], userName, active: true, name: { familyName: name, givenName: 'Ada' } };
    const answer = await this.client.call(port, place.token, 'POST', '/Users', body);
    const id = answer.body?.id;
    const outcome = this.note(place, 'create-user', answer, id);
    if (outcome === 'ok' && id !== undefined) own.push({ id, version: versionOf(answer) ?? 1, isMember: false });
    return outcome;
  }

  private async patch(place: Place, port: number, user: OwnUser, own: OwnUser[], name: string): Promise<Outcome> {
    const Operations = [{ op: 'replace', path: 'title', value: name }];
    const answer = await this.client.call(port, place.token, 'PATCH', `/Users/${user.id}`, {
      schemas: [PATCH],
      Operations,
    });
    const outcome = this.note(place, 'patch-user', answer, user.id);
    const version = versionOf(answer);
    if (outcome !== 'ok' || version === undefined) return outcome;
    user.version = version;
    const other = this.ports[(this.ports.indexOf(port) + 1) % this.ports.length] ?? port;
    const seen = await this.client.call(other, place.token, 'GET', `/Users/${user.id}`);
    if (seen.status === 200 || seen.status === 404) {
      this.history.looks.push({ target: user.id, atLeast: version, found: versionOf(seen) ?? 0, at: Date.now() });
    }
    if (seen.status === 404) own.splice(own.indexOf(user), 1);
    return outcome;
  }

  private async addMember(place: Place, port: number, user: OwnUser): Promise<Outcome> {
    user.isMember = true;
    const Operations = [{ op: 'add', path: 'members', value: [{ value: user.id }] }];
    const answer = await this.client.call(port, place.token, 'PATCH', `/Groups/${place.group}`, {
      schemas: [PATCH],
      Operations,
    });
    return this.note(place, 'add-member', answer, place.group);
  }

  private note({ directory }: Place, deed: Deed, answer: Answer, target: string | undefined): Outcome {
    const { id, status } = answer;
    const outcome: Outcome =
      status >= 200 && status < 300 ? 'ok' : status >= 400 && status < 500 ? 'refused' : 'unknown';
    if (outcome === 'ok') this.acknowledged += 1;
    const version = outcome === 'ok' && deed !== 'add-member' ? versionOf(answer) : undefined;
    this.history.attempts.push({ id, deed, directory, outcome, status, target, version, at: Date.now() });
    return outcome;
  }
}

/** Makes the group that the clients of a directory share. */
export async function makeGroup(client: Client, port: number, token: string): Promise<string> {
  const answer = await client.call(port, token, 'POST', '/Groups', { schemas: [GROUP], displayName: 'everybody' });
  if (answer.body?.id === undefined) throw new Error(`no group was made: ${answer.status}`);
  return answer.body.id;
}
