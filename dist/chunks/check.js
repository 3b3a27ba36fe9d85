export{t as check}from"./look.js";
