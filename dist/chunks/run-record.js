function e(e,t){return e?.scopes===void 0||e.scopes.has(t)}function t(t,{scope:n,reference:r}){let i=t?.references;return e(t,n)?i===void 0||r!==void 0&&i.has(r):!1}export{t as n,e as t};
