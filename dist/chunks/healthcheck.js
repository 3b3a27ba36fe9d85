export{t as healthcheck}from"./healthcheck2.js";
