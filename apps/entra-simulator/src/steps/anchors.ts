/** Which object of the target belongs to which of the source. Kept from cycle to cycle; a restart forgets it. */
export class Anchors {
  private readonly known = new Map<string, string>();
  private readonly everKnown = new Set<string>();
  private readonly made = new Set<string>();

  idOf(objectId: string | undefined): string | undefined {
    return objectId === undefined ? undefined : this.known.get(objectId);
  }

  remember(objectId: string, id: string): void {
    this.known.set(objectId, id);
    this.everKnown.add(id);
  }

  /** Remembers one that was created in this run: nobody else has put anything into it. */
  rememberMade(objectId: string, id: string): void {
    this.remember(objectId, id);
    this.made.add(objectId);
  }

  forget(objectId: string): void {
    this.known.delete(objectId);
  }

  objectIds(): string[] {
    return [...this.known.keys()];
  }

  ids(): string[] {
    return [...this.known.values()];
  }

  /** True for ids that came from this run, also of objects deleted since; members of other origin are left alone. */
  isOurs(id: string): boolean {
    return this.everKnown.has(id);
  }

  isMade(objectId: string): boolean {
    return this.made.has(objectId);
  }
}
