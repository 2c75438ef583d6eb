import type { Attributes, Extension, ResourceTypes } from '#libs/scim';
import type { Member } from '#libs/contracts';

/** A user or a group as deciders see it. */
export interface Entity {
  id: string;
  version: number;
  created: string;
  lastModified: string;
  attributes: Attributes;
}

export interface KnownDirectory {
  id: string;
  name: string;
  partition: number;
  sequence: number;
  version: number;
  created: string;
  /** How often its own schema has changed; 0 for a directory without one. */
  schemaVersion: number;
  extensions: readonly Extension[];
  /** What users and groups are here: the RFC's types with these extensions. */
  types: ResourceTypes;
}

/** What a decision needs to know before it can be made; loaded for a whole batch in a few set-based reads. */
export type Need =
  | { of: 'directory'; id: string }
  | { of: 'user' | 'group'; directory: string; id: string }
  | { of: 'userName' | 'groupName'; directory: string; key: string }
  | { of: 'membership'; group: string; member: string }
  | { of: 'members'; group: string }
  | { of: 'groupsOf'; member: string };

/** A decision looked at something that was not loaded: load it and decide again. */
export class NotLoaded extends Error {
  constructor(readonly needs: readonly Need[]) {
    super('not loaded');
    this.name = 'NotLoaded';
  }
}

/** One name for a need, so that sets and maps can hold it. */
export const needKey = (need: Need): string => Object.values(need).join(' ');

/** Who is in a group, and what each is: a map, since a group may have a hundred thousand and changes one by one. */
export type Members = Map<string, Member['type']>;

type Known = KnownDirectory | Entity | string | boolean | Members | string[] | null;

/**
 * What a batch of decisions knows of the directories: loaded facts, and on top of them what the batch has decided so far.
 * Pure memory; asking for what was not loaded throws NotLoaded with everything that the question needs.
 */
export class World {
  private readonly facts = new Map<string, Known>();

  learn(need: Need, fact: Known): void {
    this.facts.set(needKey(need), fact);
  }

  knows(need: Need): boolean {
    return this.facts.has(needKey(need)) || (need.of === 'membership' && this.knowsMembers(need.group));
  }

  /** True when all members of a group are known: then each membership is, without a fact of its own. */
  knowsMembers(group: string): boolean {
    return this.knows({ of: 'members', group });
  }

  directory(id: string): KnownDirectory | null {
    return this.look({ of: 'directory', id }) as KnownDirectory | null;
  }

  user(directory: string, id: string): Entity | null {
    return this.look({ of: 'user', directory, id }) as Entity | null;
  }

  group(directory: string, id: string): Entity | null {
    return this.look({ of: 'group', directory, id }) as Entity | null;
  }

  /** The id of the user or group that holds this folded name, or null. */
  holder(of: 'userName' | 'groupName', directory: string, key: string): string | null {
    return this.look({ of, directory, key }) as string | null;
  }

  isMember(group: string, member: string): boolean {
    if (this.knowsMembers(group)) return this.members(group).has(member);
    return this.look({ of: 'membership', group, member }) as boolean;
  }

  members(group: string): Members {
    return this.look({ of: 'members', group }) as Members;
  }

  groupsOf(member: string): readonly string[] {
    return this.look({ of: 'groupsOf', member }) as string[];
  }

  /** Throws NotLoaded with all of these that are not known yet, so that they are loaded in one go. */
  require(needs: readonly Need[]): void {
    const missing = needs.filter((need) => !this.knows(need));
    if (missing.length > 0) throw new NotLoaded(missing);
  }

  private look(need: Need): Known {
    const fact = this.facts.get(needKey(need));
    if (fact === undefined) throw new NotLoaded([need]);
    return fact;
  }
}
