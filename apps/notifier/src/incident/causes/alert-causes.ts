import type { Cause } from '#libs/contracts';

/** What is told though no single request says so. */
export const ALERT_CLASSES = ['quarantine-risk', 'silent', 'mass-deprovision', 'key-expiring', 'key-ended'] as const;
export type AlertClass = (typeof ALERT_CLASSES)[number];

export const ALERT_CAUSES: Record<AlertClass, Cause> = {
  'quarantine-risk': {
    title: 'Entra is about to stop provisioning',
    explanation:
      'So many users or groups fail that Entra comes near the line at which it puts the job into quarantine. In quarantine it tries once a day only, and switches the job off after four weeks.',
    inEntra:
      'Entra admin center → Enterprise apps → your app → Provisioning → Provisioning logs: filter by Status Failure. Mend the mapping that the largest incident names, then choose Restart provisioning on the Overview page.',
    inRoster:
      'See which incidents are open with "roster incident list", the largest first: mending that one takes the most failures away.',
  },
  silent: {
    title: 'Nothing comes from Entra any more',
    explanation:
      'Entra asks at least every 40 minutes, also when nothing has changed. It was active here and has not asked for three hours: the job was stopped or put into quarantine, the key was taken out, or the way here is cut.',
    inEntra:
      'Entra admin center → Enterprise apps → your app → Provisioning → Overview: see whether it is on, and the status of the last cycle. Then Admin credentials → Test Connection.',
    inRoster:
      'Check that the Tenant URL can be reached from outside: name, certificate, proxy and firewall. Nothing is lost; the next cycle brings what changed.',
  },
  'mass-deprovision': {
    title: 'Unusually many users were disabled or deleted',
    explanation:
      'More than a tenth of the users, and more than 50, were disabled or deleted within an hour. That is right when a company part leaves, and wrong when a group was emptied or the scope was changed by mistake. Nothing was held back.',
    inEntra:
      'Entra admin center → Enterprise apps → your app → Users and groups: see whether somebody took a group out. Provisioning → Settings → Scope: see whether it changed. Stop provisioning first if it is a mistake; there, "Prevent accidental deletion" sets a limit for the next time.',
    inRoster:
      'See who was concerned with "roster events tail"; disabled users keep their ids, names and memberships, and come back when Entra enables them.',
  },
  'key-expiring': {
    title: 'A key will end soon',
    explanation:
      'A key, or the secret of a client, reaches the end of its life. From then on every request with it is refused with 401, and Entra stops the whole job at the first one.',
    inEntra:
      'Entra admin center → Enterprise apps → your app → Provisioning → Admin credentials: paste the new secret token, Test Connection, Save. Do it before the old key ends.',
    inRoster:
      'Make a new key beside the old one ("roster key create"), or another secret of the same client ("roster client add-secret"), and revoke the old one when Entra uses the new one.',
  },
  'key-ended': {
    title: 'A key has ended',
    explanation:
      'A key, or the secret of a client, has reached the end of its life. Every request with it is refused with 401, and Entra puts a job that meets a 401 into quarantine.',
    inEntra:
      'Entra admin center → Enterprise apps → your app → Provisioning → Admin credentials: paste the new secret token, Test Connection, Save, then Restart provisioning.',
    inRoster:
      'Make a new key with "roster key create", or another secret with "roster client add-secret". What has ended cannot be brought back.',
  },
};

export const isAlert = (kind: string): kind is AlertClass => ALERT_CLASSES.some((each) => each === kind);
