import{t as e}from"./finding.js";import{t}from"./advisory-links.js";import{t as n}from"./class-words.js";import{t as r}from"./escape-html.js";import{a as i,r as a}from"./story-text.js";import{t as o}from"./visible.js";import{s}from"./message2.js";import{n as c}from"./quantity.js";import{t as l}from"./stories.js";import{t as u}from"./summary.js";function d(e){let t=f(e);if(t.length===0)return``;let n=t.slice(0,25),i=Math.max(1,...n.map(({fixes:e,others:t})=>e+t)),s=e=>Math.round(e/i*420),c=n.map(({subject:e,fixes:t,others:n,isBroken:i},c)=>{let l=c*22,u=o(a(e)),d=u.length>33?`${u.slice(0,32)}…`:u,f=i?`the next build fails`:`${t+n}${t>0?`, ${t} security`:``}`;return`<g><title>${r(`${u}: ${f}`)}</title><text x="252" y="${l+15}" text-anchor="end">${r(d)}</text><rect class="bad" x="260" y="${l+4}" width="${i?420:s(t)}" height="14" rx="2"/><rect class="news" x="${260+s(t)}" y="${l+4}" width="${i?0:s(n)}" height="14" rx="2"/><text class="dim" x="${260+(i?420:s(t)+s(n))+8}" y="${l+15}">${r(f)}</text></g>`}),l=n.length*22+4,u=t.length>25?`<p class="dim">… and ${t.length-25} more images</p>`:``;return`<section><h2>How far behind</h2><p class="dim">Packages that an update would change, security fixes first.</p><div class="plot"><svg viewBox="0 0 830 ${l}" width="830" height="${l}" role="img" aria-label="Packages behind, by image">${c.join(``)}</svg></div>${u}</section>`}function f(e){return[...Map.groupBy(e.filter(({class:e,packages:t})=>e===`pin-broken`||t.length>0),({subject:e})=>e)].map(([e,t])=>{let n=new Map(t.flatMap(e=>e.packages.map(e=>[e.name,e]))),r=[...n.values()].filter(({security:e})=>e===!0).length;return{subject:e,fixes:r,others:n.size-r,isBroken:t.some(({class:e})=>e===`pin-broken`)}}).sort((e,t)=>Number(t.isBroken)-Number(e.isBroken)||t.fixes-e.fixes||t.others-e.others||(e.subject<t.subject?-1:1))}const p=/* @__PURE__ */ new Set([`rebuild`,`no-op`,`unpinned`]),m=2e3;function h(e){let{looked:t,verdict:n,hints:r,cost:i}=u(e),a=l(e.findings,({since:e})=>({since:e})),o=a.filter(({class:e})=>!p.has(e)),c=a.filter(({class:e})=>p.has(e)),f=e.startedAt.slice(0,16).replace(`T`,` `);return`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="color-scheme" content="light dark">
<title>Plimsoll: ${D(n)}</title>
<style>
:root{--ground:#fff;--card:#f6f8fa;--line:#d8dee4;--ink:#1c2128;--dim:#57606a;--link:#0550ae;--bad:#b42318;--warn:#8a5a00;--news:#2f6feb;--calm:#6e7781}
@media (prefers-color-scheme:dark){:root{--ground:#14171c;--card:#1d2229;--line:#353c46;--ink:#e8ebef;--dim:#a0a9b4;--link:#7db4ff;--bad:#ff7b70;--warn:#e3b341;--news:#6ea8fe;--calm:#8b949e}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;overflow-wrap:break-word}
main{max-width:920px;margin:0 auto;padding:24px 20px 60px}
h1{font-size:1.6rem;line-height:1.25;margin:.2em 0}
h2{font-size:1.15rem;margin:2em 0 .6em}
h3{font-size:1rem;margin:0 0 .3em;overflow-wrap:anywhere}
p{margin:.4em 0}
a{color:var(--link)}
code,pre,td{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:.86em}
pre{background:var(--ground);border:1px solid var(--line);border-radius:6px;padding:8px 10px;overflow-x:auto;white-space:pre-wrap}
article{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:14px 16px;margin:10px 0}
table{border-collapse:collapse;margin:.5em 0;display:block;overflow-x:auto}
td{padding:2px 18px 2px 0;vertical-align:top}
summary{cursor:pointer;color:var(--link)}
.lead{font-size:1.08rem}
.brand{font-weight:600;letter-spacing:.02em}
.dim{color:var(--dim);font-weight:400}
.note{color:var(--dim);font-size:.92em;border-left:3px solid var(--line);padding-left:10px}
.bad{color:var(--bad)}
.tiles{list-style:none;display:flex;flex-wrap:wrap;gap:8px;padding:0;margin:18px 0}
.tiles li{border:1px solid currentColor;border-radius:999px;padding:3px 12px;font-size:.92em}
.tiles .warn{color:var(--warn)}.tiles .news{color:var(--news)}.tiles .calm{color:var(--calm)}
.mark{display:inline-block;width:10px;height:10px;border-radius:3px;margin-right:8px;background:var(--calm)}
.mark.bad{background:var(--bad)}.mark.warn{background:var(--warn)}.mark.news{background:var(--news)}
.plot{overflow-x:auto}
svg{font:13px system-ui,sans-serif;max-width:100%;height:auto;min-width:560px}
svg text{fill:var(--ink)}svg text.dim{fill:var(--dim)}svg .bad{fill:var(--bad)}svg .news{fill:var(--news)}
footer{color:var(--dim);font-size:.9em;border-top:1px solid var(--line);margin-top:3em;padding-top:1em}
@media print{article{break-inside:avoid}}
</style>
</head>
<body>
<main>
<header>
<p class="brand">Plimsoll <span class="dim">${D(f)} UTC</span></p>
<h1>${D(O(n))}</h1>
${o.length===0?``:`<p class="lead">${D(O(s(o)))}.</p>`}
<p class="dim">${D(O(t))}.</p>
</header>
${g(a)}
${d(o)}
${_(o.slice(0,m))}
${o.length>m?`<p class="dim">… and ${(o.length-m).toLocaleString(`en-US`)} more, in the JSON report.</p>`:``}
${w(c)}
${T(e)}
<footer>
${r.map(e=>`<p>${D(O(e))}.</p>`).join(`
`)}
<p>Cost: ${D(i)}.</p>
</footer>
</main>
</body>
</html>
`}function g(t){let n=e.map(e=>({kind:e,number:t.filter(t=>t.class===e).length})).filter(({number:e})=>e>0);return n.length===0?``:`<ul class="tiles">${n.map(({kind:e,number:t})=>`<li class="${E(e)}"><b>${t.toLocaleString(`en-US`)}</b> ${D(e)}</li>`).join(``)}</ul>`}function _(t){return e.map(e=>t.filter(t=>t.class===e)).filter(({length:e})=>e>0).map(e=>{let[{class:t}]=e;return`<section><h2><span class="mark ${E(t)}"></span>${D(n[t].section)} <span class="dim">${e.length}</span></h2>\n${e.map(v).join(`
`)}</section>`}).join(`
`)}function v(e){let{subject:t,from:n,to:r,reason:o,places:s,packages:c,config:l,upgradeLine:u,notes:d,proposals:f,since:p}=e,m=r===void 0?``:` <code>${n===void 0?``:`${D(n)} `}→ ${D(r)}</code>`,h=f.flatMap(e=>i(e)??[]).map(e=>`<a href="${e}">pull request</a>`),g=p===void 0?[]:[`since ${D(p.slice(0,10))}`];return`<article>
<h3>${D(a(t))}${m}</h3>
<p>${D(o)}</p>
${u===void 0?``:`<pre>${D(u)}</pre>`}${b(c)}${C(l)}
<p class="dim">${[y(s),...g,...h].filter(e=>e!==``).join(` · `)}</p>
${d.map(e=>`<p class="note">${D(e)}</p>`).join(``)}
</article>`}function y(e){let t=e.slice(0,30).map(({repository:e,file:t,line:n,url:r})=>{let a=`${e===void 0?``:`${e.replace(/\/$/,``)}/`}${t}:${n}`,o=r===void 0?void 0:i(r);return o===void 0?`<code>${D(a)}</code>`:`<a href="${o}"><code>${D(a)}</code></a>`}),n=e.length-t.length;return`${t.join(`, `)}${n>0?` and ${c(n,`more place`)}`:``}`}function b(e){if(e.length===0)return``;let t=e.filter(({security:e})=>e===!0),n=e.filter(({security:e})=>e!==!0),r=e=>e.length===0?``:`<table><tbody>${e.slice(0,500).map(x).join(``)}</tbody></table>${e.length>500?`<p class="dim">… and ${(e.length-500).toLocaleString(`en-US`)} more</p>`:``}`;return n.length<=5?r([...t,...n]):`${r(t)}<details><summary>${c(n.length,t.length>0?`other package`:`package`)}</summary>${r(n)}</details>`}function x({name:e,architecture:t,kind:n,before:r,after:i,security:a,severity:o,advisories:s}){let c=t===void 0?e:`${e}:${t}`,l=r!==void 0&&i!==void 0?`${D(r)} → ${D(i)}`:`${D(n)} ${D(i??r??``)}`,u=a===!0?`<b class="bad">${D(o??`security`)}</b> ${s.map(S).join(`, `)}`:``;return`<tr><td>${D(c)}</td><td>${l}</td><td>${u}</td></tr>`}function S(e){let n=t(e);return n===void 0?D(e):`<a href="${r(n)}">${D(e)}</a>`}function C(e){if(e.length===0)return``;let t=e=>e===null?`<span class="dim">(not set)</span>`:D(e);return`<table><tbody>${e.map(({key:e,before:n,after:r})=>`<tr><td>${D(e)}</td><td>${t(n)} → ${t(r)}</td></tr>`).join(``)}</tbody></table>`}function w(e){if(e.length===0)return``;let t=e.map(e=>`<li><b>${D(e.class)}</b> ${D(a(e.subject))} <span class="dim">${y(e.places)}</span></li>`);return`<section><details><summary>${e.length.toLocaleString(`en-US`)} more that ask for nothing</summary><ul>${t.join(``)}</ul></details></section>`}function T({problems:e}){if(e.length===0)return``;let t=e.map(({subject:e,message:t})=>`<li>${e===void 0?``:`<code>${D(e)}</code>: `}${D(t)}</li>`);return`<section><h2>Problems <span class="dim">${e.length}</span></h2><ul>${t.join(``)}</ul></section>`}function E(e){return e===`pin-broken`||e===`security`?`bad`:e===`lagging`||e===`end-of-life`||e===`unknown`?`warn`:p.has(e)?`calm`:`news`}function D(e){return r(o(e))}function O(e){return e.charAt(0).toUpperCase()+e.slice(1)}export{h as t};
