const e=`pattern`;export{e as t};
