import type { Cause } from '#libs/contracts';
import type { FailureClass } from '../failure-class.js';
import { TOKEN_CAUSES } from './token-causes.js';

const PROVISIONING = 'Entra admin center → Enterprise apps → your app → Provisioning';
const CREDENTIALS = `${PROVISIONING} → Admin credentials`;
const MAPPINGS = `${PROVISIONING} → Mappings → Provision Microsoft Entra ID Users`;
const LOGS = `${PROVISIONING} → Provisioning logs`;
const AGAIN = 'Nothing to do in Entra: it tries again by itself.';
const UNCHANGED = 'Nothing in the directory was changed by these requests.';

export const FAILURE_CAUSES: Record<FailureClass, Cause> = {
  ...TOKEN_CAUSES,
  'key-expired': {
    title: 'The key has expired',
    explanation:
      'The secret token belongs to a key whose life is over. Entra puts a job that meets a 401 into quarantine at once.',
    inEntra: `${CREDENTIALS}: paste the secret token of a new key, press Test Connection, Save, then Restart provisioning.`,
    inRoster: 'Make a new key with "roster key create --directory …"; its token is shown once.',
  },
  'key-revoked': {
    title: 'The key has been revoked',
    explanation:
      'The secret token belongs to a key that somebody ended here. Entra puts a job that meets a 401 into quarantine at once.',
    inEntra: `${CREDENTIALS}: paste the secret token of a live key, press Test Connection, Save, then Restart provisioning.`,
    inRoster:
      '"roster key list --directory …" shows which keys live. If the key was revoked by mistake, make a new one: a revoked key cannot come back.',
  },
  'key-unknown': {
    title: 'The secret token is not one of ours',
    explanation: 'Something came with a token that no key here has: cut when it was copied, or of another system.',
    inEntra: `${CREDENTIALS}: paste the whole secret token, press Test Connection and Save.`,
    inRoster: 'If the token is lost, make a new key with "roster key create"; tokens are shown once and not kept.',
  },
  'key-missing': {
    title: 'Requests come without a token',
    explanation:
      'Something asks without the header "Authorization: Bearer …": a scanner, or a client that is set up by half.',
    inEntra: `${CREDENTIALS}: see that Secret Token is filled in.`,
    inRoster: 'If it is no client of yours, nothing needs to be done: it was told nothing.',
  },
  'scope-missing': {
    title: 'The key may not do this',
    explanation: 'The key is known, but lacks the scope that the request needs, such as writing.',
    inEntra: `${CREDENTIALS}: paste the secret token of a key that may read and write.`,
    inRoster: 'Make a key with the scopes scim:read and scim:write ("roster key create").',
  },
  duplicate: {
    title: 'The name is taken',
    explanation:
      'Another user or group of this directory already has the same value in an attribute that must be unique. Names are compared without upper and lower case.',
    inEntra: `${LOGS}: open a failed entry and compare it with the user that has the name. Then, under Mappings, see which attribute is used for matching; it must find the user that is there already. Two people who share a value in Entra need different ones.`,
    inRoster:
      'Look at who has the name (filter=userName eq "…"). If it is a left-over of an earlier set-up, delete it; Entra makes its own at the next try.',
  },
  contradiction: {
    title: 'The change contradicts what is there',
    explanation:
      'The request refers to something that is not so in the directory, such as a reference that stands for nothing.',
    inEntra: `${LOGS}: open a failed entry and read its Troubleshooting and recommendations tab.`,
    inRoster: 'Read the answer with "roster log show" and compare it with what the directory holds.',
  },
  'invalid-value': {
    title: 'A value is missing or of the wrong kind',
    explanation: 'An attribute has no value though it needs one, or a value of another type than the attribute takes.',
    inEntra: `${MAPPINGS}: open the row of the attribute named here, and map it to a source of the right kind, or give it a default value for users who have none.`,
    inRoster: `${UNCHANGED} "roster schema show" says what attributes of the directory's own take.`,
  },
  'invalid-syntax': {
    title: 'The request could not be read',
    explanation: 'The body was no valid JSON, or lacked what every such request must have.',
    inEntra: `${MAPPINGS}: look for expressions that can give an empty or broken value.`,
    inRoster: `${UNCHANGED} If the mapping is right, report it with the request id.`,
  },
  'invalid-filter': {
    title: 'The search cannot be carried out',
    explanation: 'The source searched by an attribute or an operator by which nothing can be found here.',
    inEntra: `${MAPPINGS}: choose userName, externalId or an e-mail address under "Match objects using this attribute".`,
    inRoster: UNCHANGED,
  },
  'invalid-path': {
    title: 'The change is about an attribute that is not there',
    explanation:
      'The request names a path that this directory cannot resolve, usually an attribute mapped under a misspelt name.',
    inEntra: `${MAPPINGS}: correct or delete the row with this target attribute. Show advanced options → Edit attribute list shows how it is spelt.`,
    inRoster: `${UNCHANGED} An attribute of your own is declared with "roster schema add".`,
  },
  'no-target': {
    title: 'There is nothing to change',
    explanation: 'The request wanted to change one of several values, and none is there that it describes.',
    inEntra: `${PROVISIONING} → Provision on demand, for the user or group concerned: it brings both sides together again.`,
    inRoster: UNCHANGED,
  },
  'read-only': {
    title: 'The attribute cannot be changed',
    explanation: 'The request wanted to change what only Roster sets, or what is fixed once it has been made.',
    inEntra: `${MAPPINGS}: set "Apply this mapping" to "Only during object creation", or delete the row.`,
    inRoster: UNCHANGED,
  },
  'too-much-at-once': {
    title: 'The request wants too much at once',
    explanation: 'One change would compare or touch more values than one request may.',
    inEntra: `${MAPPINGS}: see whether a list with very many values is mapped.`,
    inRoster: 'The same change in several requests works. Nothing was changed.',
  },
  'not-there': {
    title: 'The user or group is not in this directory',
    explanation:
      'Something was to be changed that is not here: deleted here, or never made here. Entra still remembers its id.',
    inEntra: `${PROVISIONING} → Provision on demand for the one concerned. If there are many: Overview → Restart provisioning, which matches everybody again.`,
    inRoster:
      'See with "roster events tail" who deleted it, and check that the Tenant URL and the key are those of this directory.',
  },
  'changed-meanwhile': {
    title: 'Somebody else changed it meanwhile',
    explanation: 'The request insisted on a version of the user or group that is not the newest any more.',
    inEntra: AGAIN,
    inRoster: 'If it goes on, two sources write to this directory: "roster log" shows by their keys which.',
  },
  'too-large': {
    title: 'The request is too large',
    explanation: 'The body is longer than is taken in one piece: 1 MiB, or 8 MiB for /Bulk.',
    inEntra: `${MAPPINGS}: delete the row that sends something very large, such as a photo.`,
    inRoster: UNCHANGED,
  },
  'wrong-media-type': {
    title: 'The request is not JSON',
    explanation: 'The body was sent as another type than application/scim+json or application/json.',
    inEntra: 'Entra sends the right type. See what else uses this key.',
    inRoster: 'Correct the client; "roster log" shows its key.',
  },
  'not-supported': {
    title: 'The request means nothing here',
    explanation: 'The method does not exist at this address, or asks for something that a directory key cannot have.',
    inEntra: `${CREDENTIALS}: see that the Tenant URL ends in /v2, with nothing behind it.`,
    inRoster: UNCHANGED,
  },
  'too-often': {
    title: 'The source asks more often than it may',
    explanation: 'Requests are put off so that other directories are still served.',
    inEntra: AGAIN,
    inRoster: 'If it goes on, "roster log" shows which key asks so often.',
  },
  unavailable: {
    title: 'Roster cannot answer just now',
    explanation: 'The gateway is up, but what is behind it did not answer in time. The fault is on this side.',
    inEntra: AGAIN,
    inRoster: 'Look at /health/ready of each service, and at Kafka and PostgreSQL. The same request again is safe.',
  },
  'our-fault': {
    title: 'Roster failed to carry requests out',
    explanation:
      'Something happened that nobody foresaw. The fault is on this side, and in the log of the gateway with the request id.',
    inEntra: AGAIN,
    inRoster: 'Find the request id of an example in the logs of the services, and report what is there.',
  },
  refused: {
    title: 'Requests are refused',
    explanation: 'The answer to the examples below says why.',
    inEntra: `${LOGS}: open a failed entry and read its Troubleshooting and recommendations tab.`,
    inRoster: UNCHANGED,
  },
};
