// Whether this container is ready, asked from within it: images have no curl.
const answer = await fetch(`http://127.0.0.1:${process.env.PORT}/health/ready`).catch((error) => ({
  ok: false,
  error,
}));
if (!answer.ok) console.error(answer.error?.message ?? (await answer.text()));
process.exit(answer.ok ? 0 : 1);
