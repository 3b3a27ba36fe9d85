import{a as e,d as t}from"./core.js";function n(e,t){return{bash:a,zsh:s,fish:d}[t](e)}function r(e,t=``){let n=e.commands.flatMap(e=>r(e,t===``?e.name:`${t} ${e.name}`));return[{path:t,command:e},...n]}function i(e){return`'${e.replaceAll(`'`,`'\\''`)}'`}function a(e){let t=r(e),n=t.filter(({path:e})=>e!==``).map(({path:e})=>i(e.includes(` `)?e:` ${e}`)),a=t.flatMap(({path:e,command:t})=>t.options.flatMap(({flags:t,value:n})=>n===void 0?[]:t.map(t=>({place:i(`${e}:${t}`),offer:o(n)})))),s=[...Map.groupBy(a,({offer:e})=>e)].map(([e,t])=>`    ${t.map(({place:e})=>e).join(`|`)}) ${e} return ;;`),c=t.map(({path:e,command:t})=>{let n=t.options.flatMap(e=>e.flags).join(` `),r=t.commands.length>0?t.commands.map(({name:e})=>e):t.words;return`    ${i(e)}) if [[ $cur == -* ]]; then ${o(n.split(` `))} else ${o(r)} fi ;;`}),{name:l}=e;return`# bash completion for ${l}: source <(${l} completion bash)
_${l}() {
  local cur=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} path= i
  COMPREPLY=()
  # --format=json is three words to readline.
  if [[ $cur == = ]]; then cur=; elif [[ $before == = ]]; then before=\${COMP_WORDS[COMP_CWORD-2]}; fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$path \${COMP_WORDS[i]}" in
      ${n.join(`|`)}) path=\${path:+$path }\${COMP_WORDS[i]} ;;
    esac
  done
  case "$path:$before" in
${s.join(`
`)}
  esac
  case "$path" in
${c.join(`
`)}
  esac
}
_${l}_words() { compopt +o default 2>/dev/null; COMPREPLY=($(compgen -W "$1" -- "$2")); }
complete -o default -F _${l} ${l}
`}function o(e){return e===`file`?`:;`:e===`folder`?`compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -d -- "$cur"));`:`_plimsoll_words ${i(e===`nothing`?``:e.join(` `))} "$cur";`}function s(e){let{name:t}=e;return`#compdef ${t}
# zsh completion for ${t}: a file _${t} in a folder of $fpath, or source <(${t} completion zsh) behind compinit
${r(e).map(({path:e,command:n})=>l(c(t,e),n)).join(`
`)}
if [[ $funcstack[1] == _${t} ]]; then _${t} "$@"; else compdef _${t} ${t}; fi
`}function c(e,t){return`_${[e,...t.split(` `)].filter(e=>e!==``).join(`_`)}`}function l(e,{options:t,commands:n,words:r}){let a=e=>e.replaceAll(/[[\]\\]/g,`\\$&`),o=t.flatMap(({flags:e,description:t,value:n})=>{let r=n===void 0?``:`:value:${u(n)}`;return e.map(e=>i(`${e}${n!==void 0&&e.startsWith(`--`)?`=`:``}[${a(t)}]${r}`))});if(n.length===0){let t=r===`nothing`?[]:[i(`*:word:${u(r)}`)];return`${e}() {\n  _arguments ${[...o,...t].join(` \\
    `)}\n}`}let s=n.map(e=>i(`${e.name}:${e.description.replaceAll(`:`,`\\:`)}`)),c=n.map(t=>`      ${t.name}) ${e}_${t.name} ;;`);return`${e}() {
  local state
  local -a commands=(
    ${s.join(`
    `)}
  )
  _arguments -C ${[...o,`'1:command:->command'`,`'*::word:->word'`].join(` \\
    `)}
  case $state in
    command) _describe command commands ;;
    word) case $words[1] in
${c.join(`
`)}
    esac ;;
  esac
}`}function u(e){return e===`file`?`_files`:e===`folder`?`_files -/`:e===`nothing`?` `:`(${e.join(` `)})`}function d(e){let{name:t}=e;return`# fish completion for ${t}: ${t} completion fish > ~/.config/fish/completions/${t}.fish
complete -c ${t} -f
${r(e).flatMap(({path:e,command:n})=>{let r=e.split(` `).filter(e=>e!==``).map(e=>`__fish_seen_subcommand_from ${e}`),a=n.commands.map(e=>e.name),o=a.length===0?[]:[`not __fish_seen_subcommand_from ${a.join(` `)}`],s=`complete -c ${t} -n ${i([...r,...o].join(`; and `))}`;return[...n.commands.map(e=>`${s} -f -a ${e.name} -d ${i(e.description)}`),...n.options.map(({flags:e,description:t,value:n})=>{let r=e.map(e=>e.startsWith(`--`)?`-l ${e.slice(2)}`:`-s ${e.slice(1)}`);return`${s} ${r.join(` `)}${n===void 0?``:` ${f(n)}`} -d ${i(t)}`}),...n.words===`nothing`?[]:[`${s} ${f(n.words).replace(`-x`,`-f`).replace(`-r`,``)}`.trimEnd()]]}).join(`
`)}
`}function f(e){return e===`file`?`-r -F`:e===`folder`?`-x -a '(__fish_complete_directories)'`:e===`nothing`?`-x`:`-x -a ${i(e.join(` `))}`}async function p(r,i){return await e({}).result(n(m(r),i),`document`),t.done}function m(e){let t=e.createHelp(),n=e.registeredArguments.map(t=>t.name()===`command`?(e.parent?.commands??[]).map(e=>e.name()):h(t.name(),t.argChoices));return{name:e.name(),description:e.description(),commands:t.visibleCommands(e).map(m),options:t.visibleOptions(e).map(e=>({flags:[e.long,e.short].filter(e=>e!=null),description:e.description,...(e.required||e.optional)&&{value:h(e.flags,e.argChoices)}})),words:n.find(e=>e!==`nothing`)??`nothing`}}function h(e,t){return t===void 0?/\b(?:dir|folder)\b/.test(e.replace(/^--[\w-]+/,``))?`folder`:/\b(?:file|path)\b/.test(e.replace(/^--[\w-]+/,``))?`file`:`nothing`:t}export{p as completion};
