import { OAuthError } from './oauth-error.js';

export const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const GRANT_TYPE = 'client_credentials';
const PARAMETERS = ['grant_type', 'scope', 'client_id', 'client_secret', 'client_assertion', 'client_assertion_type'];

/** A token request as it was sent: how the client says who it is, and what it wants; `scopes: null` is all it may. */
export interface TokenRequest {
  proof:
    { kind: 'secret'; clientId: string; secret: string } | { kind: 'assertion'; clientId?: string; assertion: string };
  scopes: string[] | null;
}

/**
 * Reads a token request (RFC 6749 §4.4.2) with its client's authentication: `client_secret_basic`, `client_secret_post` (§2.3.1)
 * or an assertion (RFC 7523 §2.2). Throws OAuthError.
 */
export function readTokenRequest(body: unknown, authorization: string | undefined): TokenRequest {
  const form = fields(body);
  if (form.grant_type === undefined) throw new OAuthError('invalid_request', 'grant_type is missing.');
  if (form.grant_type !== GRANT_TYPE) {
    throw new OAuthError('unsupported_grant_type', `Only the grant type ${GRANT_TYPE} is known here.`);
  }
  const scopes = form.scope?.split(' ').filter((scope) => scope !== '');
  return { proof: proofIn(form, authorization), scopes: scopes === undefined || scopes.length === 0 ? null : scopes };
}

function proofIn(form: Form, authorization: string | undefined): TokenRequest['proof'] {
  const basic = authorization === undefined ? undefined : basicIn(authorization);
  const { client_id: clientId, client_secret: secret, client_assertion: assertion, client_assertion_type: type } = form;
  const ways = [basic, secret, assertion].filter((way) => way !== undefined).length;
  if (ways > 1) throw new OAuthError('invalid_request', 'A client says who it is in one way only.');
  if (basic !== undefined) {
    if (clientId !== undefined && clientId !== basic.clientId) {
      throw new OAuthError('invalid_request', 'client_id in the body is another than in the header.');
    }
    return { kind: 'secret', ...basic };
  }
  if (assertion !== undefined) {
    if (type === ASSERTION_TYPE) return { kind: 'assertion', clientId, assertion };
    throw new OAuthError('invalid_request', `client_assertion_type must be ${ASSERTION_TYPE}.`);
  }
  if (clientId !== undefined && secret !== undefined) return { kind: 'secret', clientId, secret };
  throw new OAuthError('invalid_client', 'The client does not say who it is: send a secret or an assertion.');
}

/** Both parts are written as in a form before they are joined (RFC 6749 §2.3.1); many clients leave that out. */
function basicIn(authorization: string): { clientId: string; secret: string } {
  const [, encoded] = /^basic +([\w+/=-]+) *$/i.exec(authorization) ?? [];
  const [, id, secret] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded ?? '', 'base64').toString()) ?? [];
  if (id === undefined || secret === undefined) {
    throw new OAuthError('invalid_client', 'The Authorization header is not that of client_secret_basic.');
  }
  return { clientId: formDecoded(id), secret: formDecoded(secret) };
}

function formDecoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}

type Form = Partial<Record<string, string>>;

/** Parameters without a value are as if they were not sent; one that is sent twice is an error (RFC 6749 §3.2). */
function fields(body: unknown): Form {
  if (!(body instanceof URLSearchParams)) {
    throw new OAuthError('invalid_request', 'A token request is a form: application/x-www-form-urlencoded.');
  }
  const form: Form = {};
  for (const name of PARAMETERS) {
    const values = body.getAll(name);
    if (values.length > 1) throw new OAuthError('invalid_request', `${name} is sent more than once.`);
    if (values[0] !== undefined && values[0] !== '') form[name] = values[0];
  }
  return form;
}
