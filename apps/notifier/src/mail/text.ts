import type { Letter, Section } from './parts.js';

const WIDTH = 78;

/** A letter for mail programs, and people, that want plain text. */
export function asText({ opening, sections, closing, why, links }: Letter): string {
  const end = [...closing.flatMap((words) => wrapped(words, '')), '', ...footer(why, links.stop)];
  return [
    ...wrapped(opening, ''),
    '',
    ...sections.flatMap((section) => [...sectionAsText(section), '']),
    ...end,
    '',
  ].join('\n');
}

function sectionAsText({ title, facts, explanation, steps, examples }: Section): string[] {
  return [
    ...wrapped(title, ''),
    '-'.repeat(Math.min(title.length, WIDTH)),
    ...facts.flatMap(([name, value]) => wrapped(`${name}: ${value}`, '  ')),
    ...(explanation === null ? [] : ['', ...wrapped(explanation, '  ')]),
    ...steps.flatMap(([where, what]) => ['', ...wrapped(`${where}: ${what}`, '  ')]),
    ...(examples.length === 0
      ? []
      : [
          '',
          '  For example:',
          ...examples.flatMap(({ whom, answer, more }) => [
            ...wrapped(`${whom}: ${answer}`, '    ', '  - '),
            `    ${more}`,
          ]),
        ]),
  ];
}

function footer(why: string, stop: string | null): string[] {
  return ['-- ', ...wrapped(why, ''), ...(stop === null ? [] : [`No more of these mails: ${stop}`])];
}

/** Lines of a width that every mail program shows whole. */
function wrapped(text: string, indent: string, first = indent): string[] {
  const lines: string[] = [];
  let current = first;
  for (const word of text.split(' ')) {
    const isEmpty = current === first || current === indent;
    const longer = isEmpty ? current + word : `${current} ${word}`;
    if (longer.length <= WIDTH || isEmpty) current = longer;
    else {
      lines.push(current);
      current = indent + word;
    }
  }
  return [...lines, current];
}
