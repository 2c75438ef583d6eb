import type { Cause } from '#libs/contracts';
import { ALERT_CAUSES, type AlertClass } from './alert-causes.js';
import type { FailureClass } from '../failure-class.js';
import { FAILURE_CAUSES } from './failure-causes.js';

/** Everything that an incident can be about. */
export type IncidentClass = FailureClass | AlertClass;

/** Every class with what it probably means, the step in Entra and the step here. The compiler misses none. */
export const CATALOGUE: Record<IncidentClass, Cause> = { ...FAILURE_CAUSES, ...ALERT_CAUSES };

/** What is probably behind a class; null for none, or for a word that is no class of ours (any more). */
export function causeOf(incidentClass: string | null): Cause | null {
  if (incidentClass === null || !Object.hasOwn(CATALOGUE, incidentClass)) return null;
  return CATALOGUE[incidentClass as IncidentClass];
}
