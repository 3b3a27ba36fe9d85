const e=/[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;function t(e){return[...n(e)].join(``)}function*n(e){if(typeof e!=`object`||!e||Array.isArray(e)){yield`${r(e)}\n`;return}let t=Object.entries(e).filter(([,e])=>e!==void 0);if(t.length===0)return yield`{}
`;yield`{`;for(let[e,[n,i]]of t.entries())if(yield`${e===0?``:`,`}\n  ${r(n)}: `,!Array.isArray(i)||i.length===0)yield r(i,1);else{for(let[e,t]of i.entries())yield`${e===0?`[`:`,`}\n    ${r(t,2)}`;yield`
  ]`}yield`
}
`}function r(t,n=0){let[r,o]=i[n];return(JSON.stringify(a(t,n),null,2)?.slice(r.length,-o.length||void 0)??`null`).replace(/##(?=(?:vso|teamcity)?\[)/gi,`#\\u0023`).replace(e,e=>`\\u${e.charCodeAt(0).toString(16).padStart(4,`0`)}`)}const i=[[``,``],[`[
  `,`
]`],[`[
  [
    `,`
  ]
]`]];function a(e,t){return t===0?e:a([e],t-1)}export{t as n,n as t};
