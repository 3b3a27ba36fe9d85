import { escapeHtml } from '../../../../src/report/safe/escape-html.ts';
import { runTool } from '../run-tool.ts';

const style = `body{margin:0;padding:16px;background:#fff;color:#1f2328;font:14px/1.5 "DejaVu Sans",sans-serif}main{max-width:900px;overflow-wrap:break-word}
h1{font-size:24px;font-weight:normal}h2,h3{border-bottom:1px solid #d1d9e0;padding-bottom:.3em}h3{font-size:1.25em;border:0}
code,pre{background:#f6f8fa;border-radius:6px;font:85% "DejaVu Sans Mono",monospace}code{padding:.2em .4em}pre{padding:16px;overflow:auto}pre code{padding:0;font-size:100%}
table{display:block;width:max-content;max-width:100%;overflow:auto;border-collapse:collapse}th,td{padding:6px 13px;border:1px solid #d1d9e0;text-align:left}
a{color:#0969da}blockquote{margin:0;padding:0 1em;border-left:4px solid #d1d9e0;color:#59636e}.add{color:#116329;background:#dafbe1}.cut{color:#82071e;background:#ffebe9}details{margin:8px 0}`;

/** A pull request as GitHub shows it; needs cmark-gfm. */
export function forgePage(title: string, body: string): string {
  const extensions = ['table', 'strikethrough', 'autolink', 'tasklist'].flatMap((name) => ['-e', name]);
  const html = runTool('cmark-gfm', ['--unsafe', '--hardbreaks', '--github-pre-lang', ...extensions], { input: body });
  const painted = html.replace(/(<pre lang="diff"><code>)([\s\S]*?)(<\/code>)/g, (_, start, diff: string, end) => {
    const lines = diff
      .split('\n')
      .map((line) =>
        line.startsWith('+')
          ? `<span class="add">${line}</span>`
          : line.startsWith('-')
            ? `<span class="cut">${line}</span>`
            : line,
      );
    return `${start}${lines.join('\n')}${end}`;
  });
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>pull request</title><style>${style}</style><main><h1>${escapeHtml(title)}</h1>${painted}</main></html>`;
}
