function e(e,t){let n=e?.subject,r=t.indexOf(`:`),[i,a]=[t.slice(0,r),t.slice(r+1)];return(Array.isArray(n)?n.slice(0,1e3):[]).some(e=>e?.digest?.[i]===a)}export{e as t};
