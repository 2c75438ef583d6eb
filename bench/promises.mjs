// What is promised of speed and memory, held against what was measured. A ratio to a peer is taken within each round.

const atLeast = (what, value, wanted) => ({ what, value, wanted: `≥ ${wanted}`, holds: value >= wanted });
const atMost = (what, value, wanted) => ({ what, value, wanted: `≤ ${wanted}`, holds: value <= wanted });

/** The table of promises, as far as the run measured what they are about. */
export function promisesOf(figures, medians, median) {
  const ratio = (of, to) => {
    const pairs = (figures.get(of) ?? []).map((value, round) => value / figures.get(to)?.[round]);
    return pairs.length === 0 ? NaN : Number(median(pairs).toFixed(2));
  };
  const all = [
    atLeast('creates, 64 connections: times SCIMMY', ratio('services creates/s, 64', 'scimmy creates/s, 64'), 5),
    atLeast('creates, 256 connections: times SCIMMY', ratio('services creates/s, 256', 'scimmy creates/s, 64'), 7),
    atLeast('creates, 64 connections: share of a bare echo', ratio('services creates/s, 64', 'echo/s'), 0.33),
    atLeast('finds, 64 connections: times SCIMMY', ratio('services finds/s, 64', 'scimmy finds/s, 64'), 3),
    atMost('one create alone, p50 ms', medians['services create alone p50 ms'], 5),
    atMost('one create alone, p99 ms', medians['services create alone p99 ms'], 25),
    atMost('one create alone in one process, p50 ms', medians['embedded create alone p50 ms'], 2.5),
    atLeast('in one process: times services', ratio('embedded creates/s, 64', 'services creates/s, 64'), 1),
    atMost('change on the topic after the acknowledgement, p99 ms', medians['publish delay p99 ms'], 100),
    atMost('gateway, MB', medians['gateway MB'], 300),
    atMost('directory, MB', medians['directory MB'], 300),
  ];
  return all.filter(({ value }) => Number.isFinite(value));
}
