function e(e,t){let n=e?.subject,r=t.indexOf(`:`),[i,a]=[t.slice(0,r),t.slice(r+1)];return(Array.isArray(n)?n:[]).some(e=>e?.digest?.[i]===a)}export{e as t};
