/** The ways in which a request for a token fails (RFC 6749 §5.2), as far as people have to do different things about them. */
export const TOKEN_CLASSES = [
  'client-unknown',
  'client-revoked',
  'client-secret-ended',
  'client-secret-wrong',
  'assertion-outdated',
  'assertion-mismatch',
  'assertion-repeated',
  'assertion-refused',
  'token-request',
] as const;
export type TokenClass = (typeof TOKEN_CLASSES)[number];

/** The gateway and the key service say in words which of the client's mistakes it was. The first that fits holds. */
const BY_WORDS: readonly [RegExp, TokenClass][] = [
  [/^There is no such client/, 'client-unknown'],
  [/^This client has been revoked/, 'client-revoked'],
  [/^This secret has (?:been revoked|expired)/, 'client-secret-ended'],
  [/^No such secret/, 'client-secret-wrong'],
  [/has been used before/, 'assertion-repeated'],
  [/^The assertion (?:has expired|does not hold yet|lives for more)/, 'assertion-outdated'],
  [/another audience|what is registered for this client/, 'assertion-mismatch'],
  [/^The (?:signature of the )?assertion/, 'assertion-refused'],
];

/** In which way a request for a token failed that was answered 400 or 401. */
export function classOfToken(detail: string): TokenClass {
  return BY_WORDS.find(([words]) => words.test(detail))?.[1] ?? 'token-request';
}
