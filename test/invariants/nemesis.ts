import { eventually } from '#libs/testing';
import type { Service, System, Wire } from './system.js';

/** Something that goes wrong and is put right again. */
export interface Fault {
  name: string;
  begin(): Promise<void>;
  /** How long it lasts, in milliseconds. */
  lastsMs: number;
  heal(): Promise<void>;
}

const SHORT_MS = 400;
const LONG_MS = 1_500;
/** Longer than a consumer group waits for a member: the frozen one wakes up to find that others own what it owned. */
const PAST_SESSION_MS = 8_000;

/** Every fault that the nemesis knows, in an order in which none needs another. */
export function faultsOf(system: System): Fault[] {
  const services: readonly Service[] = ['directory-1', 'gateway-1', 'directory-2', 'gateway-2'];
  const wires = Object.keys(system.wires) as Wire[];
  return [
    ...services.map((service) => killed(system, service)),
    ...services.map((service) => restarted(system, service)),
    ...services.map((service) => frozen(`${service} is frozen`, () => only(system.pid(service)), LONG_MS)),
    frozen('directory-1 is frozen past its session', () => only(system.pid('directory-1')), PAST_SESSION_MS),
    frozen('Kafka is frozen', () => only(system.broker.pid()), LONG_MS),
    frozen('PostgreSQL is frozen', () => system.postgres.pids(), LONG_MS),
    ...wires.flatMap((wire) => [cut(system, wire, 0), cut(system, wire, LONG_MS)]),
    {
      name: 'Kafka is killed',
      lastsMs: SHORT_MS,
      begin: () => system.broker.end('SIGKILL'),
      heal: () => system.broker.start(),
    },
    {
      name: 'PostgreSQL is killed',
      lastsMs: SHORT_MS,
      begin: () => system.postgres.kill(),
      heal: () => system.restartPostgres(),
    },
  ];
}

/** Lets one thing after another go wrong while the clients write, and waits each time until they get answers again. */
export async function torment(
  system: System,
  faults: readonly Fault[],
  options: { isEnough(count: number): boolean; done(): number; between: number; tell(line: string): void },
): Promise<number> {
  let count = 0;
  while (!options.isEnough(count)) {
    const fault = faults[count % faults.length];
    if (fault === undefined) break;
    const began = Date.now();
    await fault.begin();
    await new Promise((resolve) => setTimeout(resolve, fault.lastsMs));
    await fault.heal();
    await system.revive();
    const healed = Date.now();
    const before = options.done();
    await eventually(() => options.done() > before + options.between, { timeoutMs: 90_000 });
    count += 1;
    const lasted = `${((healed - began) / 1_000).toFixed(1)} s`;
    options.tell(`fault ${count}: ${fault.name}, ${lasted}, answers after ${Date.now() - healed} ms`);
  }
  return count;
}

function killed(system: System, service: Service): Fault {
  return {
    name: `${service} is killed`,
    lastsMs: SHORT_MS,
    begin: () => system.end(service, 'SIGKILL'),
    heal: () => system.launch(service),
  };
}

function restarted(system: System, service: Service): Fault {
  return {
    name: `${service} is restarted`,
    lastsMs: 0,
    begin: () => system.end(service, 'SIGTERM'),
    heal: () => system.launch(service),
  };
}

function cut(system: System, wire: Wire, lastsMs: number): Fault {
  return {
    name: `${wire}: ${lastsMs === 0 ? 'all connections break' : 'cut off'}`,
    lastsMs,
    begin() {
      system.wires[wire].cut();
      return Promise.resolve();
    },
    heal() {
      system.wires[wire].mend();
      return Promise.resolve();
    },
  };
}

function frozen(name: string, pids: () => Promise<number[]>, lastsMs: number): Fault {
  let stopped: number[] = [];
  return {
    name,
    lastsMs,
    async begin() {
      stopped = await pids();
      for (const pid of stopped) process.kill(pid, 'SIGSTOP');
    },
    heal() {
      for (const pid of stopped) process.kill(pid, 'SIGCONT');
      return Promise.resolve();
    },
  };
}

const only = (pid: number | undefined) => Promise.resolve(pid === undefined ? [] : [pid]);
