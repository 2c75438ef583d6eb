import type { Json } from '../json.js';

/** The canonical attributes of a resource: names as in the RFC, extensions under their URN, nothing unassigned. */
export type Attributes = Record<string, Json>;

/** A resource as a client sees it, with `id`, `schemas`, `meta`, and `groups` or `members`. */
export type Resource = Record<string, Json>;
