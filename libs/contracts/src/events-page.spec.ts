import { readFileSync } from 'node:fs';
import { publicEvent, publicEventType } from './index.js';

const page = readFileSync(new URL('../../../docs/events.md', import.meta.url), 'utf8');
const golden = (type: string): unknown =>
  JSON.parse(readFileSync(new URL(`../golden/public/${type}.json`, import.meta.url), 'utf8'));

/** The examples of the page, each under the heading of its type. */
const examples = new Map(
  [...page.matchAll(/^### `([^`]+)`\n(?:(?!^#)[\s\S])*?^```json\n([\s\S]*?)^```/gm)].map(([, type = '', text = '']) => [
    type,
    JSON.parse(text) as unknown,
  ]),
);

describe('docs/events.md', () => {
  it('has an example of each event type and of no other', () => {
    expect([...examples.keys()]).toEqual(publicEventType.options);
  });

  it.each(publicEventType.options)('shows %s as it is published', (type) => {
    expect(examples.get(type)).toEqual(golden(type));
    expect(publicEvent.parse(examples.get(type))).toMatchObject({ type });
  });
});
