import type { DirectoryCommand, StoredResource } from '#libs/contracts';
import {
  type BrokenOperation,
  type BulkOperation,
  errorBody,
  etag,
  orderBulk,
  referencesIn,
  type ResourceTypes,
  withReferences,
} from '#libs/scim';
import type { Part } from '../reported.js';
import { type Failure, failureOf, UNFORESEEN } from '../failure.js';
import { commandOf, unresolved, withoutLater } from './commands.js';

/** As many as the directory may be deciding at once for one bulk request. */
const AT_ONCE_MAX = 50;
const DONE = { POST: 201, PUT: 200, PATCH: 200, DELETE: 204 } as const;

export interface BulkSurroundings {
  baseUrl: string;
  types: ResourceTypes;
  newId(): string;
  change(command: DirectoryCommand): Promise<StoredResource | null>;
  /** Told of errors that nobody foresaw. */
  unforeseen(error: unknown): void;
}

const NOT_TRIED = { failure: { status: 503, detail: 'This was not tried, since the directory did not answer.' } };

type Outcome = { status: number; version?: number } | { failure: Failure };

/**
 * Carries out one bulk request (RFC 7644 §3.7). New resources have their ids before anything is done, so that references can
 * stand in any order; what is referred to is done first, what goes in circles is filled in at the end. Operations that have
 * nothing to do with one another are under way together, in their order.
 */
export class BulkJob {
  private readonly ids = new Map<string, string>();
  private readonly makers = new Map<string, number>();
  private readonly outcomes = new Map<number, Outcome>();
  private readonly given: (string | undefined)[];
  private readonly needs: number[][];
  private readonly unknown: (string | undefined)[];
  private readonly afterwards = new Map<number, DirectoryCommand>();

  constructor(
    private readonly operations: readonly (BulkOperation | BrokenOperation)[],
    private readonly failuresMax: number | undefined,
    private readonly around: BulkSurroundings,
  ) {
    this.given = operations.map((operation, place) => {
      if ('error' in operation) return undefined;
      const id = operation.id ?? around.newId();
      if (operation.bulkId === undefined) return id;
      this.ids.set(operation.bulkId, id);
      this.makers.set(operation.bulkId, place);
      return id;
    });
    const references = operations.map((operation) => ('error' in operation ? [] : [...referencesIn(operation)]));
    this.unknown = references.map((bulkIds) => bulkIds.find((bulkId) => !this.makers.has(bulkId)));
    this.needs = references.map((bulkIds) => bulkIds.flatMap((bulkId) => this.makers.get(bulkId) ?? []));
  }

  /** The `Operations` of the answer, in the order of the request; those that failOnErrors kept from being tried are left out. */
  async run(): Promise<object[]> {
    const { order, later } = orderBulk(this.needs);
    const waiting = [...order];
    while (waiting.length > 0) {
      const room = (this.failuresMax ?? Infinity) - this.failures();
      if (room <= 0) break;
      const wave = this.wave(waiting, Math.min(AT_ONCE_MAX, room));
      await Promise.all(wave.map((place) => this.carryOut(place, later.get(place) ?? new Set())));
      // Whoever is away now would have the client wait once more for each wave.
      if (this.isAnyUnavailable()) waiting.splice(0).forEach((place) => this.outcomes.set(place, NOT_TRIED));
    }
    for (const [place, command] of this.afterwards) await this.fillIn(place, command);
    return this.operations.flatMap((_, place) => this.answer(place));
  }

  /** What was tried, each as the request that it would have been by itself; what cannot be read is a fault of the whole. */
  parts(): Part[] {
    return this.operations.flatMap((operation, place): Part[] => {
      const outcome = this.outcomes.get(place);
      if (outcome === undefined) return [];
      const became =
        'failure' in outcome
          ? { status: outcome.failure.status, failure: outcome.failure }
          : { status: outcome.status };
      if ('error' in operation) return [{ method: 'POST', path: '/Bulk', body: undefined, ...became }];
      const { method, type, id, data } = operation;
      const named = id !== undefined && this.failedNeed(place, new Set()) === undefined ? this.idAt(place) : id;
      return [{ method, path: `${type.endpoint}${named === undefined ? '' : `/${named}`}`, body: data, ...became }];
    });
  }

