import { request } from 'node:http';
import { type Question, Services } from './bus.client.js';

/** Nothing runs on this data folder. */
export class NotRunning extends Error {
  constructor(dataFolder: string) {
    super(
      `Roster is not running on ${dataFolder}. Start it with "npm start", or set ROSTER_DATA to the folder of the one ` +
        'that runs, or KAFKA_BROKERS to reach services.',
    );
    this.name = 'NotRunning';
  }
}

/** Asks the services of a system that runs on this machine as one process, over its socket. */
export class ControlClient extends Services {
  constructor(
    private readonly socketPath: string,
    private readonly dataFolder: string,
  ) {
    super();
  }

  ask(question: Question): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const outgoing = request({ socketPath: this.socketPath, method: 'POST', path: '/ask' }, (incoming) => {
        let text = '';
        incoming.setEncoding('utf8');
        incoming.on('data', (chunk: string) => (text += chunk));
        incoming.on('end', () => {
          const reply: unknown = JSON.parse(text);
          if (incoming.statusCode === 200) resolve(reply);
          else reject(new Error((reply as { text?: string }).text ?? 'the running system could not answer'));
        });
        incoming.on('error', reject);
      });
      outgoing.on('error', (error: NodeJS.ErrnoException) => {
        const isAbsent = error.code === 'ENOENT' || error.code === 'ECONNREFUSED';
        reject(isAbsent ? new NotRunning(this.dataFolder) : error);
      });
      outgoing.end(JSON.stringify(question));
    });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
