import type { Services } from './bus.client.js';
import { ControlClient } from './control.client.js';
import { controlSocket } from './control.door.js';
import type { HostSettings } from './host.config.js';

/** The services as the command line reaches them: the process that runs on the data folder. */
export function reachServices({ ROSTER_DATA }: HostSettings): Services {
  return new ControlClient(controlSocket(ROSTER_DATA), ROSTER_DATA);
}
