import type { Letter, Section, ShownExample } from './parts.js';

const INK = '#1f2328';
const QUIET = '#59636e';
const LINE = '#d8dee4';
const MOODS = { bad: ['#b3261e', '#fdecea'], good: ['#1a7f37', '#e6f4ea'], neutral: ['#0b57d0', '#e8f0fe'] } as const;
const FONT = "font-family:-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif";

/** A letter as a page that is read on a telephone as well as at a desk: one column, no image, nothing from elsewhere. */
export function asHtml({ subject, badge, mood, opening, sections, closing, why, links }: Letter): string {
  const [ink, paper] = MOODS[mood];
  const pill = `<span style="display:inline-block;padding:3px 10px;border-radius:12px;background:${paper};color:${ink};font-size:13px;font-weight:600">${escaped(badge)}</span>`;
  const heading = `<h1 style="margin:12px 0 0;font-size:20px;line-height:1.35;font-weight:600;color:${INK}">${escaped(opening)}</h1>`;
  const end = closing.map((words) => paragraph(words, `color:${QUIET};font-size:14px`)).join('');
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width,initial-scale=1">',
    '<meta name="color-scheme" content="light"><title>',
    escaped(subject),
    `</title></head><body style="margin:0;padding:0;background:#f6f8fa;color:${INK};${FONT}">`,
    `<div style="max-width:600px;margin:0 auto;padding:16px 12px">`,
    `<div style="background:#ffffff;border:1px solid ${LINE};border-top:4px solid ${ink};border-radius:8px;padding:20px">`,
    pill,
    heading,
    ...sections.map(sectionAsHtml),
    `<div style="margin-top:20px;border-top:1px solid ${LINE};padding-top:4px">${end}</div>`,
    '</div>',
    footer(why, links.stop),
    '</div></body></html>\n',
  ].join('');
}

function sectionAsHtml({ title, facts, explanation, steps, examples }: Section): string {
  const rows = facts
    .map(
      ([name, value]) =>
        `<tr><td style="padding:2px 12px 2px 0;color:${QUIET};vertical-align:top;white-space:nowrap">${escaped(name)}</td><td style="padding:2px 0;overflow-wrap:anywhere">${escaped(value)}</td></tr>`,
    )
    .join('');
  return [
    `<h2 style="margin:24px 0 8px;font-size:17px;line-height:1.35;overflow-wrap:anywhere">${escaped(title)}</h2>`,
    rows === ''
      ? ''
      : `<table role="presentation" style="border-collapse:collapse;font-size:15px;line-height:1.45">${rows}</table>`,
    explanation === null ? '' : paragraph(explanation, 'font-size:15px'),
    ...steps.map(
      ([where, what]) =>
        `<div style="margin:10px 0;padding:10px 12px;background:#f6f8fa;border-left:3px solid ${LINE};font-size:15px;line-height:1.5;overflow-wrap:anywhere"><strong>${escaped(where)}</strong><br>${escaped(what)}</div>`,
    ),
    examples.length === 0
      ? ''
      : `<p style="margin:12px 0 4px;font-size:14px;color:${QUIET}">For example</p><ul style="margin:0;padding-left:18px;font-size:14px;line-height:1.5;overflow-wrap:anywhere">${examples.map(exampleAsHtml).join('')}</ul>`,
  ].join('');
}

function exampleAsHtml({ whom, answer, more }: ShownExample): string {
  const way = `<span style="color:${QUIET};font-size:13px">${escaped(more)}</span>`;
  return `<li style="margin:0 0 8px"><strong>${escaped(whom)}</strong><br>${escaped(answer)}<br>${way}</li>`;
}

function footer(why: string, stop: string | null): string {
  const link = stop === null ? '' : ` <a href="${escaped(stop)}" style="color:${QUIET}">No more of these mails</a>`;
  return `<p style="margin:14px 4px;font-size:13px;line-height:1.5;color:${QUIET}">${escaped(why)}${link}</p>`;
}

const paragraph = (words: string, style: string) =>
  `<p style="margin:10px 0;line-height:1.5;overflow-wrap:anywhere;${style}">${escaped(words)}</p>`;

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Nothing that comes from outside is ever HTML. */
export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
