export{t as loadConfig,n as parseConfig}from"./load.js";
