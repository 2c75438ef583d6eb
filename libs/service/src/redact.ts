const HIDDEN = '[hidden]';

/** What gives a secret away wherever it stands, and what is put in its place. */
const SECRETS: readonly (readonly [RegExp, string])[] = [
  // Ours: rk_, ten characters that everybody may know, and the secret.
  [/\b(r[a-z]{1,3}_[0-9A-Za-z]{6,12}_)[0-9A-Za-z]{20,}/g, `$1${HIDDEN}`],
  // What a caller sent as his credentials, whatever they are.
  [/\b(Bearer|Basic)( +)[\w.~+/=-]{8,}/gi, `$1$2${HIDDEN}`],
  // A JSON Web Token: head and claims say who it is of; the signature makes it one.
  [/\b(eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.)[\w-]{8,}/g, `$1${HIDDEN}`],
  // postgres://user:password@host, smtps://…
  [/(\b[a-z][a-z\d+.-]*:\/\/[^\s/:@"\\]+:)[^\s/@"\\]+@/gi, `$1${HIDDEN}@`],
];

/** This text with every secret in it taken out. */
export function withoutSecrets(text: string): string {
  return SECRETS.reduce((rest, [secret, instead]) => rest.replace(secret, instead), text);
}
