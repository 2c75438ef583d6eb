import { readFileSync } from 'node:fs';
import specifications from '@asyncapi/specs';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import { parse } from 'yaml';
import { z } from 'zod';
import { publicEvent, publicEventType, topics } from './index.js';

interface Document {
  channels: { directoryEvents: { address: string; messages: Record<string, unknown> } };
  operations: { tellChanges: { messages: { $ref: string }[] } };
  components: { messages: Record<string, { name: string }>; schemas: { ChangeEvent: unknown } };
}

const document = parse(readFileSync(new URL('../../../docs/asyncapi.yaml', import.meta.url), 'utf8')) as Document;
const { messages, schemas } = document.components;
const nameOf = new Map(Object.entries(messages).map(([name, message]) => [message.name, name]));
const golden = (type: string): unknown =>
  JSON.parse(readFileSync(new URL(`../golden/public/${type}.json`, import.meta.url), 'utf8'));

const isAsyncApi = (candidate: unknown) => {
  const ajv = new Ajv({ strict: false });
  formats.default(ajv);
  return ajv.validate(specifications.schemasWithoutId['3.0.0'] as object, candidate) || ajv.errors;
};

describe('docs/asyncapi.yaml', () => {
  it('is a valid AsyncAPI 3.0 document', () => {
    expect(isAsyncApi(document)).toBe(true);
    expect(isAsyncApi({ ...document, channels: { directoryEvents: { adress: '' } } })).not.toBe(true);
  });

  it('describes the topic with every event type and no other', () => {
    const { address, messages: told } = document.channels.directoryEvents;
    expect(address).toBe(topics.directoryEvents.name);
    expect(Object.values(messages).map(({ name }) => name)).toEqual(publicEventType.options);
    const names = Object.keys(messages);
    expect(told).toEqual(Object.fromEntries(names.map((name) => [name, { $ref: `#/components/messages/${name}` }])));
    expect(document.operations.tellChanges.messages.map(({ $ref }) => $ref)).toEqual(
      names.map((name) => `#/channels/directoryEvents/messages/${name}`),
    );
  });

  it('has the schema of the contract', () => {
    const schema = z.toJSONSchema(publicEvent, { target: 'draft-7', io: 'input' });
    delete schema.$schema;
    expect(schemas.ChangeEvent).toEqual(JSON.parse(JSON.stringify(schema)));
  });

  it.each(publicEventType.options)('takes %s as that message and as no other', (type) => {
    const ajv = new Ajv({ strict: false }).addSchema(document, 'asyncapi');
    const taking = publicEventType.options.filter((each) =>
      ajv.validate(`asyncapi#/components/messages/${nameOf.get(each) ?? ''}/payload`, golden(type)),
    );
    expect(taking).toEqual([type]);
  });
});
