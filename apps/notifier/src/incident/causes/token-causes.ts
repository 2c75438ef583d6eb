import type { Cause } from '#libs/contracts';
import type { TokenClass } from '../token-class.js';

const CREDENTIALS = 'Entra admin center → Enterprise apps → your app → Provisioning → Admin credentials';
const THEN = 'press Test Connection, Save, then Restart provisioning.';
const STOPS = 'Without a token Entra can do nothing here, and puts the job into quarantine.';

export const TOKEN_CAUSES: Record<TokenClass, Cause> = {
  'client-unknown': {
    title: 'Entra cannot get a token: there is no such client',
    explanation: `The client identifier is none of ours, or an assertion came from an issuer and subject that no client here is registered with. ${STOPS}`,
    inEntra: `${CREDENTIALS}: compare Client Identifier and Token Endpoint with those here, correct them, ${THEN}`,
    inRoster:
      '"roster client list --directory …" shows the clients, with issuer and subject where they show assertions. Make one with "roster client create".',
  },
  'client-revoked': {
    title: 'Entra cannot get a token: the client was revoked',
    explanation: `Somebody ended this OAuth client here, and with it all of its tokens. ${STOPS}`,
    inEntra: `${CREDENTIALS}: enter Client Identifier and Client Secret of a client that lives, ${THEN}`,
    inRoster: 'A revoked client cannot come back: make a new one with "roster client create --directory …".',
  },
  'client-secret-ended': {
    title: 'Entra cannot get a token: the client secret has ended',
    explanation: `The client secret is genuine, but has expired or was revoked. ${STOPS}`,
    inEntra: `${CREDENTIALS}: paste the new secret into Client Secret, ${THEN}`,
    inRoster:
      'Make a new secret for the same client with "roster client add-secret ID"; it is shown once. A secret that has ended cannot be brought back.',
  },
  'client-secret-wrong': {
    title: 'Entra cannot get a token: the client secret is wrong',
    explanation: `The client identifier is right, the secret is none of this client's: cut when it was copied, or of another client. ${STOPS}`,
    inEntra: `${CREDENTIALS}: paste the whole secret into Client Secret, ${THEN}`,
    inRoster:
      'If the secret is lost, make a new one with "roster client add-secret ID". If nobody of yours asks, "roster log show" has the address that does; it was given nothing.',
  },
  'assertion-outdated': {
    title: 'Entra cannot get a token: the assertion is out of date',
    explanation: `The assertion had expired when it came, does not hold yet, or lives for longer than a day: it was kept too long, or a clock is wrong. ${STOPS}`,
    inEntra: `${CREDENTIALS}: ${THEN} Entra makes an assertion for each request; one of your own workload must do so too.`,
    inRoster: 'Compare the clocks of the gateways with the true time: a minute of difference is allowed for.',
  },
  'assertion-mismatch': {
    title: 'Entra cannot get a token: another audience or subject',
    explanation: `The assertion is signed by the right issuer, but made for another audience, or about another subject, than this client is registered with. ${STOPS}`,
    inEntra: `${CREDENTIALS}: see the issuer, subject and audience that it shows for the federated credential, and compare them with those here.`,
    inRoster:
      '"roster client list" shows what is registered. Make a client with the issuer, subject and audience that Entra shows ("roster client create --issuer … --subject … --audience …").',
  },
  'assertion-repeated': {
    title: 'Entra cannot get a token: the assertion came twice',
    explanation:
      'An assertion is taken once, and this one was used before: the client sends the same again, or somebody else has got hold of it.',
    inEntra:
      'Nothing to do in Entra: it makes a new assertion for each request. A workload of your own must do so too.',
    inRoster:
      'See with "roster log show" from which address it came. If that is none of yours, revoke the client and register another subject.',
  },
  'assertion-refused': {
    title: 'Entra cannot get a token: the assertion is not taken',
    explanation: `The assertion is no signed token, or its signature is not that of a key which its issuer publishes. ${STOPS}`,
    inEntra: `${CREDENTIALS}: see that the issuer it shows is the one that the client is registered with here, then press Test Connection.`,
    inRoster:
      'See that the key service can reach the issuer (/.well-known/openid-configuration, or the address given with --jwks-uri); its log says when it cannot.',
  },
  'token-request': {
    title: 'Entra cannot get a token: the request is wrong',
    explanation: `The request for a token asks for what this client may not have, or is not what OAuth 2.0 has for it; the answer says which. ${STOPS}`,
    inEntra: `${CREDENTIALS}: choose OAuth2 client credentials, with Token Endpoint, Client Identifier and Client Secret filled in.`,
    inRoster:
      'Read the answer with "roster log show". Scopes beyond the client\'s need another client: "roster client create --scope …".',
  },
};
