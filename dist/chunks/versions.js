import{t as e}from"./apk-version.js";import{t}from"./dpkg-version.js";import{t as n}from"./rpm-version.js";const r={dpkg:t,apk:e,rpm:n};function i(e,t,n){return r[e](t,n)}export{i as t};
