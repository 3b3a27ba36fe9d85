export{t as openSqliteStore}from"./sqlite.js";
