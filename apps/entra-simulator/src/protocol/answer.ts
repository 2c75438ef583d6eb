import { isScimObject, type ScimObject } from '../mapping/scim-object.js';
import { ProvisioningFailure, type Evidence } from './failure.js';
import type { HttpAnswer } from './http-door.js';

const SCIM_TYPE = 'application/scim+json';

/** An answer to one request. */
export interface Answer {
  /** Method and path, without the host: `PATCH /Users/2819c223`. */
  request: string;
  status: number;
  location: string | undefined;
  body: ScimObject | undefined;
  /** More than one if the request was sent again; an earlier one may have been carried out. */
  attempts: number;
}

/** Parses what came back. An answer with a body that is not SCIM is a failure, whatever its status. */
export function answerFrom(request: string, { status, headers, text }: HttpAnswer, attempts: number): Answer {
  const answer = { request, status, location: headers.location, attempts };
  if (text === '') return { ...answer, body: undefined };
  const type = headers['content-type'] ?? 'no content type';
  const evidence = { request, status, detail: text.slice(0, 200) };
  if (type.split(';')[0]?.trim().toLowerCase() !== SCIM_TYPE) {
    throw new ProvisioningFailure(`the answer is ${type.split(';')[0] ?? type}, not ${SCIM_TYPE}`, evidence);
  }
  const body = parsed(text);
  if (!isScimObject(body)) throw new ProvisioningFailure('the answer is not a JSON object', evidence);
  return { ...answer, body };
}

/** Fails unless the answer has one of the statuses. `doing` is what the request was for: "create a user". */
export function expectStatus(answer: Answer, doing: string, ...wanted: readonly number[]): void {
  if (wanted.includes(answer.status)) return;
  const { status, scimType } = evidenceOf(answer);
  const what = [status, scimType].filter(Boolean).join(' ');
  throw new ProvisioningFailure(`${doing}: answered ${what} instead of ${wanted.join(' or ')}`, evidenceOf(answer));
}

export function expectBody(answer: Answer, doing: string): ScimObject {
  if (answer.body) return answer.body;
  throw new ProvisioningFailure(`${doing}: answered ${answer.status} without a body`, evidenceOf(answer));
}

export function evidenceOf({ request, status, body }: Answer): Evidence {
  const text = (value: unknown) => (typeof value === 'string' ? value : undefined);
  return { request, status, scimType: text(body?.scimType), detail: text(body?.detail) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
