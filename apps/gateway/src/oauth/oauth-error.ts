/** RFC 6749 §5.2's words for why there is no token. */
export type OAuthErrorCode =
  'invalid_request' | 'invalid_client' | 'invalid_scope' | 'unsupported_grant_type' | 'temporarily_unavailable';

/** A token request that is refused (RFC 6749 §5.2): the word for programs, a sentence for people. */
export class OAuthError extends Error {
  constructor(
    readonly code: OAuthErrorCode,
    message: string,
    readonly status = code === 'invalid_client' ? 401 : 400,
  ) {
    super(message);
    this.name = 'OAuthError';
  }
}

/** A sentence in the characters that `error_description` may have. */
export const description = (text: string): string =>
  text
    .replace(/[‘’]/g, "'")
    .replaceAll('"', "'")
    .replace(/[^\x20-\x21\x23-\x5b\x5d-\x7e]/g, '?')
    .slice(0, 500);
