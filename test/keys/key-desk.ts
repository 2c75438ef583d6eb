import { randomUUID } from 'node:crypto';
import { compactDecrypt, type CryptoKey, exportJWK, generateKeyPair } from 'jose';
import { type Consumer, Kafka, logLevel, type Producer } from 'kafkajs';
import { type KeyCommand, type KeyReply, keyReply, replyTopic, topics } from '#libs/contracts';

const ANSWER_MS_MAX = 30_000;

/** Asks the key service over Kafka as the command line does, without a process for each command. */
export class KeyDesk {
  /** Every secret that was issued here. */
  readonly secrets: string[] = [];
  private readonly waiting = new Map<string, (reply: KeyReply) => void>();
  private made = 0;

  private constructor(
    private readonly producer: Producer,
    private readonly consumer: Consumer,
    private readonly address: string,
    private readonly sealTo: Record<string, unknown>,
    private readonly privateKey: CryptoKey,
  ) {}

  static async open(brokers: string): Promise<KeyDesk> {
    const kafka = new Kafka({ brokers: [brokers], logLevel: logLevel.NOTHING });
    const { name: address } = replyTopic(`proofs-${randomUUID()}`);
    const admin = kafka.admin();
    await admin.connect();
    await admin.createTopics({
      topics: [{ topic: address, numPartitions: 1, replicationFactor: 1 }],
      waitForLeaders: true,
    });
    await admin.disconnect();
    const { publicKey, privateKey } = await generateKeyPair('ECDH-ES', { crv: 'P-256', extractable: true });
    const [producer, consumer] = [kafka.producer(), kafka.consumer({ groupId: address, maxWaitTimeInMs: 50 })];
    const desk = new KeyDesk(producer, consumer, address, { ...(await exportJWK(publicKey)) }, privateKey);
    await Promise.all([producer.connect(), consumer.connect()]);
    await consumer.subscribe({ topic: address, fromBeginning: true });
    await consumer.run({
      eachMessage: ({ message }) => {
        const id = String(message.key);
        const resolve = desk.waiting.get(id);
        if (resolve !== undefined) resolve(keyReply.parse(JSON.parse(String(message.value))));
        return Promise.resolve();
      },
    });
    return desk;
  }

  async issue(directory: string, requestsPerSecond?: number): Promise<{ id: string; token: string }> {
    const id = this.newId();
    const reply = await this.ask(directory, {
      do: 'issue-key',
      id,
      name: 'proof',
      scopes: ['scim:read', 'scim:write'],
      expiresInDays: 30,
      sealTo: this.sealTo,
      ...(requestsPerSecond !== undefined && { requestsPerSecond }),
    });
    return { id, token: await this.opened(reply) };
  }

  async rotate(directory: string, id: string): Promise<{ id: string; token: string }> {
    const successor = this.newId();
    const reply = await this.ask(directory, { do: 'rotate-key', id, successor, grace: '1h', sealTo: this.sealTo });
    return { id: successor, token: await this.opened(reply) };
  }

  /** Resolves with the answer; `at` is when it came. */
  async revoke(directory: string, id: string): Promise<{ at: number }> {
    const reply = await this.ask(directory, { do: 'revoke-key', id });
    if (reply.outcome !== 'revoked') throw new Error(`not revoked: ${JSON.stringify(reply)}`);
    return { at: performance.now() };
  }

  async ask(directory: string, data: KeyCommand): Promise<KeyReply> {
    const id = randomUUID();
    const { promise, resolve, reject } = Promise.withResolvers<KeyReply>();
    this.waiting.set(id, resolve);
    const timer = setTimeout(() => reject(new Error(`no answer to ${data.do}`)), ANSWER_MS_MAX);
    const now = Date.now();
    const about = { id, type: 'keys.command', schemaVersion: 1, correlationId: id, causationId: null, directory, data };
    const request = {
      ...about,
      time: new Date(now).toISOString(),
      actor: { kind: 'operator', id: 'proofs' },
      replyTo: this.address,
      deadline: new Date(now + ANSWER_MS_MAX).toISOString(),
    };
    await this.producer.send({
      topic: topics.keysCommands.name,
      messages: [{ key: directory, value: JSON.stringify(request) }],
    });
    return promise.finally(() => {
      clearTimeout(timer);
      this.waiting.delete(id);
    });
  }

  async close(): Promise<void> {
    await this.consumer.disconnect();
    await this.producer.disconnect();
  }

  private newId(): string {
    return `prf${(++this.made).toString(36).padStart(7, '0')}`;
  }

  private async opened(reply: KeyReply): Promise<string> {
    if (!('sealedSecret' in reply) || reply.sealedSecret === undefined)
      throw new Error(`no secret: ${JSON.stringify(reply)}`);
    const { plaintext } = await compactDecrypt(reply.sealedSecret, this.privateKey);
    const secret = new TextDecoder().decode(plaintext);
    this.secrets.push(secret);
    return secret;
  }
}
