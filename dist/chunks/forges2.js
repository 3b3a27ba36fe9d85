export{t as forges}from"./forges.js";
