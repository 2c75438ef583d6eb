import type { StreamableFile } from '@nestjs/common';
import type { QueryBus } from '@nestjs/cqrs';
import type { DirectoryQuery, QueryReply, WithBytes } from '#libs/contracts';
import { listFrame, listResponse, type Projection, type ResourceType, type ResourceTypes, wants } from '#libs/scim';
import { isLarge, rendered, wholes, written } from './answer.js';
import { askerOf, type Called, schemaOf } from './bearer.guard.js';
import { type Course, readCursor, writeCursor } from './cursor.js';
import { baseOf } from './directory-path.js';
import { AskDirectory } from './directory.handler.js';
import { type LargeAnswers, unmade } from './large-answers.js';
import type { ListParameters } from './list-parameters.js';

type Find = 'users' | 'groups' | 'all';
type Question = Extract<DirectoryQuery, { find: Find }>;
type Part = WithBytes<Extract<QueryReply, { outcome: 'list' }>>;

/** What an answer that comes in parts keeps in memory: one of them, the largest that there are. */
const PART_BYTES = 4 * 1024 * 1024;

/** A page with how it is to be shown. */
interface Shown {
  count: number;
  wanted: Projection;
  types: ResourceTypes;
  /** Of paging by cursor. */
  course?: Course;
  startIndex?: number;
}

/** Pages of users, of groups or of both, by index (RFC 7644 §3.4.2.4) or by cursor (RFC 9865). */
export class Lists {
  constructor(
    private readonly queries: QueryBus,
    private readonly large: LargeAnswers,
    private readonly baseUrl: string,
  ) {}

  async page(request: Called, find: Find, parameters: ListParameters): Promise<object | StreamableFile> {
    const { filter, startIndex, count, sort, cursor, ...wanted } = parameters;
    const { version, types } = schemaOf(request);
    const course = [askerOf(request).caller.directory, find, filter, sort];
    const after = cursor === undefined ? undefined : readCursor(cursor, course);
    const page = {
      filter,
      startIndex,
      count,
      sort,
      ...(after !== undefined && { after }),
      ...(version > 0 && { schemaVersion: version }),
    };
    const isHead = request.method === 'HEAD';
    const hasMembers = find !== 'users' && wants(types.Group, 'members', wanted);
    const withMembers = hasMembers && !isHead;
    const withGroups = wants(types.User, 'groups', wanted);
    const question: Question =
      find === 'users'
        ? { find, ...page, withGroups }
        : find === 'groups'
          ? { find, ...page, withMembers }
          : { find, ...page, withGroups, withMembers };
    const first = await this.ask(request, question);
    if (isHead && hasMembers) return unmade();
    const shown: Shown = { count, wanted, types, ...(after === undefined ? { startIndex } : { course }) };
    const whole = wholes(first.resources, first.bytes);
    const isCut = first.next !== undefined && whole.length < count;
    if (isCut || isLarge(whole)) return this.large.stream(this.written(request, question, first, shown), PART_BYTES);
    const resources = whole.map((each, at) =>
      rendered(typeAt(first, at, types), each, baseOf(request, this.baseUrl), wanted),
    );
    return listResponse(resources, {
      total: first.total,
      startIndex: shown.startIndex,
      nextCursor: nextCursor(first, shown),
    });
  }

  /** The whole page as JSON, piece by piece: what the directory has cut short is asked for when the client has got that far. */
  private async *written(
    request: Called,
    question: Question,
    first: Part,
    shown: Shown,
  ): AsyncGenerator<string | Uint8Array> {
    const { count, wanted, types, startIndex } = shown;
    const frame = listFrame({ total: first.total, startIndex });
    yield frame.head;
    let items = 0;
    let part = first;
    for (;;) {
      for (const [at, whole] of wholes(part.resources, part.bytes).entries()) {
        if (items > 0) yield ',';
        items += 1;
        yield* written(typeAt(part, at, types), whole, baseOf(request, this.baseUrl), wanted);
      }
      if (part.next === undefined || items >= count) break;
      const rest = { after: part.next, count: count - items, isContinued: true };
      part = await this.ask(request, { ...question, ...rest });
    }
    yield frame.tail(items, nextCursor(part, shown));
  }

  private async ask(request: Called, question: Question): Promise<Part> {
    const ask = () => this.queries.execute(new AskDirectory(askerOf(request), question));
    // What goes on has its room already, and must not wait for others to make more.
    const isFirst = question.isContinued !== true && 'withMembers' in question && question.withMembers;
    const found = await (isFirst ? this.large.ask(ask) : ask());
    if (found.outcome !== 'list') throw new Error(`a list was asked for, ${found.outcome} came`);
    return found;
  }
}

const nextCursor = ({ next }: Part, { course }: Shown): string | undefined =>
  course === undefined || next === undefined ? undefined : writeCursor(next, course);

function typeAt({ resources }: Part, at: number, types: ResourceTypes): ResourceType {
  return types[resources[at]?.type ?? 'User'];
}
