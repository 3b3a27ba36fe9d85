import { existsSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { installDebianPackages } from './debian-packages.ts';
import { runTool } from './run-tool.ts';

/** Markdown as one forge shows it, before that takes elements away that it does not trust. */
export interface MarkdownRenderer {
  readonly name: string;
  /** HTML of each, in their order. */
  render(texts: readonly string[]): readonly string[];
}

/** What GitHub, GitLab, and Gitea with Forgejo render texts of ours with, as far as each can be had. */
export async function markdownRenderers(): Promise<readonly MarkdownRenderer[]> {
  installDebianPackages(['cmark-gfm', 'golang-go', 'golang-github-yuin-goldmark-dev']);
  const folder = path.join(tmpdir(), 'plimsoll-lab-cache/markdown');
  mkdirSync(folder, { recursive: true });
  return [cmark(), await comrak(folder), goldmark(folder)];
}

function cmark(): MarkdownRenderer {
  const extensions = ['table', 'strikethrough', 'autolink', 'tasklist', 'footnotes'].flatMap((name) => ['-e', name]);
  const options = ['--unsafe', '--hardbreaks', '--github-pre-lang', ...extensions];
  return {
    name: 'GitHub, and GitLab before 17 (cmark-gfm)',
    render: (texts) => texts.map((input) => runTool('cmark-gfm', options, { input })),
  };
}

/** Source of the options: gitlab-org/ruby/gems/gitlab-glfm-markdown, and what GitLab hands to it. */
async function comrak(folder: string): Promise<MarkdownRenderer> {
  const own = path.join(folder, 'node_modules/comrak');
  if (!existsSync(own)) {
    const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-save'];
    runTool('npm', ['--prefix', folder, 'install', ...quiet, 'comrak@0.48.0-rc.0'], { seconds: 300 });
  }
  const { markdownToHTML } = await import(pathToFileURL(path.join(own, 'esm/index.js')).href);
  const named = (...names: readonly string[]) => Object.fromEntries(names.map((name) => [name, true]));
  const options = {
    extension: {
      ...named('autolink', 'footnotes', 'table', 'tasklist', 'strikethrough', 'descriptionLists'),
      ...named('multilineBlockQuotes', 'mathDollars', 'mathCode', 'alerts', 'shortcodes', 'wikilinksTitleAfterPipe'),
    },
    parse: named('relaxedAutolinks', 'relaxedTasklistMatching'),
    render: named('unsafe', 'githubPreLang', 'hardbreaks'),
  };
  return { name: 'GitLab (comrak)', render: (texts) => texts.map((text) => markdownToHTML(text, options)) };
}

function goldmark(folder: string): MarkdownRenderer {
  const program = path.join(folder, 'goldmark');
  const source = path.join(import.meta.dirname, 'goldmark.go');
  const env = { GO111MODULE: 'off', GOPATH: '/usr/share/gocode', GOCACHE: path.join(folder, 'go'), GOFLAGS: '' };
  runTool('go', ['build', '-o', program, source], { env, seconds: 300 });
  return {
    name: 'Gitea and Forgejo (goldmark)',
    render: (texts) => JSON.parse(runTool(program, [], { input: JSON.stringify(texts) })) as string[],
  };
}
