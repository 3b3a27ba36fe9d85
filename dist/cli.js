#!/usr/bin/env node
process.env.UV_THREADPOOL_SIZE??=`128`;const e=process.versions.node;if(Number(e.split(`.`)[0])<24)process.stderr.write(`plimsoll needs Node.js 24 or newer, this is ${e} (${process.execPath}); "npm install --global node@24" brings one\n`),process.exitCode=2;else if(process.argv[2]===`--version`)process.stdout.write(`0.1.0
`);else{let[{main:e},{end:t}]=await Promise.all([import(`./chunks/program.js`),import(`./chunks/end.js`)]);await e(process.argv),await t()}export{};
