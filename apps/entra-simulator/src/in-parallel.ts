/** Works through the items, so many at a time. After an error no new item is begun, and what runs is awaited. */
export async function inParallel<Item>(
  items: Iterable<Item>,
  limit: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const queue = [...items].values();
  let halted = false;
  const worker = async () => {
    for (const item of queue) {
      if (halted) return;
      try {
        await work(item);
      } catch (error) {
        halted = true;
        throw error;
      }
    }
  };
  const workers = await Promise.allSettled(Array.from({ length: limit }, worker));
  const broken = workers.find(({ status }) => status === 'rejected');
  if (broken?.status === 'rejected') throw broken.reason;
}
