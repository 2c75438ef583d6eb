import { addToTraceOf, inSpan, inTraceOf, startTraces, traceHeaders, traceRequests } from './tracing.js';

describe('traces that nobody takes', () => {
  it('cost nothing: no header, no hook, no library', async () => {
    await startTraces('gateway', { endpoint: undefined, ratio: 1 });
    const hooks: string[] = [];
    traceRequests({ addHook: ((name: string) => hooks.push(name)) as never });
    expect(hooks).toEqual([]);
    expect(traceHeaders()).toBeUndefined();
    const answer = Promise.resolve(3);
    expect(inSpan('asked', {}, () => answer)).toBe(answer);
    expect(inTraceOf({ traceparent: 'any' }, 'worked on', () => answer)).toBe(answer);
    expect(() => addToTraceOf({}, 'batch', [{ name: 'commit', from: 0, to: 1 }])).not.toThrow();
  });
});
