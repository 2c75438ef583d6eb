import fastify from 'fastify';

const app = fastify();
app.addContentTypeParser('application/scim+json', { parseAs: 'string' }, (_request, text, done) =>
  done(null, JSON.parse(text)),
);
app.post('/v2/Users', (request, reply) => reply.code(201).send(request.body));
await app.listen({ port: Number(process.argv[2]), host: '127.0.0.1' });
console.log('ready');
