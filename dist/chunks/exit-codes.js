const e={done:0,found:1,usage:2,unfinished:3};export{e as t};
