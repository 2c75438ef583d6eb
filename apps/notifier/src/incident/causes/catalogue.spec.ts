import { FAILURE_CLASSES } from '../failure-class.js';
import { ALERT_CLASSES } from './alert-causes.js';
import { CATALOGUE, causeOf } from './catalogue.js';

describe('the catalogue of causes', () => {
  it.each([...FAILURE_CLASSES, ...ALERT_CLASSES])('explains %s, and says what to do in Entra and here', (one) => {
    const cause = causeOf(one);
    expect(cause?.title).toMatch(/^\S.{5,60}$/);
    for (const text of [cause?.explanation, cause?.inEntra, cause?.inRoster]) expect(text).toMatch(/^\S.{15,500}[.:]$/);
    expect(cause?.inEntra).toMatch(/→|Nothing to do in Entra|Entra sends/);
  });

  it('has nothing that no incident can be about', () => {
    expect(Object.keys(CATALOGUE).sort()).toEqual([...FAILURE_CLASSES, ...ALERT_CLASSES].sort());
  });

  it('knows no cause of what went well, or of words that are no class', () => {
    expect(causeOf(null)).toBeNull();
    expect(causeOf('constructor')).toBeNull();
  });
});
