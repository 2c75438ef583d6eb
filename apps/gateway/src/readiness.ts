import { Injectable } from '@nestjs/common';
import { Readiness } from '#libs/service';
import { DirectoryClient } from './directory/directory.client.js';
import { KeyTable } from './key/key-table.js';

/** Ready when keys can be checked and the directory can answer. */
@Injectable()
export class GatewayReadiness extends Readiness {
  constructor(
    private readonly keys: KeyTable,
    private readonly directory: DirectoryClient,
  ) {
    super();
  }

  problems(): string[] {
    return [...this.keys.problems(), ...this.directory.problems()];
  }
}
