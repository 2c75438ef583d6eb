import { type DynamicModule, Module } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { Database, migrate, openDatabase } from '#libs/postgres';
import { Clock, Readiness, SystemClock } from '#libs/service';
import { ActOnClientHandler, ListClientsHandler, RenewKeySetHandler } from './client/client.handler.js';
import { ExpiryWatch } from './expiry/expiry-watch.js';
import { KeyDesk } from './key/key-desk.js';
import { KeyDoor } from './key/key.door.js';
import { ActOnKeyHandler } from './key/key.handler.js';
import { ListKeysHandler, ShowKeyHandler } from './key/key-list.handler.js';
import { KEYS_SCHEMA, keysMigrations, KeysSchema } from './keys.schema.js';
import { AllowedAddresses, KeySets } from './key-set/key-sets.js';
import { KeysReadiness } from './readiness.js';
import { KeyStates } from './states/key-states.js';
import { Signer } from './token/signer.js';
import { IssueTokenHandler } from './token/token.handler.js';
import { UseDoor } from './use/use.door.js';

export interface KeysSettings {
  databaseUrl: string;
  /** Private networks whose addresses issuers of assertions may have; none unless given. */
  privateIssuers?: readonly string[];
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

  static forRoot({ databaseUrl, privateIssuers = [], clock = new SystemClock() }: KeysSettings): DynamicModule {
    const database = openDatabase({ url: databaseUrl, schema: KEYS_SCHEMA });
    return {
      module: KeysModule,
      imports: [CqrsModule],
      providers: [
        { provide: Database, useValue: database },
        { provide: Clock, useValue: clock },
        { provide: AllowedAddresses, useValue: new AllowedAddresses(privateIssuers) },
        { provide: KeysSchema, useFactory: () => new KeysSchema(databaseUrl, database) },
        { provide: Readiness, useClass: KeysReadiness },
        KeyDoor,
        KeyDesk,
        KeyStates,
        ActOnKeyHandler,
        ListKeysHandler,
        ShowKeyHandler,
        ActOnClientHandler,
        ListClientsHandler,
        RenewKeySetHandler,
        IssueTokenHandler,
        KeySets,
        Signer,
        UseDoor,
        ExpiryWatch,
      ],
      exports: [Readiness],
    };
  }
}
