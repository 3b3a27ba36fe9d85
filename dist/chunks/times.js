function e(e){return new Date(e).toISOString().slice(0,10)}function t(e){return`${new Date(e).toISOString().slice(0,16).replace(`T`,` `)}Z`}export{t as n,e as t};
