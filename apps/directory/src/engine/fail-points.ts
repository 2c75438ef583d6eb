/** The places where a test may make this process fail, in the order in which a batch passes them; then those of a rebuild. */
export const FAIL_POINTS = [
  'after_claim',
  'after_decide',
  'after_commit',
  'before_reply',
  'before_publish',
  'mid_publish',
  'mid_rebuild',
  'mid_swap',
  'after_swap',
] as const;
export type FailPoint = (typeof FAIL_POINTS)[number];

const ACTS = {
  kill: () => process.kill(process.pid, 'SIGKILL'),
  freeze: () => process.kill(process.pid, 'SIGSTOP'),
  throw: (point: FailPoint) => {
    throw new Error(`failed at ${point}, as it was told to`);
  },
};

interface Armed {
  point: FailPoint;
  act: keyof typeof ACTS;
  countdown: number;
}

/**
 * Failures on order: `after_commit:kill:3` kills the process when it has committed for the third time; several are
 * separated by commas. Each fires once. Without an order nothing ever happens.
 */
export class FailPoints {
  private armed: Armed[];

  /** Throws when an order cannot be understood: a test that arms nothing proves nothing. */
  constructor(orders = '') {
    this.armed = orders
      .split(',')
      .filter((order) => order !== '')
      .map(read);
  }

  /** Tells that the process is here now. */
  reach(point: FailPoint): void {
    if (this.armed.length === 0) return;
    for (const armed of this.armed) if (armed.point === point) armed.countdown -= 1;
    const due = this.armed.filter(({ countdown }) => countdown <= 0);
    this.armed = this.armed.filter(({ countdown }) => countdown > 0);
    for (const { act } of due) ACTS[act](point);
  }
}

function read(order: string): Armed {
  const [point, act, count = '1'] = order.split(':');
  const known = FAIL_POINTS.find((name) => name === point);
  if (known === undefined || !(act === 'kill' || act === 'freeze' || act === 'throw') || !/^[1-9]\d*$/.test(count)) {
    throw new Error(`"${order}" is no fail point: write <point>:<kill|freeze|throw>[:<nth time>]`);
  }
  return { point: known, act, countdown: Number(count) };
}
