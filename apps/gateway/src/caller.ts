import type { KeyScope } from '#libs/contracts';

/** Who is calling, and the directory that the request is about. */
export interface Caller {
  keyId: string;
  directory: string;
  scopes: readonly KeyScope[];
}
