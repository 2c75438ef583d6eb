import { type DynamicModule, Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { Database, migrate, openDatabase } from '#libs/postgres';
import { Clock, Readiness, SystemClock } from '#libs/service';
import { KeyDesk } from './key/key-desk.js';
import { KeyStates } from './key/key-states.js';
import { KeyDoor } from './key/key.door.js';
import { ActOnKeyHandler, ListKeysHandler } from './key/key.handler.js';
import { KEYS_SCHEMA, keysMigrations, KeysSchema } from './keys.schema.js';
import { KeysReadiness } from './readiness.js';

export interface KeysSettings {
  databaseUrl: string;
  /** The machine's own unless given. */
  clock?: Clock;
}

/** The key service, all but the transport: CommandLog, ReplyChannel and StateTable come from a global module. */
@Module({})
export class KeysModule {
  /** Brings the tables of this service up to date; the service does the same at its start. */
  static migrate(databaseUrl: string): Promise<void> {
    return migrate({ url: databaseUrl, schema: KEYS_SCHEMA, migrations: keysMigrations });
  }

  static forRoot({ databaseUrl, clock = new SystemClock() }: KeysSettings): DynamicModule {
    const database = openDatabase({ url: databaseUrl, schema: KEYS_SCHEMA });
    return {
      module: KeysModule,
      imports: [CqrsModule],
      providers: [
        { provide: Database, useValue: database },
        { provide: Clock, useValue: clock },
        { provide: KeysSchema, useFactory: () => new KeysSchema(databaseUrl, database) },
        { provide: Readiness, useClass: KeysReadiness },
        KeyDoor,
        KeyDesk,
        KeyStates,
        ActOnKeyHandler,
        ListKeysHandler,
      ],
      exports: [Readiness],
    };
  }
}
