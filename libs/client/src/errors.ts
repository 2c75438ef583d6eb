/** Why a subscription ended by itself. */
export type StopCode = 'gap' | 'unreadable' | 'foreign-group';

/** Ends a subscription. Going on would make a copy wrong without anybody knowing, so somebody has to look first. */
export class SubscriptionStopped extends Error {
  override readonly name = 'SubscriptionStopped';

  constructor(
    readonly code: StopCode,
    what: string,
    whatToDo: string,
    options?: ErrorOptions,
  ) {
    super(`${what} ${whatToDo}`, options);
  }
}

const START_AGAIN =
  "Nothing from here on was handed over or committed. Copy the directory again: a new groupId with from: 'latest', then " +
  'a full read over SCIM (docs/events.md, "Keeping a copy").';

/** What should have come next is not what came. */
export const gap = (expected: string, came: string) =>
  new SubscriptionStopped('gap', `Expected ${expected}; came ${came}.`, START_AGAIN);

export const unreadable = (where: string, cause: unknown) =>
  new SubscriptionStopped(
    'unreadable',
    `${where} is not an event that this version of @roster/client can read.`,
    'Install a newer @roster/client, or skip types that it does not know with unknownTypes: "skip".',
    { cause },
  );

export const foreignGroup = (groupId: string, why: string) =>
  new SubscriptionStopped('foreign-group', `The group ${groupId} ${why}.`, 'Choose another groupId.');
