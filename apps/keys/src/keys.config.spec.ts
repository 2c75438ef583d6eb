import { readKeysSettings } from './keys.config.js';

describe('the settings of the key service', () => {
  it('have defaults for all but the database and the brokers', () => {
    const least = {
      DATABASE_URL: 'postgres://keys:pw@127.0.0.1:5432/roster',
      KAFKA_BROKERS: 'a:9092, b:9092',
      PORT: '',
    };
    expect(readKeysSettings(least)).toEqual({
      service: { databaseUrl: least.DATABASE_URL, privateIssuers: [] },
      process: {
        kafka: { brokers: ['a:9092', 'b:9092'] },
        port: 8082,
        host: '127.0.0.1',
        logLevel: 'info',
        partitions: 16,
        traces: { endpoint: undefined, ratio: 1 },
      },
    });
  });

  it('name all that is missing or wrong at once, and quote no value', () => {
    const read = () => readKeysSettings({ DATABASE_URL: 'mysql://secret', PARTITIONS: '0' });
    for (const name of ['DATABASE_URL', 'KAFKA_BROKERS', 'PARTITIONS']) expect(read).toThrow(name);
    expect(read).not.toThrow(/secret/);
  });
});
