export{t as decode}from"./decode2.js";
