import type { Mail } from './mail.channel.js';

/** A mail in nodemailer's words. Answering machines are told that nobody reads their answers (RFC 3834). */
export function message(from: string, { messageId, date, to, subject, text, html }: Mail) {
  return {
    from,
    // As an object, so that nothing in the address can be read as a second one.
    to: { name: '', address: to },
    subject,
    text,
    html,
    messageId: `<${messageId}@${domainOf(from)}>`,
    date,
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

function domainOf(from: string): string {
  return /@([A-Za-z0-9.-]+)>?\s*$/.exec(from)?.[1] ?? 'localhost';
}
