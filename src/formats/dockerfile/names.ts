// What is written in these may be about Dockerfiles: dockerfile.ts, dockerfile_parser.py, dockerfile.svg.
const others = new Set(
  `ts tsx mts cts js jsx mjs cjs py pyi rb go java kt kts scala rs php cs fs c h cc cpp hpp m swift sh bash zsh fish ps1 psm1
  bat cmd lua pl pm r jl ex exs erl hs clj dart groovy gradle vim el tcl sql proto graphql tf json jsonc json5 yaml yml toml
  ini cfg conf properties xml html htm css scss less svg png jpg jpeg gif webp ico pdf log csv rst adoc ipynb map snap diff
  patch lock zip gz tgz tar`.split(/\s+/),
);
const base = '(?:docker|container)file';
const whole = new RegExp(`^${base}(?:[._-].+)?$|.[._-]${base}$`, 'i');
const inside = new RegExp(`.[._-]${base}[._-]`, 'i');
const joined = /^(?:[Dd]ocker|[Cc]ontainer)file[A-Z0-9]/;

/**
 * Is a path a Dockerfile by its name: `Dockerfile` or `Containerfile` in any case, alone, with a suffix behind `.`, `-` or
 * `_`, or as the suffix of another name? `maybe`: templates, names that have it in their middle or joined to other words,
 * and those that programs about Dockerfiles have (but for `Dockerfile.go` and its like, which is for Go). Ignore files,
 * prose and editors' copies are none.
 * Source: docs.docker.com/build/concepts/dockerfile, "Filename"; containers-common's Containerfile(5).
 */
export function matchesName(path: string): 'yes' | 'maybe' | 'no' {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (/\.(?:dockerignore|containerignore|md|txt|orig|bak|swp)$|~$/i.test(name)) return 'no';
  const template = /\.(?:j2|tmpl|tpl|erb|in|template)$/.exec(name);
  const plain = template ? name.slice(0, template.index) : name;
  if (!whole.test(plain)) return inside.test(plain) || joined.test(plain) ? 'maybe' : 'no';
  const isOther = others.has(/\.([^.]+)$/.exec(plain)?.[1]?.toLowerCase() ?? '');
  const isOfProgram = isOther && !/^(?:Docker|Container)file[.-]/.test(plain);
  return template || isOfProgram ? 'maybe' : 'yes';
}
