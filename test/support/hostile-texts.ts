import type { Finding } from '../../src/core/finding.ts';
import { aChange, aFinding } from './findings.ts';

/** Texts that would be something else than text somewhere, by what they try. */
export const hostileTexts: readonly (readonly [string, string])[] = [
  ['emphasis', '**bold** _it_ ~~gone~~'],
  ['a link', '[click](https://evil.example)'],
  ['an image', '![x](https://evil.example/pixel.png)'],
  ['a bare address', 'HTTPS://evil.example www.evil.example WWW.evil.example'],
  ['an angle address', '<https://evil.example>'],
  ['a mention', '@everyone @org/team a@b.example'],
  ['a mention by entity', '&#64;everyone &commat;everyone'],
  ['an issue', '#1 GH-1 owner/repo#1'],
  ['HTML', '<script>alert(1)</script><img src=x onerror=y><!--'],
  ['closing details', '</details></sub>'],
  ['pipes', 'a|b||c| --- |'],
  ['escaped pipes', 'a\\|b\\\\|c\\\\\\|d'],
  ['backticks', '` `` ``` ```` `'],
  ['a fence', '```\n# heading\n```'],
  ['a fence of tildes', '~~~\nx\n~~~'],
  ['a heading', '# heading'],
  ['an underline', '==='],
  ['a rule', '---'],
  ['a list', '- item'],
  ['a numbered list', '1. item'],
  ['a numbered list with a bracket', '12) item'],
  ['a quote', '> quote'],
  ['code by indent', '    code'],
  ['an indented list', ' \t- item'],
  ['new lines', 'a\n\n# heading\r\n- item'],
  ['other new lines', 'a\u2028# b\u2029c\u0085d\u000be\u000cf'],
  ['maths', '$\\frac{a}{b}$ $$x$$'],
  ['a footnote', '[^1]: x'],
  ['a backslash at the end', 'x\\'],
  ['colours', '\u001b[31mred\u001b]8;;https://evil.example\u0007x\u009b2J'],
  ['a turned line', '\u202egnp.exe\u2066'],
  ['hidden text', 'a\u200bb\u2060c\ufeffd\u{e0041}'],
  ['half a character', '\ud83d'],
  ['a workflow command', '::error::x'],
  ['a diff', '--- a\n+++ b\n@@ -1 +1 @@'],
  ['nothing', ''],
];

/** A finding that says this text everywhere it could come from outside. */
export function hostileFinding(text: string): Finding {
  const { reference: _, ...finding } = aFinding('config', {
    file: text,
    written: text,
    reason: text,
    notes: [text, text],
    held: { reason: 'young', detail: text },
    proposed: text,
    edits: [{ file: text, line: 1, before: text, after: text }],
    packages: [aChange(1, { name: text, before: text, after: text, architecture: text, platforms: [text] })],
    config: [{ key: text, before: text, after: text }],
    labels: [{ key: text, before: text, after: text }],
  });
  return finding;
}
