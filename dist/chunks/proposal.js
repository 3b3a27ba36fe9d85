const e=[`image`,`repository`,`file`,`class`];export{e as t};
