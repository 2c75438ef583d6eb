import type { Office } from './office.js';

/** What the commands share: reaching the services, and how an answer is shown. */
export interface Counter {
  withOffice(work: (office: Office) => Promise<void>): Promise<void>;
  print(text: string): void;
  /** As one JSON object, or as text for people. */
  show(json: boolean | undefined, object: object, text: string): void;
  /** Where clients find the directories. */
  tenantUrl(): string;
}

export interface Json {
  json?: boolean;
}
