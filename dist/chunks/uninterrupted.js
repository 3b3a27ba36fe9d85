const e=/* @__PURE__ */ new Set;async function t(t){let n=t();e.add(n);try{return await n}finally{e.delete(n)}}function n(){return e.size===0?void 0:Promise.allSettled(e)}export{n,t};
