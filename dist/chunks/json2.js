import{Wn as e,Wt as t}from"./core.js";const n=/[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;function r(e){return[...a(e)].join(``)}function i(n){return a({...n,...t(n.findings,e.report.rows.most)})}function*a(e){if(typeof e!=`object`||!e||Array.isArray(e)){yield`${o(e)}\n`;return}let t=Object.entries(e).filter(([,e])=>e!==void 0);if(t.length===0)return yield`{}
`;yield`{`;for(let[e,[n,r]]of t.entries())if(yield`${e===0?``:`,`}\n  ${o(n)}: `,!Array.isArray(r)||r.length===0)yield o(r,1);else{for(let[e,t]of r.entries())yield`${e===0?`[`:`,`}\n    ${o(t,2)}`;yield`
  ]`}yield`
}
`}function o(e,t=0){let[r,i]=s[t];return(JSON.stringify(c(e,t),null,2)?.slice(r.length,-i.length||void 0)??`null`).replace(/##(?=(?:vso|teamcity)?\[)/gi,`#\\u0023`).replace(n,e=>`\\u${e.charCodeAt(0).toString(16).padStart(4,`0`)}`)}const s=[[``,``],[`[
  `,`
]`],[`[
  [
    `,`
  ]
]`]];function c(e,t){return t===0?e:c([e],t-1)}export{r as n,i as r,a as t};
