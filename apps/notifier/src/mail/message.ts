import type { Mail } from './postman.js';

/** A mail in nodemailer's words. Answering machines are told that nobody reads their answers (RFC 3834). */
export function message(from: string, { messageId, references, date, to, subject, text, html, stop }: Mail) {
  const domain = domainOf(from);
  const named = (id: string) => `<${id}@${domain}>`;
  return {
    from,
    // As an object, so that nothing in the address can be read as a second one.
    to: { name: '', address: to },
    subject,
    text,
    html,
    messageId: named(messageId),
    inReplyTo: references.length === 0 ? undefined : named(references.at(-1) ?? ''),
    references: references.length === 0 ? undefined : references.map(named),
    date,
    headers: {
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'All',
      ...(stop !== null && { 'List-Unsubscribe': `<${stop}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' }),
    },
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

function domainOf(from: string): string {
  return /@([A-Za-z0-9.-]+)>?\s*$/.exec(from)?.[1] ?? 'localhost';
}
