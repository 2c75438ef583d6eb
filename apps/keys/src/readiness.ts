import { Injectable } from '@nestjs/common';
import { Readiness } from '#libs/service';
import { KeyStates } from './states/key-states.js';
import { KeyDoor } from './key/key.door.js';

/** Ready when commands are read and gateways can be told. */
@Injectable()
export class KeysReadiness extends Readiness {
  constructor(
    private readonly door: KeyDoor,
    private readonly states: KeyStates,
  ) {
    super();
  }

  problems(): string[] {
    return [...this.door.problems(), ...this.states.problems()];
  }
}
