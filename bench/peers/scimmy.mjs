import express from 'express';
import SCIMMY from 'scimmy';
import SCIMMYRouters from 'scimmy-routers';

// The handlers that SCIMMY asks for, with maps instead of lists, so that the peer is as quick as it can be.
const users = new Map();
const names = new Map();
let last = 0;

SCIMMY.Resources.declare(SCIMMY.Resources.User)
  .ingress((resource, data) => {
    const key = data.userName.toLowerCase();
    if (!resource.id && names.has(key)) throw new SCIMMY.Types.Error(409, 'uniqueness', 'userName is taken');
    const id = resource.id ?? String(++last);
    const user = { ...data, id, meta: { created: new Date(), lastModified: new Date() } };
    users.set(id, user);
    names.set(key, user);
    return user;
  })
  .egress((resource) => {
    if (resource.id) {
      const user = users.get(resource.id);
      if (!user) throw new SCIMMY.Types.Error(404, null, 'no such user');
      return user;
    }
    const [expression] = resource.filter ?? [];
    const wanted = expression?.userName?.[1];
    if (typeof wanted === 'string') return [names.get(wanted.toLowerCase())].filter(Boolean);
    return [...users.values()];
  })
  .degress((resource) => void users.delete(resource.id));

const app = express();
app.use('/scim/v2', new SCIMMYRouters({ type: 'bearer', handler: () => 'anybody' }));
app.listen(Number(process.argv[2]), '127.0.0.1', () => console.log('ready'));
