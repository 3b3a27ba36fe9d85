import{c as e,t}from"./reference.js";function n(n){let{digest:r,...i}=n;return`${t(i)}${r===void 0?``:`@${e(r)}`}`}export{n as t};
