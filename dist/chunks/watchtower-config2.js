export{n as watchtowerConfig}from"./watchtower-config.js";
