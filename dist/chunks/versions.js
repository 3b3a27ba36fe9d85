import{t as e}from"./apk.js";import{t}from"./dpkg.js";import{t as n}from"./rpm.js";const r={dpkg:t,apk:e,rpm:n};function i(e,t,n){return r[e](t,n)}export{i as t};
