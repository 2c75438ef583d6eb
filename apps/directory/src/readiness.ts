import { Injectable } from '@nestjs/common';
import { Readiness } from '#libs/service';
import { Engine } from './engine/engine.js';

/** Ready when this process has claimed what it was given and its last batch went through. */
@Injectable()
export class DirectoryReadiness extends Readiness {
  constructor(private readonly engine: Engine) {
    super();
  }

  problems(): string[] {
    const problem = this.engine.problem();
    return problem === undefined ? [] : [`the engine ${problem}`];
  }
}
