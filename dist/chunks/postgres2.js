export{n as openPostgres,r as openPostgresIfThere,i as queueClient}from"./postgres.js";
