import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { counter } from './metrics/metrics.js';
import { OperationsServer } from './operations.server.js';
import { Health, Readiness } from './readiness.js';

class Hindered extends Readiness {
  readonly all: string[] = [];

  problems(): string[] {
    return this.all;
  }
}

const at = { port: 0, host: '127.0.0.1' };
let health: Health;
let server: OperationsServer;

beforeEach(async () => {
  health = new Health();
  server = await OperationsServer.open(at, health);
});
afterEach(() => server.close());

const get = async (path: string, method = 'GET') => {
  const answer = await fetch(`http://127.0.0.1:${server.port}${path}`, { method });
  return { status: answer.status, type: answer.headers.get('content-type'), text: await answer.text() };
};

describe('the operations port', () => {
  it('is live from the first moment, and ready when everything is', async () => {
    const service = new Hindered();
    expect((await get('/health/live')).status).toBe(200);
    expect(await get('/health/ready')).toMatchObject({ status: 503, text: expect.stringContaining('starting') });
    health.up([service]);
    expect((await get('/health/ready')).status).toBe(200);
    service.all.push('the database is away');
    expect(await get('/health/ready')).toMatchObject({
      status: 503,
      text: expect.stringContaining('the database is away'),
    });
    expect((await get('/health/live')).status).toBe(200);
  });

  it('is not ready as soon as the process is to end, even while it starts', async () => {
    health.ending();
    health.up([]);
    expect(await get('/health/ready')).toMatchObject({ status: 503, text: expect.stringContaining('ending') });
  });

  it('shows metrics as Prometheus reads them', async () => {
    counter('test_shown_total', 'Shown.', {}).add({});
    const { status, type, text } = await get('/metrics');
    expect({ status, type }).toEqual({ status: 200, type: expect.stringMatching(/^text\/plain; version=0.0.4/) });
    expect(text).toContain('# HELP test_shown_total Shown.\n# TYPE test_shown_total counter\ntest_shown_total 1\n');
  });

  it('answers nothing else', async () => {
    expect((await get('/v2/Users')).status).toBe(404);
    expect((await get('/metrics', 'POST')).status).toBe(405);
  });

  it('says when its port is taken', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const port = (taken.address() as AddressInfo).port;
    await expect(OperationsServer.open({ ...at, port }, health)).rejects.toThrow(/EADDRINUSE/);
    taken.close();
  });
});
