// Judges deploy/kubernetes by a real API server and by the schemas: npm run verify:kubernetes
// KUBECTL is how the server is reached (kubectl and its options); kubernetes-validate (PyPI) is used when it is there.
// The namespace and its service accounts are made on that server, everything else is only asked about.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments, stringify } from 'yaml';

const [kubectl, ...options] = (process.env.KUBECTL ?? 'kubectl').split(' ');
const VERSION = process.env.KUBERNETES_VERSION;
const OVERLAYS = ['dev', 'prod'].map((name) => `deploy/kubernetes/overlays/${name}`);
const work = mkdtempSync(join(tmpdir(), 'roster-kubernetes-'));
let failed = 0;

function run(command, args, input) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8', input });
  return { ok: status === 0, out: stdout ?? '', err: `${stderr ?? ''}${error?.message ?? ''}` };
}

function check(name, { ok, out, err }, isFine = true) {
  const passed = ok && isFine;
  if (!passed) failed += 1;
  console.log(`${passed ? 'passed' : 'FAILED'}  ${name}`);
  if (!passed) console.log(`${out}${err}`);
}

const ask = (args, input) => run(kubectl, [...options, ...args], input);
const isQuiet = ({ err }) => err.trim() === '';

/** Pods as a workload would make them: only on these does the server enforce the namespace's standard. */
const podOf = ({ kind, metadata, spec }) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    ...spec.template.metadata,
    name: `${kind.toLowerCase()}-${metadata.name}`,
    namespace: metadata.namespace,
  },
  spec: {
    ...spec.template.spec,
    volumes: [
      ...(spec.template.spec.volumes ?? []),
      ...(spec.volumeClaimTemplates ?? []).map(({ metadata: { name } }) => ({ name, emptyDir: {} })),
    ],
  },
});

try {
  for (const overlay of OVERLAYS) {
    const rendered = run(kubectl, ['kustomize', overlay]);
    check(`${overlay} is rendered`, rendered, isQuiet(rendered));
    const objects = parseAllDocuments(rendered.out).map((document) => document.toJS());
    const file = join(work, 'all.yaml');
    writeFileSync(file, rendered.out);

    if (run('kubernetes-validate', ['--help']).ok) {
      const versions = VERSION === undefined ? [] : ['-k', VERSION];
      check(
        `${overlay} has the form that the schemas ask for`,
        run('kubernetes-validate', ['--strict', ...versions, file]),
      );
    } else console.log('left out: kubernetes-validate is not installed (pip install kubernetes-validate)');

    const firsts = objects.filter(({ kind }) => kind === 'Namespace' || kind === 'ServiceAccount');
    check(
      `${overlay}: namespace and accounts`,
      ask(['apply', '-f', '-'], firsts.map((one) => stringify(one)).join('---\n')),
    );
    const answer = ask(['apply', '--dry-run=server', '-k', overlay]);
    check(`${overlay} is taken by the server without a warning (${objects.length} objects)`, answer, isQuiet(answer));

    const workloads = objects.filter(({ spec }) => spec?.template?.spec?.containers !== undefined);
    for (const workload of workloads) {
      const pod = ask(['create', '--dry-run=server', '-f', '-'], stringify(podOf(workload)));
      check(`${overlay}: a pod of ${workload.kind} ${workload.metadata.name} is let in`, pod, isQuiet(pod));
    }
    const loose = podOf(workloads[0]);
    delete loose.spec.securityContext;
    delete loose.spec.containers[0].securityContext;
    const refused = ask(['create', '--dry-run=server', '-f', '-'], stringify(loose));
    check(`${overlay}: a pod that asks for more is refused, so the standard is enforced`, {
      ...refused,
      ok: /violates PodSecurity/.test(refused.err),
    });
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
console.log(failed === 0 ? 'Kubernetes: all well' : `Kubernetes: ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
