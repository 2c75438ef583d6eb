/** Gives the error that the work must throw, for a spec to look at. */
export function refusal(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('It was to be refused, and was not.');
}
