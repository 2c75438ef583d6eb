import { z } from 'zod';

export const keyScope = z.enum(['scim:read', 'scim:write', 'events:read']);
export type KeyScope = z.infer<typeof keyScope>;

/** A public JWK (ECDH-ES) that only the asker can open. */
export const sealTo = z.record(z.string(), z.unknown());

/** A credential's life in days; null: never ends. */
export const expiresInDays = z.number().int().min(1).nullable();

/** When, from where and by what a key or a client was last used; the time to the minute. */
export const lastUse = z.object({ at: z.string(), address: z.string().nullable(), userAgent: z.string().nullable() });
export type LastUse = z.infer<typeof lastUse>;
