import"node:fs";function e(){return`0.1.0`}export{e as t};
