import type { Office } from './office.js';

/** What the commands share with all others: reaching the services, and how an answer is shown. */
export interface Counter {
  withOffice(work: (office: Office) => Promise<void>): Promise<void>;
  print(text: string): void;
}
