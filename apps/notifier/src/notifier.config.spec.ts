import { readMailSettings, readNotifierSettings } from './notifier.config.js';

const least = { DATABASE_URL: 'postgres://notifier:pw@127.0.0.1:5432/roster', KAFKA_BROKERS: 'a:9092, b:9092' };

describe('the settings of the notifier', () => {
  it('have defaults for all but the database and the brokers', () => {
    expect(readNotifierSettings(least)).toMatchObject({
      process: { kafka: { brokers: ['a:9092', 'b:9092'] }, port: 8083, partitions: 16 },
      service: {
        mail: { from: 'Roster <roster@localhost>', smtpUrl: undefined },
      },
    });
  });

  it('name all that is missing or wrong at once, and quote no value', () => {
    const read = () => readNotifierSettings({ DATABASE_URL: 'mysql://secret', SMTP_URL: 'http://x', PORT: 'many' });
    for (const name of ['DATABASE_URL', 'KAFKA_BROKERS', 'SMTP_URL', 'PORT']) expect(read).toThrow(name);
    expect(read).not.toThrow(/secret/);
  });

  it('take a sender of one line only', () => {
    expect(() => readMailSettings({ MAIL_FROM: 'Roster <a@b.example>\nBcc: c@d.example' })).toThrow(/MAIL_FROM/);
    expect(readMailSettings({ MAIL_FROM: 'alerts@acme.example' }).from).toBe('alerts@acme.example');
  });
});
