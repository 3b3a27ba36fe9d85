function e(e){return[...new Set(e.flatMap(({news:e})=>e))]}export{e as t};