  /** Takes what can be under way together: nothing that refers to another of them or is about the same resource. */
  private wave(waiting: number[], max: number): number[] {
    const wave = new Set<number>();
    const about = new Set<string | undefined>();
    for (;;) {
      const [next] = waiting;
      if (next === undefined || wave.size >= max) break;
      const id = this.given[next];
      if (this.needs[next]?.some((needed) => wave.has(needed)) || (id !== undefined && about.has(id))) break;
      waiting.shift();
      wave.add(next);
      about.add(id);
    }
    return [...wave];
  }

  private isAnyUnavailable(): boolean {
    return [...this.outcomes.values()].some((outcome) => 'failure' in outcome && outcome.failure.status === 503);
  }

  private failures(): number {
    return [...this.outcomes.values()].filter((outcome) => 'failure' in outcome).length;
  }

  private async carryOut(place: number, later: ReadonlySet<number>): Promise<void> {
    try {
      this.outcomes.set(place, await this.outcome(place, later));
    } catch (error) {
      const failure = failureOf(error);
      if (failure === undefined) this.around.unforeseen(error);
      this.outcomes.set(place, { failure: failure ?? UNFORESEEN });
    }
  }

  private async outcome(place: number, later: ReadonlySet<number>): Promise<Outcome> {
    const operation = this.operations[place];
    const given = this.given[place];
    if (operation === undefined || given === undefined || 'error' in operation) {
      throw operation !== undefined && 'error' in operation ? operation.error : new Error('no such operation');
    }
    const unknown = this.unknown[place] ?? this.failedNeed(place, later);
    if (unknown !== undefined) throw unresolved(unknown);
    const resolved = withReferences({ given, data: operation.data }, (bulkId) => this.ids.get(bulkId));
    const laterIds = new Set([...later].flatMap((needed) => this.given[needed] ?? []));
    const { now, then } = withoutLater(
      commandOf({ ...operation, data: resolved.data }, resolved.given, this.around.types),
      laterIds,
    );
    const stored = await this.around.change(now);
    if (then !== undefined) this.afterwards.set(place, then);
    return { status: DONE[operation.method], version: stored?.version };
  }

  /** Closes a circle; what was made has another version by that, and the answer names the current one (RFC 7644 §3.7). */
  private async fillIn(place: number, command: DirectoryCommand): Promise<void> {
    try {
      const stored = await this.around.change(command);
      this.outcomes.set(place, { status: DONE.POST, version: stored?.version });
    } catch (error) {
      this.around.unforeseen(error);
    }
  }

  private failedNeed(place: number, later: ReadonlySet<number>): string | undefined {
    const failed = this.needs[place]?.find((needed) => {
      const outcome = this.outcomes.get(needed);
      return !later.has(needed) && (outcome === undefined || 'failure' in outcome);
    });
    return failed === undefined ? undefined : this.operations[failed]?.bulkId;
  }

  /** The id of the resource that an operation is about, also where it was named by a bulkId. */
  private idAt(place: number): string {
    return withReferences(this.given[place] ?? '', (known) => this.ids.get(known));
  }

  private answer(place: number): object[] {
    const operation = this.operations[place];
    const outcome = this.outcomes.get(place);
    if (operation === undefined || outcome === undefined) return [];
    const { method, bulkId } = operation;
    const isThere = !('error' in operation) && !(method === 'POST' && 'failure' in outcome);
    return [
      {
        ...(isThere && { location: `${this.around.baseUrl}${operation.type.endpoint}/${this.idAt(place)}` }),
        method,
        ...(bulkId !== undefined && { bulkId }),
        ...('status' in outcome
          ? { ...(outcome.version !== undefined && { version: etag(outcome.version) }), status: String(outcome.status) }
          : { status: String(outcome.failure.status), response: errorBody(outcome.failure) }),
      },
    ];
  }
}
