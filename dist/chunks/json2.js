const e=/[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;function t(e){return[...n(e)].join(``)}function*n(e){if(typeof e!=`object`||!e||Array.isArray(e)){yield`${r(e)}\n`;return}let t=Object.entries(e).filter(([,e])=>e!==void 0);if(t.length===0)return yield`{}
`;yield`{`;for(let[e,[n,a]]of t.entries())if(yield`${e===0?``:`,`}\n  ${r(n)}: `,!Array.isArray(a)||a.length===0)yield i(r(a),`  `);else{for(let[e,t]of a.entries())yield`${e===0?`[`:`,`}\n    ${i(r(t),`    `)}`;yield`
  ]`}yield`
}
`}function r(t){return(JSON.stringify(t,null,2)??`null`).replace(/##(?=(?:vso|teamcity)?\[)/gi,`#\\u0023`).replace(e,e=>`\\u${e.charCodeAt(0).toString(16).padStart(4,`0`)}`)}function i(e,t){return e.replaceAll(`
`,`\n${t}`)}export{t as n,n as t};
