const e=[`base`,`copied`,`frontend`,`runs`];function t({name:e,operator:t,version:n}){return`${e}${t}${n}`}export{e as n,t};
