import { listFrame, listResponse, type Page } from './list-response.js';

describe('a list response', () => {
  it('is a list also when nothing was found (Q16)', () => {
    expect(listResponse([], { total: 0, startIndex: 1 })).toEqual({
      schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
      totalResults: 0,
      startIndex: 1,
      itemsPerPage: 0,
      Resources: [],
    });
  });

  it('carries cursors instead of an index (RFC 9865)', () => {
    const list = listResponse([{ id: '1' }], { total: 9, nextCursor: 'n' });
    expect(list).toMatchObject({ itemsPerPage: 1, nextCursor: 'n' });
    expect(list).not.toHaveProperty('startIndex');
  });

  it.each<[Page, object[]]>([
    [{ total: 0, startIndex: 1 }, []],
    [{ total: 5, startIndex: 2 }, [{ id: '1' }, { id: '2' }]],
    [{ total: 5, nextCursor: 'n' }, [{ id: '1' }]],
  ])('says the same when it is written piece by piece: %j', (page, resources) => {
    const { head, tail } = listFrame(page);
    const text =
      head + resources.map((each) => JSON.stringify(each)).join(',') + tail(resources.length, page.nextCursor);
    expect(JSON.parse(text)).toEqual(listResponse(resources, page));
  });
});
