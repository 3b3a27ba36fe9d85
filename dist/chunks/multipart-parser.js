export{t as toFormData}from"./node-fetch.js";
