/** What a client asked for. */
export type Deed = 'create-user' | 'patch-user' | 'delete-user' | 'add-member';

/** `ok`: acknowledged. `refused`: a clear no (4xx). `unknown`: no answer, a broken connection or a 5xx. */
export type Outcome = 'ok' | 'refused' | 'unknown';

/** One request that changes something, as the client lived it. */
export interface Attempt {
  /** The request's id, which the events that it causes carry as their correlation id. */
  id: string;
  deed: Deed;
  directory: string;
  outcome: Outcome;
  status: number;
  /** What it was about, as far as the client knows it. */
  target: string | undefined;
  /** The version that the answer told. */
  version: number | undefined;
  at: number;
}

/** A look at a resource after a write of it had been acknowledged. */
export interface Look {
  target: string;
  atLeast: number;
  /** The version that was found; 0 when there was nothing. */
  found: number;
  at: number;
}

export interface History {
  attempts: Attempt[];
  looks: Look[];
}
