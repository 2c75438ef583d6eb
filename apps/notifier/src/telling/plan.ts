import type { Incident } from '../incident/incident.js';
import { dueOf, hasNews, isCritical, type Told } from './cadence.js';
import type { NoticeKind } from './notice.js';
import { isQuiet, type Wishes } from './wishes.js';

/** An incident, and what people know of it. */
export interface Known {
  id: string;
  incident: Incident;
  told: Told | null;
}

/** What is to be told together: the incidents of one thread, or all that nobody has been told of yet. */
export interface Planned {
  kind: NoticeKind;
  thread: string;
  members: Known[];
}

/** How one way of telling is paced. */
export interface Pace {
  wishes: Wishes;
  /** How many an hour at most; the last place is kept for what is critical. */
  perHourMax: number;
  /** Are incidents that came up together told together? */
  isBundled: boolean;
}

/** What is to be told of a directory now. `madeInHour`: how many notices were made in the last hour. */
export function planOf(known: readonly Known[], pace: Pace, madeInHour: number, now: Date): Planned[] {
  const isHeld = pace.wishes.digestAt !== null || isQuiet(pace.wishes, now);
  const due = known.filter((one) => isDue(one, now) && !(isHeld && !isCritical(one.incident.subject.class)));
  const threads = Map.groupBy(due, ({ id, told }) => told?.thread ?? (pace.isBundled ? NEW : id));
  const planned = [...threads].map(([thread, ones]) => together(thread, ones, known, { pace, isHeld, now }));
  planned.sort((a, b) => Number(isUrgent(b)) - Number(isUrgent(a)));
  return withinCap(planned, pace.perHourMax - madeInHour);
}

const NEW = 'new';

function isDue({ incident, told }: Known, now: Date): boolean {
  const due = dueOf(incident, told, now);
  return due !== null && due.at <= now.getTime();
}

/** What belongs to a thread whose time has come, with all of it that is news though its own time has not come yet. */
function together(
  thread: string,
  due: readonly Known[],
  known: readonly Known[],
  { pace, isHeld, now }: { pace: Pace; isHeld: boolean; now: Date },
): Planned {
  const joins = ({ id, incident, told }: Known): boolean => {
    if (due.some((one) => one.id === id)) return true;
    if (!pace.isBundled || (isHeld && !isCritical(incident.subject.class))) return false;
    if (thread === NEW) return told === null && dueOf(incident, told, now) !== null;
    if (told?.thread !== thread) return false;
    const next = dueOf(incident, told, now);
    return next !== null && (next.kind === 'resolved' || (next.kind === 'update' && hasNews(incident, told)));
  };
  const members = known
    .filter(joins)
    .sort((a, b) => b.incident.failures - a.incident.failures || (a.incident.openedAt < b.incident.openedAt ? -1 : 1));
  const [lead] = members;
  if (lead === undefined) throw new Error('a thread without incidents');
  return { kind: kindOf(members, now), thread: lead.told?.thread ?? lead.id, members };
}

const RANK: readonly NoticeKind[] = ['opened', 'reopened', 'update', 'resolved', 'reminder'];

/** The news that matters most gives the whole its name. */
function kindOf(members: readonly Known[], now: Date): NoticeKind {
  const kinds = members.map(({ incident, told }) => dueOf(incident, told, now)?.kind);
  return RANK.find((kind) => kinds.includes(kind)) ?? 'update';
}

const isUrgent = ({ members }: Planned) => members.some(({ incident }) => isCritical(incident.subject.class));

function withinCap(planned: readonly Planned[], left: number): Planned[] {
  const kept: Planned[] = [];
  for (const one of planned) if (kept.length < (isUrgent(one) ? left : left - 1)) kept.push(one);
  return kept;
}
