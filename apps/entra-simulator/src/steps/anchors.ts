/** Which object of the target belongs to which of the source. Kept from cycle to cycle; a restart forgets it. */
export class Anchors {
  private readonly ids = new Map<string, string>();
  private readonly everKnown = new Set<string>();

  idOf(objectId: string | undefined): string | undefined {
    return objectId === undefined ? undefined : this.ids.get(objectId);
  }

  remember(objectId: string, id: string): void {
    this.ids.set(objectId, id);
    this.everKnown.add(id);
  }

  forget(objectId: string): void {
    this.ids.delete(objectId);
  }

  objectIds(): string[] {
    return [...this.ids.keys()];
  }

  /** True for ids that came from this run, also of objects deleted since; members of other origin are left alone. */
  isOurs(id: string): boolean {
    return this.everKnown.has(id);
  }
}
